/* kernel.h -- machines that are not linear, by an inverted index over their
 * support vectors: one pass over the article's entries gives all the inner
 * products that the kernels of libsvm are functions of. Views into a mapped
 * bundle; immutable. */
#ifndef VIGIE_KERNEL_H
#define VIGIE_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "classify/tfidf.h"

/* The numbers are libsvm's. */
enum kernel_type { KERNEL_LINEAR, KERNEL_POLY, KERNEL_RBF, KERNEL_SIGMOID };

struct kernel_params {
	uint32_t type;
	int32_t degree;
	double gamma, coef0;
};

/* The head of one machine in the bundle; behind it, each aligned to 8:
 * coef[vectors], norm[vectors] (squared lengths), value[entries] as doubles,
 * then start[dims + 1] and vector[entries] as u32. */
struct kernel_head {
	struct kernel_params params;
	uint32_t vectors, dims;
	uint64_t entries;
};

struct kernel {
	struct kernel_params params;
	uint32_t vectors, dims;
	const double *coef, *norm, *value;
	const uint32_t *start;	/* of the entries of each dimension */
	const uint32_t *vector; /* whose entry it is */
};

/* K(x, y) from the inner product and the squared lengths, as LIBSVM 3.24
 * defines it (svm.cpp, class Kernel). */
double kernel_value(const struct kernel_params *p, double dot, double xx,
		    double yy);

/* The inner products of x with every support vector, into dot, which holds
 * k->vectors doubles; entries that the machine does not know count nothing.
 * Returns x·x, of all entries. */
double kernel_dots(const struct kernel *k, const struct feat *x, double *dot);

/* The sum of coef * K(support vector, x) over all support vectors; dot must
 * hold k->vectors doubles and is scratch. The intercept is not in it. */
double kernel_decide(const struct kernel *k, const struct feat *x,
		     double *dot);

/* Bytes that a machine of this shape takes in the bundle. */
uint64_t kernel_size(const struct kernel_head *h);
/* Point k into the bytes, of which *used are taken. Every count, offset and
 * index is checked. Returns 0 or -EBADMSG with the sentence. */
int kernel_view(struct str bytes, struct kernel *k, size_t *used,
		struct err *e);

#endif
