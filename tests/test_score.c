#include "learn/score.h"

#include <errno.h>

#include "tests/data/tiny.h"

START_TEST(label_topics_above_their_thresholds)
{
	struct score_labels l = { 3, 0, false };
	const double d[] = { 0.5, 0, -0.5 }, least[] = { 0.5, -0.1, -1 };
	unsigned char given[3];
	int stance[3];

	score_label(&l, d, NULL, given, stance);
	ck_assert(given[0] && !given[1] && !given[2]);
	ck_assert_int_eq(stance[0], -1);
	score_label(&l, d, least, given, stance);
	ck_assert(!given[0] && given[1] && given[2]);
}
END_TEST

START_TEST(label_one_of_is_the_largest)
{
	struct score_labels l = { 3, 0, true };
	const double d[] = { -3, -1, -2 }, even[] = { 1, 1, 1 };
	unsigned char given[3];
	int stance[3];

	score_label(&l, d, even, given, stance);
	ck_assert(!given[0] && given[1] && !given[2]);
	score_label(&l, even, NULL, given, stance);
	ck_assert(given[0] && !given[1] && !given[2]);
}
END_TEST

START_TEST(label_stance_is_the_largest_of_its_topic)
{
	struct score_labels l = { 2, 3, false };
	const double d[] = { 1, 1, -1, -0.5, -2, 9, 8, 9.5 };
	unsigned char given[2];
	int stance[2];

	score_label(&l, d, NULL, given, stance);
	ck_assert_int_eq(stance[0], 1);
	ck_assert_int_eq(stance[1], 2);
}
END_TEST

/* What the trainer counts is what the record will say. */
START_TEST(label_is_what_judging_gives)
{
	struct tiny t;
	struct buf b;
	struct model *m;
	double *d;

	tiny_made(&t, TINY_RECIPE, 24);
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	d = calloc(t.corpus.n * m->column_count, sizeof(*d));
	ck_assert_int_eq(score_judge(m, &t.corpus, NULL, d), 0);
	for (size_t i = 0; i < t.corpus.n; i++) {
		struct score_labels l = { 3, 3, false };
		struct judgement j = { .decision = d + i * m->column_count };
		unsigned char given[3];
		int stance[3];

		score_label(&l, j.decision, NULL, given, stance);
		for (uint32_t k = 0; k < 3; k++) {
			double p;

			ck_assert_int_eq(given[k], judge_given(m, &j, k));
			ck_assert_uint_eq((uint32_t)stance[k],
					  judge_stance(m, &j, k, &p));
		}
	}
	free(d);
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(judge_only_what_is_in_use)
{
	struct tiny t;
	struct buf b;
	struct model *m;
	double *d;

	tiny_made(&t, TINY_RECIPE, 12);
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	d = calloc(t.corpus.n * m->column_count, sizeof(*d));
	memset(t.use, 0, t.corpus.n);
	t.use[5] = 1;
	ck_assert_int_eq(score_judge(m, &t.corpus, t.use, d), 0);
	for (size_t i = 0; i < t.corpus.n; i++)
		ck_assert_int_eq(d[i * m->column_count] != 0, i == 5);
	free(d);
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(add_counts_a_document)
{
	unsigned char labels[] = { 1, CORPUS_NO_STANCE, 0 };
	struct example x = { .labels = labels };
	struct corpus c = { .v = &x, .n = 1 };
	const double d[] = { 1, -1, 2, /* favour, then nothing, then either */
			     3, 1, 0, 0, 5, 6 };
	struct report r;

	ck_assert_int_eq(report_init(&r, 3, 2, false), 0);
	ck_assert_int_eq(score_add(&r, &c, 0, d, NULL), 0);
	ck_assert_uint_eq(r.topic[0].tp, 1);
	ck_assert_uint_eq(r.topic[1].fn, 1);
	ck_assert_uint_eq(r.topic[2].fp, 1);
	/* The topic whose stance is not told is not asked for one. */
	ck_assert_uint_eq(r.stance[0][0], 1);
	ck_assert_uint_eq(r.stance[0][1] + r.stance[1][0] + r.stance[1][1], 0);
	ck_assert_uint_eq(r.exact, 0);
	report_done(&r);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(label_topics_above_their_thresholds),
		CHECK_TEST(label_one_of_is_the_largest),
		CHECK_TEST(label_stance_is_the_largest_of_its_topic),
		CHECK_TEST(label_is_what_judging_gives),
		CHECK_TEST(judge_only_what_is_in_use),
		CHECK_TEST(add_counts_a_document),
		CHECK_END,
	};

	return check_main("score", tests);
}
