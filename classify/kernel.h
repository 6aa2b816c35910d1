/* kernel.h -- machines that are not linear, by an inverted index over their
 * support vectors: one pass over the article's entries gives all the inner
 * products that the kernels of libsvm are functions of. Machines that were
 * trained on the same documents share the index, and what a kernel says of a
 * document is asked once for all of them. Views into a mapped bundle;
 * immutable. */
#ifndef VIGIE_KERNEL_H
#define VIGIE_KERNEL_H

#include <stdbool.h>
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

/* The head of some machines in the bundle; behind it, each aligned to 8:
 * coef[machines][vectors] (0 where the vector is none of the machine's),
 * norm[vectors] (squared lengths), value[entries] as doubles, then
 * start[dims + 1] and vector[entries] as u32, ascending within a dimension.
 * One that many vectors have has an entry of all, zeros among them, so that it
 * is read straight on. Before version 3 each machine
 * stood alone, and its head ended before `machines`. */
struct kernel_head {
	struct kernel_params params;
	uint32_t vectors, dims;
	uint64_t entries;
	uint32_t machines, zero;
};

/* One machine; those that share their vectors lie side by side. */
struct kernel {
	struct kernel_params params;
	uint32_t vectors, dims;
	uint32_t machines; /* that share them */
	uint32_t first;	   /* of these, among the model's kernels */
	uint32_t shared;   /* how many others' vectors come before */
	const double *coef; /* its own */
	const double *norm, *value;
	const uint32_t *start;	/* of the entries of each dimension */
	const uint32_t *vector; /* whose entry it is */
};

/* K(x, y) from the inner product and the squared lengths, as LIBSVM 3.24
 * defines it (svm.cpp, class Kernel). */
double kernel_value(const struct kernel_params *p, double dot, double xx,
		    double yy);

/* The inner products of x with every support vector, into dot, which holds
 * k->vectors zeros; entries that the machine does not know count nothing.
 * Returns x·x, of all entries. */
double kernel_dots(const struct kernel *k, const struct feat *x, double *dot);

/* Of each machine of k and of those that follow it, n in all, which share their
 * vectors, the sum of coef * K(support vector, x): within 1e-15 of it, times
 * the sum of the sizes of what is added up. dot holds k->vectors zeros and is
 * scratch. The intercepts are not in it. */
void kernel_decide(const struct kernel *k, uint32_t n, const struct feat *x,
		   double *dot, double *sum);

/* How many of the vectors are this machine's. */
uint32_t kernel_support(const struct kernel *k);

/* Bytes that machines of this shape take in the bundle. */
uint64_t kernel_size(const struct kernel_head *h);
/* Point k, the first of k->machines, into the bytes, of which *used are taken;
 * alone says that the head is that of a machine alone. Every count, offset and
 * index is checked. Returns 0 or -EBADMSG with the sentence. */
int kernel_view(struct str bytes, bool alone, struct kernel *k, size_t *used,
		struct err *e);

#endif
