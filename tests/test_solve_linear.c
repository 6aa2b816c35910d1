/* Against LIBSVM, which leaves the intercept out of what it keeps small: by
 * LIBLINEAR's own measure LIBLINEAR must be at least as good. */
#include "learn/solve.h"

#include <errno.h>

#include "tests/data/tiny.h"

enum { ROWS = 60, DIMS = 12 };

static struct feat rows[ROWS][DIMS + 1];
static const struct feat *x[ROWS];
static signed char y[ROWS];
static struct err err;

static void make_rows(signed char y1)
{
	unsigned state = 5;

	for (int i = 0; i < ROWS; i++) {
		int n = 0;

		y[i] = (signed char)(i % 3 ? -y1 : y1);
		for (int d = 0; d < DIMS; d++) {
			double v = tiny_random(&state) / 32768.0;

			if (v < 0.5)
				rows[i][n++] = (struct feat){
					d, v + (y[i] > 0 && d < 4 ? 0.4 : 0)
				};
		}
		rows[i][n] = (struct feat){ -1, 0 };
		x[i] = rows[i];
	}
}

static struct solve_problem problem(void)
{
	return (struct solve_problem){ .x = x, .y = y, .n = ROWS, .c = 2,
				       .positive = 1.5, .negative = 0.75,
				       .seed = 1 };
}

static double decide(const double *w, double intercept, const struct feat *f)
{
	for (; f->index >= 0; f++)
		intercept += w[f->index] * f->value;
	return intercept;
}

/* Half the squared length, the intercept's weight included, and the cost of
 * the errors. */
static double objective(const double *w, double intercept)
{
	double f = intercept * intercept / 2;

	for (int d = 0; d < DIMS; d++)
		f += w[d] * w[d] / 2;
	for (int i = 0; i < ROWS; i++) {
		double short_by = 1 - y[i] * decide(w, intercept, x[i]);

		if (short_by > 0)
			f += 2 * (y[i] > 0 ? 1.5 : 0.75) * short_by;
	}
	return f;
}

START_TEST(solve_hinge_is_no_worse_than_libsvm)
{
	double w[DIMS], v[DIMS] = { 0 }, coef[ROWS], a, b;
	struct solve_problem p = problem();

	make_rows(1);
	ck_assert_int_eq(solve_linear(&p, DIMS, false, 1, w, &a, &err), 0);
	ck_assert_int_eq(solve_svm(&p, coef, &b, &err), 0);
	for (int i = 0; i < ROWS; i++)
		for (const struct feat *f = x[i]; f->index >= 0; f++)
			v[f->index] += coef[i] * f->value;
	ck_assert_double_lt(objective(w, a), objective(v, b) * 1.0001);
	ck_assert_double_gt(objective(w, a), 0.5 * objective(v, b));
}
END_TEST

START_TEST(solve_first_row_negative_keeps_the_sign)
{
	double w[DIMS], v[DIMS], a, b;
	struct solve_problem p = problem();
	int right = 0;

	make_rows(-1);
	ck_assert_int_eq(solve_linear(&p, DIMS, true, 1, w, &a, &err), 0);
	for (int i = 0; i < ROWS; i++)
		right += (decide(w, a, x[i]) > 0) == (y[i] > 0);
	ck_assert_int_gt(right, ROWS * 3 / 4);
	ck_assert_int_eq(solve_linear(&p, DIMS, true, 1, v, &b, &err), 0);
	ck_assert_mem_eq(w, v, sizeof(w)); /* the same seed, the same bits */
	ck_assert(a == b);
}
END_TEST

START_TEST(solve_one_class_or_wrong_cost_is_refused)
{
	double w[DIMS], a;
	struct solve_problem p = problem();

	make_rows(1);
	p.c = -1;
	ck_assert_int_eq(solve_linear(&p, DIMS, true, 1, w, &a, &err),
			 -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "LIBLINEAR"));
	err_clear(&err);
	p.c = 1;
	for (int i = 0; i < ROWS; i++)
		y[i] = 1;
	ck_assert_int_eq(solve_linear(&p, DIMS, true, 1, w, &a, &err),
			 -EINVAL);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(solve_hinge_is_no_worse_than_libsvm),
		CHECK_TEST(solve_first_row_negative_keeps_the_sign),
		CHECK_TEST(solve_one_class_or_wrong_cost_is_refused),
		CHECK_END,
	};

	return check_main("solve_linear", tests);
}
