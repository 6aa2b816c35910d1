#include "learn/cross.h"

#include <errno.h>
#include <math.h>

#include "learn/folds.h"
#include "learn/report.h"
#include "tests/data/allocations.h"
#include "tests/data/targets.h"

static void run(struct tiny *t, struct cross *x, uint32_t folds)
{
	struct err e = { "" };
	int r;

	*x = (struct cross){ .folds = folds };
	x->fold = calloc(t->corpus.n, sizeof(*x->fold));
	ck_assert_int_eq(folds_deal(&t->corpus, t->terms.groups, folds, 1,
				    x->fold), 0);
	r = cross_run(x, &t->fit, "testing", &e);
	ck_assert_msg(!r, "%s", e.text);
}

static void check_fold(struct tiny *t, const struct cross *x, uint32_t fold)
{
	static char block[1 << 20];
	struct model *m;
	struct buf b;

	for (size_t i = 0; i < t->corpus.n; i++)
		t->use[i] = x->fold[i] != fold && x->fold[i] != CROSS_NONE;
	tiny_bundle(t, &b);
	m = tiny_view(&b);
	for (size_t i = 0; i < t->corpus.n; i++) {
		struct arena a = { block, block + sizeof(block) };
		struct judgement j;

		if (x->fold[i] != fold)
			continue;
		tiny_judge(m, &t->corpus.v[i], &a, &j);
		ck_assert_mem_eq(j.decision, x->scores.decision + i * 12,
				 12 * sizeof(double));
		ck_assert(x->scores.unknown[i] == judge_unknown(m, &j));
	}
	model_free(m);
	buf_done(&b);
}

/* A document's decisions come from the bundle of the other folds. */
START_TEST(run_judges_by_the_others)
{
	struct cross x;
	struct tiny t;

	tiny_made(&t, TINY_RECIPE, 24);
	run(&t, &x, 3);
	ck_assert_uint_eq(x.scores.columns, 12);
	for (uint32_t fold = 0; fold < 3; fold++)
		check_fold(&t, &x, fold);
	cross_free(&x);
	tiny_done(&t);
}
END_TEST

/* Fold 2 is learnt from alone; what is in no fold is not even that; a fold
 * without documents is passed over. */
START_TEST(run_of_some_folds)
{
	struct err e = { "" };
	struct cross x = { .folds = 2 };
	struct tiny t;

	tiny_made(&t, TINY_RECIPE, 24);
	x.fold = calloc(t.corpus.n, sizeof(*x.fold));
	for (size_t i = 0; i < t.corpus.n; i++)
		x.fold[i] = i < 6 ? CROSS_NONE : i < 12 ? 1 : 2;
	ck_assert_int_eq(cross_run(&x, &t.fit, "testing", &e), 0);
	for (size_t i = 0; i < t.corpus.n; i++)
		ck_assert_int_eq(x.scores.judged[i], i >= 6 && i < 12);
	check_fold(&t, &x, 1);
	cross_free(&x);
	tiny_done(&t);
}
END_TEST

static struct report measured(struct tiny *t, struct cross *x)
{
	struct report_set set = report_set_of(&t->recipe, &t->corpus);
	struct report r;

	ck_assert_int_eq(cross_label(x, &t->fit, NULL), 0);
	ck_assert_int_eq(report_make(&r, &set, &t->corpus, &x->scores), 0);
	return r;
}

/* A topic that only one fold has, and one that none has. */
START_TEST(run_topic_missing_from_a_fold)
{
	struct cross_columns all;
	struct report r;
	struct cross x;
	struct tiny t;
	struct buf b;

	buf_init(&b, 1 << 20);
	tiny_lines(&b, 24);
	buf_add_z(&b, "{\"text\":\"pluie et vent\",\"topics\":"
		      "{\"weather\":\"neutral\"}}\n");
	tiny_open(&t, "topics: [sovereignty, partnership, market, weather, "
		      "sports]\nthreshold: f1\ncalibration: isotonic\n"
		      "stances: [favour, against, neutral]\n",
		  buf_view(&b));
	buf_done(&b);
	run(&t, &x, 3);
	ck_assert_uint_eq(x.scores.columns, 20);
	ck_assert_int_eq(cross_calibrate(&x, &t.fit, &all), 0);
	for (int i = 0; i < 20; i++) {
		ck_assert_double_finite(all.v[i].a);
		ck_assert_double_finite(all.v[i].b);
		ck_assert_double_finite(all.v[i].threshold);
	}
	/* Too few to choose by. */
	ck_assert(all.v[3].threshold == 0 && all.v[4].threshold == 0);
	cross_columns_done(&all);
	r = measured(&t, &x);
	ck_assert(r.head.documents == 25);
	ck_assert(r.topic[3].support == 1);
	ck_assert(r.topic[4].tp + r.topic[4].fp + r.topic[4].fn == 0);
	report_done(&r);
	cross_free(&x);
	tiny_done(&t);
}
END_TEST

/* Figures over decisions made up: 8 documents in two folds. */
enum { MADE = 8 };

struct made {
	const char *topics[1];
	struct example v[MADE];
	unsigned char labels[MADE][1];
	struct corpus c;
	struct recipe recipe;
	struct fit fit;
	struct cross x;
};

static void make(struct made *m, int threshold, int calibration)
{
	static const double d[] = { 5, 4, 3, 1, 6, 2, 1.5, -1 };
	static const unsigned char y[] = { 1, 1, 1, 0, 1, 1, 1, 0 };

	memset(m, 0, sizeof(*m));
	m->c = (struct corpus){ .v = m->v, .n = MADE, .topics = m->topics,
				.topic_count = 1 };
	m->recipe = (struct recipe){ .threshold = threshold,
				     .threshold_part = 1,
				     .calibration = calibration };
	m->fit = (struct fit){ .corpus = &m->c, .recipe = &m->recipe };
	m->x = (struct cross){ .folds = 2 };
	m->x.fold = calloc(MADE, sizeof(*m->x.fold));
	ck_assert_int_eq(scores_init(&m->x.scores, MADE, 1, 0), 0);
	for (size_t i = 0; i < MADE; i++) {
		m->labels[i][0] = y[i] ? CORPUS_NO_STANCE : 0;
		m->v[i].labels = m->labels[i];
		m->x.scores.decision[i] = d[i];
		m->x.scores.judged[i] = 1;
		m->x.fold[i] = i >= MADE / 2;
	}
}

START_TEST(calibrate_threshold_is_as_asked)
{
	static const double want[] = { 0, 1.25, 0.625 };

	for (int k = 0; k < 3; k++) {
		struct cross_columns one;
		struct made m;

		make(&m, k ? RECIPE_THRESHOLD_F1 : RECIPE_THRESHOLD_ZERO,
		     RECIPE_CALIBRATION_PLATT);
		m.recipe.threshold_part = k == 2 ? 0.5 : 1;
		ck_assert_int_eq(cross_calibrate(&m.x, &m.fit, &one), 0);
		ck_assert(one.v[0].threshold == want[k]);
		ck_assert_double_lt(one.v[0].a, 0);
		ck_assert_uint_eq(one.v[0].knot_count, 0);
		cross_columns_done(&one);
		cross_free(&m.x);
	}
}
END_TEST

/* Where exactly one topic is told, or it comes with the document, nothing is
 * held against a threshold. */
START_TEST(calibrate_threshold_is_none_where_it_does_not_count)
{
	struct cross_columns one;
	struct made m;

	make(&m, RECIPE_THRESHOLD_F1, RECIPE_CALIBRATION_ISOTONIC);
	m.recipe.one_of = true;
	ck_assert_int_eq(cross_calibrate(&m.x, &m.fit, &one), 0);
	ck_assert(one.v[0].threshold == 0 && one.v[0].knot_count > 1);
	cross_columns_done(&one);
	m.recipe.targets = BUNDLE_TARGETS_TOPICS;
	ck_assert_int_eq(cross_calibrate(&m.x, &m.fit, &one), 0);
	ck_assert(one.v[0].threshold == 0 && one.v[0].knot_count == 0);
	ck_assert(one.v[0].a == -1 && one.v[0].b == 0);
	cross_columns_done(&one);
	cross_free(&m.x);
}
END_TEST

/* Fold 0 alone would cut at 2, fold 1 at 0.25: each is cut by the other's. */
START_TEST(label_threshold_is_chosen_elsewhere)
{
	static const unsigned char want[] = { 1, 1, 1, 1, 1, 0, 0, 0 };
	struct made m;

	make(&m, RECIPE_THRESHOLD_F1, RECIPE_CALIBRATION_PLATT);
	ck_assert_int_eq(cross_label(&m.x, &m.fit, NULL), 0);
	ck_assert_mem_eq(m.x.scores.given, want, MADE);
	cross_free(&m.x);
}
END_TEST

/* A document has no say in its own probability: another label of its own, or
 * of its fold, leaves it as it is. */
START_TEST(label_probability_is_fitted_elsewhere)
{
	for (int calibration = 0; calibration < 2; calibration++) {
		double before[MADE];
		struct made m;

		make(&m, RECIPE_THRESHOLD_ZERO, calibration);
		ck_assert_int_eq(cross_label(&m.x, &m.fit, NULL), 0);
		memcpy(before, m.x.scores.probability, sizeof(before));
		for (int i = 0; i < MADE / 2; i++)
			m.labels[i][0] = m.labels[i][0] ? 0 : 1;
		ck_assert_int_eq(cross_label(&m.x, &m.fit, NULL), 0);
		ck_assert_mem_eq(before, m.x.scores.probability,
				 MADE / 2 * sizeof(double));
		ck_assert_mem_ne(before + MADE / 2,
				 m.x.scores.probability + MADE / 2,
				 MADE / 2 * sizeof(double));
		cross_free(&m.x);
	}
}
END_TEST

/* The same of stances: fold 0's probabilities do not change with its labels. */
START_TEST(label_stance_is_fitted_elsewhere)
{
	struct cross x;
	struct tiny t;
	double *before;
	size_t size, changed = 0;

	tiny_made(&t, TINY_RECIPE, 24);
	run(&t, &x, 3);
	size = 24 * x.scores.columns * sizeof(double);
	before = malloc(size);
	ck_assert_int_eq(cross_label(&x, &t.fit, NULL), 0);
	memcpy(before, x.scores.probability, size);
	for (size_t i = 0; i < 24; i++)
		for (int k = 0; k < 3 && x.fold[i] == 0; k++)
			if (t.corpus.v[i].labels[k])
				t.corpus.v[i].labels[k] =
					1 + t.corpus.v[i].labels[k] % 3;
	ck_assert_int_eq(cross_label(&x, &t.fit, NULL), 0);
	for (size_t i = 0; i < 24; i++) {
		size_t at = i * x.scores.columns;
		int differ = memcmp(before + at, x.scores.probability + at,
				    x.scores.columns * sizeof(double));

		ck_assert(x.fold[i] != 0 || !differ);
		changed += differ != 0;
	}
	ck_assert_uint_gt(changed, 0);
	free(before);
	cross_free(&x);
	tiny_done(&t);
}
END_TEST

START_TEST(label_by_columns_is_by_these)
{
	const struct fit_column one = { -2, 1, 4.5, NULL, 0 };
	struct made m;

	make(&m, RECIPE_THRESHOLD_F1, RECIPE_CALIBRATION_PLATT);
	ck_assert_int_eq(cross_label(&m.x, &m.fit, &one), 0);
	for (int i = 0; i < MADE; i++) {
		double d = m.x.scores.decision[i];

		ck_assert_int_eq(m.x.scores.given[i], d > 4.5);
		ck_assert(m.x.scores.probability[i] ==
			  1 / (1 + exp(-2 * d + 1)));
	}
	cross_free(&m.x);
}
END_TEST

/* No other fold, no calibration: the logistic function as it is. */
START_TEST(label_of_a_single_fold_is_uncalibrated)
{
	struct made m;

	make(&m, RECIPE_THRESHOLD_F1, RECIPE_CALIBRATION_PLATT);
	m.x.folds = 1;
	for (int i = MADE / 2; i < MADE; i++)
		m.x.scores.judged[i] = 0;
	ck_assert_int_eq(cross_label(&m.x, &m.fit, NULL), 0);
	ck_assert(m.x.scores.probability[0] == 1 / (1 + exp(-5)));
	ck_assert_int_eq(m.x.scores.given[3], 1);
	ck_assert_int_eq(m.x.scores.given[4], 0); /* not judged */
	cross_free(&m.x);
}
END_TEST

/* All stances of a column share one calibration, whatever the topic. */
START_TEST(calibrate_stances_are_pooled)
{
	static const char *const recipes[] = {
		TINY_RECIPE, TINY_RECIPE "calibration: isotonic\n"
	};

	for (int way = 0; way < 2; way++) {
		struct cross_columns c;
		struct cross x;
		struct tiny t;

		tiny_made(&t, recipes[way], 24);
		run(&t, &x, 3);
		ck_assert_int_eq(cross_calibrate(&x, &t.fit, &c), 0);
		for (int s = 0; s < 3; s++)
			for (int k = 1; k < 3; k++)
				ck_assert_mem_eq(&c.v[3 + s],
						 &c.v[3 + 3 * k + s],
						 sizeof(*c.v));
		ck_assert_int_eq(c.v[3].knot_count > 1, way);
		ck_assert_int_eq(c.v[3].knots != c.v[4].knots, way);
		cross_columns_done(&c);
		cross_free(&x);
		tiny_done(&t);
	}
}
END_TEST

START_TEST(run_of_targets_asks_for_their_own_stance)
{
	struct report r;
	struct cross x;
	struct tiny t;
	struct buf b;

	buf_init(&b, 1 << 20);
	targets_lines(&b, 24, false);
	tiny_open(&t, TARGETS_TOPICS, buf_view(&b));
	buf_done(&b);
	run(&t, &x, 3);
	r = measured(&t, &x);
	ck_assert(r.stances.asked == 24 && r.topics.asked == 0);
	ck_assert_double_gt(r.stances.accuracy, 0.7);
	for (size_t i = 0; i < t.corpus.n; i++)
		for (uint32_t k = 0; k < 3; k++)
			ck_assert_int_eq(x.scores.given[i * 3 + k],
					 t.corpus.v[i].labels[k] != 0);
	report_done(&r);
	cross_free(&x);
	tiny_done(&t);
}
END_TEST

START_TEST(run_copies_alone_are_refused)
{
	struct err e = { "" };
	struct cross x = { .folds = 2 };
	struct tiny t;

	tiny_open(&t, "", STR("{\"text\":\"aa bb cc dd\",\"topics\":[\"t\"]}\n"
			      "{\"text\":\"aa bb cc, dd\",\"topics\":[]}\n"));
	x.fold = calloc(2, sizeof(*x.fold));
	folds_deal(&t.corpus, t.terms.groups, 2, 1, x.fold);
	ck_assert_uint_eq(x.fold[0], x.fold[1]);
	ck_assert_int_eq(cross_run(&x, &t.fit, "testing", &e), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "copies of each other"));
	cross_free(&x);
	tiny_done(&t);
}
END_TEST

START_TEST(label_every_allocation_fails_once)
{
	struct cross_columns c;
	struct made m;

	make(&m, RECIPE_THRESHOLD_F1, RECIPE_CALIBRATION_ISOTONIC);
	for (unsigned long nth = 1; nth <= 7; nth++) {
		allocations_fail_at(nth);
		ck_assert_int_eq(cross_label(&m.x, &m.fit, NULL), -ENOMEM);
		allocations_fail_at(0);
	}
	for (unsigned long nth = 1; nth <= 5; nth++) {
		allocations_fail_at(nth);
		ck_assert_int_eq(cross_calibrate(&m.x, &m.fit, &c), -ENOMEM);
		allocations_fail_at(0);
		cross_columns_done(&c);
	}
	cross_free(&m.x);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(run_judges_by_the_others),
		CHECK_TEST(run_of_some_folds),
		CHECK_TEST(run_topic_missing_from_a_fold),
		CHECK_TEST(run_of_targets_asks_for_their_own_stance),
		CHECK_TEST(calibrate_threshold_is_as_asked),
		CHECK_TEST(calibrate_threshold_is_none_where_it_does_not_count),
		CHECK_TEST(label_threshold_is_chosen_elsewhere),
		CHECK_TEST(label_probability_is_fitted_elsewhere),
		CHECK_TEST(label_stance_is_fitted_elsewhere),
		CHECK_TEST(label_by_columns_is_by_these),
		CHECK_TEST(label_of_a_single_fold_is_uncalibrated),
		CHECK_TEST(calibrate_stances_are_pooled),
		CHECK_TEST(run_copies_alone_are_refused),
		CHECK_TEST(label_every_allocation_fails_once),
		CHECK_END,
	};

	return check_main("cross", tests);
}
