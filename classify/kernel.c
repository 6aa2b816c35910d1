#include "classify/kernel.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* x to a whole power, by the same multiplications as LIBSVM's powi(). */
static double power(double base, int times)
{
	double tmp = base, result = 1;

	for (int t = times; t > 0; t /= 2) {
		if (t % 2 == 1)
			result *= tmp;
		tmp *= tmp;
	}
	return result;
}

double kernel_value(const struct kernel_params *p, double dot, double xx,
		    double yy)
{
	switch (p->type) {
	case KERNEL_POLY:
		return power(p->gamma * dot + p->coef0, p->degree);
	case KERNEL_RBF:
		return exp(-p->gamma * (xx + yy - 2 * dot));
	case KERNEL_SIGMOID:
		return tanh(p->gamma * dot + p->coef0);
	default:
		return dot;
	}
}

double kernel_dots(const struct kernel *k, const struct feat *x, double *dot)
{
	double xx = 0;

	memset(dot, 0, k->vectors * sizeof(*dot));
	for (; x->index >= 0; x++) {
		uint32_t i, end;

		xx += x->value * x->value;
		if ((uint32_t)x->index >= k->dims)
			continue;
		end = k->start[x->index + 1];
		for (i = k->start[x->index]; i < end; i++)
			dot[k->vector[i]] += x->value * k->value[i];
	}
	return xx;
}

double kernel_decide(const struct kernel *k, const struct feat *x, double *dot)
{
	double xx = kernel_dots(k, x, dot), sum = 0;

	for (uint32_t i = 0; i < k->vectors; i++)
		sum += k->coef[i] *
		       kernel_value(&k->params, dot[i], xx, k->norm[i]);
	return sum;
}

static uint64_t even(uint64_t u32s)
{
	return (4 * u32s + 7) / 8 * 8;
}

uint64_t kernel_size(const struct kernel_head *h)
{
	return sizeof(*h) + 16 * (uint64_t)h->vectors + 8 * h->entries +
	       even((uint64_t)h->dims + 1) + even(h->entries);
}

static int check(const struct kernel *k, uint64_t entries, struct err *e)
{
	if (k->start[0] != 0 || k->start[k->dims] != entries)
		goto damaged;
	for (uint32_t d = 0; d < k->dims; d++)
		if (k->start[d] > k->start[d + 1])
			goto damaged;
	for (uint64_t i = 0; i < entries; i++)
		if (k->vector[i] >= k->vectors || !isfinite(k->value[i]))
			goto damaged;
	for (uint32_t i = 0; i < k->vectors; i++)
		if (!isfinite(k->coef[i]) || !isfinite(k->norm[i]) ||
		    k->norm[i] < 0)
			goto damaged;
	return 0;
damaged:
	return err_set(e, -EBADMSG,
		       "the index of a kernel machine is damaged");
}

int kernel_view(struct str bytes, struct kernel *k, size_t *used,
		struct err *e)
{
	struct kernel_head h;
	const char *p = bytes.p + sizeof(h);

	if (bytes.n < sizeof(h))
		goto cut;
	memcpy(&h, bytes.p, sizeof(h));
	if (h.vectors > INT32_MAX || h.dims > INT32_MAX ||
	    h.entries > UINT32_MAX || kernel_size(&h) > bytes.n)
		goto cut;
	if (h.params.type > KERNEL_SIGMOID || h.params.degree < 0 ||
	    h.params.degree > 64 || !isfinite(h.params.gamma) ||
	    !isfinite(h.params.coef0))
		return err_set(e, -EBADMSG,
			       "the kernel of a machine is none of LIBSVM's");
	k->params = h.params;
	k->vectors = h.vectors;
	k->dims = h.dims;
	k->coef = (const double *)p;
	k->norm = k->coef + h.vectors;
	k->value = k->norm + h.vectors;
	k->start = (const uint32_t *)(k->value + h.entries);
	k->vector = k->start + even((uint64_t)h.dims + 1) / 4;
	*used = kernel_size(&h);
	return check(k, h.entries, e);
cut:
	return err_set(e, -EBADMSG, "a kernel machine is cut short");
}
