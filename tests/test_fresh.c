#include "learn/fresh.h"

#include <errno.h>
#include <signal.h>

#include "base/stop.h"
#include "tests/data/tiny.h"

#define BAD "topics: [sovereignty, partnership, market]\n" \
	    "stances: [favour, against, neutral]\n"         \
	    "words: {ngrams: [1, 1], first: 1}\n"
#define GOOD "topics: [sovereignty, partnership, market]\n" \
	     "stances: [favour, against, neutral]\n"

static struct tiny tiny;
static struct trial_folds folds;
static struct trial_kept kept;
static struct err e;

static void begin(const char *yaml, uint32_t repeats)
{
	tiny_made(&tiny, yaml, 48);
	folds = (struct trial_folds){
		repeats, calloc(repeats * tiny.corpus.n, sizeof(uint32_t))
	};
	for (uint32_t i = 0; i < repeats; i++)
		ck_assert_int_eq(folds_deal(&tiny.corpus, tiny.terms.groups, 3,
					    i, folds.fold + i * tiny.corpus.n),
				 0);
	kept = (struct trial_kept){ .corpus = &tiny.corpus,
				    .terms = &tiny.terms,
				    .terms_recipe = &tiny.recipe };
}

static void end(void)
{
	free(folds.fold);
	tiny_done(&tiny);
}

static int run(struct fresh *f, const char *a, const char *b, size_t jobs)
{
	const char *yaml[] = { a, b };

	err_clear(&e);
	return fresh_run(f, &kept, yaml, &folds, jobs, &e);
}

static void good(struct fresh *f, const char *a, const char *b, size_t jobs)
{
	ck_assert_msg(!run(f, a, b, jobs), "%s", e.text);
	ck_assert(f->made);
}

START_TEST(run_of_the_same_twice_finds_no_difference)
{
	struct fresh f;

	begin(GOOD "metric: accuracy\n", 2);
	good(&f, GOOD "metric: accuracy\n", GOOD "metric: accuracy\n", 2);
	ck_assert(f.figure[0] == f.figure[1] && f.spread[0] == f.spread[1]);
	ck_assert(f.topics.made && f.topics.of_decisions);
	ck_assert_uint_eq(f.topics.mcnemar.only_a, 0);
	ck_assert(f.topics.mcnemar.p == 1 && f.stances.mcnemar.p == 1);
	end();
}
END_TEST

START_TEST(run_sees_the_better_one_at_any_number_of_jobs)
{
	struct fresh f, g;

	begin(GOOD, 1);
	good(&f, BAD, GOOD, 1);
	good(&g, BAD, GOOD, 2);
	ck_assert_double_gt(f.figure[1], f.figure[0] + 0.1);
	ck_assert(f.figure[0] == g.figure[0] && f.figure[1] == g.figure[1]);
	ck_assert(!f.topics.of_decisions);
	/* The metric is the mean of both. */
	TINY_ASSERT_NEAR((f.topics.bootstrap.b + f.stances.bootstrap.b) / 2,
			 f.figure[1]);
	ck_assert_double_lt(f.stances.bootstrap.p, 0.05);
	ck_assert(f.stances.bootstrap.p == g.stances.bootstrap.p);
	end();
}
END_TEST

START_TEST(run_tests_the_metrics_labels_alone)
{
	static const char yaml[] =
		GOOD "metric: mean_f1\nmetric_labels: [favour, against]\n";
	struct fresh f;

	begin(yaml, 1);
	good(&f, yaml, yaml, 2);
	ck_assert(!f.topics.made && f.stances.made);
	TINY_ASSERT_NEAR(f.stances.bootstrap.a, f.figure[0]);
	end();
}
END_TEST

START_TEST(run_tells_what_cannot_be_scored)
{
	struct fresh f;

	begin(GOOD, 1);
	ck_assert_int_eq(run(&f, GOOD, GOOD "chars: {ngrams: 3}\n", 2),
			 -EINVAL);
	ck_assert_int_eq(run(&f, GOOD, "words: {min_df: 90}\n", 2), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "min_df"));
	end();
}
END_TEST

START_TEST(run_is_broken_off_by_a_signal)
{
	struct fresh f;

	begin(GOOD, 1);
	stop_install();
	raise(SIGINT);
	ck_assert_int_eq(run(&f, GOOD, GOOD, 2), 0);
	ck_assert(!f.made);
	end();
}
END_TEST

static char *printed(const struct fresh *f, int metric)
{
	char *text;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	fresh_print(f, metric, out);
	fclose(out);
	return text;
}

START_TEST(print_says_when_nothing_was_gained)
{
	struct fresh f = { .made = true, .repeats = 1,
			   .figure = { 0.75, 0.75 } };
	char *text = printed(&f, RECIPE_METRIC_ACCURACY);

	ck_assert_str_eq(text,
			 "On fresh folds, which the search has not seen, "
			 "accuracy is\n  0.7500  of the start\n"
			 "  0.7500  of the best\nso that nothing speaks for "
			 "the best: keep the start.\n");
	free(text);
	f.figure[1] = 0.8;
	f.repeats = 2;
	f.spread[1] = 0.01;
	f.topics = (struct fresh_test){ .made = true, .of_decisions = true,
					.mcnemar = { 2, 9, 1, 0, 0.0654 } };
	text = printed(&f, RECIPE_METRIC_ACCURACY);
	ck_assert_ptr_null(strstr(text, "keep"));
	ck_assert_ptr_nonnull(strstr(text, "(2 times), accuracy is"));
	ck_assert_ptr_nonnull(strstr(text, "  0.8000 ± 0.0100  of the best"));
	ck_assert_ptr_nonnull(strstr(text, "only the start is right 2 times, "
					   "only the best 9 times; p = "
					   "0.0654."));
	free(text);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(run_of_the_same_twice_finds_no_difference),
		CHECK_TEST(run_sees_the_better_one_at_any_number_of_jobs),
		CHECK_TEST(run_tests_the_metrics_labels_alone),
		CHECK_TEST(run_tells_what_cannot_be_scored),
		CHECK_TEST(run_is_broken_off_by_a_signal),
		CHECK_TEST(print_says_when_nothing_was_gained),
		CHECK_END,
	};

	return check_main("fresh", tests);
}
