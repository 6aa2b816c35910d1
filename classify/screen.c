#include "classify/screen.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "classify/cpu.h"

static const double TINY = 1e-30;

enum { AHEAD = 16, STEPS = 127, PIECE = 32, STRIP = 3 * PIECE };

size_t screen_stride(uint32_t topics)
{
	return (topics + sizeof(float) + PIECE - 1) / PIECE * PIECE;
}

static float step_of(const char *row, size_t stride)
{
	float step;

	memcpy(&step, row + stride - sizeof(step), sizeof(step));
	return step;
}

/* Such that neither it nor a term's value times it leaves the range in which
 * floats are exact to a unit in the last place by more than TINY. */
static bool is_step(float step)
{
	return step == 0 || (step >= 1e-30F && step <= 1e12F);
}

bool screen_write(const double *weights, uint32_t topics, char *row)
{
	size_t stride = screen_stride(topics);
	double most = 0;
	float step;

	for (uint32_t t = 0; t < topics; t++)
		most = fmax(most, fabs(weights[t]));
	step = (float)(most / STEPS);
	if (!is_step(step) || (most > 0 && step == 0))
		return false;
	memset(row, 0, stride);
	for (uint32_t t = 0; t < topics && step > 0; t++) {
		double q = rint(weights[t] / step);

		row[t] = (char)(signed char)fmax(-STEPS, fmin(STEPS, q));
	}
	memcpy(row + stride - sizeof(step), &step, sizeof(step));
	return true;
}

bool screen_is_sound(const char *row, uint32_t topics)
{
	return is_step(step_of(row, screen_stride(topics)));
}

bool screen_fits(const char *row, const double *weights, uint32_t topics)
{
	double step = step_of(row, screen_stride(topics));

	for (uint32_t t = 0; t < topics; t++)
		if (!(fabs(weights[t] - step * (signed char)row[t]) <=
		      step * 0.50001))
			return false;
	return true;
}

/* A strip of so many topics; returns the sum of the steps' sizes. */
CPU_BOTH double sum_strip(const char *rows, size_t stride,
			  const struct feat *x, size_t n, uint32_t first,
			  int width, float *sum)
{
	float s[STRIP] = { 0 };
	double steps = 0;

	for (size_t i = 0; i < n; i++) {
		const char *row = rows + (size_t)x[i].index * stride;
		const signed char *q = (const signed char *)row + first;
		float value = (float)x[i].value * step_of(row, stride);

		if (i + AHEAD < n) {
			row = rows + (size_t)x[i + AHEAD].index * stride;
			__builtin_prefetch(row + first);
			__builtin_prefetch(row + first + width - 1);
			__builtin_prefetch(row + stride - 1);
		}
		steps += fabs((double)value);
		for (int k = 0; k < width; k++)
			s[k] += value * (float)q[k];
	}
	memcpy(sum + first, s, (size_t)width * sizeof(*s));
	return steps;
}

CPU_BOTH double sum_all(const char *rows, size_t stride, const struct feat *x,
			size_t n, float *sum)
{
	double steps = 0;
	uint32_t k = 0;

	for (; k + STRIP <= stride; k += STRIP)
		steps = sum_strip(rows, stride, x, n, k, STRIP, sum);
	for (; k < stride; k += PIECE)
		steps = sum_strip(rows, stride, x, n, k, PIECE, sum);
	return steps;
}

CPU_WIDE static double sum_wide(const char *rows, size_t stride,
				const struct feat *x, size_t n, float *sum)
{
	return sum_all(rows, stride, x, n, sum);
}

static double sum_narrow(const char *rows, size_t stride, const struct feat *x,
			 size_t n, float *sum)
{
	return sum_all(rows, stride, x, n, sum);
}

/* Each weight is off by at most half a step. To that comes the rounding of the
 * floats, (n + 3) units in the last place of what was added up, at most STEPS
 * steps each (Higham, Accuracy and Stability of Numerical Algorithms, 3.1), and
 * that of the exact sum in doubles: twice the first covers both, as long as n
 * times the unit stays well below one. */
double screen_sum(const struct screen *s, const struct feat *x, size_t n,
		  float *sum)
{
	size_t stride = screen_stride(s->topics);
	double unit = (double)(n + 4) * (FLT_EPSILON / 2), steps;

	if (unit > 0.25)
		return INFINITY;
	steps = (cpu_is_wide() ? sum_wide : sum_narrow)(s->rows, stride, x, n,
							sum);
	return steps * (0.501 + 2 * STEPS * unit) + (double)n * TINY;
}
