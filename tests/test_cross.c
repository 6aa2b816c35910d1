#include "learn/cross.h"

#include <errno.h>
#include <math.h>

#include "learn/folds.h"
#include "tests/data/tiny.h"

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

/* A document's decisions come from the bundle of the other folds. */
START_TEST(run_judges_by_the_others)
{
	static char block[1 << 20];
	struct cross x;
	struct tiny t;

	tiny_made(&t, TINY_RECIPE, 24);
	run(&t, &x, 3);
	ck_assert_uint_eq(x.columns, 12);
	for (uint32_t fold = 0; fold < 3; fold++) {
		struct model *m;
		struct buf b;

		for (size_t i = 0; i < t.corpus.n; i++)
			t.use[i] = x.fold[i] != fold;
		tiny_bundle(&t, &b);
		m = tiny_view(&b);
		for (size_t i = 0; i < t.corpus.n; i++) {
			struct arena a = { block, block + sizeof(block) };
			struct judgement j;

			if (t.use[i])
				continue;
			ck_assert_int_eq(judge(m, t.corpus.v[i].title,
					       t.corpus.v[i].text, &a, &j), 0);
			ck_assert_mem_eq(j.decision, x.decisions + i * 12,
					 12 * sizeof(double));
		}
		model_free(m);
		buf_done(&b);
	}
	cross_free(&x);
	tiny_done(&t);
}
END_TEST

/* A topic that only one fold has, and one that none has. */
START_TEST(run_topic_missing_from_a_fold)
{
	struct report r;
	struct cross x;
	struct tiny t;
	struct buf b;

	buf_init(&b, 1 << 20);
	tiny_lines(&b, 24);
	buf_add_z(&b, "{\"text\":\"pluie et vent\",\"topics\":"
		      "{\"weather\":\"neutral\"}}\n");
	tiny_open(&t, "topics: [sovereignty, partnership, market, weather, "
		      "sports]\nthreshold: f1\n"
		      "stances: [favour, against, neutral]\n",
		  buf_view(&b));
	buf_done(&b);
	run(&t, &x, 3);
	ck_assert_uint_eq(x.columns, 20);
	{
		struct fit_column all[20];

		ck_assert_int_eq(cross_calibrate(&x, &t.fit, all), 0);
		for (int i = 0; i < 20; i++) {
			ck_assert_double_finite(all[i].a);
			ck_assert_double_finite(all[i].b);
			ck_assert_double_finite(all[i].threshold);
		}
		/* Never seen: what no machine of it would be given for. */
		ck_assert_double_ge(all[4].threshold, -1);
	}
	ck_assert_int_eq(report_init(&r, 5, 3, false), 0);
	ck_assert_int_eq(cross_report(&x, &t.fit, &r), 0);
	ck_assert_uint_eq(r.documents, 25);
	ck_assert_uint_eq(r.topic[3].tp + r.topic[3].fn, 1);
	ck_assert_uint_eq(r.topic[4].tp + r.topic[4].fp + r.topic[4].fn, 0);
	report_done(&r);
	cross_free(&x);
	tiny_done(&t);
}
END_TEST

/* Figures over decisions made up: 4 documents in two folds. */
struct made {
	struct example v[4];
	unsigned char labels[4][1];
	struct corpus c;
	struct recipe recipe;
	struct fit fit;
	struct cross x;
	uint32_t fold[4];
	double d[4];
};

static void make(struct made *m, int threshold)
{
	static const double d[] = { 3, 1, 2, -1 };
	static const unsigned char y[] = { 1, 0, 1, 0 };

	memset(m, 0, sizeof(*m));
	for (size_t i = 0; i < 4; i++) {
		m->labels[i][0] = y[i] ? CORPUS_NO_STANCE : 0;
		m->v[i].labels = m->labels[i];
		m->d[i] = d[i];
		m->fold[i] = i > 1;
	}
	m->c = (struct corpus){ .v = m->v, .n = 4, .topic_count = 1 };
	m->recipe.threshold = threshold;
	m->fit = (struct fit){ .corpus = &m->c, .recipe = &m->recipe };
	m->x = (struct cross){ .folds = 2, .columns = 1, .fold = m->fold,
			       .decisions = m->d };
}

START_TEST(calibrate_threshold_is_as_asked)
{
	struct fit_column one;
	struct made m;

	make(&m, RECIPE_THRESHOLD_ZERO);
	ck_assert_int_eq(cross_calibrate(&m.x, &m.fit, &one), 0);
	ck_assert(one.threshold == 0);
	ck_assert_double_lt(one.a, 0);
	make(&m, RECIPE_THRESHOLD_F1);
	ck_assert_int_eq(cross_calibrate(&m.x, &m.fit, &one), 0);
	ck_assert(one.threshold == 1.5);
}
END_TEST

/* Of fold 0 the threshold is chosen on documents 2 and 3: 0.5; of fold 1 on 0
 * and 1: 2. */
START_TEST(report_threshold_is_chosen_elsewhere)
{
	struct report r;
	struct made m;

	make(&m, RECIPE_THRESHOLD_F1);
	ck_assert_int_eq(report_init(&r, 1, 0, false), 0);
	ck_assert_int_eq(cross_report(&m.x, &m.fit, &r), 0);
	ck_assert_uint_eq(r.topic[0].tp, 1);
	ck_assert_uint_eq(r.topic[0].fp, 1);
	ck_assert_uint_eq(r.topic[0].fn, 1);
	report_done(&r);
	make(&m, RECIPE_THRESHOLD_ZERO);
	ck_assert_int_eq(report_init(&r, 1, 0, false), 0);
	ck_assert_int_eq(cross_report(&m.x, &m.fit, &r), 0);
	ck_assert_uint_eq(r.topic[0].tp, 2);
	ck_assert_uint_eq(r.topic[0].fp, 1);
	report_done(&r);
}
END_TEST

/* All stances of a column share one calibration, whatever the topic. */
START_TEST(calibrate_stances_are_pooled)
{
	struct fit_column columns[12];
	struct cross x;
	struct tiny t;

	tiny_made(&t, TINY_RECIPE, 24);
	run(&t, &x, 3);
	ck_assert_int_eq(cross_calibrate(&x, &t.fit, columns), 0);
	for (int s = 0; s < 3; s++)
		for (int k = 1; k < 3; k++) {
			ck_assert(columns[3 + s].a == columns[3 + 3 * k + s].a);
			ck_assert(columns[3 + s].b == columns[3 + 3 * k + s].b);
		}
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

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(run_judges_by_the_others),
		CHECK_TEST(run_topic_missing_from_a_fold),
		CHECK_TEST(calibrate_threshold_is_as_asked),
		CHECK_TEST(report_threshold_is_chosen_elsewhere),
		CHECK_TEST(calibrate_stances_are_pooled),
		CHECK_TEST(run_copies_alone_are_refused),
		CHECK_END,
	};

	return check_main("cross", tests);
}
