/* solve.h -- a two-class problem in, a machine out. Each solver's own header is
 * included by its .c alone. */
#ifndef VIGIE_SOLVE_H
#define VIGIE_SOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "classify/kernel.h"
#include "classify/tfidf.h"
#include "learn/gram.h"

struct solve_problem {
	const struct feat *const *x; /* n rows, each with its end mark … */
	const struct gram *gram; /* … or their kernel values, so that x is
				  * not used; NULL or empty: none */
	const signed char *y;	     /* +1 or -1; both must occur */
	size_t n;
	struct kernel_params kernel;
	double c;	 /* what an error costs … */
	double positive; /* … times this for a row of +1 */
	double negative; /* … and this for one of -1 */
	unsigned seed;
};

/* Solve by LIBSVM (C-SVC; Chang and Lin, "LIBSVM: a library for support vector
 * machines", ACM TIST 2, 2011). coef gets n numbers, zero where
 * a row is no support vector; the decision value of x is the sum of
 * coef[i] * K(x[i], x) plus *intercept, positive for the side of +1.
 *
 * Uses the process's rand(), which it seeds. Returns 0 or -EINVAL with the
 * solver's sentence, or -ENOMEM. */
int solve_svm(const struct solve_problem *p, double *coef, double *intercept,
	      struct err *e);

/* Solve a linear machine in its primal weights by LIBLINEAR (dual coordinate
 * descent; Fan, Chang, Hsieh, Wang and Lin, "LIBLINEAR: a library for large
 * linear classification", JMLR 9, 2008), whose time grows with the entries and
 * not with the square of the rows. squared: hinge loss squared, scikit-learn's
 * LinearSVC; else the hinge loss of solve_svm(). The intercept is the weight of
 * a feature that is bias in every row: the larger bias, the less it is drawn
 * to zero. w gets dims numbers. gram and kernel are not looked at. Uses and
 * seeds the process's rand(). Errors as above. */
int solve_linear(const struct solve_problem *p, size_t dims, bool squared,
		 double bias, double *w, double *intercept, struct err *e);

#endif
