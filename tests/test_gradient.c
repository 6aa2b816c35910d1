#include "classify/gradient.h"

#include <math.h>

#include "learn/pack.h"
#include "tests/check_main.h"

enum { DIMS = 6, ROWS = 4, SEEN = 4 };

/* The last entry of the article is past what the machine knows. */
static const struct feat rows[ROWS][4] = {
	{ { 0, 1 }, { 2, 0.5 }, { -1, 0 } },
	{ { 1, -2 }, { -1, 0 } },
	{ { 0, 0.4 }, { 4, 0.9 }, { -1, 0 } },
	{ { 0, 0.25 }, { 1, 1 }, { 4, 3 }, { -1, 0 } },
};
static const double coef[ROWS] = { 1.5, -0.5, -0.75, 2 };
static const struct feat article[SEEN + 1] = {
	{ 0, 0.3 }, { 1, -0.2 }, { 4, 0.5 }, { DIMS, 0.7 }, { -1, 0 }
};
static const struct kernel_params all[] = {
	{ KERNEL_LINEAR, 0, 0, 0 }, { KERNEL_POLY, 3, 0.5, 1 },
	{ KERNEL_POLY, 2, 0.8, 0 }, { KERNEL_POLY, 1, 0.8, -3 },
	{ KERNEL_RBF, 0, 0.7, 0 },  { KERNEL_SIGMOID, 0, 0.4, -0.2 },
};
enum { ALL = sizeof(all) / sizeof(*all) };

static void pack(const struct kernel_params *p, struct buf *b,
		 struct kernel *k)
{
	const struct feat *x[ROWS];
	const double *only = coef;
	size_t used;

	for (size_t i = 0; i < ROWS; i++)
		x[i] = rows[i];
	buf_init(b, 1 << 16);
	ck_assert_int_eq(pack_kernels(p, x, &only, 1, ROWS, DIMS, b), 0);
	ck_assert_int_eq(kernel_view(buf_view(b), false, k, &used, NULL), 0);
}

static void shares(const struct kernel *k, const struct feat *x, double *out)
{
	double dot[ROWS] = { 0 }, slope[ROWS];
	double xx = kernel_dots(k, x, dot);

	gradient_shares(k, x, dot, xx, slope, out);
}

START_TEST(dots_are_the_inner_products)
{
	struct kernel k;
	struct buf b;
	double dot[ROWS] = { 0 };

	pack(&all[0], &b, &k);
	ck_assert_double_eq_tol(kernel_dots(&k, article, dot),
				0.09 + 0.04 + 0.25 + 0.49, 1e-15);
	ck_assert_double_eq_tol(dot[0], 0.3, 1e-15);
	ck_assert_double_eq_tol(dot[1], 0.4, 1e-15);
	ck_assert_double_eq_tol(dot[2], 0.12 + 0.45, 1e-15);
	ck_assert_double_eq_tol(dot[3], 0.075 - 0.2 + 1.5, 1e-15);
	buf_done(&b);
}
END_TEST

static double decide(const struct kernel *k, const struct feat *x)
{
	double dot[ROWS] = { 0 }, sum;

	kernel_decide(k, 1, x, dot, &sum);
	return sum;
}

/* By central differences of the decision itself. */
START_TEST(shares_are_the_slopes_of_the_decision)
{
	const double h = 1e-5;

	for (size_t p = 0; p < ALL; p++) {
		struct kernel k;
		struct buf b;
		double share[SEEN];

		pack(&all[p], &b, &k);
		shares(&k, article, share);
		for (size_t i = 0; i < SEEN; i++) {
			struct feat x[SEEN + 1];
			double up, down;

			memcpy(x, article, sizeof(x));
			x[i].value = article[i].value + h;
			up = decide(&k, x);
			x[i].value = article[i].value - h;
			down = decide(&k, x);
			ck_assert_double_eq_tol(
				share[i],
				article[i].value * (up - down) / (2 * h),
				1e-8);
		}
		buf_done(&b);
	}
}
END_TEST

START_TEST(shares_of_a_linear_kernel_add_up)
{
	struct kernel k;
	struct buf b;
	double share[SEEN], sum = 0;

	pack(&all[0], &b, &k);
	shares(&k, article, share);
	for (size_t i = 0; i < SEEN; i++)
		sum += share[i];
	ck_assert_double_eq_tol(sum, decide(&k, article), 1e-14);
	ck_assert(share[SEEN - 1] == 0); /* no vector has it */
	buf_done(&b);
}
END_TEST

/* Only the length of the article speaks there, and only to rbf. */
START_TEST(shares_past_the_machine_are_the_lengths)
{
	for (size_t p = 0; p < ALL; p++) {
		struct kernel k;
		struct buf b;
		double share[SEEN];

		pack(&all[p], &b, &k);
		shares(&k, article, share);
		ck_assert((share[SEEN - 1] != 0) ==
			  (all[p].type == KERNEL_RBF));
		buf_done(&b);
	}
}
END_TEST

START_TEST(shares_where_the_polynomial_is_flat_are_zero)
{
	static const struct kernel_params flat = { KERNEL_POLY, 0, 0, 0 };
	struct kernel k;
	struct buf b;
	double share[SEEN];

	pack(&flat, &b, &k);
	shares(&k, article, share);
	for (size_t i = 0; i < SEEN; i++)
		ck_assert(share[i] == 0);
	buf_done(&b);
}
END_TEST

START_TEST(shares_of_nothing_are_none)
{
	static const struct feat none[] = { { -1, 0 } };
	struct kernel k;
	struct buf b;
	double share = 7;

	pack(&all[4], &b, &k);
	shares(&k, none, &share);
	ck_assert(share == 7);
	buf_done(&b);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(dots_are_the_inner_products),
		CHECK_TEST(shares_are_the_slopes_of_the_decision),
		CHECK_TEST(shares_of_a_linear_kernel_add_up),
		CHECK_TEST(shares_past_the_machine_are_the_lengths),
		CHECK_TEST(shares_where_the_polynomial_is_flat_are_zero),
		CHECK_TEST(shares_of_nothing_are_none),
		CHECK_END,
	};

	return check_main("gradient", tests);
}
