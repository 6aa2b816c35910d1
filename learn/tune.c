#include "learn/tune.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf_value.h"
#include "base/file.h"
#include "base/log.h"
#include "base/stop.h"
#include "learn/found.h"
#include "learn/lacking.h"

enum {
	/* The seeds of fresh folds are beyond those of any repeat. */
	FRESH_SEED = FOLDS_REPEATS_MAX,
	FRESH_BY_DEFAULT = 1,
};

struct tune_options {
	const char *budget, *least, *output, *table, *folds, *fresh;
	struct opt_list data;
	struct space space; /* its lists */
	uint64_t repeats, jobs, seed;
	/* Of the texts above. */
	int64_t budget_ms;
	double least_gain;
	int64_t fresh_times;
};

struct tune {
	const struct tune_options *o;
	const char *path; /* of the recipe */
	struct conf conf;
	struct recipe recipe;
	struct corpus corpus;
	struct conf_texts data;
	struct setting_base base;
	struct space space;
	struct trial_folds folds, fresh_folds;
	char how[256];
	struct tried tried;
	struct tuning tuning;
	struct fresh fresh;
};

/* What is there before the search. */

static int read_data(struct tune *t, struct err *e)
{
	const struct opt_list *given = &t->o->data;
	int r;

	t->data = t->recipe.data;
	if (given->n)
		t->data = (struct conf_texts){ given->v, given->n };
	if (!t->data.n)
		return err_set(e, -EINVAL,
			       "%s: has no 'data'; name files there or with "
			       "--data",
			       t->path);
	r = corpus_read(&t->corpus, &t->recipe,
			given->n ? STR("") : file_folder(t->path), t->data.v,
			t->data.n, e);
	if (r)
		return r;
	corpus_warn(&t->corpus);
	return lacking_check(&t->recipe, &t->corpus, e);
}

static void describe_folds(struct tune *t)
{
	size_t n;

	if (t->o->folds)
		snprintf(t->how, sizeof(t->how), "the folds of %s",
			 t->o->folds);
	else
		snprintf(t->how, sizeof(t->how), "%d-fold cross-validation",
			 (int)t->recipe.folds);
	n = strlen(t->how);
	if (t->folds.repeats > 1)
		snprintf(t->how + n, sizeof(t->how) - n, ", %u times",
			 t->folds.repeats);
}

static int make_folds(struct tune *t, struct err *e)
{
	uint32_t repeats = (uint32_t)t->o->repeats;
	int r;

	if (t->o->folds)
		r = trial_read_folds(&t->folds, t->o->folds, &t->corpus,
				     repeats, e);
	else
		r = trial_deal_folds(&t->folds, &t->corpus,
				     t->tuning.terms.groups,
				     (uint32_t)t->recipe.folds,
				     repeats ? repeats : 1,
				     (uint64_t)t->recipe.seed);
	if (!r)
		describe_folds(t);
	return r;
}

static int open_table(struct tune *t, struct err *e)
{
	struct tried_of of;
	int r = tried_identify(&of, &t->recipe, &t->corpus, &t->folds);

	if (!r)
		r = tried_open(&t->tried, t->o->table, &of, e);
	if (r || !t->o->table)
		return r;
	if (t->tried.torn)
		log_line(LOG_WARN, "%s ended in half a line, which was cut off",
			 t->o->table);
	if (t->tried.n)
		log_line(LOG_NOTE, "%zu settings are known from %s",
			 t->tried.n, t->o->table);
	return 0;
}

static int read_all(struct tune *t, struct err *e)
{
	int r = recipe_load(&t->conf, t->path, &t->recipe, e);

	if (!r && !t->recipe.folds && !t->o->folds)
		r = err_set(e, -EINVAL,
			    "%s: has 'folds: 0', so that nothing can be scored",
			    t->path);
	if (!r && t->o->output)
		r = found_check(t->o->output, e);
	return r ? r : read_data(t, e);
}

static int set_space(struct tune *t, struct err *e)
{
	t->space = space_of(&t->recipe, &t->corpus);
	t->space.only = t->o->space.only;
	t->space.fix = t->o->space.fix;
	t->space.own = t->o->space.own;
	return space_check(&t->space, &t->recipe, e);
}

static void set_tuning(struct tune *t)
{
	t->tuning = (struct tuning){
		.corpus = &t->corpus,
		.base = &t->base,
		.space = &t->space,
		.folds = &t->folds,
		.tried = &t->tried,
		.least = t->o->least_gain,
		.seed = t->o->seed,
		.jobs = t->o->jobs,
		.budget_ms = t->o->budget_ms,
		.fresh = t->o->fresh_times < 0 ? FRESH_BY_DEFAULT
					       : (uint32_t)t->o->fresh_times,
	};
}

static int prepare(struct tune *t, struct err *e)
{
	int r = read_all(t, e);

	if (!r)
		r = set_space(t, e);
	if (!r)
		r = setting_base_init(&t->base, &t->recipe, e);
	if (r)
		return r;
	set_tuning(t);
	r = tuning_init(&t->tuning, e);
	if (!r)
		r = make_folds(t, e);
	return r ? r : open_table(t, e);
}

/* After it. */

/* By default when there is time for it: what the search has left for it, more
 * or less. */
static bool wants_fresh(const struct tune *t)
{
	const struct tuning *u = &t->tuning;
	int64_t end = clock_ms() - u->began_ms + tuning_fresh_ms(u);

	if (!u->plan.step_count || !u->fresh || u->stopped)
		return false;
	return t->o->fresh_times > 0 ||
	       end <= u->budget_ms + u->budget_ms / 20 + 1000;
}

static int compare_fresh(struct tune *t, struct err *e)
{
	uint32_t folds = (uint32_t)t->recipe.folds;
	const char *yaml[2];
	char *start = setting_yaml(&t->recipe);
	char *best = setting_yaml(&t->tuning.plan.best);
	int r = start && best ? 0 : -ENOMEM;

	yaml[0] = start;
	yaml[1] = best;
	if (!folds)
		folds = folds_count(t->folds.fold, t->corpus.n);
	if (!r)
		r = trial_deal_folds(&t->fresh_folds, &t->corpus,
				     t->tuning.terms.groups, folds,
				     t->tuning.fresh,
				     (uint64_t)t->recipe.seed + FRESH_SEED);
	if (!r)
		r = fresh_run(&t->fresh, &t->tuning.kept, yaml,
			      &t->fresh_folds, t->tuning.jobs, e);
	free(start);
	free(best);
	return r;
}

static int tell(struct tune *t, struct err *e)
{
	const struct found f = {
		.tuning = &t->tuning,
		.recipe = t->path,
		.how = t->how,
		.fresh = &t->fresh,
		.data = &t->data,
		.beside_recipe = !t->o->data.n,
	};
	int r = t->o->output ? found_write(&f, t->o->output, e) : 0;

	found_print(&f, stdout);
	if (!r && t->o->output)
		log_line(LOG_NOTE, "wrote %s", t->o->output);
	return r;
}

static void tune_done(struct tune *t)
{
	tuning_done(&t->tuning);
	tried_done(&t->tried);
	setting_base_done(&t->base);
	corpus_free(&t->corpus);
	free(t->folds.fold);
	free(t->fresh_folds.fold);
	conf_done(&t->conf);
}

static int tune(const struct tune_options *o, const char *path, struct err *e)
{
	struct tune t = { .o = o, .path = path, .tried = { .fd = -1 } };
	int r = prepare(&t, e);

	if (!r)
		r = tuning_run(&t.tuning, e);
	if (!r && wants_fresh(&t))
		r = compare_fresh(&t, e);
	if (!r)
		r = tell(&t, e);
	tune_done(&t);
	return r;
}

/* Options. */

/* The text of an option, as a key of a configuration is read. */
static bool read_option(const char *text, enum conf_kind kind, double least,
			double most, void *at)
{
	const struct conf_key k = { .kind = kind, .min = least, .max = most };

	return !text || conf_set_scalar(&k, str_of(text), NULL, at);
}

static int read_options(struct tune_options *o)
{
	const struct cmd *c = &tune_cmd;

	o->budget_ms = 10 * 60000;
	o->least_gain = 0.001;
	o->fresh_times = -1;
	if (!read_option(o->budget, CONF_TIME, 1000, 1e12, &o->budget_ms))
		return opt_misuse(c, "--budget wants a time such as 90s, 10m "
				     "or 2h, not '%s'", o->budget);
	if (!read_option(o->least, CONF_REAL, 0, 1, &o->least_gain))
		return opt_misuse(c, "--least wants a number from 0 to 1, not "
				     "'%s'", o->least);
	if (!read_option(o->fresh, CONF_INT, 0, FOLDS_REPEATS_MAX,
			 &o->fresh_times))
		return opt_misuse(c, "--fresh wants a number from 0 to %d, not "
				     "'%s'", FOLDS_REPEATS_MAX, o->fresh);
	if (o->repeats > FOLDS_REPEATS_MAX)
		return opt_misuse(c, "--repeats wants a number from 1 to %d",
				  FOLDS_REPEATS_MAX);
	if (!o->jobs)
		o->jobs = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN);
	return OPT_GO;
}

static int run(int argc, char **argv)
{
	struct tune_options o = { .seed = 1 };
	struct opt_list rest = { .n = 0 };
	struct err e = { "" };
	int r = opt_parse(&tune_cmd, argc, argv, &o, &rest);

	if (r == OPT_GO && rest.n != 1)
		r = opt_misuse(&tune_cmd, "name one recipe");
	if (r == OPT_GO)
		r = read_options(&o);
	if (r != OPT_GO)
		return r;
	log_name("tune");
	stop_install();
	r = tune(&o, rest.v[0], &e);
	if (r)
		log_line(LOG_TROUBLE, "%s", e.text[0] ? e.text : strerror(-r));
	return err_exit(r);
}

#define AT(member) offsetof(struct tune_options, member)

static const struct opt options[] = {
	{ "budget", 'b', OPT_TEXT, AT(budget), "TIME",
	  "search for so long, as 90s, 10m or 2h; else 10m" },
	{ "output", 'o', OPT_TEXT, AT(output), "FILE",
	  "write the recipe that won here, every key of it" },
	{ "table", 't', OPT_TEXT, AT(table), "FILE",
	  "keep what was tried here, a line each; a search of the same recipe, "
	  "data and folds goes on from it" },
	{ "data", 'd', OPT_LIST, AT(data), "FILE",
	  "learn from this file instead of the recipe's; may be given again" },
	{ "only", 0, OPT_LIST, AT(space.only), "KEYS",
	  "change these keys alone, as topic.c,words" },
	{ "fix", 0, OPT_LIST, AT(space.fix), "KEYS",
	  "leave these keys as they are" },
	{ "try", 0, OPT_LIST, AT(space.own), "CHANGES",
	  "also try these changes, as 'tokens.stem=french' or "
	  "'words.max_df=0.5|words.max_df=0.9'; may be given again" },
	{ "least", 0, OPT_TEXT, AT(least), "GAIN",
	  "take a change that gains more than this; else 0.001" },
	{ "folds", 0, OPT_TEXT, AT(folds), "FILE",
	  "cross-validate on the folds of this file, one line {\"id\": …, "
	  "\"folds\": [r0, r1, …]} a document, instead of dealing them" },
	{ "repeats", 0, OPT_COUNT, AT(repeats), "N",
	  "score each setting so many times, each on folds dealt anew; else "
	  "once, or as often as the file of folds says" },
	{ "fresh", 0, OPT_TEXT, AT(fresh), "N",
	  "score the recipe and the best so many times on fresh folds at the "
	  "end; else once, if there is time" },
	{ "seed", 0, OPT_COUNT, AT(seed), "N",
	  "draw pairs of changes by this seed; else 1" },
	{ "jobs", 'j', OPT_COUNT, AT(jobs), "N",
	  "try so many settings at once; else one a processor" },
	{ .name = NULL },
};

const struct cmd tune_cmd = {
	.name = "tune",
	.args = "RECIPE",
	.summary = "Search a recipe's settings for a better model",
	.about =
		"Cross-validates the recipe with one setting changed, and then "
		"another, and keeps what raises the figure that the recipe "
		"names as its 'metric': what an error costs, weights that know "
		"the labels, naive Bayes beside, kinds of terms and their "
		"weights, how words are cut, thresholds. When a round of "
		"changes gains nothing, pairs of them are drawn; the search "
		"ends when they gain nothing either, or with its time. The "
		"steps that were taken go to standard output, and what the "
		"recipe gained by them.\n\n"
		"Interrupted (^C), it tells the best so far and writes it. "
		"With --table, the same command goes on where it ended; what "
		"is in the table is not scored again. A table of another "
		"recipe, of other data or folds is refused.\n\n"
		"The best of many figures is the best by luck as well. So the "
		"recipe as it was and the best are scored once more, on folds "
		"that the search has not seen, and a paired test tells whether "
		"the difference may be chance. Few documents want more "
		"repeats, and a higher --least.\n\n"
		"A change is a key of the recipe and its value: "
		"'words.ngrams=[1, 2]'; several with ';' between are made "
		"together, and alternatives have a '|' between. 'blocks.1' is "
		"the first of the recipe's further blocks. 'topic.c*=2 to 30' "
		"doubles, up to 30. 'blocks+=words as more' adds a block like "
		"'words', 'blocks.last'. --only and --fix name keys or whole "
		"maps of them, with ',' between; what changes several keys "
		"needs leave for all.\n\n"
		"The same recipe and data give the same steps, whatever the "
		"number of jobs, as far as the time reaches.",
	.examples = "  vigie tune recipe.yaml --budget 1h --table tried.tsv "
		    "--output best.yaml\n"
		    "  vigie tune recipe.yaml --only topic.c,topic.bayes "
		    "--repeats 5\n"
		    "  vigie tune recipe.yaml --fix chars --try "
		    "tokens.stem=french\n",
	.opts = options,
	.run = run,
};
