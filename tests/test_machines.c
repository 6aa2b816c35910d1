#include "learn/machines.h"

#include <errno.h>

#include "learn/ratios.h"
#include "learn/solve.h"
#include "tests/data/targets.h"

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
		d += of->result[(size_t)f->index * of->stride] * f->value;
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
		begin("stances: [favour, against, neutral]\n"
		      "words: {supervised: bayes, machine: svm}\n"
		      "chars: {ngrams: [3, 3]}\n", jobs);
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

START_TEST(solve_with_any_number_of_jobs_by_libsvm_as_well)
{
	double first[2];

	for (size_t jobs = 1; jobs <= 2; jobs++) {
		begin(TINY_RECIPE, jobs);
		if (jobs == 1)
			memcpy(first, m.shared, sizeof(first));
		ck_assert_mem_eq(first, m.shared, sizeof(first));
		end();
	}
}
END_TEST

/* Row i as a machine with weights of its own must see it: supervised blocks by
 * these, without the blocks that are naive Bayes' alone, from its topic. */
static const struct feat *seen_by(const struct machine *of, size_t i,
				  struct arena *a)
{
	const struct row *row = &of->rows->v[i];
	size_t n = 0;
	struct feat *x;
	const struct feat *part;

	while (row->base[n].index >= 0)
		n++;
	x = arena_take_array(a, n + 1, sizeof(*x));
	ratios_apply(&s.vocabulary.tfidf, of->scale, row->base, x);
	part = rows_svm_part(&s, x, a);
	return of->rows == &s.topic ? part
				    : rows_joint(&s, part, row->topic, a);
}

START_TEST(solve_supervised_is_liblinear_over_weighed_rows)
{
	struct arena a;

	begin(TINY_RECIPE "blocks: [{of: opening, supervised: bayes, "
			  "machine: svm}, {of: across, ngrams: [2, 2], "
			  "machine: bayes}]\n"
			  "topic: {c: 0.5, solver: liblinear}\n"
			  "stance: {loss: squared, solver: liblinear}\n", 2);
	ck_assert_int_eq(arena_open(&a, (size_t)1 << 30), 0);
	for (uint32_t k = 0; k < m.n; k++) {
		const struct machine *of = &m.v[k];
		const struct feat *x[512];
		double pos = (double)of->positives, n = (double)of->rows->n;
		struct solve_problem p = {
			.x = x, .y = of->y, .n = of->rows->n,
			.c = of->set->c, .positive = n / (2 * pos),
			.negative = n / (2 * (n - pos)), .seed = 1,
		};
		double *w = calloc(of->rows->dims, sizeof(*w)), intercept;
		struct arena here = a;

		ck_assert_ptr_nonnull(of->scale);
		for (size_t i = 0; i < of->rows->n; i++)
			x[i] = seen_by(of, i, &here);
		ck_assert_int_eq(solve_linear(&p, of->rows->dims, k >= 3, 1, w,
					      &intercept, &err), 0);
		ck_assert(intercept == *of->intercept);
		for (size_t d = 0; d < of->rows->dims; d++)
			ck_assert(w[d] == of->result[d * of->stride]);
		free(w);
	}
	arena_close(a);
	end();
}
END_TEST

START_TEST(solve_blocks_that_are_not_read_have_no_weight)
{
	size_t read = 0;

	begin(TINY_RECIPE "blocks: [{of: opening, machine: bayes}]\n", 1);
	for (uint32_t k = 0; k < 3; k++)
		for (size_t i = 0; i < s.topic.dims; i++)
			if (i >= s.vocabulary.tfidf.block[1].end)
				ck_assert(m.v[k].result[i * m.v[k].stride] == 0);
			else
				read += m.v[k].result[i * m.v[k].stride] != 0;
	ck_assert_uint_gt(read, 100);
	end();
}
END_TEST

START_TEST(solve_target_that_is_given_is_not_learnt)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	targets_lines(&b, 24, false);
	tiny_open(&t, TARGETS_TOPICS, buf_view(&b));
	buf_done(&b);
	ck_assert_int_eq(rows_make(&s, &t.corpus, &t.terms, &t.recipe, t.use,
				   &err), 0);
	ck_assert_int_eq(machines_solve(&m, &s, 1, &err), 0);
	ck_assert_uint_eq(m.n, 5);
	for (uint32_t k = 0; k < 3; k++) {
		ck_assert(machine_is_trivial(&m.v[k]));
		ck_assert(*m.v[k].intercept == 1);
	}
	for (uint32_t k = 3; k < 5; k++) {
		ck_assert(!machine_is_trivial(&m.v[k]));
		ck_assert_uint_gt(right(&m.v[k]), 20);
	}
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

/* Documents of one topic out of two, on which there is one stance out of two,
 * and either has words of its own. The recipe has room for one topic more. */
static void begin_two(const char *yaml)
{
	static const char *const words[] = { "rail train gare", "vent mer" };
	static const char *const said[] = { "salue atout", "hélas échec" };
	unsigned state = 3;
	struct buf b;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < 40; i++) {
		size_t topic = i % 3 == 0, stance = i / 2 % 2;

		buf_printf(&b, "{\"text\":\"%s %s w%u w%u\",\"topics\":"
			       "{\"%s\":\"%s\"}}\n",
			   words[topic], said[stance],
			   tiny_random(&state) % 9, tiny_random(&state) % 9,
			   topic ? "wind" : "rail",
			   stance ? "against" : "favour");
	}
	tiny_open(&t, yaml, buf_view(&b));
	buf_done(&b);
	ck_assert_int_eq(rows_make(&s, &t.corpus, &t.terms, &t.recipe, t.use,
				   &err), 0);
	ck_assert_msg(!machines_solve(&m, &s, 2, &err), "%s", err.text);
}

#define TWO "stances: [favour, against]\nwords: {ngrams: [1, 1]}\n"

static size_t results(const struct machine *of)
{
	return machine_is_linear(of) ? of->rows->dims : of->rows->n;
}

static bool is_other_side(const struct machine *of,
			  const struct machine *first)
{
	size_t n = results(of), same = 0, some = 0;

	ck_assert_uint_eq(n, results(first));
	for (size_t i = 0; i < n; i++) {
		same += of->result[i * of->stride] ==
			-first->result[i * of->stride];
		some += of->result[i * of->stride] != 0;
	}
	ck_assert_uint_gt(some, 0);
	return same == n && *of->intercept == -*first->intercept;
}

START_TEST(solve_of_two_exclusive_classes_one_mirrors_the_other)
{
	static const char *const yamls[] = {
		TWO "one_of: true\n",
		TWO "one_of: true\ntopic: {solver: libsvm, c: 0.1}\n"
		    "stance: {loss: squared, balanced: false}\n",
		TWO "one_of: true\ntopic: {kernel: rbf}\n"
		    "stance: {kernel: poly}\n",
		TWO "one_of: true\n"
		    "blocks: [{of: opening, supervised: bayes, "
		    "machine: svm}]\n",
	};

	for (int i = 0; i < 4; i++) {
		begin_two(yamls[i]);
		ck_assert_uint_eq(m.n, 4);
		for (uint32_t k = 0; k < 4; k += 2) {
			ck_assert_ptr_null(m.v[k].mirror);
			ck_assert_ptr_eq(m.v[k + 1].mirror, &m.v[k]);
			ck_assert(is_other_side(&m.v[k + 1], &m.v[k]));
			for (size_t n = 0; n < m.v[k].rows->n; n++)
				ck_assert_int_eq(m.v[k].y[n],
						 -m.v[k + 1].y[n]);
		}
		ck_assert(i == 2 || right(&m.v[1]) + right(&m.v[3]) >= 76);
		end();
	}
}
END_TEST

/* Relevance weighs a term by the side that it speaks for. */
START_TEST(solve_with_relevance_has_no_mirror)
{
	begin_two(TWO "one_of: true\n"
		      "blocks: [{of: opening, supervised: relevance, "
		      "machine: svm}]\n");
	for (uint32_t k = 0; k < 4; k++)
		ck_assert_ptr_null(m.v[k].mirror);
	ck_assert(!is_other_side(&m.v[1], &m.v[0]));
	ck_assert(!is_other_side(&m.v[3], &m.v[2]));
	ck_assert_uint_ge(right(&m.v[1]) + right(&m.v[3]), 76);
	end();
}
END_TEST

START_TEST(solve_without_two_exclusive_classes_has_no_mirror)
{
	/* Two topics, of which a document may have both. */
	begin_two(TWO);
	ck_assert_ptr_null(m.v[1].mirror);
	ck_assert_ptr_eq(m.v[3].mirror, &m.v[2]);
	end();
	/* Three of each, and stances that no document has. */
	begin_two("one_of: true\ntopics: [rail, wind, sea]\n"
		  "stances: [favour, against, neutral]\n");
	for (uint32_t k = 0; k < m.n; k++)
		ck_assert_ptr_null(m.v[k].mirror);
	end();
}
END_TEST

START_TEST(solve_mirror_of_what_is_trivial_is_trivial)
{
	for (uint32_t silent = 0; silent < 2; silent++) {
		tiny_open(&t, silent ? "one_of: true\ntopics: [rail, wind]\n"
				     : "one_of: true\ntopics: [wind, rail]\n",
			  STR("{\"text\":\"aa bb\",\"topics\":\"rail\"}\n"
			      "{\"text\":\"cc dd\",\"topics\":\"rail\"}\n"));
		ck_assert_int_eq(rows_make(&s, &t.corpus, &t.terms, &t.recipe,
					   t.use, &err), 0);
		ck_assert_int_eq(machines_solve(&m, &s, 1, &err), 0);
		ck_assert(*m.v[silent].intercept == -1e9);
		ck_assert(*m.v[!silent].intercept == 1);
		end();
	}
}
END_TEST

START_TEST(solve_exclusive_topic_without_examples_is_far_below)
{
	begin_two("one_of: true\ntopics: [rail, wind, sea]\n"
		  "stances: [favour, against, neutral]\n");
	ck_assert(machine_is_trivial(&m.v[2]) && machine_is_trivial(&m.v[5]));
	ck_assert(*m.v[2].intercept == -1e9);
	/* Of stances the probabilities are compared, and none is 0. */
	ck_assert(*m.v[5].intercept == -1);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(solve_by_either_solver_parts_the_rows),
		CHECK_TEST(solve_with_any_number_of_jobs_gives_the_same_bits),
		CHECK_TEST(solve_kernel_gives_a_coefficient_a_row),
		CHECK_TEST(solve_with_any_number_of_jobs_by_libsvm_as_well),
		CHECK_TEST(solve_supervised_is_liblinear_over_weighed_rows),
		CHECK_TEST(solve_blocks_that_are_not_read_have_no_weight),
		CHECK_TEST(solve_target_that_is_given_is_not_learnt),
		CHECK_TEST(solve_topic_that_never_occurs_is_trivial),
		CHECK_TEST(
			solve_of_two_exclusive_classes_one_mirrors_the_other),
		CHECK_TEST(solve_with_relevance_has_no_mirror),
		CHECK_TEST(solve_without_two_exclusive_classes_has_no_mirror),
		CHECK_TEST(solve_mirror_of_what_is_trivial_is_trivial),
		CHECK_TEST(solve_exclusive_topic_without_examples_is_far_below),
		CHECK_END,
	};

	return check_main("machines", tests);
}
