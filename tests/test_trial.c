#include "learn/trial.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "learn/report.h"
#include "learn/setting.h"
#include "tests/data/tiny.h"

static struct tiny tiny;
static struct trial_folds folds;
static struct trial_kept kept;
static struct arena block;

static void begin(const char *yaml, uint32_t repeats)
{
	tiny_made(&tiny, yaml, 24);
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
	ck_assert_int_eq(arena_open(&block, 1 << 20), 0);
}

static void end(void)
{
	arena_close(block);
	free(folds.fold);
	tiny_done(&tiny);
}

static int start(struct trial *t, const char *changes, struct err *e)
{
	struct recipe r = tiny.recipe;
	struct arena a = block;
	char *yaml;
	int result;

	ck_assert_int_eq(setting_apply(&r, str_of(changes), &a, e), 0);
	yaml = setting_yaml(&r);
	result = trial_start(t, &kept, yaml, &folds, e);
	free(yaml);
	return result;
}

static void wait_for(struct trial *t)
{
	for (int i = 0; i < 400; i++)
		if (!trial_wait(&t, 1, 100))
			return;
	ck_abort_msg("it does not end");
}

static double figure(struct trial *t, const char *changes, double *spread)
{
	struct err e = { "" };
	double f;

	ck_assert_msg(!start(t, changes, &e), "%s", e.text);
	wait_for(t);
	ck_assert_msg(!trial_figure(t, &f, spread, &e), "%s", e.text);
	return f;
}

/* What cross-validation here says of one repeat. */
static double measured(uint32_t repeat, struct cross *x)
{
	struct report_set set = report_set_of(&tiny.recipe, &tiny.corpus);
	size_t n = tiny.corpus.n;
	struct report report;
	struct err e = { "" };
	double f;

	*x = (struct cross){ .folds = 3,
			     .fold = calloc(n, sizeof(uint32_t)) };
	memcpy(x->fold, folds.fold + repeat * n, n * sizeof(uint32_t));
	ck_assert_int_eq(cross_run(x, &tiny.fit, "", &e), 0);
	ck_assert_int_eq(cross_label(x, &tiny.fit, NULL), 0);
	ck_assert_int_eq(report_make(&report, &set, &tiny.corpus, &x->scores),
			 0);
	f = report.head.metric;
	report_done(&report);
	return f;
}

START_TEST(trial_is_cross_validation)
{
	struct cross x[2], labelled;
	double f[2], spread, mean;
	struct trial t;

	begin(TINY_RECIPE, 2);
	mean = figure(&t, "", &spread);
	f[0] = measured(0, &x[0]);
	f[1] = measured(1, &x[1]);
	TINY_ASSERT_NEAR(mean, (f[0] + f[1]) / 2);
	TINY_ASSERT_NEAR(spread, fabs(f[0] - f[1]) / sqrt(2));
	ck_assert_double_gt(t.seconds, 0);
	ck_assert(t.result->trained && !t.result->cut);
	for (uint32_t i = 0; i < 2; i++) {
		size_t n = tiny.corpus.n * x[i].scores.columns;

		ck_assert_int_eq(trial_labels(&t, &tiny.corpus, i, &labelled),
				 0);
		ck_assert_mem_eq(labelled.scores.decision,
				 x[i].scores.decision, n * sizeof(double));
		ck_assert_mem_eq(labelled.scores.given, x[i].scores.given,
				 tiny.corpus.n * 3);
		ck_assert_mem_eq(labelled.scores.stance, x[i].scores.stance,
				 tiny.corpus.n * 3);
		cross_free(&labelled);
		cross_free(&x[i]);
	}
	trial_done(&t);
	end();
}
END_TEST

/* Only what is cut otherwise is cut anew. */
START_TEST(trial_cuts_when_it_must)
{
	static const struct {
		const char *changes;
		bool cut;
	} cases[] = {
		{ "topic.c=2; words.count=once; words.min_df=1; "
		  "chars.weight=2; words.supervised=bayes; words.machine=svm; "
		  "chars.machine=svm; topic.loss=squared; stance.loss=squared",
		  false },
		{ "words.ngrams=[1, 1]", true },
		{ "words.cut=plain", true },
		{ "words.cased=true", true },
		{ "chars.fields=[title]", true },
		{ "chars.ngrams=[0, 0]", true },
		{ "title_weight=1", true },
		{ "tokens.stem=french", true },
		{ "tokens.strip_accents=true", true },
		{ "tokens.stop_words=[cloud]", true },
		{ "blocks+=words as more", true },
	};
	double spread;

	begin(TINY_RECIPE, 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct trial t;

		figure(&t, cases[i].changes, &spread);
		ck_assert_msg(t.result->cut == cases[i].cut, "%s",
			      cases[i].changes);
		trial_done(&t);
	}
	end();
}
END_TEST

/* Thresholds are chosen from decisions that are there already, and the figure
 * is the same as if they had been made again. */
START_TEST(trial_of_thresholds_needs_no_training)
{
	static const char *const changes[] = {
		"threshold=f1", "threshold=f1; threshold_part=0.5",
		"at_least_one=true", "calibration=isotonic",
		"threshold=cost; cost=3",
	};
	double f, first, spread;
	struct trial base;

	begin(TINY_RECIPE, 2);
	first = figure(&base, "", &spread);
	for (size_t i = 0; i < 5; i++) {
		struct trial t;

		kept.decided = &base;
		f = figure(&t, changes[i], &spread);
		ck_assert(!t.result->trained && !t.result->cut);
		trial_done(&t);
		kept.decided = NULL;
		ck_assert(figure(&t, changes[i], &spread) == f);
		ck_assert(t.result->trained);
		trial_done(&t);
	}
	kept.decided = &base;
	f = figure(&(struct trial){ .pid = 0 }, "", &spread);
	ck_assert(f == first);
	trial_done(&base);
	end();
}
END_TEST

START_TEST(trial_of_decisions_of_another_recipe_or_folds_trains)
{
	struct trial base, t;
	struct trial_folds other;
	double spread;

	begin(TINY_RECIPE, 1);
	figure(&base, "", &spread);
	kept.decided = &base;
	figure(&t, "threshold=f1; topic.c=2", &spread);
	ck_assert(t.result->trained);
	trial_done(&t);
	other = folds;
	ck_assert_int_eq(trial_start(&t, &kept, "folds: 3\n", &other, NULL),
			 0);
	wait_for(&t);
	ck_assert(t.result->trained);
	trial_done(&t);
	trial_done(&base);
	end();
}
END_TEST

START_TEST(start_refuses_what_contradicts_itself)
{
	struct err e = { "" };
	struct trial t;

	begin(TINY_RECIPE, 1);
	ck_assert_int_eq(start(&t, "words.supervised=bayes", &e), -EINVAL);
	ck_assert_ptr_nonnull(strstr(e.text, "machine: svm"));
	trial_done(&t);
	end();
}
END_TEST

START_TEST(figure_tells_what_the_process_found_wrong)
{
	struct err e = { "" };
	struct trial t;
	double f, spread;

	begin(TINY_RECIPE, 1);
	ck_assert_int_eq(start(&t, "words.min_df=99; chars.min_df=99", &e), 0);
	wait_for(&t);
	ck_assert_int_eq(trial_figure(&t, &f, &spread, &e), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "min_df"));
	trial_done(&t);
	end();
}
END_TEST

START_TEST(figure_of_a_process_that_was_killed)
{
	struct err e = { "" };
	struct trial t;
	double f, spread;

	begin(TINY_RECIPE, 40);
	ck_assert_int_eq(start(&t, "", &e), 0);
	ck_assert_int_eq(kill(t.pid, SIGKILL), 0);
	wait_for(&t);
	ck_assert_int_eq(trial_figure(&t, &f, &spread, &e), -ECHILD);
	ck_assert_ptr_nonnull(strstr(e.text, "its process was ended"));
	trial_done(&t);
	end();
}
END_TEST

/* Does any process of the group run still? One that has ended and that nobody
 * has buried yet, as in a container whose first process does not, does not
 * count. */
static bool group_runs(pid_t group)
{
	DIR *d = opendir("/proc");
	struct dirent *f;
	bool runs = false;

	ck_assert_ptr_nonnull(d);
	while ((f = readdir(d))) {
		char path[300], line[512], state, *name_end;
		FILE *in;
		int parent, own;

		snprintf(path, sizeof(path), "/proc/%s/stat", f->d_name);
		in = strspn(f->d_name, "0123456789") ? fopen(path, "r") : NULL;
		if (!in)
			continue;
		name_end = fgets(line, sizeof(line), in) ? strrchr(line, ')')
							 : NULL;
		fclose(in);
		if (name_end && sscanf(name_end, ") %c %d %d", &state, &parent,
				       &own) == 3)
			runs |= own == group && state != 'Z' && state != 'X';
	}
	closedir(d);
	return runs;
}

/* The process and those that it has started. */
START_TEST(done_ends_what_is_running)
{
	struct err e = { "" };
	struct trial t;
	pid_t pid;

	begin(TINY_RECIPE, 900);
	ck_assert_int_eq(start(&t, "", &e), 0);
	pid = t.pid;
	ck_assert(group_runs(pid));
	trial_done(&t);
	for (int i = 0; i < 1000 && group_runs(pid); i++)
		usleep(10000); /* a signal takes its time, too */
	ck_assert(!group_runs(pid));
	end();
}
END_TEST

START_TEST(wait_tells_which_is_over)
{
	struct err e = { "" };
	struct trial slow, quick, *all[] = { &slow, &quick };
	struct trial_folds few;
	size_t i;

	begin(TINY_RECIPE, 900);
	few = folds;
	few.repeats = 1;
	ck_assert_int_eq(start(&slow, "", &e), 0);
	ck_assert_int_eq(trial_start(&quick, &kept, "folds: 3\n", &few, &e),
			 0);
	do
		i = trial_wait(all, 2, 1000);
	while (i == 2);
	ck_assert_uint_eq(i, 1);
	ck_assert_uint_eq(trial_wait(all, 1, 0), 1);
	trial_done(&slow);
	trial_done(&quick);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(trial_is_cross_validation),
		CHECK_TEST(trial_cuts_when_it_must),
		CHECK_TEST(trial_of_thresholds_needs_no_training),
		CHECK_TEST(trial_of_decisions_of_another_recipe_or_folds_trains),
		CHECK_TEST(start_refuses_what_contradicts_itself),
		CHECK_TEST(figure_tells_what_the_process_found_wrong),
		CHECK_TEST(figure_of_a_process_that_was_killed),
		CHECK_TEST(done_ends_what_is_running),
		CHECK_TEST(wait_tells_which_is_over),
		CHECK_END,
	};

	return check_main("trial", tests);
}
