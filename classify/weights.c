/* Rows lie far apart in a table that is larger than any cache, and the next is
 * known long before it is needed: it is asked for so many rows ahead. Sums
 * stay in registers, a strip of columns at a time. */
#include "classify/weights.h"

#include <string.h>

#include "classify/cpu.h"

enum { AHEAD = 12, LINE = 64, STRIP = 32 };

CPU_BOTH void ask_for(const double *row, int width)
{
	for (int k = 0; k < width; k += LINE / (int)sizeof(*row))
		__builtin_prefetch(row + k);
	__builtin_prefetch(row + width - 1);
}

CPU_BOTH void add_strip(const struct weights *w, const struct feat *x,
			size_t n, uint32_t first, int width, double *sum)
{
	const double *v = w->v + first;
	double s[STRIP];

	memcpy(s, sum, (size_t)width * sizeof(*s));
	for (size_t i = 0; i < n; i++) {
		const double *row = v + (size_t)x[i].index * w->columns;
		double value = x[i].value;

		if (i + AHEAD < n)
			ask_for(v + (size_t)x[i + AHEAD].index * w->columns,
				width);
		for (int k = 0; k < width; k++)
			s[k] += value * row[k];
	}
	memcpy(sum, s, (size_t)width * sizeof(*s));
}

CPU_BOTH void add_all(const struct weights *w, const struct feat *x, size_t n,
		      uint32_t first, uint32_t count, double *sum)
{
	uint32_t k = 0;

	for (; k + STRIP <= count; k += STRIP)
		add_strip(w, x, n, first + k, STRIP, sum + k);
	for (; k + 8 <= count; k += 8)
		add_strip(w, x, n, first + k, 8, sum + k);
	for (; k + 4 <= count; k += 4)
		add_strip(w, x, n, first + k, 4, sum + k);
	for (; k < count; k++)
		add_strip(w, x, n, first + k, 1, sum + k);
}

CPU_WIDE static void add_wide(const struct weights *w, const struct feat *x,
			      size_t n, uint32_t first, uint32_t count,
			      double *sum)
{
	add_all(w, x, n, first, count, sum);
}

static void add_narrow(const struct weights *w, const struct feat *x, size_t n,
		       uint32_t first, uint32_t count, double *sum)
{
	add_all(w, x, n, first, count, sum);
}

void weights_add(const struct weights *w, const struct feat *x, size_t n,
		 uint32_t first, uint32_t count, double *sum)
{
	(cpu_is_wide() ? add_wide : add_narrow)(w, x, n, first, count, sum);
}
