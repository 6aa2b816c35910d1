/* pack.h -- the writer of what model_view() reads. Pure. */
#ifndef VIGIE_PACK_H
#define VIGIE_PACK_H

#include <jansson.h>

#include "classify/bundle.h"
#include "learn/corpus.h"
#include "learn/recipe.h"
#include "learn/terms.h"

struct pack {
	const struct corpus *corpus;
	const struct terms *terms;
	const struct vocabulary *vocabulary;
	const struct recipe *recipe;
	json_t *extra; /* further members of the head, or NULL */
	const struct bundle_column *columns;
	const double *weights; /* [terms][columns] */
	const double *scales;  /* [terms][machines], or NULL */
	struct buf knots;   /* struct bundle_knot each */
	struct buf kernels; /* machines by pack_kernels() */
	json_t *support; /* ids of their support vectors, an array for those
			  * that share them; borrowed */
};

/* Write a bundle into out, which is empty. 0, -ENOMEM, -EMSGSIZE. */
int pack_bundle(const struct pack *p, struct buf *out, struct err *e);

/* Append machines that are not linear and were trained on the same n rows, over
 * dims dimensions: coef[machine] holds a coefficient a row. What has one in any
 * of the machines becomes a vector that they share. */
int pack_kernels(const struct kernel_params *p, const struct feat *const *x,
		 const double *const *coef, uint32_t machines, size_t n,
		 uint32_t dims, struct buf *out);
/* Is row i a vector of theirs? */
bool pack_is_vector(const double *const *coef, uint32_t machines, size_t i);

#endif
