/* gram.h -- a number for every two training rows, made once and shared by all
 * machines of a fit: the rows' inner products, and what a kernel makes of them.
 * LIBSVM alone would work them out anew for every label.
 *
 * Of a row of a precomputed kernel LIBSVM looks at the values alone, never at
 * the indices between them. There the values of the next row stand, so that a
 * table is as small as its numbers, and LIBSVM reads it where it lies:
 *
 *   node of an even row  | index | value | index | value | index | value |
 *   doubles                        0's     1's    (0, 0)  (1, 0)  (0, 1)  (1, 1)
 *   node of an odd row           | index | value | index | value | index | value |
 *
 * The first value of a row is its own number, from 1. */
#ifndef VIGIE_GRAM_H
#define VIGIE_GRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "classify/tfidf.h"

struct gram {
	size_t n;
	double *v; /* NULL: there is no table */
};

/* Where row i's node 0 begins; the number of rows i and j. */
static inline double *gram_row(const struct gram *g, size_t i)
{
	return g->v + i / 2 * 2 * (g->n + 1) + i % 2;
}

static inline double *gram_at(const struct gram *g, size_t i, size_t j)
{
	return gram_row(g, i) + 2 * j + 3;
}

/* What a table of n rows takes: about 8 n * n bytes. Do tables of so many bytes
 * in all fit a quarter of the machine's memory? Beyond that they crowd out what
 * they are to serve. */
double gram_bytes(size_t n);
bool gram_fits(double bytes);
/* From now on, so many processes (1: none but this) fit at the same time, and a
 * table has its part of that quarter; those that are forked know it, too. */
void gram_among(size_t processes);

/* Room for n rows, with the rows' numbers alone; or the inner products of rows
 * x with indices below dims. 0 or -ENOMEM. */
int gram_open(struct gram *ret, size_t n);
int gram_new(struct gram *ret, const struct feat *const *x, size_t n,
	     size_t dims);
/* The numbers of i and j with i < j become those of j and i. */
void gram_mirror(struct gram *g);
void gram_done(struct gram *g);

#endif
