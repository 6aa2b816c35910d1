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
	struct buf kernels; /* machines by pack_kernel() */
	json_t *support; /* ids of their support vectors, an array each; borrowed */
};

/* Append a bundle to out. 0, -ENOMEM, -EMSGSIZE. */
int pack_bundle(const struct pack *p, struct buf *out, struct err *e);

/* Append one machine that is not linear: n rows, of which those with a
 * coefficient are support vectors, over dims dimensions. */
int pack_kernel(const struct kernel_params *p, const struct feat *const *x,
		const double *coef, size_t n, uint32_t dims, struct buf *out);

#endif
