/* machines.h -- two-class problems over training rows, solved in child
 * processes: LIBSVM and LIBLINEAR seed and read the process's rand(), so that
 * each problem has its own; our descent.h takes several at once. How many jobs
 * there are changes nothing in what comes out. */
#ifndef VIGIE_MACHINES_H
#define VIGIE_MACHINES_H

#include "learn/rows.h"

struct machine {
	const struct rows *rows;
	const struct recipe_machine *set;
	signed char *y; /* +1 or -1 a row */
	size_t positives;
	bool given; /* a target comes with its document: nothing to find */
	const struct machine *mirror; /* NULL, or of two exclusive classes the
				       * other's, whose answer with its sign
				       * changed is this one's */
	double *scale; /* a weight a term of its own (ratios.h), or NULL */
	/* Found by a child, in memory that we share with it. */
	double *intercept;
	double *result; /* linear: rows->dims weights, which stand stride
			 * apart; else a coefficient for each of rows->n rows */
	size_t stride;
};

/* A topic each, then a stance each. Linear topics stand side by side in one
 * table, v[0].result, a line a term. */
struct machines {
	struct machine *v;
	uint32_t n;
	char *shared;
	size_t shared_size;
};

/* Solve all problems of the set, at most jobs (at least 1) at a time. Returns
 * 0; -ECHILD when a child failed; -ENOMEM; each with the sentence.
 * machines_free() in every case. */
int machines_solve(struct machines *ret, const struct row_set *s, size_t jobs,
		   struct err *e);
void machines_free(struct machines *m);

/* A side without examples has nothing to separate: the intercept alone speaks
 * for the other. So it does where nothing is to be found. */
bool machine_is_trivial(const struct machine *m);
bool machine_is_linear(const struct machine *m);
struct kernel_params machine_kernel(const struct machine *m);

#endif
