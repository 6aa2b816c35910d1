#include "learn/evaluate.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "learn/kept.h"
#include "learn/predictions.h"
#include "learn/report_html.h"

enum { FACTS_MAX = 8, FACT_SIZE = 512, PAGE_MAX = 1 << 30 };

struct evaluate_options {
	bool json;
	const char *html, *predictions, *format;
	struct opt_list fields;
};

/* What is measured, by what, and what came of it; freed as far as it was
 * filled. */
struct evaluation {
	const struct evaluate_options *options;
	const struct opt_list *files;
	struct model *model;
	struct kept kept; /* how to read the files */
	struct corpus corpus;
	struct cross cross; /* one fold, with the documents' scores */
	struct report report;
	bool measured;
	char how[64];
};

/* What the command line says of how to read the files. */
static int set_reading(struct kept *k, const struct evaluate_options *o,
		       struct err *e)
{
	int r = kept_set_format(k, o->format, e);

	for (size_t i = 0; i < o->fields.n && !r; i++)
		r = kept_set_field(k, o->fields.v[i], e);
	return r;
}

static int prepare(struct evaluation *v, const char *bundle, struct err *e)
{
	int r = model_open(bundle, &v->model, e);

	if (r)
		return r;
	r = model_selftest(v->model, e); /* else its figures say nothing */
	if (r)
		return err_at(e, r, "%s: ", bundle);
	r = kept_open(&v->kept, v->model, e);
	return r ? r : set_reading(&v->kept, v->options, e);
}

static int read_documents(struct evaluation *v, struct err *e)
{
	int r = corpus_read_lenient(&v->corpus, &v->kept.recipe, STR(""),
				    v->files->v, v->files->n, e);

	if (r)
		return r;
	corpus_warn(&v->corpus);
	snprintf(v->how, sizeof(v->how), "on %zu document%s", v->corpus.n,
		 v->corpus.n == 1 ? "" : "s");
	return 0;
}

static int measure(struct evaluation *v)
{
	const struct corpus *c = &v->corpus;
	struct scores *s = &v->cross.scores;
	struct report_set set = report_set_of(&v->kept.recipe, c);
	int r = scores_init(s, c->n, c->topic_count, (uint32_t)c->stances.n);

	v->cross.folds = 1;
	v->cross.fold = calloc(c->n + 1, sizeof(*v->cross.fold));
	if (!v->cross.fold)
		return -ENOMEM;
	if (!r)
		r = score_judge(v->model, c, NULL, s);
	for (size_t i = 0; i < c->n && !r; i++)
		score_label(v->model, c->v[i].labels, i, s);
	if (!r)
		r = report_make(&v->report, &set, c, s);
	v->measured = !r;
	return r;
}

/* Telling what came of it. */

static int print(const struct evaluation *v)
{
	const struct model *m = v->model;
	char measured[HASH_SHA_HEX];
	json_t *o;

	if (!v->options->json) {
		printf("%s (%s) %s\n\n", m->name, m->id, v->how);
		report_print(&v->report, stdout);
		return 0;
	}
	o = report_json(&v->report, REPORT_ALL);
	if (!o)
		return -ENOMEM;
	json_object_set_new(o, "model", json_sprintf("%s@sha256:%s", m->name,
						     m->id));
	hash_hex(v->corpus.digest, HASH_SHA_SIZE, measured);
	json_object_set_new(o, "data_sha256", json_string(measured));
	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(o);
	return 0;
}

static int write_predictions(const struct evaluation *v, struct err *e)
{
	const char *path = v->options->predictions;
	const struct fit f = { .corpus = &v->corpus,
			       .recipe = &v->kept.recipe };
	FILE *out;
	int r;

	if (!path)
		return 0;
	out = fopen(path, "w");
	if (!out)
		return err_sys(e, -errno, "%s", path);
	r = predictions_write(&v->cross, &f, 0, out);
	if (fclose(out) && !r)
		r = -errno;
	return r ? err_sys(e, r, "%s", path) : 0;
}

/* What the foot of the page says. */
struct facts {
	struct report_html_fact v[FACTS_MAX];
	char value[FACTS_MAX][FACT_SIZE];
	size_t n;
};

static void fact(struct facts *f, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void fact(struct facts *f, const char *name, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->value[f->n], FACT_SIZE, fmt, ap);
	va_end(ap);
	f->v[f->n] = (struct report_html_fact){ name, f->value[f->n] };
	f->n++;
}

static void gather_facts(const struct evaluation *v, struct facts *f)
{
	const struct corpus *c = &v->corpus;
	const struct model *m = v->model;
	const json_t *documents = json_object_get(m->head, "documents");
	const char *learnt =
		json_string_value(json_object_get(m->head, "data_sha256"));
	char measured[HASH_SHA_HEX];

	hash_hex(c->digest, HASH_SHA_SIZE, measured);
	fact(f, "model", "%s@sha256:%s", m->name, m->id);
	fact(f, "learnt from", "%lld documents, sha256:%s",
	     (long long)json_integer_value(documents), learnt ? learnt : "?");
	fact(f, "measured on", "%zu documents, sha256:%s", c->n, measured);
	fact(f, "files", "%s", v->files->v[0]);
	if (v->files->n > 1)
		fact(f, "and more", "%zu", v->files->n - 1);
	if (c->report_count)
		fact(f, "lines with label errors", "%zu", c->report_count);
	if (c->copies || c->contradictions)
		fact(f, "the same as one before",
		     "%zu, and %zu with other labels", c->copies,
		     c->contradictions);
}

static int write_html(const struct evaluation *v, struct err *e)
{
	const char *path = v->options->html;
	const struct report_html_part part = { v->how, &v->report };
	struct facts f = { .n = 0 };
	struct report_html page = { .title = v->model->name,
				    .facts = f.v,
				    .parts = &part,
				    .part_count = 1 };
	struct buf b;
	int r;

	if (!path)
		return 0;
	gather_facts(v, &f);
	page.fact_count = f.n;
	buf_init(&b, PAGE_MAX);
	r = report_html(&page, &b);
	if (!r)
		r = file_write(path, buf_view(&b), e);
	buf_done(&b);
	return r ? err_sys(e, r, "%s", path) : 0;
}

static void evaluation_done(struct evaluation *v)
{
	if (v->measured)
		report_done(&v->report);
	cross_free(&v->cross);
	if (v->corpus.v)
		corpus_free(&v->corpus);
	kept_done(&v->kept);
	model_free(v->model);
}

static int evaluate(const struct evaluate_options *o, const char *bundle,
		    const struct opt_list *files, struct err *e)
{
	struct evaluation v = { .options = o, .files = files };
	int r = prepare(&v, bundle, e);

	if (!r)
		r = read_documents(&v, e);
	if (!r)
		r = measure(&v);
	if (!r)
		r = print(&v);
	if (!r)
		r = write_predictions(&v, e);
	if (!r)
		r = write_html(&v, e);
	evaluation_done(&v);
	return r;
}

static int run(int argc, char **argv)
{
	struct evaluate_options o = { .json = false };
	struct opt_list rest = { .n = 0 }, files;
	struct kept unused = { .recipe = { .name = NULL } };
	struct err e = { "" };
	int r = opt_parse(&evaluate_cmd, argc, argv, &o, &rest);

	if (r != OPT_GO)
		return r;
	if (set_reading(&unused, &o, &e))
		return opt_misuse(&evaluate_cmd, "%s", e.text);
	if (rest.n < 2)
		return opt_misuse(&evaluate_cmd,
				  "name a bundle and labelled documents");
	log_name("evaluate");
	files = (struct opt_list){ rest.v + 1, rest.n - 1 };
	r = evaluate(&o, rest.v[0], &files, &e);
	if (r)
		log_line(LOG_TROUBLE, "%s", e.text[0] ? e.text : strerror(-r));
	return err_exit(r);
}

#define AT(member) offsetof(struct evaluate_options, member)

static const struct opt options[] = {
	{ "json", 0, OPT_FLAG, AT(json), NULL,
	  "print all figures and curves as one JSON object instead of a "
	  "table" },
	{ "html", 0, OPT_TEXT, AT(html), "FILE",
	  "write a page with tables and charts here" },
	{ "predictions", 0, OPT_TEXT, AT(predictions), "FILE",
	  "write what was told of each document here, as JSON lines" },
	{ "format", 0, OPT_TEXT, AT(format), "NAME",
	  "the files are jsonl, csv, tsv, fasttext, svmlight or folder; else "
	  "as in training" },
	{ "field", 0, OPT_LIST, AT(fields), "NAME=THEIRS",
	  "what the files call a field, as text=body; else as in training; "
	  "may be given again" },
	{ .name = NULL },
};

const struct cmd evaluate_cmd = {
	.name = "evaluate",
	.args = "BUNDLE FILE…",
	.summary = "Measure a bundle against labelled documents",
	.about =
		"Judges every document of the files, which are labelled as for "
		"'vigie train', and compares. The bundle remembers how its "
		"training data was read: the names of fields, the form of the "
		"files, where stances point, the metric; so that a held-out "
		"file of the same kind is taken as it is. A label that the "
		"model does not know is told with its line, and the document "
		"judged without it.\n\n"
		"Prints precision, recall, F1 and support of each topic, their "
		"micro and macro average, the same for stances on the topics "
		"that a document really has, how far probabilities are off, "
		"what is right of the surest part, and what was taken for "
		"what. The page of --html shows the same with charts; it is "
		"one file, and nothing in it is fetched or run.",
	.examples = "  vigie evaluate mine.vigie held-out.jsonl\n"
		    "  vigie evaluate --json mine.vigie held-out.jsonl | jq "
		    ".topics.macro_f1\n"
		    "  vigie evaluate mine.vigie test.csv --field text=body "
		    "--html page.html\n",
	.opts = options,
	.run = run,
};
