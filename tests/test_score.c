#include "learn/score.h"

#include <errno.h>

#include "tests/data/allocations.h"
#include "tests/data/targets.h"

/* Rules over made-up columns, and one document's decisions. */
struct made {
	const char *topics[3], *stances[3];
	struct corpus c;
	struct recipe recipe;
	struct score_rules rules;
	struct scores s;
};

static void make(struct made *m, uint32_t topics, uint32_t stances,
		 const double *thresholds)
{
	struct fit_column columns[12];

	m->c = (struct corpus){ .topics = m->topics, .topic_count = topics,
				.stances = { m->stances, stances } };
	for (uint32_t i = 0; i < 12; i++)
		columns[i] = (struct fit_column){ .a = -1 };
	for (uint32_t i = 0; thresholds && i < topics; i++)
		columns[i].threshold = thresholds[i];
	ck_assert_int_eq(score_rules_init(&m->rules, &m->c, &m->recipe,
					  columns), 0);
	ck_assert_int_eq(scores_init(&m->s, 1, topics, stances), 0);
}

/* The topics that are given, a bit each. */
static unsigned given(struct made *m, const double *d)
{
	const unsigned char labels[] = { 0, CORPUS_NO_STANCE, 0 };
	unsigned bits = 0;

	memcpy(m->s.decision, d, m->s.columns * sizeof(*d));
	score_label(&m->rules.model, labels, 0, &m->s);
	for (uint32_t t = 0; t < m->s.topics; t++)
		bits |= (unsigned)m->s.given[t] << t;
	return bits;
}

static void done(struct made *m)
{
	score_rules_done(&m->rules);
	scores_done(&m->s);
}

START_TEST(label_topics_above_their_thresholds)
{
	const double d[] = { 0.5, 0, -0.5 }, least[] = { 0.5, -0.1, -1 };
	struct made m = { .recipe = { .one_of = false } };

	make(&m, 3, 0, NULL);
	ck_assert_uint_eq(given(&m, d), 1);
	done(&m);
	make(&m, 3, 0, least);
	ck_assert_uint_eq(given(&m, d), 2 | 4);
	done(&m);
}
END_TEST

START_TEST(label_one_of_is_the_largest)
{
	const double d[] = { -3, -1, -2 }, even[] = { 1, 1, 1 };
	struct made m = { .recipe = { .one_of = true } };

	make(&m, 3, 0, even);
	ck_assert_uint_eq(given(&m, d), 2);
	ck_assert_uint_eq(given(&m, even), 1);
	done(&m);
}
END_TEST

/* The one farthest above its threshold, or least below; only when none is. */
START_TEST(label_at_least_one_is_the_nearest)
{
	const double least[] = { 0, 3, 1 };
	const double none[] = { -1, 2.5, -1 }, some[] = { 0.1, 2.9, 0 };
	struct made m = { .recipe = { .at_least_one = true } };

	make(&m, 3, 0, least);
	ck_assert_uint_eq(given(&m, none), 2);
	ck_assert_uint_eq(given(&m, some), 1);
	done(&m);
	m.recipe.at_least_one = false;
	make(&m, 3, 0, least);
	ck_assert_uint_eq(given(&m, none), 0);
	done(&m);
}
END_TEST

/* The document's own, whatever is decided and asked of topics. */
START_TEST(label_target_is_given_as_it_came)
{
	const double d[] = { 9, -9, 9 };
	struct made m = { .recipe = { .targets = BUNDLE_TARGETS_TOPICS,
				      .at_least_one = true } };

	make(&m, 3, 0, NULL);
	ck_assert_uint_eq(given(&m, d), 2);
	done(&m);
}
END_TEST

START_TEST(label_stance_is_the_largest_of_its_topic)
{
	const double d[] = { 1, 1, -1, -0.5, -2, 9, 8, 9.5 };
	struct made m = { .recipe = { .one_of = false } };
	const double *p = NULL;

	make(&m, 2, 3, NULL);
	given(&m, d);
	ck_assert_uint_eq(m.s.stance[0], 1);
	ck_assert_uint_eq(m.s.stance[1], 2);
	p = m.s.probability;
	ck_assert(p[0] == 1 / (1 + exp(-1)));
	TINY_ASSERT_NEAR(p[2] + p[3] + p[4], 1.0);
	TINY_ASSERT_NEAR(p[3] / p[2], (1 + exp(1)) / (1 + exp(0.5)));
	done(&m);
}
END_TEST

/* A curve that topics share is kept once; each column reads its own. */
START_TEST(rules_read_their_curves)
{
	static const struct bundle_knot one[] = { { -1, 0.2 }, { 1, 0.4 } };
	static const struct bundle_knot two[] = { { 0, 0.5 },
						  { 1, 0.6 },
						  { 2, 0.9 } };
	const struct fit_column columns[] = {
		{ -1, 0, 0, one, 2 }, { -1, 0, 0, two, 3 },
		{ -1, 0, 0, two, 3 }, { -1, 0, 0, NULL, 0 },
		{ -1, 0, 0, two, 3 }, { -1, 0, 0, NULL, 0 },
	};
	const double d[] = { 0, 1.5, 5, 0, 0.5, 0 };
	struct made m = { .recipe = { .one_of = false } };

	make(&m, 2, 2, NULL);
	score_rules_done(&m.rules);
	ck_assert_int_eq(score_rules_init(&m.rules, &m.c, &m.recipe, columns),
			 0);
	ck_assert_uint_eq(m.rules.model.knot_count, 5);
	given(&m, d);
	TINY_ASSERT_NEAR(m.s.probability[0], 0.3);
	TINY_ASSERT_NEAR(m.s.probability[1], 0.75);
	TINY_ASSERT_NEAR(m.s.probability[2], 0.9 / (0.9 + 0.5));
	TINY_ASSERT_NEAR(m.s.probability[4], 0.55 / (0.55 + 0.5));
	done(&m);
}
END_TEST

static void check_labels(const struct model *m, const struct tiny *t,
			 const struct scores *s)
{
	static char block[1 << 20];
	unsigned char given[8];

	for (size_t i = 0; i < t->corpus.n; i++) {
		struct arena a = { block, block + sizeof(block) };
		struct judgement j;

		tiny_judge(m, &t->corpus.v[i], &a, &j);
		judge_topics(m, &j, given);
		ck_assert_mem_eq(j.decision, s->decision + i * s->columns,
				 s->columns * sizeof(double));
		ck_assert(s->unknown[i] == judge_unknown(m, &j));
		for (uint32_t k = 0; k < s->topics; k++) {
			double p;
			uint32_t told = judge_stance(m, &j, k, &p);

			ck_assert_int_eq(s->given[i * s->topics + k],
					 given[k]);
			ck_assert_uint_eq(s->stance[i * s->topics + k], told);
			ck_assert(s->probability[i * s->columns +
						 model_stance_column(m, k,
								     told)] ==
				  p);
			ck_assert(m->targets ||
				  s->probability[i * s->columns + k] ==
					  judge_probability(m, k,
							    j.decision[k]));
		}
	}
}

static void check_model(const struct model *m, struct tiny *t)
{
	struct scores s;

	ck_assert_int_eq(scores_init(&s, t->corpus.n, m->topic_count,
				     m->stance_count), 0);
	ck_assert_int_eq(score_judge(m, &t->corpus, NULL, &s), 0);
	for (size_t i = 0; i < t->corpus.n; i++) {
		ck_assert(s.judged[i]);
		score_label(m, t->corpus.v[i].labels, i, &s);
	}
	check_labels(m, t, &s);
	scores_done(&s);
}

/* What the trainer counts is what the record will say. */
START_TEST(label_is_what_judging_gives)
{
	static const char *const recipes[] = {
		TINY_RECIPE, TINY_RECIPE "at_least_one: true\n"
	};
	struct fit_column columns[12];

	for (size_t k = 0; k < 2; k++) {
		struct tiny t;
		struct buf b;
		struct model *m;

		tiny_made(&t, recipes[k], 24);
		for (int i = 0; i < 12; i++)
			columns[i] = (struct fit_column){ -1 - i, 0.1 * i,
							  0.1 * i, NULL, 0 };
		t.fit.columns = columns;
		tiny_bundle(&t, &b);
		m = tiny_view(&b);
		check_model(m, &t);
		model_free(m);
		buf_done(&b);
		tiny_done(&t);
	}
}
END_TEST

START_TEST(label_targets_are_what_judging_gives)
{
	static const char *const recipes[] = { TARGETS_TOPICS, TARGETS_TEXT };

	for (size_t k = 0; k < 2; k++) {
		struct tiny t;
		struct buf b;
		struct model *m = targets_model(&t, recipes[k], 24, &b);

		check_model(m, &t);
		model_free(m);
		buf_done(&b);
		tiny_done(&t);
	}
}
END_TEST

START_TEST(judge_only_what_is_in_use)
{
	struct tiny t;
	struct buf b;
	struct model *m;
	struct scores s;

	tiny_made(&t, TINY_RECIPE, 12);
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	ck_assert_int_eq(scores_init(&s, t.corpus.n, 3, 3), 0);
	memset(t.use, 0, t.corpus.n);
	t.use[5] = 1;
	ck_assert_int_eq(score_judge(m, &t.corpus, t.use, &s), 0);
	for (size_t i = 0; i < t.corpus.n; i++) {
		ck_assert_int_eq(s.decision[i * s.columns] != 0, i == 5);
		ck_assert_int_eq(s.judged[i], i == 5);
	}
	scores_done(&s);
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(gold_is_the_stance_of_a_label)
{
	ck_assert_int_eq(score_gold(1), 0);
	ck_assert_int_eq(score_gold(16), 15);
	ck_assert_int_lt(score_gold(0), 0);
	ck_assert_int_lt(score_gold(CORPUS_NO_STANCE), 0);
}
END_TEST

START_TEST(every_allocation_fails_once)
{
	struct made m = { .recipe = { .one_of = false } };
	struct scores s;

	make(&m, 3, 0, NULL);
	score_rules_done(&m.rules);
	for (unsigned long nth = 1; nth <= 6; nth++) {
		allocations_fail_at(nth);
		ck_assert_int_eq(scores_init(&s, 3, 3, 3), -ENOMEM);
		allocations_fail_at(0);
		scores_done(&s);
	}
	for (unsigned long nth = 1; nth <= 2; nth++) {
		allocations_fail_at(nth);
		ck_assert_int_eq(score_rules_init(&m.rules, &m.c, &m.recipe,
						  NULL), -ENOMEM);
		allocations_fail_at(0);
		score_rules_done(&m.rules);
	}
	scores_done(&m.s);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(label_topics_above_their_thresholds),
		CHECK_TEST(label_one_of_is_the_largest),
		CHECK_TEST(label_at_least_one_is_the_nearest),
		CHECK_TEST(label_target_is_given_as_it_came),
		CHECK_TEST(label_stance_is_the_largest_of_its_topic),
		CHECK_TEST(rules_read_their_curves),
		CHECK_TEST(label_is_what_judging_gives),
		CHECK_TEST(label_targets_are_what_judging_gives),
		CHECK_TEST(judge_only_what_is_in_use),
		CHECK_TEST(gold_is_the_stance_of_a_label),
		CHECK_TEST(every_allocation_fails_once),
		CHECK_END,
	};

	return check_main("score", tests);
}
