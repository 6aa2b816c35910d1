#include "learn/calibrate.h"

#include <math.h>
#include <stdlib.h>

enum { STEPS_MAX = 100 };

struct sample {
	const double *d;
	const unsigned char *y;
	size_t n;
	double yes, no; /* targets, drawn in from 1 and 0 by Bayes' rule */
};

static double target(const struct sample *s, size_t i)
{
	return s->y[i] ? s->yes : s->no;
}

/* The negative log likelihood, without overflow either way. */
static double loss(const struct sample *s, double a, double b)
{
	double sum = 0;

	for (size_t i = 0; i < s->n; i++) {
		double f = s->d[i] * a + b, t = target(s, i);

		sum += f >= 0 ? t * f + log1p(exp(-f))
			      : (t - 1) * f + log1p(exp(f));
	}
	return sum;
}

struct slope {
	double g1, g2, h11, h22, h21;
};

static struct slope slope_at(const struct sample *s, double a, double b)
{
	struct slope k = { 0, 0, 1e-12, 1e-12, 0 };

	for (size_t i = 0; i < s->n; i++) {
		double f = s->d[i] * a + b;
		double p = f >= 0 ? exp(-f) / (1 + exp(-f)) : 1 / (1 + exp(f));
		double d2 = p * (1 - p), d1 = target(s, i) - p;

		k.h11 += s->d[i] * s->d[i] * d2;
		k.h22 += d2;
		k.h21 += s->d[i] * d2;
		k.g1 += s->d[i] * d1;
		k.g2 += d1;
	}
	return k;
}

void calibrate_platt(const double *decision, const unsigned char *y, size_t n,
		     double *a, double *b)
{
	struct sample s = { decision, y, n, 0, 0 };
	double positives = 0, now;

	for (size_t i = 0; i < n; i++)
		positives += y[i] != 0;
	s.yes = (positives + 1) / (positives + 2);
	s.no = 1 / ((double)n - positives + 2);
	*a = 0;
	*b = log(((double)n - positives + 1) / (positives + 1));
	now = loss(&s, *a, *b);
	for (int i = 0; i < STEPS_MAX; i++) {
		struct slope k = slope_at(&s, *a, *b);
		double det = k.h11 * k.h22 - k.h21 * k.h21;
		double da = -(k.h22 * k.g1 - k.h21 * k.g2) / det;
		double db = -(-k.h21 * k.g1 + k.h11 * k.g2) / det;
		double down = k.g1 * da + k.g2 * db, step = 1, next = now;

		if (fabs(k.g1) < 1e-5 && fabs(k.g2) < 1e-5)
			return;
		for (; step >= 1e-10; step /= 2) {
			next = loss(&s, *a + step * da, *b + step * db);
			if (next < now + 1e-4 * step * down)
				break;
		}
		if (step < 1e-10)
			return;
		*a += step * da;
		*b += step * db;
		now = next;
	}
}

static int downwards(const void *a, const void *b)
{
	double x = ((const struct calibrate_case *)a)->decision;
	double y = ((const struct calibrate_case *)b)->decision;

	return (x < y) - (x > y);
}

double calibrate_f1(const double *decision, const unsigned char *y, size_t n,
		    struct calibrate_case *scratch)
{
	double positives = 0, found = 0, best = 0, threshold = 0;

	for (size_t i = 0; i < n; i++) {
		scratch[i] = (struct calibrate_case){ decision[i], y[i] };
		positives += y[i] != 0;
	}
	if (positives == 0)
		return 0;
	qsort(scratch, n, sizeof(*scratch), downwards);
	for (size_t i = 0; i < n; i++) {
		double here = scratch[i].decision, f1;
		double below = i + 1 < n ? scratch[i + 1].decision : here - 2;

		found += scratch[i].y != 0;
		f1 = 2 * found / ((double)i + 1 + positives);
		if (f1 <= best || below == here)
			continue;
		best = f1;
		threshold = (here + below) / 2;
	}
	return threshold;
}
