#include "classify/judge.h"

#include <errno.h>
#include <math.h>

#include "tests/data/tiny.h"

static char block[1 << 21];

/* Two topics, three stances each: columns 0 and 1, 2 to 4, 5 to 7. */
static struct bundle_column columns[8];

static struct model by_hand(void)
{
	for (size_t i = 0; i < 8; i++)
		columns[i] = (struct bundle_column){ .a = -1 };
	return (struct model){ .topic_count = 2, .stance_count = 3,
			       .column_count = 8, .columns = columns };
}

START_TEST(probability_is_the_calibrated_logistic)
{
	struct model m = by_hand();

	ck_assert(judge_probability(&m, 0, 0) == 0.5);
	columns[1].a = -2;
	columns[1].b = 0.5;
	ck_assert_double_eq_tol(judge_probability(&m, 1, 1.5),
				1 / (1 + exp(-2.5)), 1e-15);
	ck_assert(judge_probability(&m, 1, 1e6) == 1);
	ck_assert(judge_probability(&m, 1, -1e6) == 0);
}
END_TEST

START_TEST(given_topic_lies_above_its_threshold)
{
	struct model m = by_hand();
	double d[8] = { 0.5, -3 };
	struct judgement j = { .decision = d };

	ck_assert(judge_given(&m, &j, 0));
	columns[0].threshold = 0.5;
	ck_assert(!judge_given(&m, &j, 0));
	columns[1].threshold = -3.001;
	ck_assert(judge_given(&m, &j, 1));
}
END_TEST

START_TEST(given_of_one_is_the_largest)
{
	struct model m = by_hand();
	double d[8] = { -2, -1 };
	struct judgement j = { .decision = d };

	m.one_of = true;
	ck_assert(!judge_given(&m, &j, 0));
	ck_assert(judge_given(&m, &j, 1));
	d[0] = -1; /* equal: the first, and no other */
	ck_assert(judge_given(&m, &j, 0));
	ck_assert(!judge_given(&m, &j, 1));
}
END_TEST

START_TEST(stance_is_the_largest_and_sums_to_one)
{
	struct model m = by_hand();
	double d[8] = { 0, 0, 9, 9, 9, -1, 2, 0.5 }, p, sum;
	struct judgement j = { .decision = d };

	ck_assert_uint_eq(judge_stance(&m, &j, 1, &p), 1);
	sum = 1 / (1 + exp(1)) + 1 / (1 + exp(-2)) + 1 / (1 + exp(-0.5));
	ck_assert_double_eq_tol(p, 1 / (1 + exp(-2)) / sum, 1e-15);
	ck_assert_uint_eq(judge_stance(&m, &j, 0, &p), 0);
	ck_assert_double_eq_tol(p, 1.0 / 3, 1e-15);
}
END_TEST

START_TEST(stance_without_any_probability_is_even)
{
	struct model m = by_hand();
	double d[8] = { 0, 0, -1e6, -1e6, -1e6 }, p;
	struct judgement j = { .decision = d };

	judge_stance(&m, &j, 0, &p);
	ck_assert_double_eq_tol(p, 1.0 / 3, 1e-15);
}
END_TEST

/* The decision value by its definition, over an explicit vector. */
START_TEST(judge_linear_is_intercept_plus_weights)
{
	struct buf bundle;
	struct tiny t;
	struct model *m;

	tiny_made(&t, TINY_RECIPE, 24);
	tiny_bundle(&t, &bundle);
	m = tiny_view(&bundle);
	ck_assert_uint_eq(m->column_count, 12);
	for (size_t i = 0; i < t.corpus.n; i++) {
		struct arena a = { block, block + sizeof(block) };
		struct judgement j;

		ck_assert_int_eq(judge(m, t.corpus.v[i].title,
				       t.corpus.v[i].text, &a, &j), 0);
		for (uint32_t c = 0; c < m->column_count; c++) {
			double d = m->columns[c].intercept;

			for (size_t k = 0; k < j.counts.n; k++)
				d += j.x[k].value *
				     m->weights[j.x[k].index * 12 + (int)c];
			TINY_ASSERT_NEAR(j.decision[c], d);
		}
	}
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}
END_TEST

START_TEST(judge_nothing_gives_the_intercepts)
{
	static const char *const texts[] = { "", "… !", "zzz qqq" };
	struct buf bundle;
	struct tiny t;
	struct model *m;

	tiny_made(&t, "topics: [sovereignty, partnership, market]\n"
		      "stances: [favour, against, neutral]\n", 24);
	tiny_bundle(&t, &bundle);
	m = tiny_view(&bundle);
	for (size_t i = 0; i < 3; i++) {
		struct arena a = { block, block + sizeof(block) };
		struct judgement j;

		ck_assert_int_eq(judge(m, STR(""), str_of(texts[i]), &a, &j),
				 0);
		ck_assert_uint_eq(j.counts.n, 0);
		for (uint32_t c = 0; c < m->column_count; c++)
			ck_assert(j.decision[c] == m->columns[c].intercept);
	}
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}
END_TEST

START_TEST(judge_arena_too_small_is_out_of_memory)
{
	const char *yamls[] = { TINY_RECIPE,
				TINY_RECIPE "topic: {kernel: rbf}\n"
					    "stance: {kernel: rbf}\n" };

	for (size_t y = 0; y < 2; y++) {
		struct buf bundle;
		struct tiny t;
		struct model *m;
		size_t size = 0;
		int r;

		tiny_made(&t, yamls[y], 24);
		tiny_bundle(&t, &bundle);
		m = tiny_view(&bundle);
		do {
			char *exact = malloc(size + 1);
			struct arena a = { exact, exact + size };
			struct judgement j;

			r = judge(m, t.corpus.v[0].title, t.corpus.v[0].text,
				  &a, &j);
			ck_assert(r == 0 || r == -ENOMEM);
			free(exact);
			size += 16;
			ck_assert_uint_lt(size, 1 << 20);
		} while (r);
		model_free(m);
		buf_done(&bundle);
		tiny_done(&t);
	}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(probability_is_the_calibrated_logistic),
		CHECK_TEST(given_topic_lies_above_its_threshold),
		CHECK_TEST(given_of_one_is_the_largest),
		CHECK_TEST(stance_is_the_largest_and_sums_to_one),
		CHECK_TEST(stance_without_any_probability_is_even),
		CHECK_TEST(judge_linear_is_intercept_plus_weights),
		CHECK_TEST(judge_nothing_gives_the_intercepts),
		CHECK_TEST(judge_arena_too_small_is_out_of_memory),
		CHECK_END,
	};

	return check_main("judge", tests);
}
