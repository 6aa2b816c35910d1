#include "learn/train.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "classify/judge.h"
#include "learn/found.h"
#include "learn/lacking.h"
#include "learn/report_html.h"
#include "learn/validate.h"

struct train_options {
	const char *output, *report;
	struct opt_list data;
	uint64_t jobs;
	bool cross; /* only cross-validate */
	bool example;
	struct validate_options validate;
};

struct training {
	const struct train_options *options;
	struct recipe recipe;
	struct corpus corpus;
	struct terms terms;
	struct fit fit;
	struct validation validation;
};

/* What goes into the head beside the model itself. */

static json_t *golden_one(const struct model *m, const struct example *x,
			  struct arena scratch)
{
	const struct str field[FIELD_COUNT] = { x->title, x->text, x->target };
	json_t *scores = json_array(), *o;
	struct judgement j;

	if (judge(m, field, &scratch, &j)) {
		json_decref(scores);
		return NULL;
	}
	for (uint32_t c = 0; c < m->column_count; c++)
		json_array_append_new(scores, json_real(j.decision[c]));
	o = json_pack("{s:s%, s:s%, s:o}", "title", x->title.p, x->title.n,
		      "text", x->text.p, x->text.n, "scores", scores);
	if (x->target.n)
		json_object_set_new(o, "target",
				    json_stringn(x->target.p, x->target.n));
	return o;
}

static json_t *golden(const struct model *m, const struct training *t)
{
	size_t n = (size_t)t->recipe.golden;
	json_t *all = json_array();
	struct arena scratch;

	if (arena_open(&scratch, JUDGE_ARENA))
		return all;
	for (size_t i = 0; i < n && i < t->corpus.n; i++)
		json_array_append_new(
			all,
			golden_one(m, &t->corpus.v[i * t->corpus.n / n],
				   scratch));
	arena_close(scratch);
	return all;
}

/* The day that the builder names (reproducible-builds.org, SOURCE_DATE_EPOCH),
 * or NULL: a clock would make two runs differ. */
static json_t *date(void)
{
	const char *z = getenv("SOURCE_DATE_EPOCH");
	char *end = NULL, day[32];
	long long seconds = z ? strtoll(z, &end, 10) : 0;
	time_t at = (time_t)seconds;
	struct tm tm;

	if (!z || end == z || *end || !gmtime_r(&at, &tm) ||
	    !strftime(day, sizeof(day), "%Y-%m-%d", &tm))
		return NULL;
	return json_string(day);
}

static json_t *extra(const struct model *m, const void *arg)
{
	const struct training *t = arg;
	const struct validate_split *s = &t->validation.cross;

	return json_pack("{s:o, s:o, s:o, s:o*}", "golden", golden(m, t),
			 "whole", model_whole(m), "figures",
			 s->made ? report_json(&s->report, REPORT_FIGURES)
				 : json_null(),
			 "date", date());
}

/* The steps. */

static int read_data(struct training *t, const char *recipe_path,
		     struct err *e)
{
	bool given = t->options->data.n > 0;
	struct str folder = given ? (struct str){ "", 0 }
				  : file_folder(recipe_path);
	int r;

	if (!given && !t->recipe.data.n)
		return err_set(e, -EINVAL,
			       "%s: has no 'data'; name files there or with "
			       "--data",
			       recipe_path);
	r = corpus_read(&t->corpus, &t->recipe, folder,
			given ? t->options->data.v : t->recipe.data.v,
			given ? t->options->data.n : t->recipe.data.n, e);
	if (r)
		return r;
	corpus_warn(&t->corpus);
	r = lacking_check(&t->recipe, &t->corpus, e);
	if (r)
		corpus_free(&t->corpus);
	return r;
}

/* What is asked of cross-validation when there is none. */
static int check_options(const struct training *t, const char *recipe_path,
			 struct err *e)
{
	const struct train_options *o = t->options;
	const char *wants = NULL;

	if (validate_crosses(&t->recipe, &o->validate))
		return 0;
	if (o->validate.predictions)
		wants = "--predictions";
	else if (o->validate.repeats)
		wants = "--repeats";
	else if (o->validate.by_hand || o->validate.by_time)
		return 0;
	else if (o->cross)
		wants = "--cross";
	else if (o->report)
		wants = "--report";
	if (!wants)
		return 0;
	return err_set(e, -EINVAL,
		       "%s: has 'folds: 0', so that nothing is "
		       "cross-validated, which %s wants",
		       recipe_path, wants);
}

/* A folder that is not there is told before the long work begins. */
static int check_outputs(const struct train_options *o, struct err *e)
{
	int r = o->output ? found_check(o->output, e) : 0;

	if (!r && o->report)
		r = found_check(o->report, e);
	return r;
}

static int write_json(const char *path, json_t *o, struct err *e)
{
	struct buf b;
	int r;

	buf_init(&b, (size_t)1 << 32);
	json_add_value(&b, o);
	buf_add_char(&b, '\n');
	r = buf_error(&b);
	if (!r)
		r = file_write(path, buf_view(&b), e);
	buf_done(&b);
	json_decref(o);
	return r;
}

/* The same as a page, a part for each split. */
static int write_page(const struct training *t, const char *path,
		      struct err *e)
{
	const struct validation *v = &t->validation;
	const struct validate_split *all[] = { &v->cross, &v->hand, &v->time };
	struct report_html_part parts[3];
	char digest[HASH_SHA_HEX], measured[32];
	const struct report_html_fact facts[] = {
		{ "documents", measured }, { "sha256", digest },
	};
	struct report_html page = { t->recipe.name, facts, 2, parts, 0 };
	struct buf b;
	int r;

	for (int i = 0; i < 3; i++)
		if (all[i]->made)
			parts[page.part_count++] = (struct report_html_part){
				all[i]->how, &all[i]->report
			};
	snprintf(measured, sizeof(measured), "%zu", t->corpus.n);
	hash_hex(t->corpus.digest, HASH_SHA_SIZE, digest);
	buf_init(&b, (size_t)1 << 30);
	r = report_html(&page, &b);
	if (!r)
		r = file_write(path, buf_view(&b), e);
	buf_done(&b);
	return r ? err_sys(e, r, "%s", path) : 0;
}

static int measure_all(struct training *t, struct err *e)
{
	const struct train_options *o = t->options;
	int r = validate(&t->validation, &t->fit, &o->validate, e);

	if (r)
		return r;
	validation_print(&t->validation, &t->fit, stdout);
	if (!t->validation.cross.made)
		log_line(LOG_WARN, "'folds' is 0: nothing was cross-validated, "
				   "probabilities are not calibrated, "
				   "thresholds are zero");
	if (!o->report)
		return 0;
	if (str_ends(str_of(o->report), STR(".html")))
		return write_page(t, o->report, e);
	return write_json(o->report, validation_json(&t->validation, &t->fit),
			  e);
}

static int fit_all(struct training *t, struct err *e)
{
	unsigned char *use = malloc(t->corpus.n);
	struct buf bundle;
	int r;

	if (!use)
		return -ENOMEM;
	memset(use, 1, t->corpus.n);
	t->fit.columns = t->validation.columns.v;
	t->fit.extra = extra;
	t->fit.extra_arg = t;
	buf_init(&bundle, (size_t)64 << 30);
	r = fit_bundle(&t->fit, use, &bundle, e);
	if (!r)
		r = file_write(t->options->output, buf_view(&bundle), e);
	buf_done(&bundle);
	free(use);
	return r;
}

/* The file as it lies on disk must open and pass its own test. */
static int verify(const char *path, struct err *e)
{
	struct model *m;
	int r = model_open(path, &m, e);

	if (r)
		return r;
	r = model_selftest(m, e);
	if (!r)
		log_line(LOG_NOTE, "%s: model %s, %u terms, sha256 %s", path,
			 m->name, m->tfidf.terms, m->id);
	model_free(m);
	return r;
}

static int train_on(struct training *t, struct err *e)
{
	int r;

	t->fit = (struct fit){ .corpus = &t->corpus, .terms = &t->terms,
			       .recipe = &t->recipe,
			       .jobs = (size_t)t->options->jobs };
	r = measure_all(t, e);
	if (!r && t->options->cross)
		log_line(LOG_NOTE, "only cross-validated: no bundle was "
				   "written");
	if (r || t->options->cross)
		return r;
	r = fit_all(t, e);
	return r ? r : verify(t->options->output, e);
}

static int train(const struct train_options *o, const char *recipe_path,
		 struct err *e)
{
	struct training t = { .options = o };
	struct conf conf;
	int r = recipe_load(&conf, recipe_path, &t.recipe, e);

	if (!r)
		r = check_options(&t, recipe_path, e);
	if (!r)
		r = check_outputs(o, e);
	if (!r)
		r = read_data(&t, recipe_path, e);
	if (!r) {
		r = terms_read(&t.terms, &t.corpus, &t.recipe, e);
		if (!r) {
			r = train_on(&t, e);
			terms_free(&t.terms);
		}
		validation_done(&t.validation);
		corpus_free(&t.corpus);
	}
	conf_done(&conf);
	return r;
}

static void example(void)
{
	fputs("# A recipe: every key with its default, commented out.\n"
	      "# vigie train recipe.yaml --output mine.vigie\n",
	      stdout);
	conf_example(recipe_keys, stdout);
}

static int run(int argc, char **argv)
{
	struct train_options o = { .output = NULL };
	struct opt_list rest = { .n = 0 };
	struct err e = { "" };
	int r = opt_parse(&train_cmd, argc, argv, &o, &rest);

	if (r != OPT_GO)
		return r;
	if (o.example) {
		example();
		return EX_OK;
	}
	if (rest.n != 1)
		return opt_misuse(&train_cmd, "name one recipe");
	if (!o.output && !o.cross)
		return opt_misuse(&train_cmd,
				  "say where the bundle goes: --output FILE; "
				  "or that none is wanted: --cross");
	if (o.output && o.cross)
		return opt_misuse(&train_cmd, "--cross writes no bundle: "
					      "leave out --output");
	if (!o.jobs)
		o.jobs = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN);
	log_name("train");
	r = train(&o, rest.v[0], &e);
	if (r)
		log_line(LOG_TROUBLE, "%s", e.text[0] ? e.text : strerror(-r));
	return err_exit(r);
}

#define AT(member) offsetof(struct train_options, member)

static const struct opt options[] = {
	{ "output", 'o', OPT_TEXT, AT(output), "FILE",
	  "write the bundle here (needed without --cross)" },
	{ "cross", 0, OPT_FLAG, AT(cross), NULL,
	  "cross-validate and report, without a bundle" },
	{ "data", 'd', OPT_LIST, AT(data), "FILE",
	  "learn from this file instead of the recipe's; may be given again" },
	{ "folds", 0, OPT_TEXT, AT(validate.folds), "FILE",
	  "cross-validate on the folds of this file, one line {\"id\": …, "
	  "\"folds\": [r0, r1, …]} a document, instead of dealing them" },
	{ "repeats", 0, OPT_COUNT, AT(validate.repeats), "N",
	  "cross-validate so many times, each on folds dealt anew, and report "
	  "the mean; else once, or as often as the file of folds says" },
	{ "by-hand", 0, OPT_FLAG, AT(validate.by_hand), NULL,
	  "also report how each author's documents fare with a model of the "
	  "others'" },
	{ "by-time", 0, OPT_FLAG, AT(validate.by_time), NULL,
	  "also report how the newest fifth of the documents fares with a "
	  "model of the older" },
	{ "predictions", 0, OPT_TEXT, AT(validate.predictions), "FILE",
	  "write what cross-validation said of each document here, as JSON "
	  "lines" },
	{ "report", 0, OPT_TEXT, AT(report), "FILE",
	  "write all figures and curves here, as JSON; as one page where the "
	  "name ends in .html" },
	{ "jobs", 'j', OPT_COUNT, AT(jobs), "N",
	  "train in so many processes at once; else one a processor" },
	{ "example", 0, OPT_FLAG, AT(example), NULL,
	  "print a recipe to start from, with every key explained" },
	{ .name = NULL },
};

const struct cmd train_cmd = {
	.name = "train",
	.args = "RECIPE",
	.summary = "Learn topics and stances from labelled documents",
	.about =
		"Reads the recipe (vigie-recipe(5)) and the labelled documents "
		"it names, cross-validates, trains on all of them, and writes "
		"one bundle: the file that 'vigie run' and 'vigie classify' "
		"judge by. The cross-validated report goes to standard "
		"output, the progress to a terminal.\n\n"
		"A document's labels are {\"topic\": \"stance\", …}, a list of "
		"topics, or one topic. Lines that cannot be used are listed "
		"with file and line, and left out.\n\n"
		"In cross-validation every document is judged by a model that "
		"has not seen it nor a near-copy of it, and its probabilities "
		"and thresholds come from the other folds as well. The report "
		"has precision, recall and F1 of each label, how far "
		"probabilities are off (the Brier score, and the expected "
		"calibration error, ECE), what is right of the surest part, "
		"and what was taken for what. The bundle's own calibration "
		"and thresholds come from the first repeat; with 'folds: 0' "
		"in the recipe it has none.\n\n"
		"The same documents and recipe give the same bundle, byte for "
		"byte, on one machine.",
	.examples = "  vigie train recipe.yaml --output mine.vigie\n"
		    "  vigie train recipe.yaml -o mine.vigie --data "
		    "labelled.jsonl\n"
		    "  vigie train recipe.yaml --cross --repeats 5 --report "
		    "figures.json\n",
	.opts = options,
	.run = run,
};
