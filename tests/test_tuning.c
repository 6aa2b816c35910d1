#include "learn/tuning.h"

#include <errno.h>
#include <math.h>
#include <signal.h>

#include "base/stop.h"
#include "tests/data/tiny.h"

/* Words alone, of which too few are looked at: there is something to gain. */
#define RECIPE                                                  \
	"topics: [sovereignty, partnership, market]\n"          \
	"words: {ngrams: [1, 1], first: 3}\n"                   \
	"topic: {c: 0.02}\nmetric: macro_f1\nfolds: 3\n"

static struct tiny tiny;
static struct setting_base base;
static struct space space;
static struct trial_folds folds;
static struct tried tried;
static struct tuning tuning;
static struct err e;
static const char *only[] = { "topic.c,threshold,threshold_part" };

static void begin(const char *yaml, size_t jobs)
{
	err_clear(&e);
	tiny_made(&tiny, yaml, 24);
	ck_assert_int_eq(setting_base_init(&base, &tiny.recipe, &e), 0);
	space = space_of(&tiny.recipe, &tiny.corpus);
	space.only = (struct opt_list){ only, 1 };
	tuning = (struct tuning){ .corpus = &tiny.corpus,
				  .base = &base,
				  .space = &space,
				  .folds = &folds,
				  .tried = &tried,
				  .least = 0.001,
				  .seed = 1,
				  .jobs = jobs,
				  .budget_ms = 50000 };
	ck_assert_msg(!tuning_init(&tuning, &e), "%s", e.text);
	folds = (struct trial_folds){ 1, calloc(tiny.corpus.n, 4) };
	ck_assert_int_eq(folds_deal(&tiny.corpus, tuning.terms.groups, 3, 1,
				    folds.fold), 0);
	ck_assert_int_eq(tried_open(&tried, NULL, NULL, &e), 0);
}

static void end(void)
{
	tuning_done(&tuning);
	tried_done(&tried);
	setting_base_done(&base);
	free(folds.fold);
	tiny_done(&tiny);
}

START_TEST(run_finds_the_same_at_any_number_of_jobs)
{
	char found[2][200];
	double figure[2];

	for (size_t i = 0; i < 2; i++) {
		begin(RECIPE, 1 + 3 * i);
		ck_assert_msg(!tuning_run(&tuning, &e), "%s", e.text);
		ck_assert(tuning.plan.over && !tuning.stopped);
		ck_assert_uint_gt(tuning.plan.step_count, 0);
		figure[i] = tuning.plan.figure;
		snprintf(found[i], sizeof(found[i]), STR_FMT,
			 STR_ARG(tuning.plan.setting));
		ck_assert_double_gt(figure[i],
				    tried_find(&tried, STR(""))->figure);
		end();
	}
	ck_assert(figure[0] == figure[1]);
	ck_assert_str_eq(found[0], found[1]);
}
END_TEST

/* Terms follow the best, so that what comes next need not cut again. */
START_TEST(run_keeps_the_terms_and_decisions_of_the_best)
{
	static const char *own[] = { "words.first=0" };

	begin(RECIPE, 2);
	space.own = (struct opt_list){ own, 1 };
	ck_assert_msg(!tuning_run(&tuning, &e), "%s", e.text);
	ck_assert_int_eq(tuning.plan.best.words.first, 0);
	ck_assert_int_eq(tuning.kept.terms_recipe->words.first, 0);
	ck_assert_ptr_nonnull(tuning.kept.decided);
	ck_assert_int_eq(tuning.kept.decided->recipe.words.first, 0);
	end();
}
END_TEST

START_TEST(run_ends_with_its_time)
{
	begin(RECIPE, 1);
	tuning.budget_ms = 1;
	ck_assert_msg(!tuning_run(&tuning, &e), "%s", e.text);
	/* The start is scored all the same. */
	ck_assert(!isnan(tuning.plan.figure));
	ck_assert(!tuning.plan.over && !tuning.stopped);
	ck_assert_uint_le(tried.n, 2);
	end();
}
END_TEST

START_TEST(run_stopped_before_the_start_has_nothing)
{
	begin(RECIPE, 1);
	stop_install();
	raise(SIGINT);
	ck_assert_int_eq(tuning_run(&tuning, &e), -ETIMEDOUT);
	ck_assert_ptr_nonnull(strstr(e.text, "before the recipe itself was "
					     "scored"));
	ck_assert_uint_eq(tuning.running_count, 0);
	end();
}
END_TEST

/* What suits no document is told and passed over; the start must suit. */
START_TEST(run_passes_over_what_comes_to_nothing)
{
	static const char *own[] = { "words.min_df=90",
				     "words.supervised=bayes" };
	size_t nothing = 0;

	begin(RECIPE, 2);
	space.own = (struct opt_list){ own, 2 };
	ck_assert_msg(!tuning_run(&tuning, &e), "%s", e.text);
	ck_assert(tuning.plan.over);
	for (size_t i = 0; i < tried.n; i++) {
		bool high = strstr(tried.v[i].setting, "min_df=90") != NULL;

		if (!strstr(tried.v[i].setting, "bayes"))
			ck_assert_int_eq(!isfinite(tried.v[i].figure), high);
		nothing += high;
	}
	ck_assert_uint_gt(nothing, 0);
	end();
	begin(RECIPE "name: high\n", 2);
	tiny.recipe.words.min_df = 90;
	ck_assert_int_eq(tuning_run(&tuning, &e), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "min_df"));
	end();
}
END_TEST

START_TEST(run_takes_what_is_known)
{
	size_t before;

	begin(RECIPE, 2);
	ck_assert_int_eq(tuning_run(&tuning, &e), 0);
	before = tried.n;
	ck_assert_int_eq(tuning_run(&tuning, &e), 0);
	ck_assert_uint_eq(tried.n, before);
	ck_assert(tuning.plan.over);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(run_finds_the_same_at_any_number_of_jobs),
		CHECK_TEST(run_keeps_the_terms_and_decisions_of_the_best),
		CHECK_TEST(run_ends_with_its_time),
		CHECK_TEST(run_stopped_before_the_start_has_nothing),
		CHECK_TEST(run_passes_over_what_comes_to_nothing),
		CHECK_TEST(run_takes_what_is_known),
		CHECK_END,
	};

	return check_main("tuning", tests);
}
