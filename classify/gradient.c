#include "classify/gradient.h"

#include <math.h>

/* dK/dp, the squared lengths held fast. */
static double slope_of(const struct kernel_params *p, double dot, double value)
{
	switch (p->type) {
	case KERNEL_POLY:
		return p->degree ? p->degree * p->gamma *
					   pow(p->gamma * dot + p->coef0,
					       p->degree - 1)
				 : 0;
	case KERNEL_RBF:
		return 2 * p->gamma * value;
	case KERNEL_SIGMOID:
		return p->gamma * (1 - value * value);
	default:
		return 1;
	}
}

void gradient_shares(const struct kernel *k, const struct feat *x,
		     const double *dot, double xx, double *slope,
		     double *share)
{
	double sum = 0;

	for (uint32_t i = 0; i < k->vectors; i++) {
		double value = kernel_value(&k->params, dot[i], xx,
					    k->norm[i]);

		slope[i] = k->coef[i] * slope_of(&k->params, dot[i], value);
		sum += slope[i];
	}
	/* Of the four, rbf alone reads x·x as well: its own part is -2 gamma K
	 * x_t, the slope of p times -x_t. */
	if (k->params.type != KERNEL_RBF)
		sum = 0;
	for (; x->index >= 0; x++) {
		double d = -sum * x->value;

		if ((uint32_t)x->index < k->dims)
			for (uint32_t i = k->start[x->index];
			     i < k->start[x->index + 1]; i++)
				d += slope[k->vector[i]] * k->value[i];
		*share++ = x->value * d;
	}
}
