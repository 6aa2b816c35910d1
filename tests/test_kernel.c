#include "classify/kernel.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "classify/cpu.h"
#include "learn/pack.h"
#include "tests/check_main.h"

enum { DIMS = 5, ROWS = 4 };

/* Four rows, of which the third is no support vector. */
static const struct feat rows[ROWS][4] = {
	{ { 0, 1 }, { 2, 0.5 }, { -1, 0 } },
	{ { 1, -2 }, { -1, 0 } },
	{ { 0, 9 }, { 4, 9 }, { -1, 0 } },
	{ { 0, 0.25 }, { 1, 1 }, { 4, 3 }, { -1, 0 } },
};
static const double coef[ROWS] = { 1.5, -0.5, 0, 2 };
static const struct kernel_params all[] = {
	{ KERNEL_LINEAR, 0, 0, 0 },
	{ KERNEL_POLY, 3, 0.5, 1 },
	{ KERNEL_RBF, 0, 0.7, 0 },
	{ KERNEL_SIGMOID, 0, 0.1, -0.2 },
};

static double entry(const struct feat *x, int index)
{
	for (; x->index >= 0; x++)
		if (x->index == index)
			return x->value;
	return 0;
}

static double dot(const struct feat *x, const struct feat *y)
{
	double sum = 0;

	for (; x->index >= 0; x++)
		sum += x->value * entry(y, x->index);
	return sum;
}

static void pack(const struct kernel_params *p, struct buf *b)
{
	const struct feat *x[ROWS];
	const double *only = coef;

	for (size_t i = 0; i < ROWS; i++)
		x[i] = rows[i];
	buf_init(b, 1 << 16);
	ck_assert_int_eq(pack_kernels(p, x, &only, 1, ROWS, DIMS, b), 0);
}

START_TEST(value_of_each_kernel)
{
	double d = 0.3, xx = 2, yy = 5;

	ck_assert(kernel_value(&all[0], d, xx, yy) == d);
	ck_assert_double_eq_tol(kernel_value(&all[1], d, xx, yy),
				pow(0.5 * d + 1, 3), 1e-15);
	ck_assert_double_eq_tol(kernel_value(&all[2], d, xx, yy),
				exp(-0.7 * (xx + yy - 2 * d)), 1e-15);
	ck_assert_double_eq_tol(kernel_value(&all[3], d, xx, yy),
				tanh(0.1 * d - 0.2), 1e-15);
}
END_TEST

START_TEST(decide_is_the_sum_over_support_vectors)
{
	static const struct feat xs[][4] = {
		{ { -1, 0 } },
		{ { 0, 2 }, { 1, 1 }, { 4, -1 }, { -1, 0 } },
		{ { 3, 7 }, { -1, 0 } },
		/* The last dimension is past what the machine knows. */
		{ { 2, 1 }, { DIMS, 4 }, { -1, 0 } },
	};

	for (size_t p = 0; p < 4; p++) {
		struct kernel k;
		struct buf b;
		size_t used;

		pack(&all[p], &b);
		ck_assert_int_eq(kernel_view(buf_view(&b), false, &k, &used, NULL), 0);
		ck_assert_uint_eq(used, b.n);
		ck_assert_uint_eq(k.vectors, 3);
		for (size_t i = 0; i < sizeof(xs) / sizeof(*xs); i++) {
			double scratch[ROWS] = { 0 }, want = 0, sum;

			for (size_t r = 0; r < ROWS; r++)
				want += coef[r] *
					kernel_value(&all[p],
						     dot(rows[r], xs[i]),
						     dot(xs[i], xs[i]),
						     dot(rows[r], rows[r]));
			kernel_decide(&k, 1, xs[i], scratch, &sum);
			ck_assert_double_eq_tol(sum, want, 1e-14);
		}
		buf_done(&b);
	}
}
END_TEST

/* Three machines over the four rows, the second without the last. */
static const double second[ROWS] = { 0, -1, 0, 0 }, third[ROWS] = { 0, 3, 0, 4 };
static const double *const both[] = { coef, second, third };

START_TEST(decide_of_machines_that_share_is_that_of_each)
{
	const struct feat *x[ROWS];
	static const struct feat z[] = { { 0, 2 }, { 1, 1 }, { -1, 0 } };

	for (size_t i = 0; i < ROWS; i++)
		x[i] = rows[i];
	for (size_t p = 0; p < 4; p++) {
		double scratch[ROWS] = { 0 }, sum[3];
		struct kernel k[3];
		struct buf b;
		size_t used;

		buf_init(&b, 1 << 16);
		ck_assert_int_eq(pack_kernels(&all[p], x, both, 3, ROWS, DIMS,
					      &b), 0);
		ck_assert_int_eq(kernel_view(buf_view(&b), false, k, &used,
					     NULL), 0);
		ck_assert_uint_eq(used, b.n);
		ck_assert_uint_eq(k->machines, 3);
		ck_assert_uint_eq(k->vectors, 3);
		for (size_t i = 1; i < 3; i++) {
			k[i] = k[0];
			k[i].coef += i * k->vectors;
		}
		ck_assert_uint_eq(kernel_support(&k[0]), 3);
		ck_assert_uint_eq(kernel_support(&k[1]), 1);
		kernel_decide(k, 3, z, scratch, sum);
		for (size_t m = 0; m < 3; m++) {
			double want = 0;

			for (size_t r = 0; r < ROWS; r++)
				want += both[m][r] *
					kernel_value(&all[p], dot(rows[r], z),
						     dot(z, z),
						     dot(rows[r], rows[r]));
			ck_assert_double_eq_tol(sum[m], want, 1e-13);
		}
		buf_done(&b);
	}
}
END_TEST

/* As version 2 wrote it, the head is shorter. */
START_TEST(view_of_a_machine_alone_is_the_same)
{
	struct kernel k, old;
	struct buf b, alone;
	size_t used, cut = offsetof(struct kernel_head, machines);

	pack(&all[2], &b);
	buf_init(&alone, 1 << 16);
	buf_add(&alone, b.p, cut);
	buf_add(&alone, b.p + sizeof(struct kernel_head),
		b.n - sizeof(struct kernel_head));
	ck_assert_int_eq(kernel_view(buf_view(&b), false, &k, &used, NULL), 0);
	ck_assert_int_eq(kernel_view(buf_view(&alone), true, &old, &used, NULL),
			 0);
	ck_assert_uint_eq(used, alone.n);
	ck_assert_uint_eq(old.machines, 1);
	ck_assert_uint_eq(old.vectors, k.vectors);
	ck_assert_mem_eq(old.coef, k.coef, 3 * sizeof(double));
	ck_assert_mem_eq(old.vector, k.vector, 6 * sizeof(uint32_t));
	buf_done(&b);
	buf_done(&alone);
}
END_TEST

/* A machine of one vector says exp(-gamma |x - y|^2) of what it reads: x = 0,
 * and y = sqrt(u / gamma). */
static double says(double u)
{
	static const double one[] = { 1 };
	const double *only = one;
	const struct kernel_params p = { KERNEL_RBF, 0, u < 0 ? -1 : 1, 0 };
	const struct feat y[] = { { 0, sqrt(fabs(u)) }, { -1, 0 } };
	const struct feat *x = y, none = { -1, 0 };
	double scratch[1] = { 0 }, sum;
	struct kernel k;
	struct buf b;
	size_t used;

	buf_init(&b, 4096);
	ck_assert_int_eq(pack_kernels(&p, &x, &only, 1, 1, 1, &b), 0);
	ck_assert_int_eq(kernel_view(buf_view(&b), false, &k, &used, NULL), 0);
	kernel_decide(&k, 1, &none, scratch, &sum);
	/* the norm's own rounding is not the exponential's */
	ck_assert_double_eq_tol(sum / exp(-p.gamma * k.norm[0]), 1, 1e-15);
	buf_done(&b);
	return sum;
}

START_TEST(decide_rbf_is_near_the_exponential)
{
	for (double u = -700; u < 700; u += 0.37)
		says(u);
	for (double u = 1e-300; u < 700; u *= 1.7)
		says(u);
	ck_assert(says(0) == 1);
}
END_TEST

/* More vectors than are valued at once, and a number that no lane divides. */
START_TEST(decide_gives_the_same_bits_either_way)
{
	enum { MANY = 1234 };
	static struct feat store[MANY][2];
	static const struct feat *x[MANY];
	static double weight[MANY], dots[MANY];
	const struct feat z[] = { { 0, 0.3 }, { 7, 0.8 }, { -1, 0 } };
	const double *only = weight;

	for (int i = 0; i < MANY; i++) {
		/* half of them have dimension 0 */
		store[i][0] = (struct feat){ i % 2 ? 0 : i % 9,
					     1.0 / (1 + i % 31) };
		store[i][1].index = -1;
		x[i] = store[i];
		weight[i] = sin(i + 1);
	}
	for (size_t p = 0; p < 4; p++) {
		double wide, narrow, want = 0;
		struct kernel k;
		struct buf b;
		size_t used;

		buf_init(&b, 1 << 20);
		ck_assert_int_eq(pack_kernels(&all[p], x, &only, 1, MANY, 9,
					      &b), 0);
		ck_assert_int_eq(kernel_view(buf_view(&b), false, &k, &used,
					     NULL), 0);
		memset(dots, 0, sizeof(dots));
		kernel_decide(&k, 1, z, dots, &wide);
		cpu_narrow(true);
		memset(dots, 0, sizeof(dots));
		kernel_decide(&k, 1, z, dots, &narrow);
		cpu_narrow(false);
		ck_assert(wide == narrow);
		for (int i = 0; i < MANY; i++)
			want += weight[i] * kernel_value(&all[p],
							 dot(x[i], z),
							 dot(z, z),
							 dot(x[i], x[i]));
		ck_assert_double_eq_tol(wide, want, 1e-12);
		buf_done(&b);
	}
}
END_TEST

START_TEST(view_cut_short_is_refused)
{
	struct buf b;

	pack(&all[2], &b);
	for (size_t n = 0; n < b.n; n++) {
		char *exact = malloc(n + 1);
		struct kernel k;
		struct err e = { "" };
		size_t used;

		memcpy(exact, b.p, n);
		ck_assert_int_eq(kernel_view((struct str){ exact, n }, false,
					     &k, &used, &e), -EBADMSG);
		ck_assert_uint_gt(strlen(e.text), 0);
		free(exact);
	}
	buf_done(&b);
}
END_TEST

/* Change n bytes at `at` and look. */
static int view_with(size_t at, const void *bytes, size_t n)
{
	struct kernel k;
	struct buf b;
	size_t used;
	int r;

	pack(&all[1], &b);
	memcpy(b.p + at, bytes, n);
	r = kernel_view(buf_view(&b), false, &k, &used, NULL);
	buf_done(&b);
	return r;
}

START_TEST(view_wrong_head_is_refused)
{
	uint32_t type = 4, huge = UINT32_MAX;
	int32_t degree[] = { -1, 65, 64 };
	double inf = INFINITY, nan = NAN;
	uint64_t entries = UINT64_MAX / 8;

#define HEAD(member) offsetof(struct kernel_head, member)
	ck_assert_int_eq(view_with(HEAD(params.type), &type, 4), -EBADMSG);
	ck_assert_int_eq(view_with(HEAD(params.degree), &degree[0], 4),
			 -EBADMSG);
	ck_assert_int_eq(view_with(HEAD(params.degree), &degree[1], 4),
			 -EBADMSG);
	ck_assert_int_eq(view_with(HEAD(params.degree), &degree[2], 4), 0);
	ck_assert_int_eq(view_with(HEAD(params.gamma), &inf, 8), -EBADMSG);
	ck_assert_int_eq(view_with(HEAD(params.coef0), &nan, 8), -EBADMSG);
	ck_assert_int_eq(view_with(HEAD(vectors), &huge, 4), -EBADMSG);
	ck_assert_int_eq(view_with(HEAD(dims), &huge, 4), -EBADMSG);
	ck_assert_int_eq(view_with(HEAD(entries), &entries, 8), -EBADMSG);
}
END_TEST

START_TEST(view_wrong_index_is_refused)
{
	size_t coefs = sizeof(struct kernel_head), norms = coefs + 3 * 8;
	size_t values = norms + 3 * 8, starts = values + 6 * 8;
	size_t vectors = starts + (DIMS + 1) * 4;
	uint32_t three = 3, seven = 7, none = 0;
	double nan = NAN;

	ck_assert_int_eq(view_with(coefs, &nan, 8), -EBADMSG);
	ck_assert_int_eq(view_with(norms, &nan, 8), -EBADMSG);
	ck_assert_int_eq(view_with(values, &nan, 8), -EBADMSG);
	ck_assert_int_eq(view_with(vectors, &three, 4), -EBADMSG);
	ck_assert_int_eq(view_with(starts, &three, 4), -EBADMSG);
	ck_assert_int_eq(view_with(starts + 4, &seven, 4), -EBADMSG);
	ck_assert_int_eq(view_with(starts + 8, &none, 4), -EBADMSG);
	ck_assert_int_eq(view_with(starts + DIMS * 4, &three, 4), -EBADMSG);
}
END_TEST

START_TEST(size_is_what_is_written)
{
	struct kernel_head h = { .vectors = 3, .dims = DIMS, .entries = 6,
				 .machines = 1 };
	struct buf b;

	pack(&all[0], &b);
	ck_assert_uint_eq(kernel_size(&h), b.n);
	ck_assert_uint_eq(b.n % 8, 0);
	buf_done(&b);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(value_of_each_kernel),
		CHECK_TEST(decide_is_the_sum_over_support_vectors),
		CHECK_TEST(decide_of_machines_that_share_is_that_of_each),
		CHECK_TEST(view_of_a_machine_alone_is_the_same),
		CHECK_TEST(decide_rbf_is_near_the_exponential),
		CHECK_TEST(decide_gives_the_same_bits_either_way),
		CHECK_TEST(view_cut_short_is_refused),
		CHECK_TEST(view_wrong_head_is_refused),
		CHECK_TEST(view_wrong_index_is_refused),
		CHECK_TEST(size_is_what_is_written),
		CHECK_END,
	};

	return check_main("kernel", tests);
}
