#include "learn/train.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "classify/judge.h"
#include "learn/cross.h"
#include "learn/folds.h"

struct train_options {
	const char *output;
	struct opt_list data;
	uint64_t jobs;
	bool by_hand;
};

struct training {
	const struct train_options *options;
	struct recipe recipe;
	struct corpus corpus;
	struct terms terms;
	struct fit fit;
	struct cross cross;
	struct report report;
};

/* What goes into the head beside the model itself. */

static json_t *golden_one(const struct model *m, const struct example *x,
			  struct arena scratch)
{
	json_t *scores = json_array();
	struct judgement j;

	if (judge(m, x->title, x->text, &scratch, &j)) {
		json_decref(scores);
		return NULL;
	}
	for (uint32_t c = 0; c < m->column_count; c++)
		json_array_append_new(scores, json_real(j.decision[c]));
	return json_pack("{s:s%, s:s%, s:o}", "title", x->title.p,
			 x->title.n, "text", x->text.p, x->text.n, "scores",
			 scores);
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

static json_t *extra(const struct model *m, const void *arg)
{
	const struct training *t = arg;

	return json_pack("{s:o, s:o}", "golden", golden(m, t), "figures",
			 report_json(&t->report, t->corpus.topics,
				     t->corpus.stances.v));
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
	return 0;
}

static int deal(struct training *t)
{
	t->cross.folds = (uint32_t)t->recipe.folds;
	t->cross.fold = calloc(t->corpus.n, sizeof(*t->cross.fold));
	if (!t->cross.fold)
		return -ENOMEM;
	return folds_deal(&t->corpus, t->terms.groups, t->cross.folds,
			  (uint64_t)t->recipe.seed, t->cross.fold);
}

static int new_report(const struct training *t, struct report *r)
{
	return report_init(r, t->corpus.topic_count,
			   (uint32_t)t->corpus.stances.n, t->recipe.one_of);
}

static int validate(struct training *t, struct fit_column *columns,
		    struct err *e)
{
	int r = deal(t);

	if (!r)
		r = cross_run(&t->cross, &t->fit, "cross-validating, fold", e);
	if (!r)
		r = new_report(t, &t->report);
	if (!r)
		r = cross_report(&t->cross, &t->fit, &t->report);
	if (!r)
		r = cross_calibrate(&t->cross, &t->fit, columns);
	return r;
}

static void print_report(const struct training *t, const struct report *r,
			 const char *how)
{
	printf("%zu documents, %u terms in all; %s\n\n", t->corpus.n,
	       t->terms.n, how);
	report_print(r, t->corpus.topics, t->corpus.stances.v, stdout);
}

/* The split by hand tells what is owed to one author's ways. */
static int report_by_hand(struct training *t, struct err *e)
{
	struct cross x = { 0 };
	struct report report;
	int r;

	x.fold = calloc(t->corpus.n, sizeof(*x.fold));
	if (!x.fold)
		return -ENOMEM;
	x.folds = folds_by_hand(&t->corpus, 64, x.fold);
	if (!x.folds) {
		cross_free(&x);
		return err_set(e, -EBADMSG,
			       "--by-hand wants 2 to 64 hands: every document "
			       "needs a field '%s'",
			       t->recipe.fields.hand);
	}
	r = cross_run(&x, &t->fit, "leaving out one hand", e);
	if (!r)
		r = new_report(t, &report);
	if (!r) {
		r = cross_report(&x, &t->fit, &report);
		putchar('\n');
		print_report(t, &report, "each hand judged by the others'");
		report_done(&report);
	}
	cross_free(&x);
	return r;
}

static int fit_all(struct training *t, struct fit_column *columns,
		   struct err *e)
{
	unsigned char *use = malloc(t->corpus.n);
	struct buf bundle;
	int r;

	if (!use)
		return -ENOMEM;
	memset(use, 1, t->corpus.n);
	t->fit.columns = columns;
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
	struct fit_column *columns =
		calloc(fit_columns(&t->corpus), sizeof(*columns));
	char how[64];
	int r = columns ? 0 : -ENOMEM;

	t->fit = (struct fit){ .corpus = &t->corpus, .terms = &t->terms,
			       .recipe = &t->recipe,
			       .jobs = (size_t)t->options->jobs };
	if (!r)
		r = validate(t, columns, e);
	if (!r) {
		snprintf(how, sizeof(how), "%u-fold cross-validation",
			 t->cross.folds);
		print_report(t, &t->report, how);
	}
	if (!r && t->options->by_hand)
		r = report_by_hand(t, e);
	if (!r)
		r = fit_all(t, columns, e);
	if (!r)
		r = verify(t->options->output, e);
	free(columns);
	return r;
}

static int train(const struct train_options *o, const char *recipe_path,
		 struct err *e)
{
	struct training t = { .options = o };
	struct conf conf;
	int r = recipe_load(&conf, recipe_path, &t.recipe, e);

	if (!r)
		r = read_data(&t, recipe_path, e);
	if (!r) {
		r = terms_read(&t.terms, &t.corpus, &t.recipe, e);
		if (!r) {
			r = train_on(&t, e);
			terms_free(&t.terms);
		}
		cross_free(&t.cross);
		report_done(&t.report);
		corpus_free(&t.corpus);
	}
	conf_done(&conf);
	return r;
}

static int run(int argc, char **argv)
{
	struct train_options o = { .output = NULL };
	struct opt_list rest = { .n = 0 };
	struct err e = { "" };
	int r = opt_parse(&train_cmd, argc, argv, &o, &rest);

	if (r != OPT_GO)
		return r;
	if (rest.n != 1)
		return opt_misuse(&train_cmd, "name one recipe");
	if (!o.output)
		return opt_misuse(&train_cmd, "say where the bundle goes: "
					      "--output FILE");
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
	  "write the bundle here (needed)" },
	{ "data", 'd', OPT_LIST, AT(data), "FILE",
	  "learn from this file of JSON lines instead of the recipe's; may be "
	  "given again" },
	{ "jobs", 'j', OPT_COUNT, AT(jobs), "N",
	  "train in so many processes at once; else one a processor" },
	{ "by-hand", 0, OPT_FLAG, AT(by_hand), NULL,
	  "also report how each author's documents fare with a model of the "
	  "others'" },
	{ .name = NULL },
};

const struct cmd train_cmd = {
	.name = "train",
	.args = "RECIPE",
	.summary = "Learn topics and stances from labelled documents",
	.about =
		"Reads the recipe (YAML) and the labelled documents it names, "
		"one JSON object a line, cross-validates, trains on all of "
		"them, and writes one bundle: the file that 'vigie run' and "
		"'vigie classify' judge by. The cross-validated report goes to "
		"standard output, the progress to a terminal.\n\n"
		"A document's labels are {\"topic\": \"stance\", …}, a list of "
		"topics, or one topic. Lines that cannot be used are listed "
		"with file and line, and left out.\n\n"
		"The same documents and recipe give the same bundle, byte for "
		"byte, on one machine.",
	.examples = "  vigie train recipe.yaml --output mine.vigie\n"
		    "  vigie train recipe.yaml -o mine.vigie --data "
		    "labelled.jsonl\n",
	.opts = options,
	.run = run,
};
