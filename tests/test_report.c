#include "learn/report.h"

#include "tests/data/allocations.h"
#include "tests/data/said.h"

static double metric(struct said *x, int which)
{
	struct report r;
	double m;

	x->set.metric = which;
	r = said_report(x);
	m = r.head.metric;
	report_done(&r);
	return m;
}

START_TEST(metric_is_the_mean_of_topics_and_stances)
{
	struct said x;

	said_small(&x);
	SAID_NEAR(metric(&x, RECIPE_METRIC_MACRO_F1), (2.0 / 3 + 1.0 / 3) / 2);
	SAID_NEAR(metric(&x, RECIPE_METRIC_MICRO_F1), (0.6 + 0.5) / 2);
	SAID_NEAR(metric(&x, RECIPE_METRIC_ACCURACY), 0.5);
	x.set.targets = true;
	SAID_NEAR(metric(&x, RECIPE_METRIC_MACRO_F1), 1.0 / 3);
	said_done(&x);
	said_init(&x, 0);
	said_add(&x, "--.", "900", "");
	SAID_NEAR(metric(&x, RECIPE_METRIC_MICRO_F1), 2.0 / 3);
	said_done(&x);
}
END_TEST

/* Of the labels that are named, wherever they are. */
START_TEST(metric_mean_f1_is_of_its_labels)
{
	const char *favour[] = { "favour" };
	const char *mixed[] = { "against", "sovereignty", "weather" };
	const char *foreign[] = { "nowhere" };
	struct said x;

	said_small(&x);
	x.set.metric_labels = (struct conf_texts){ favour, 1 };
	SAID_NEAR(metric(&x, RECIPE_METRIC_MEAN_F1), 4.0 / 6);
	/* weather, which does not occur, counts as 0 */
	x.set.metric_labels = (struct conf_texts){ mixed, 3 };
	SAID_NEAR(metric(&x, RECIPE_METRIC_MEAN_F1), (4.0 / 6 / 2 + 0) / 2);
	x.set.metric_labels = (struct conf_texts){ foreign, 1 };
	SAID_NEAR(metric(&x, RECIPE_METRIC_MEAN_F1), 0);
	said_done(&x);
}
END_TEST

START_TEST(set_is_the_recipes)
{
	const char *labels[] = { "favour" };
	const struct recipe recipe = { .one_of = true,
				       .targets = BUNDLE_TARGETS_TEXT,
				       .metric = RECIPE_METRIC_MEAN_F1,
				       .metric_labels = { labels, 1 },
				       .unsure = 0.25 };
	struct report_set s;
	struct said x;

	said_small(&x);
	s = report_set_of(&recipe, &x.c);
	ck_assert(s.one_of && s.targets && s.unsure == 0.25);
	ck_assert_int_eq(s.metric, RECIPE_METRIC_MEAN_F1);
	ck_assert_ptr_eq(s.metric_labels.v, labels);
	ck_assert_ptr_eq(s.topics, said_topics);
	ck_assert_uint_eq(s.topic_count, 3);
	ck_assert_uint_eq(s.stance_count, 2);
	said_done(&x);
}
END_TEST

START_TEST(mean_and_spread_over_repeats)
{
	struct report v[2], m;
	struct said x;

	said_small(&x);
	v[0] = said_report(&x);
	x.s.given[0] = 0; /* sovereignty: 1 right, 1 wrong, 2 missed */
	v[1] = said_report(&x);
	ck_assert_int_eq(report_mean(&m, v, 2), 0);
	ck_assert_uint_eq(m.repeats, 2);
	SAID_NEAR(m.topic[0].tp, 1.5);
	/* The mean of the figures, not the figure of the means. */
	SAID_NEAR(m.topic[0].f1, (4.0 / 6 + 2.0 / 5) / 2);
	SAID_NEAR(m.spread->topic[0].f1,
		  (4.0 / 6 - 2.0 / 5) / 2 * sqrt(2));
	SAID_NEAR(m.head.metric, (v[0].head.metric + v[1].head.metric) / 2);
	SAID_NEAR(m.spread->head.metric,
		  fabs(v[0].head.metric - v[1].head.metric) / sqrt(2));
	SAID_NEAR(m.stances.step[4].macro_f1, v[0].stances.step[4].macro_f1);
	ck_assert(m.spread->stances.accuracy == 0);
	ck_assert(m.stance_confusion[0] == 2);
	ck_assert_uint_eq(m.topic_curve[0].n, v[0].topic_curve[0].n);
	report_done(&m);
	report_done(&v[0]);
	report_done(&v[1]);
	said_done(&x);
}
END_TEST

START_TEST(mean_of_one_is_itself)
{
	struct report r, m;
	struct said x;

	said_small(&x);
	x.set.one_of = true;
	r = said_report(&x);
	ck_assert_int_eq(report_mean(&m, &r, 1), 0);
	ck_assert_uint_eq(m.repeats, 1);
	ck_assert_ptr_null(m.spread);
	ck_assert_mem_eq(&m.topics, &r.topics, sizeof(r.topics));
	ck_assert_mem_eq(&m.head, &r.head, sizeof(r.head));
	ck_assert_mem_eq(m.topic_confusion, r.topic_confusion,
			 9 * sizeof(double));
	report_done(&m);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(every_allocation_fails_once)
{
	struct report r, m;
	struct said x;
	unsigned long nth = 1;

	said_small(&x);
	x.set.one_of = true;
	for (int done = 0; !done; nth++) {
		int failed;

		allocations_fail_at(nth);
		done = !report_make(&r, &x.set, &x.c, &x.s);
		failed = allocations_failed();
		allocations_fail_at(0);
		ck_assert_int_eq(done, !failed);
	}
	ck_assert_uint_gt(nth, 14);
	nth = 1;
	for (int done = 0; !done; nth++) {
		int failed;

		allocations_fail_at(nth);
		done = !report_mean(&m, &r, 1);
		failed = allocations_failed();
		allocations_fail_at(0);
		ck_assert_int_eq(done, !failed);
	}
	ck_assert_uint_gt(nth, 14);
	report_done(&m);
	report_done(&r);
	said_done(&x);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(metric_is_the_mean_of_topics_and_stances),
		CHECK_TEST(metric_mean_f1_is_of_its_labels),
		CHECK_TEST(set_is_the_recipes),
		CHECK_TEST(mean_and_spread_over_repeats),
		CHECK_TEST(mean_of_one_is_itself),
		CHECK_TEST(every_allocation_fails_once),
		CHECK_END,
	};

	return check_main("report", tests);
}
