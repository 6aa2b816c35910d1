/* weights.h -- what a sparse vector says to a table of weights: a row a term,
 * a column a decision value. Pure. */
#ifndef VIGIE_WEIGHTS_H
#define VIGIE_WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

#include "classify/tfidf.h"

/* Views into a mapped bundle. */
struct weights {
	const double *v; /* [terms][columns] */
	uint32_t columns;
};

/* To sum[0 .. count) add those of the n entries of x, value times weight, of
 * the columns from first on. They are added one by one in the order of x: any
 * piece of the columns gets the bits that it gets with all of them. */
void weights_add(const struct weights *w, const struct feat *x, size_t n,
		 uint32_t first, uint32_t count, double *sum);

#endif
