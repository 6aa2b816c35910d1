#include "learn/gram.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

/* Which rows hold a feature, and its value there, in the order of the rows. Two
 * texts have few words in common: to add up what they share takes a tenth of
 * the time of asking each word of one for its value in the other. */
struct holders {
	size_t *start, *end; /* a feature's, of those that came so far */
	uint32_t *row;
	double *value;
};

static size_t among = 1;

double gram_bytes(size_t n)
{
	return ((double)n + 1) * ((double)n + 1) * sizeof(double);
}

bool gram_fits(double bytes)
{
	return bytes * (double)among <= (double)sysconf(_SC_PHYS_PAGES) / 4 *
						(double)sysconf(_SC_PAGESIZE);
}

void gram_among(size_t processes)
{
	among = processes;
}

int gram_open(struct gram *ret, size_t n)
{
	ret->n = n;
	ret->v = malloc(((n + 1) / 2 * 2 * (n + 1) + 1) * sizeof(*ret->v));
	if (!ret->v)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		gram_row(ret, i)[1] = (double)i + 1;
	return 0;
}

void gram_done(struct gram *g)
{
	free(g->v);
	*g = (struct gram){ .v = NULL };
}

/* In squares that a cache holds both ways. */
void gram_mirror(struct gram *g)
{
	enum { SIDE = 64 };

	for (size_t top = 0; top < g->n; top += SIDE)
		for (size_t j = 0; j < g->n; j++)
			for (size_t i = top > j ? top : j + 1;
			     i < g->n && i < top + SIDE; i++)
				*gram_at(g, j, i) = *gram_at(g, i, j);
}

static int holders_open(struct holders *h, const struct feat *const *x,
			size_t n, size_t dims)
{
	size_t entries = 0;

	*h = (struct holders){ .start = calloc(dims + 1, sizeof(*h->start)),
			       .end = calloc(dims + 1, sizeof(*h->end)) };
	if (!h->start || !h->end)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		for (const struct feat *f = x[i]; f->index >= 0; f++)
			h->start[f->index + 1]++;
	for (size_t d = 0; d < dims; d++) {
		entries += h->start[d];
		h->start[d] = h->end[d] = entries;
	}
	entries += h->start[dims];
	h->row = malloc((entries + 1) * sizeof(*h->row));
	h->value = malloc((entries + 1) * sizeof(*h->value));
	return h->row && h->value ? 0 : -ENOMEM;
}

static void holders_done(struct holders *h)
{
	free(h->start);
	free(h->end);
	free(h->row);
	free(h->value);
}

/* Row i's products with those before it and with itself, in the order of the
 * features, as any other way would add them. */
static void add_row(struct gram *g, struct holders *h, size_t i,
		    const struct feat *x)
{
	double *dot = gram_at(g, i, 0);

	for (size_t j = 0; j <= i; j++)
		dot[2 * j] = 0;
	for (; x->index >= 0; x++) {
		size_t *end = &h->end[x->index];

		h->row[*end] = (uint32_t)i;
		h->value[(*end)++] = x->value;
		for (size_t k = h->start[x->index]; k < *end; k++)
			dot[2 * (size_t)h->row[k]] += x->value * h->value[k];
	}
}

int gram_new(struct gram *ret, const struct feat *const *x, size_t n,
	     size_t dims)
{
	struct gram g = { .v = NULL };
	struct holders h;
	int r = holders_open(&h, x, n, dims);

	if (!r)
		r = gram_open(&g, n);
	for (size_t i = 0; i < n && !r; i++)
		add_row(&g, &h, i, x[i]);
	holders_done(&h);
	if (r)
		return r;
	gram_mirror(&g);
	*ret = g;
	return 0;
}
