#include "learn/machines.h"

#include <errno.h>

#include "tests/data/tiny.h"

static struct tiny t;
static struct row_set s;
static struct machines m;
static struct err err;

static void begin(const char *yaml, size_t jobs)
{
	tiny_made(&t, yaml, 48);
	ck_assert_int_eq(rows_make(&s, &t.corpus, &t.terms, &t.recipe, t.use,
				   &err), 0);
	ck_assert_msg(!machines_solve(&m, &s, jobs, &err), "%s", err.text);
}

static void end(void)
{
	machines_free(&m);
	rows_free(&s);
	tiny_done(&t);
}

static double decide(const struct machine *of, const struct feat *f)
{
	double d = *of->intercept;

	for (; f->index >= 0; f++)
		d += of->result[f->index] * f->value;
	return d;
}

static size_t right(const struct machine *of)
{
	size_t n = 0;

	for (size_t i = 0; i < of->rows->n; i++)
		n += (decide(of, of->rows->v[i].x) > 0) == (of->y[i] > 0);
	return n;
}

START_TEST(solve_by_either_solver_parts_the_rows)
{
	static const char *const solvers[] = {
		TINY_RECIPE "topic: {solver: libsvm}\nstance: {solver: libsvm}\n",
		TINY_RECIPE "topic: {solver: liblinear}\n"
			    "stance: {loss: squared}\n",
	};

	for (int i = 0; i < 2; i++) {
		begin(solvers[i], 2);
		ck_assert_uint_eq(m.n, 6);
		for (uint32_t k = 0; k < m.n; k++) {
			ck_assert(machine_is_linear(&m.v[k]));
			ck_assert(!machine_is_trivial(&m.v[k]));
			ck_assert_uint_gt(right(&m.v[k]),
					  m.v[k].rows->n * 9 / 10);
		}
		end();
	}
}
END_TEST

START_TEST(solve_with_any_number_of_jobs_gives_the_same_bits)
{
	double *first = NULL;
	size_t n = 0;

	for (size_t jobs = 1; jobs <= 3; jobs++) {
		begin(TINY_RECIPE, jobs);
		if (!first) {
			n = m.shared_size;
			first = malloc(n);
			ck_assert_ptr_nonnull(first);
			memcpy(first, m.shared, n);
		}
		ck_assert_uint_eq(m.shared_size, n);
		ck_assert_int_eq(memcmp(first, m.shared, n), 0);
		end();
	}
	free(first);
}
END_TEST

START_TEST(solve_kernel_gives_a_coefficient_a_row)
{
	begin(TINY_RECIPE "topic: {kernel: rbf}\n", 1);
	ck_assert(!machine_is_linear(&m.v[0]));
	for (size_t i = 0; i < s.topic.n; i++) /* a side's sign is its rows' */
		ck_assert(m.v[0].result[i] * m.v[0].y[i] >= 0);
	ck_assert_uint_eq(machine_kernel(&m.v[0]).type, KERNEL_RBF);
	end();
}
END_TEST

START_TEST(solve_topic_that_never_occurs_is_trivial)
{
	begin("topics: [sovereignty, partnership, market, nothing]\n"
	      "stances: [favour, against, neutral]\n", 1);
	ck_assert(machine_is_trivial(&m.v[3]));
	ck_assert(*m.v[3].intercept == -1);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(solve_by_either_solver_parts_the_rows),
		CHECK_TEST(solve_with_any_number_of_jobs_gives_the_same_bits),
		CHECK_TEST(solve_kernel_gives_a_coefficient_a_row),
		CHECK_TEST(solve_topic_that_never_occurs_is_trivial),
		CHECK_END,
	};

	return check_main("machines", tests);
}
