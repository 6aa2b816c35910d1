/* descent.h -- linear support vector machines by dual coordinate descent, up to
 * eight over the same rows at once, so that each row is fetched once for all.
 *
 * The problem, what is set aside on the way and when to stop are LIBLINEAR's
 * (solver types 1 and 3; Hsieh, Chang, Lin, Keerthi and Sundararajan, "A dual
 * coordinate descent method for large-scale linear SVM", ICML 2008): both come
 * as near to the one optimum, and where the cost is squared decide alike to
 * about a thousandth. Each machine's steps are its own, so that it comes out
 * the same, to the bit, whatever others are solved beside it. */
#ifndef VIGIE_DESCENT_H
#define VIGIE_DESCENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classify/tfidf.h"

enum { DESCENT_LANES = 8 };

/* The rows as the descent reads them. Immutable once made: child processes
 * share it. */
struct descent;

/* One machine. */
struct descent_lane {
	const signed char *y; /* +1 or -1 a row */
	double positive;      /* what an error costs in a row of +1 … */
	double negative;      /* … and in one of -1 */
	double *w;	      /* gets the weight of feature d in w[d * stride] */
	size_t stride;
	double *intercept; /* gets the weight of a feature that is 1 in every
			    * row, which is kept small like the others */
};

/* Of n rows, borrowed, with indices below dims. 0 or -ENOMEM. */
int descent_new(struct descent **ret, const struct feat *const *x, size_t n,
		size_t dims);
void descent_free(struct descent *d);

/* Solve n machines, at most DESCENT_LANES; squared: an error costs its square.
 * The same seed gives the same bits. 0 or -ENOMEM. */
int descent_solve(const struct descent *d, const struct descent_lane *lane,
		  size_t n, bool squared, uint64_t seed);

#endif
