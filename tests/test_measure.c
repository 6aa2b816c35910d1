#include "learn/measure.h"

#include "tests/data/said.h"

START_TEST(topics_by_hand)
{
	struct said x;
	struct report r;

	said_small(&x);
	r = said_report(&x);
	ck_assert(r.head.documents == 4 && r.topics.asked == 4);
	ck_assert(r.head.unknown == (0.25 + 0.5 + 0.75) / 4);
	ck_assert(r.topic[0].tp == 2 && r.topic[0].fp == 1 &&
		  r.topic[0].fn == 1 && r.topic[0].tn == 0);
	ck_assert(r.topic[0].precision == 2.0 / 3);
	ck_assert(r.topic[0].recall == 2.0 / 3);
	ck_assert(r.topic[0].f1 == 4.0 / 6);
	ck_assert(r.topic[0].support == 3);
	ck_assert(r.topic[1].precision == 1 && r.topic[1].recall == 0.5);
	ck_assert(r.topic[1].f1 == 2.0 / 3);
	ck_assert(r.topic[2].f1 == 0 && r.topic[2].support == 0);
	/* 3 right, 2 wrong, 2 missed; weather does not occur. */
	ck_assert(r.topics.micro_f1 == 6.0 / 10);
	ck_assert(r.topics.micro_precision == 3.0 / 5);
	ck_assert(r.topics.micro_recall == 3.0 / 5);
	SAID_NEAR(r.topics.macro_f1, 2.0 / 3);
	ck_assert(r.topics.accuracy == 0.5);
	ck_assert_ptr_null(r.topic_confusion);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(stances_by_hand)
{
	static const double all[] = { 2, 1, 1, 0 }, market[] = { 1, 1, 0, 0 };
	struct said x;
	struct report r;

	said_small(&x);
	r = said_report(&x);
	/* The topic whose stance is not told is not asked for one. */
	ck_assert(r.stances.asked == 4);
	ck_assert_mem_eq(r.stance_confusion, all, sizeof(all));
	ck_assert_mem_eq(r.stance_confusion + 2 * 4, market, sizeof(market));
	/* favour: 2 right, 1 wrong, 1 missed; against: none right. */
	SAID_NEAR(r.stances.macro_f1, (4.0 / 6 + 0) / 2);
	ck_assert(r.stances.accuracy == 0.5);
	ck_assert(r.stances.micro_f1 == 0.5);
	SAID_NEAR(r.stance_f1[1], 2.0 / 3);
	ck_assert(r.stance_f1[2] == 0);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(probabilities_by_hand)
{
	struct said x;
	struct report r;

	said_small(&x);
	r = said_report(&x);
	/* sovereignty: 0.9, 0.7, 0.4 for what is so, 0.6 for what is not. */
	SAID_NEAR(r.topic[0].brier, (0.01 + 0.09 + 0.36 + 0.36) / 4);
	SAID_NEAR(r.topic[0].ece, (0.1 + 0.3 + 0.6 + 0.6) / 4);
	SAID_NEAR(r.topic[0].average_precision,
		  (1 + 1 + 3.0 / 4) / 3);
	SAID_NEAR(r.topics.brier,
		  (r.topic[0].brier + r.topic[1].brier + r.topic[2].brier) / 3);
	SAID_NEAR(r.topics.macro_ece,
		  (r.topic[0].ece + r.topic[1].ece + r.topic[2].ece) / 3);
	ck_assert(r.topics.bins.n == 12 && r.topics.bins.bin[9].n == 1);
	/* favour: 0.9, 0.8, 0.1 where it is so, 0.7 where it is not. */
	SAID_NEAR(r.stance[0].brier, (0.01 + 0.04 + 0.81 + 0.49) / 4);
	SAID_NEAR(r.stance[1].brier, r.stance[0].brier);
	ck_assert_uint_eq(r.topic_curve[0].n, 3);
	SAID_NEAR(r.topic_curve[0].v[2].precision, 3.0 / 4);
	report_done(&r);
	said_done(&x);
}
END_TEST

/* How sure is the probability of what was told: of many-of topics, of given or
 * not given. */
START_TEST(coverage_is_by_what_was_told)
{
	struct said x;
	struct report r;

	said_small(&x);
	r = said_report(&x);
	/* Of twelve decisions the surest three are 0, 0 and 0 of absent
	 * topics; 0.9 follows, of a topic given and there; the two most
	 * doubtful are both wrong, and 0.7 and 0.8 once each. */
	ck_assert(r.topics.step[0].confidence == 1);
	ck_assert(r.topics.step[0].accuracy == 1);
	SAID_NEAR(r.topics.step[9].accuracy, 8.0 / 12);
	ck_assert(r.topics.step[9].confidence == 0.6);
	/* Stances: 0.9 right, 0.9 wrong, 0.8 right, 0.7 wrong. */
	SAID_NEAR(r.stances.step[4].accuracy, 0.5);
	SAID_NEAR(r.stances.step[4].macro_f1, 2.0 / 3);
	ck_assert(r.stances.step[9].accuracy == 0.5);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(unsure_is_below_its_level)
{
	struct said x;
	struct report r;

	said_small(&x);
	x.set.unsure = 0.8; /* 0.7 is below, 0.8 is not */
	r = said_report(&x);
	ck_assert(r.stances.unsure == 0.25);
	SAID_NEAR(r.stances.sure_accuracy, 2.0 / 3);
	report_done(&r);
	x.set.unsure = 0;
	r = said_report(&x);
	ck_assert(r.stances.unsure == 0 && r.stances.sure_accuracy == 0.5);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(one_of_has_a_confusion_matrix)
{
	static const double want[] = { 1, 1, 0, 0, 1, 0, 0, 0, 0 };
	struct said x;
	struct report r;

	said_init(&x, 0);
	said_add(&x, "-..", "900", "");
	said_add(&x, "-..", "460", "");
	said_add(&x, ".-.", "080", "");
	said_add(&x, "...", "008", ""); /* its topic is none of ours */
	x.set.one_of = true;
	r = said_report(&x);
	ck_assert_mem_eq(r.topic_confusion, want, sizeof(want));
	ck_assert(r.topics.accuracy == 0.5 && r.topics.asked == 4);
	/* The surest is right; of the next two, who are equally sure, one. */
	SAID_NEAR(r.topics.step[4].accuracy, 1.5 / 2);
	ck_assert(r.topics.step[9].confidence == 0.6);
	report_done(&r);
	said_done(&x);
}
END_TEST

/* A topic that comes with its document is not measured. */
START_TEST(targets_have_stances_alone)
{
	struct said x;
	struct report r;

	said_small(&x);
	x.set.targets = true;
	r = said_report(&x);
	ck_assert(r.topics.asked == 0 && r.topic[0].support == 0);
	ck_assert(r.stances.asked == 4);
	ck_assert(r.head.metric == r.stances.macro_f1);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(only_what_was_judged_counts)
{
	struct said x;
	struct report r;

	said_small(&x);
	x.s.judged[0] = x.s.judged[2] = 0;
	r = said_report(&x);
	ck_assert(r.head.documents == 2 && r.topics.asked == 2);
	ck_assert(r.topic[0].tp == 1 && r.topic[0].fn == 1);
	ck_assert(r.stances.asked == 1);
	ck_assert(r.head.unknown == 0.5);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(nothing_is_zero)
{
	struct said x;
	struct report r;

	said_init(&x, 2);
	x.set.one_of = true;
	r = said_report(&x);
	ck_assert(r.topics.micro_f1 == 0 && r.topics.macro_f1 == 0);
	ck_assert(r.topics.accuracy == 0 && r.topics.ece == 0);
	ck_assert(r.stances.macro_f1 == 0 && r.head.metric == 0);
	ck_assert(r.head.unknown == 0 && r.stances.step[9].accuracy == 0);
	report_done(&r);
	said_done(&x);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(topics_by_hand),
		CHECK_TEST(stances_by_hand),
		CHECK_TEST(probabilities_by_hand),
		CHECK_TEST(coverage_is_by_what_was_told),
		CHECK_TEST(unsure_is_below_its_level),
		CHECK_TEST(one_of_has_a_confusion_matrix),
		CHECK_TEST(targets_have_stances_alone),
		CHECK_TEST(only_what_was_judged_counts),
		CHECK_TEST(nothing_is_zero),
		CHECK_END,
	};

	return check_main("measure", tests);
}
