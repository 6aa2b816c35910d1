#include "learn/compare.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { EXACT_BELOW = 25 };

/* 2 P(X <= k) of a binomial distribution of n fair draws; n < EXACT_BELOW. */
static double both_tails(uint64_t n, uint64_t k)
{
	double term = ldexp(1, -(int)n), sum = 0;

	for (uint64_t i = 0; i <= k; i++) {
		sum += term;
		term *= (double)(n - i) / (double)(i + 1);
	}
	return fmin(2 * sum, 1);
}

void compare_mcnemar(const unsigned char *a, const unsigned char *b, size_t n,
		     struct compare_mcnemar *ret)
{
	uint64_t discordant, less;
	double apart;

	*ret = (struct compare_mcnemar){ .exact = 0 };
	for (size_t i = 0; i < n; i++) {
		ret->only_a += a[i] && !b[i];
		ret->only_b += !a[i] && b[i];
	}
	discordant = ret->only_a + ret->only_b;
	less = ret->only_a < ret->only_b ? ret->only_a : ret->only_b;
	ret->exact = discordant < EXACT_BELOW;
	if (ret->exact) {
		ret->p = both_tails(discordant, less);
		return;
	}
	apart = fmax((double)(discordant - 2 * less) - 1, 0);
	ret->statistic = apart * apart / (double)discordant;
	ret->p = erfc(sqrt(ret->statistic / 2));
}

/* Counts of one label. */
struct counts {
	double gold, a, b; /* how often it is so, and is said */
	double both_a, both_b;
};

/* A label that is present somewhere in a row, and where. */
struct entry {
	uint32_t label;
	bool gold, a, b;
};

/* The documents as lists of entries: what is absent everywhere is most of it,
 * and changes no figure. */
struct documents {
	const struct compare_rows *rows;
	struct entry *entries;
	size_t *start; /* [n + 1] */
	size_t n;
	struct counts *counts;
	double *differences; /* a sample each */
};

static size_t count_present(const struct compare_rows *r)
{
	size_t cells = r->n * r->labels, n = 0;

	for (size_t i = 0; i < cells; i++)
		n += r->gold[i] || r->a[i] || r->b[i];
	return n;
}

static size_t add_row(const struct compare_rows *r, size_t row,
		      struct entry *into)
{
	size_t n = 0;

	for (uint32_t k = 0; k < r->labels; k++) {
		size_t at = row * r->labels + k;

		if (r->counted && !r->counted[k])
			continue;
		if (r->gold[at] || r->a[at] || r->b[at])
			into[n++] = (struct entry){ k, r->gold[at] != 0,
						    r->a[at] != 0,
						    r->b[at] != 0 };
	}
	return n;
}

static int documents_open(struct documents *d, const struct compare_rows *r,
			  uint32_t samples)
{
	size_t used = 0;

	*d = (struct documents){ .rows = r };
	d->entries = calloc(count_present(r) + 1, sizeof(*d->entries));
	d->start = calloc(r->n + 1, sizeof(*d->start));
	d->counts = calloc(r->labels + 1u, sizeof(*d->counts));
	d->differences = calloc(samples, sizeof(*d->differences));
	if (!d->entries || !d->start || !d->counts || !d->differences)
		return -ENOMEM;
	for (size_t i = 0; i < r->n; i++) {
		bool next = !i || !r->document ||
			    r->document[i] != r->document[i - 1];

		if (next)
			d->start[d->n++] = used;
		used += add_row(r, i, d->entries + used);
	}
	d->start[d->n] = used;
	return 0;
}

static void documents_done(struct documents *d)
{
	free(d->entries);
	free(d->start);
	free(d->counts);
	free(d->differences);
}

static void add_document(struct documents *d, size_t i)
{
	for (size_t k = d->start[i]; k < d->start[i + 1]; k++) {
		const struct entry *e = &d->entries[k];
		struct counts *c = &d->counts[e->label];

		c->gold += e->gold;
		c->a += e->a;
		c->b += e->b;
		c->both_a += e->gold && e->a;
		c->both_b += e->gold && e->b;
	}
}

static double f1(double both, double gold, double said)
{
	return gold + said > 0 ? 2 * both / (gold + said) : 0;
}

static void figure_mean(const struct documents *d, bool absent_too, double *a,
			double *b)
{
	double n = 0;

	*a = *b = 0;
	for (uint32_t k = 0; k < d->rows->labels; k++) {
		const struct counts *c = &d->counts[k];

		if (d->rows->counted && !d->rows->counted[k])
			continue;
		if (c->gold <= 0 && !absent_too)
			continue;
		*a += f1(c->both_a, c->gold, c->a);
		*b += f1(c->both_b, c->gold, c->b);
		n++;
	}
	*a /= fmax(n, 1);
	*b /= fmax(n, 1);
}

static void figure_micro(const struct documents *d, double *a, double *b)
{
	struct counts sum = { 0, 0, 0, 0, 0 };

	for (uint32_t k = 0; k < d->rows->labels; k++) {
		const struct counts *c = &d->counts[k];

		sum.gold += c->gold;
		sum.a += c->a;
		sum.b += c->b;
		sum.both_a += c->both_a;
		sum.both_b += c->both_b;
	}
	*a = f1(sum.both_a, sum.gold, sum.a);
	*b = f1(sum.both_b, sum.gold, sum.b);
}

static void figures(const struct documents *d, enum compare_figure figure,
		    double *a, double *b)
{
	if (figure == COMPARE_MICRO_F1)
		figure_micro(d, a, b);
	else
		figure_mean(d, figure == COMPARE_MEAN_F1, a, b);
}

/* splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/* 0 .. n - 1; uneven by less than n / 2^53. */
static size_t draw_below(uint64_t *state, size_t n)
{
	return (size_t)((double)(draw(state) >> 11) * 0x1p-53 * (double)n);
}

static double sample(struct documents *d, enum compare_figure figure,
		     uint64_t *state)
{
	double a, b;

	memset(d->counts, 0, d->rows->labels * sizeof(*d->counts));
	for (size_t i = 0; i < d->n; i++)
		add_document(d, draw_below(state, d->n));
	figures(d, figure, &a, &b);
	return b - a;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Between the two nearest of the sorted samples. */
static double percentile(const double *v, uint32_t n, double part)
{
	double at = part * (n - 1);
	uint32_t i = (uint32_t)at;

	if (i + 1 >= n)
		return v[n - 1];
	return v[i] + (at - i) * (v[i + 1] - v[i]);
}

static void conclude(const struct documents *d, uint32_t samples,
		     struct compare_bootstrap *ret)
{
	double against = 0;

	for (uint32_t i = 0; i < samples; i++)
		against += d->differences[i] * ret->difference <= 0;
	ret->p = fmin(2 * (against + 1) / (samples + 1.0), 1);
	qsort(d->differences, samples, sizeof(double), ascending);
	ret->low = percentile(d->differences, samples, 0.025);
	ret->high = percentile(d->differences, samples, 0.975);
}

int compare_bootstrap(const struct compare_rows *rows,
		      enum compare_figure figure, uint32_t samples,
		      uint64_t seed, struct compare_bootstrap *ret)
{
	struct documents d;
	int r = documents_open(&d, rows, samples);

	*ret = (struct compare_bootstrap){ .p = 1 };
	if (!r) {
		for (size_t i = 0; i < d.n; i++)
			add_document(&d, i);
		figures(&d, figure, &ret->a, &ret->b);
		ret->difference = ret->b - ret->a;
		for (uint32_t i = 0; i < samples; i++)
			d.differences[i] = sample(&d, figure, &seed);
		conclude(&d, samples, ret);
	}
	documents_done(&d);
	return r;
}
