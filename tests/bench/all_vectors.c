/* In place of LIBSVM's: a machine that keeps every row as a support vector,
 * whatever its side, at once. It decides nothing well, but costs what a machine
 * of so many support vectors costs, for which LIBSVM would train for days. Made
 * into vigie-all-vectors, for tests/bench/growth alone. */
#include "learn/solve.h"

int solve_svm(const struct solve_problem *p, double *coef, double *intercept,
	      struct err *e)
{
	(void)e;
	for (size_t i = 0; i < p->n; i++)
		coef[i] = p->y[i] * p->c;
	*intercept = 0;
	return 0;
}
