/* Against LIBLINEAR, which stops at the same tolerance. */
#include "learn/descent.h"

#include <math.h>

#include "classify/cpu.h"
#include "learn/solve.h"
#include "tests/data/tiny.h"

/* The last features are in one row each. */
enum { ROWS = 300, COMMON = 40, DIMS = COMMON + ROWS, LABELS = 11 };

static struct feat rows[ROWS][COMMON + 2];
static const struct feat *x[ROWS];
static signed char y[LABELS][ROWS];
static double w[DIMS * LABELS], intercept[LABELS];
static struct err err;

static double draw(unsigned *state)
{
	return tiny_random(state) / 32768.0;
}

static void make_rows(void)
{
	unsigned state = 5;

	for (int i = 0; i < ROWS; i++) {
		int n = 0;

		for (int d = 0; d < COMMON; d++)
			if (draw(&state) < 0.2)
				rows[i][n++] = (struct feat){ d, draw(&state) };
		if (i % 9)
			rows[i][n++] = (struct feat){ COMMON + i, 0.8 };
		rows[i][n] = (struct feat){ -1, 0 };
		x[i] = rows[i];
		for (int l = 0; l < LABELS; l++) {
			double sum = draw(&state) - 0.8 + 0.05 * l;

			for (const struct feat *f = x[i]; f->index >= 0; f++)
				if (f->index % LABELS == l)
					sum += f->value;
			y[l][i] = sum > 0 ? 1 : -1;
		}
	}
}

static struct descent_lane lane(int l)
{
	return (struct descent_lane){ .y = y[l], .positive = 3,
				      .negative = 1.5, .w = w + l,
				      .stride = LABELS,
				      .intercept = &intercept[l] };
}

/* Labels from `first` on, so many at a time. */
static void solve(int first, size_t n, bool squared)
{
	struct descent_lane v[DESCENT_LANES];
	struct descent *d;

	ck_assert_int_eq(descent_new(&d, x, ROWS, DIMS), 0);
	for (size_t i = 0; i < n; i++)
		v[i] = lane(first + (int)i);
	ck_assert_int_eq(descent_solve(d, v, n, squared, 1), 0);
	descent_free(d);
}

static double decide(const double *v, size_t stride, double sum,
		     const struct feat *f)
{
	for (; f->index >= 0; f++)
		sum += v[(size_t)f->index * stride] * f->value;
	return sum;
}

static double objective(int l, const double *v, size_t stride, double a,
			bool squared)
{
	double sum = a * a / 2;

	for (size_t d = 0; d < DIMS; d++)
		sum += v[d * stride] * v[d * stride] / 2;
	for (int i = 0; i < ROWS; i++) {
		double lack = 1 - y[l][i] * decide(v, stride, a, x[i]);

		if (lack > 0)
			sum += (y[l][i] > 0 ? 3 : 1.5) *
			       (squared ? lack * lack : lack);
	}
	return sum;
}

static void compare(int l, bool squared)
{
	double v[DIMS], a, f;
	struct solve_problem p = { .x = x, .y = y[l], .n = ROWS, .c = 1,
				   .positive = 3, .negative = 1.5, .seed = 1 };

	ck_assert_int_eq(solve_linear(&p, DIMS, squared, 1, v, &a, &err), 0);
	f = objective(l, v, 1, a, squared);
	ck_assert_double_le(fabs(objective(l, w + l, LABELS, intercept[l],
					   squared) - f),
			    (squared ? 1e-7 : 1e-3) * f);
	/* The plain hinge leaves room: many weights cost nearly the same. */
	for (int i = 0; i < ROWS && squared; i++)
		ck_assert_double_le(
			fabs(decide(v, 1, a, x[i]) -
			     decide(w + l, LABELS, intercept[l], x[i])),
			1e-3);
}

START_TEST(solve_comes_where_liblinear_comes)
{
	make_rows();
	for (int squared = 0; squared < 2; squared++) {
		solve(0, DESCENT_LANES, squared);
		solve(DESCENT_LANES, LABELS - DESCENT_LANES, squared);
		for (int l = 0; l < LABELS; l++)
			compare(l, squared);
	}
}
END_TEST

START_TEST(solve_beside_any_others_gives_the_same_bits)
{
	double first[DIMS * LABELS];

	make_rows();
	for (size_t n = 1; n <= DESCENT_LANES; n++) {
		memset(w, 0, sizeof(w));
		for (size_t l = 0; l < LABELS; l += n)
			solve((int)l, l + n > LABELS ? LABELS - l : n, true);
		if (n == 1)
			memcpy(first, w, sizeof(w));
		ck_assert_mem_eq(first, w, sizeof(w));
	}
}
END_TEST

START_TEST(solve_narrow_gives_the_same_bits)
{
	double wide[DIMS * LABELS];

	make_rows();
	for (size_t n = 1; n <= DESCENT_LANES; n += 3) {
		cpu_narrow(false);
		solve(0, n, true);
		memcpy(wide, w, sizeof(w));
		cpu_narrow(true);
		solve(0, n, true);
		cpu_narrow(false);
		ck_assert_mem_eq(wide, w, sizeof(w));
	}
}
END_TEST

START_TEST(solve_rows_without_features_moves_the_intercept)
{
	static const struct feat none = { -1, 0 };

	for (int i = 0; i < ROWS; i++) {
		x[i] = &none;
		y[0][i] = i % 3 ? 1 : -1;
	}
	solve(0, 1, true);
	ck_assert_double_gt(intercept[0], 0.3);
	for (size_t d = 0; d < DIMS; d++)
		ck_assert(w[d * LABELS] == 0);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(solve_comes_where_liblinear_comes),
		CHECK_TEST(solve_beside_any_others_gives_the_same_bits),
		CHECK_TEST(solve_narrow_gives_the_same_bits),
		CHECK_TEST(solve_rows_without_features_moves_the_intercept),
		CHECK_END,
	};

	return check_main("descent", tests);
}
