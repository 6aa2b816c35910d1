/* gradient.h -- which terms bent a decision that is no sum over terms. Pure
 * functions.
 *
 * Of a machine with a kernel, D(x) = sum over support vectors of
 * coef * K(vector, x), the share of entry t is taken to first order at the
 * article itself, x_t * dD/dx_t, with K of svm.cpp (LIBSVM 3.24), y a support
 * vector and p = y·x:
 *
 *		 K			dK/dx_t
 *	linear	 p			y_t
 *	poly	 (gamma p + coef0)^d	d gamma (gamma p + coef0)^(d-1) y_t
 *	rbf	 exp(-gamma |x - y|^2)	2 gamma K (y_t - x_t)
 *	sigmoid	 tanh(gamma p + coef0)	gamma (1 - K^2) y_t
 *
 * For a linear kernel the shares add up to D. For the others they are what
 * leaving out a little of the term would change, scaled to the whole of it:
 * an approximation, whose sum differs from D by as much as D bends. */
#ifndef VIGIE_GRADIENT_H
#define VIGIE_GRADIENT_H

#include "classify/kernel.h"

/* share[i] = x[i].value * dD/dx at x[i].index, of every entry before the end
 * mark. dot is what kernel_dots() left, xx what it returned; slope holds
 * k->vectors doubles and is scratch. */
void gradient_shares(const struct kernel *k, const struct feat *x,
		     const double *dot, double xx, double *slope,
		     double *share);

#endif
