/* Against LIBSVM itself, called as its own README says. */
#include "learn/solve.h"

#include <errno.h>
#include <libsvm/svm.h>
#include <math.h>

#include "tests/data/tiny.h"

enum { ROWS = 60, DIMS = 12, MOST = DIMS + 1 };

static struct feat rows[ROWS][MOST];
static const struct feat *x[ROWS];
static signed char y[ROWS];

static const struct kernel_params kernels[] = {
	{ KERNEL_LINEAR, 0, 0, 0 },
	{ KERNEL_POLY, 3, 0.5, 1 },
	{ KERNEL_RBF, 0, 0.8, 0 },
	{ KERNEL_SIGMOID, 0, 0.3, 0.1 },
};

/* Sparse rows of two classes that overlap; the first row is of the class y1,
 * whose label LIBSVM then calls its first. */
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

static struct solve_problem problem(struct kernel_params k)
{
	return (struct solve_problem){ .x = x, .y = y, .n = ROWS, .kernel = k,
				 .c = 2, .positive = 1.5, .negative = 0.75,
				 .seed = 1 };
}

static double dot(const struct feat *p, const struct feat *q)
{
	double sum = 0;

	while (p->index >= 0 && q->index >= 0)
		if (p->index == q->index)
			sum += p++->value * q++->value;
		else if (p->index < q->index)
			p++;
		else
			q++;
	return sum;
}

static double kernel(struct kernel_params k, const struct feat *p,
		     const struct feat *q)
{
	return kernel_value(&k, dot(p, q), dot(p, p), dot(q, q));
}

static double decide(const double *coef, double intercept,
		     struct kernel_params k, const struct feat *z)
{
	for (int i = 0; i < ROWS; i++)
		if (coef[i] != 0)
			intercept += coef[i] * kernel(k, rows[i], z);
	return intercept;
}

static void nodes_of(const struct feat *f, struct svm_node *out)
{
	for (; f->index >= 0; f++)
		*out++ = (struct svm_node){ f->index + 1, f->value };
	*out = (struct svm_node){ -1, 0 };
}

static struct svm_model *train(struct kernel_params k, struct svm_problem *prob)
{
	static struct svm_node nodes[ROWS][MOST], *at[ROWS];
	static double labels[ROWS];
	static int label[] = { 1, -1 };
	static double weight[] = { 1.5, 0.75 };
	static struct svm_parameter param;

	param = (struct svm_parameter){
		.svm_type = C_SVC, .kernel_type = (int)k.type,
		.degree = k.degree, .gamma = k.gamma, .coef0 = k.coef0,
		.cache_size = 256, .eps = 1e-4, .C = 2, .nr_weight = 2,
		.weight_label = label, .weight = weight, .shrinking = 1,
	};
	for (int i = 0; i < ROWS; i++) {
		nodes_of(rows[i], nodes[i]);
		at[i] = nodes[i];
		labels[i] = y[i];
	}
	*prob = (struct svm_problem){ ROWS, labels, at };
	ck_assert_ptr_null(svm_check_parameter(prob, &param));
	srand(1);
	return svm_train(prob, &param);
}

static void silent(const char *line)
{
	(void)line;
}

static void compare(struct kernel_params k)
{
	struct solve_problem p = problem(k);
	struct svm_problem prob;
	struct svm_model *m;
	double coef[ROWS], intercept;

	svm_set_print_string_function(silent);
	ck_assert_int_eq(solve_svm(&p, coef, &intercept, NULL), 0);
	m = train(k, &prob);
	for (int i = 0; i < ROWS; i++) {
		double want;

		svm_predict_values(m, prob.x[i], &want);
		want *= m->label[0];
		TINY_ASSERT_NEAR(decide(coef, intercept, k, rows[i]), want);
	}
	svm_free_and_destroy_model(&m);
}

START_TEST(solve_rows_equal_svm_predict_values)
{
	for (int first = -1; first <= 1; first += 2) {
		make_rows((signed char)first);
		for (size_t i = 0; i < 4; i++)
			compare(kernels[i]);
	}
}
END_TEST

/* Another route, the same machine: as near as the solver's own tolerance. */
START_TEST(solve_kernel_values_give_the_same_machine)
{
	make_rows(1);
	for (size_t k = 0; k < 4; k++) {
		struct gram gram;
		struct solve_problem p = problem(kernels[k]), q = p;
		double a[ROWS], b[ROWS], ia, ib;

		ck_assert_int_eq(gram_open(&gram, ROWS), 0);
		for (size_t i = 0; i < ROWS * ROWS; i++)
			*gram_at(&gram, i / ROWS, i % ROWS) =
				kernel(kernels[k], rows[i / ROWS],
				       rows[i % ROWS]);
		q.gram = &gram;
		q.x = NULL;
		ck_assert_int_eq(solve_svm(&p, a, &ia, NULL), 0);
		ck_assert_int_eq(solve_svm(&q, b, &ib, NULL), 0);
		for (int i = 0; i < ROWS; i++)
			ck_assert_double_eq_tol(
				decide(a, ia, kernels[k], rows[i]),
				decide(b, ib, kernels[k], rows[i]), 1e-3);
		gram_done(&gram);
	}
}
END_TEST

START_TEST(solve_again_gives_the_same_bits)
{
	struct solve_problem p = problem(kernels[2]);
	double a[ROWS], b[ROWS], ia, ib;

	make_rows(1);
	ck_assert_int_eq(solve_svm(&p, a, &ia, NULL), 0);
	rand();
	ck_assert_int_eq(solve_svm(&p, b, &ib, NULL), 0);
	ck_assert_mem_eq(a, b, sizeof(a));
	ck_assert_mem_eq(&ia, &ib, sizeof(ia));
}
END_TEST

START_TEST(solve_positive_side_is_positive)
{
	static const struct feat up[] = { { 0, 1 }, { -1, 0 } };
	static const struct feat down[] = { { 0, -1 }, { -1, 0 } };
	static const struct feat *const both[] = { down, up };
	static const signed char sides[] = { -1, 1 };
	struct solve_problem p = { .x = both, .y = sides, .n = 2, .c = 1,
			     .positive = 1, .negative = 1 };
	double coef[2], intercept;

	ck_assert_int_eq(solve_svm(&p, coef, &intercept, NULL), 0);
	ck_assert_double_eq_tol(coef[1] - coef[0], 1, 1e-6); /* margin: w = 1 */
	ck_assert_double_eq_tol(intercept, 0, 1e-6);
}
END_TEST

START_TEST(solve_one_class_is_refused)
{
	struct solve_problem p = problem(kernels[0]);
	double coef[ROWS], intercept;
	struct err e = { "" };

	make_rows(1);
	for (int i = 0; i < ROWS; i++)
		y[i] = 1;
	ck_assert_int_eq(solve_svm(&p, coef, &intercept, &e), -EINVAL);
	ck_assert_ptr_nonnull(strstr(e.text, "no example"));
}
END_TEST

START_TEST(solve_bad_parameter_is_refused)
{
	struct solve_problem p = problem(kernels[0]);
	double coef[ROWS], intercept;
	struct err e = { "" };

	make_rows(1);
	p.c = 0;
	ck_assert_int_eq(solve_svm(&p, coef, &intercept, &e), -EINVAL);
	ck_assert_str_eq(e.text, "LIBSVM refuses: C <= 0");
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(solve_rows_equal_svm_predict_values),
		CHECK_TEST(solve_kernel_values_give_the_same_machine),
		CHECK_TEST(solve_again_gives_the_same_bits),
		CHECK_TEST(solve_positive_side_is_positive),
		CHECK_TEST(solve_one_class_is_refused),
		CHECK_TEST(solve_bad_parameter_is_refused),
		CHECK_END,
	};

	return check_main("solve_svm", tests);
}
