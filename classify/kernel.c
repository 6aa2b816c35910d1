#include "classify/kernel.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "classify/cpu.h"

/* Values that are made at once: they stay in the nearest cache until every
 * machine has weighed them. */
enum { BLOCK = 512, LANES = 4 };

enum { MACHINES_MAX = 1 << 16 };

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

CPU_BOTH void add_times(const double *value, double x, uint32_t n,
			double *restrict dot)
{
	for (uint32_t i = 0; i < n; i++)
		dot[i] += x * value[i];
}

CPU_WIDE static void add_wide(const double *value, double x, uint32_t n,
			      double *dot)
{
	add_times(value, x, n, dot);
}

static void add_narrow(const double *value, double x, uint32_t n, double *dot)
{
	add_times(value, x, n, dot);
}

double kernel_dots(const struct kernel *k, const struct feat *x, double *dot)
{
	void (*add)(const double *, double, uint32_t, double *) =
		cpu_is_wide() ? add_wide : add_narrow;
	double xx = 0;

	for (; x->index >= 0; x++) {
		uint32_t i, end;

		xx += x->value * x->value;
		if ((uint32_t)x->index >= k->dims)
			continue;
		i = k->start[x->index];
		end = k->start[x->index + 1];
		if (end - i == k->vectors)
			add(k->value + i, x->value, k->vectors, dot);
		else
			for (; i < end; i++)
				dot[k->vector[i]] += x->value * k->value[i];
	}
	return xx;
}

/* As many as one register of AVX2 holds; elsewhere compilers take several. */
typedef double doubles __attribute__((vector_size(32)));
typedef uint64_t bits __attribute__((vector_size(32)));

/* exp() of LANES numbers, in place, to 1e-15 of each: 2^n times a polynomial on
 * [-ln(2)/2, ln(2)/2], whose coefficients are those of the least largest
 * relative error (Remez; 3e-18). ln(2) is in two parts (Cody and Waite), and n
 * is found by adding a number so large that no place behind the point is left.
 * What would overflow, or be no normal number any more, stays just inside. */
CPU_BOTH void exponentials(double *v)
{
	static const double most = 708, log2_e = 0x1.71547652b82fep0,
			    ln2_high = 0x1.62e42feep-1,
			    ln2_low = 0x1.a39ef35793c76p-33, large = 0x1.8p52;
	const doubles zero = { 0 };
	doubles x, n, r, p;
	bits inside, power;

	memcpy(&x, v, sizeof(x));
	inside = (bits)(x < most);
	x = (doubles)((inside & (bits)x) | (~inside & (bits)(zero + most)));
	inside = (bits)(x > -most);
	x = (doubles)((inside & (bits)x) | (~inside & (bits)(zero - most)));
	n = x * log2_e + large;
	power = (bits)n << 52; /* for the exponent */
	n -= large;
	r = (x - n * ln2_high) - n * ln2_low;
	p = r * 0x1.ad662897df037p-26 + 0x1.28b311d6a11b5p-22;
	p = p * r + 0x1.71df45193a8a1p-19;
	p = p * r + 0x1.a01992d0f04bfp-16;
	p = p * r + 0x1.a01a01105a76dp-13;
	p = p * r + 0x1.6c16c18781166p-10;
	p = p * r + 0x1.1111111130dccp-7;
	p = p * r + 0x1.555555554f370p-5;
	p = p * r + 0x1.55555555554a2p-3;
	p = p * r + 0x1.0000000000010p-1;
	p = p * r + 1;
	p = p * r + 1;
	p = (doubles)((bits)p + power);
	memcpy(v, &p, sizeof(p));
}

/* K of n vectors, from their inner products and squared lengths. */
CPU_BOTH void values(const struct kernel_params *p, const double *dot,
		     const double *norm, double xx, uint32_t n,
		     double v[BLOCK])
{
	uint32_t i;

	if (p->type != KERNEL_RBF) {
		for (i = 0; i < n; i++)
			v[i] = kernel_value(p, dot[i], xx, norm[i]);
		return;
	}
	for (i = 0; i < n; i++)
		v[i] = -p->gamma * (xx + norm[i] - 2 * dot[i]);
	for (; i % LANES; i++)
		v[i] = 0;
	for (i = 0; i < n; i += LANES)
		exponentials(v + i);
}

CPU_BOTH void add_products(doubles *sum, const double *coef, const double *v)
{
	doubles c, x;

	memcpy(&c, coef, sizeof(c));
	memcpy(&x, v, sizeof(x));
	*sum += c * x;
}

/* The sum of products, in two rows of lanes. */
CPU_BOTH double weigh(const double *coef, const double *v, uint32_t n)
{
	doubles even = { 0 }, odd = { 0 };
	double sum = 0;
	uint32_t i = 0;

	for (; i + 2 * LANES <= n; i += 2 * LANES) {
		add_products(&even, coef + i, v + i);
		add_products(&odd, coef + i + LANES, v + i + LANES);
	}
	for (; i < n; i++)
		sum += coef[i] * v[i];
	even += odd;
	for (int k = 0; k < LANES; k++)
		sum += even[k];
	return sum;
}

CPU_BOTH void sum_up(const struct kernel *k, uint32_t machines,
		     const double *dot, double xx, double *sum)
{
	for (uint32_t at = 0; at < k->vectors; at += BLOCK) {
		uint32_t n = k->vectors - at < BLOCK ? k->vectors - at : BLOCK;
		double v[BLOCK];

		values(&k->params, dot + at, k->norm + at, xx, n, v);
		for (uint32_t m = 0; m < machines; m++)
			sum[m] += weigh(k[m].coef + at, v, n);
	}
}

CPU_WIDE static void sum_wide(const struct kernel *k, uint32_t machines,
			      const double *dot, double xx, double *sum)
{
	sum_up(k, machines, dot, xx, sum);
}

static void sum_narrow(const struct kernel *k, uint32_t machines,
		       const double *dot, double xx, double *sum)
{
	sum_up(k, machines, dot, xx, sum);
}

void kernel_decide(const struct kernel *k, uint32_t n, const struct feat *x,
		   double *dot, double *sum)
{
	double xx = kernel_dots(k, x, dot);

	memset(sum, 0, n * sizeof(*sum));
	(cpu_is_wide() ? sum_wide : sum_narrow)(k, n, dot, xx, sum);
}

uint32_t kernel_support(const struct kernel *k)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < k->vectors; i++)
		n += k->coef[i] != 0;
	return n;
}

static uint64_t padded(uint64_t u32s)
{
	return (4 * u32s + 7) / 8 * 8;
}

uint64_t kernel_size(const struct kernel_head *h)
{
	return sizeof(*h) + 8 * ((uint64_t)h->machines + 1) * h->vectors +
	       8 * h->entries + padded((uint64_t)h->dims + 1) +
	       padded(h->entries);
}

static bool are_finite(const double *v, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		if (!isfinite(v[i]))
			return false;
	return true;
}

static int check(const struct kernel *k, uint64_t entries, struct err *e)
{
	if (k->start[0] != 0 || k->start[k->dims] != entries)
		goto damaged;
	for (uint32_t d = 0; d < k->dims; d++)
		if (k->start[d] > k->start[d + 1])
			goto damaged;
	for (uint64_t i = 0; i < entries; i++)
		if (k->vector[i] >= k->vectors)
			goto damaged;
	for (uint32_t i = 0; i < k->vectors; i++)
		if (k->norm[i] < 0)
			goto damaged;
	if (are_finite(k->coef, (uint64_t)k->machines * k->vectors) &&
	    are_finite(k->norm, k->vectors) && are_finite(k->value, entries))
		return 0;
damaged:
	return err_set(e, -EBADMSG,
		       "the index of a kernel machine is damaged");
}

static int check_head(const struct kernel_head *h, size_t n, size_t missing,
		      struct err *e)
{
	if (h->vectors > INT32_MAX || h->dims > INT32_MAX ||
	    h->entries > UINT32_MAX || h->machines > MACHINES_MAX ||
	    kernel_size(h) - missing > n)
		return err_set(e, -EBADMSG, "a kernel machine is cut short");
	if (h->params.type > KERNEL_SIGMOID || h->params.degree < 0 ||
	    h->params.degree > 64 || !isfinite(h->params.gamma) ||
	    !isfinite(h->params.coef0) || !h->machines || h->zero)
		return err_set(e, -EBADMSG,
			       "the kernel of a machine is none of LIBSVM's");
	return 0;
}

int kernel_view(struct str bytes, bool alone, struct kernel *k, size_t *used,
		struct err *e)
{
	struct kernel_head h = { .machines = 1 };
	size_t size = alone ? offsetof(struct kernel_head, machines)
			    : sizeof(h);
	size_t missing = sizeof(h) - size;
	int r;

	if (bytes.n < size)
		return err_set(e, -EBADMSG, "a kernel machine is cut short");
	memcpy(&h, bytes.p, size);
	r = check_head(&h, bytes.n, missing, e);
	if (r)
		return r;
	*k = (struct kernel){ .params = h.params, .vectors = h.vectors,
			      .dims = h.dims, .machines = h.machines };
	k->coef = (const double *)(bytes.p + size);
	k->norm = k->coef + (size_t)h.machines * h.vectors;
	k->value = k->norm + h.vectors;
	k->start = (const uint32_t *)(k->value + h.entries);
	k->vector = k->start + padded((uint64_t)h.dims + 1) / 4;
	*used = kernel_size(&h) - missing;
	return check(k, h.entries, e);
}
