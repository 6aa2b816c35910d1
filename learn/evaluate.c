#include "learn/evaluate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "learn/score.h"

struct evaluate_options {
	bool json;
};

/* The part of a recipe that reading labelled documents needs, from the
 * bundle's head. Borrows from the model; free the lists. */
static int recipe_of(const struct model *m, struct recipe *r)
{
	const json_t *f = json_object_get(m->head, "fields");

	*r = (struct recipe){ .one_of = m->one_of };
	r->fields = (struct recipe_fields){
		json_string_value(json_object_get(f, "id")),
		json_string_value(json_object_get(f, "title")),
		json_string_value(json_object_get(f, "text")),
		json_string_value(json_object_get(f, "topics")),
		json_string_value(json_object_get(f, "hand")),
	};
	r->topics.v = calloc(m->topic_count + 1, sizeof(char *));
	r->stances.v = calloc(m->stance_count + 1, sizeof(char *));
	if (!r->topics.v || !r->stances.v)
		return -ENOMEM;
	for (; r->topics.n < m->topic_count; r->topics.n++)
		r->topics.v[r->topics.n] = m->topics[r->topics.n].name;
	for (; r->stances.n < m->stance_count; r->stances.n++)
		r->stances.v[r->stances.n] = m->stances[r->stances.n];
	return 0;
}

static int count(const struct model *m, const struct corpus *c,
		 struct report *r)
{
	double *d = calloc(c->n * m->column_count, sizeof(*d));
	double *t = calloc(m->topic_count, sizeof(*t));
	int result = d && t ? score_judge(m, c, NULL, d) : -ENOMEM;

	for (uint32_t i = 0; i < m->topic_count && !result; i++)
		t[i] = m->columns[i].threshold;
	for (size_t i = 0; i < c->n && !result; i++)
		result = score_add(r, c, i, d + i * m->column_count, t);
	free(d);
	free(t);
	return result;
}

static void print(const struct model *m, const struct corpus *c,
		  const struct report *r, bool as_json)
{
	json_t *o;

	if (!as_json) {
		printf("%s (%s) on %zu documents\n\n", m->name, m->id, c->n);
		report_print(r, c->topics, m->stances, stdout);
		return;
	}
	o = report_json(r, c->topics, m->stances);
	json_object_set_new(o, "model", json_sprintf("%s@sha256:%s", m->name,
						     m->id));
	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(o);
}

static int evaluate_on(const struct model *m, const struct recipe *recipe,
		       const struct opt_list *files, bool as_json,
		       struct err *e)
{
	struct corpus c;
	struct report report;
	int r = corpus_read(&c, recipe, (struct str){ "", 0 }, files->v,
			    files->n, e);

	if (r)
		return r;
	corpus_warn(&c);
	r = report_init(&report, m->topic_count, m->stance_count, m->one_of);
	if (!r) {
		r = count(m, &c, &report);
		if (!r)
			print(m, &c, &report, as_json);
		report_done(&report);
	}
	corpus_free(&c);
	return r;
}

static int evaluate(const char *bundle, const struct opt_list *files,
		    bool as_json, struct err *e)
{
	struct recipe recipe = { .name = NULL };
	struct model *m;
	int r = model_open(bundle, &m, e);

	if (r)
		return r;
	r = recipe_of(m, &recipe);
	if (!r)
		r = evaluate_on(m, &recipe, files, as_json, e);
	free(recipe.topics.v);
	free(recipe.stances.v);
	model_free(m);
	return r;
}

static int run(int argc, char **argv)
{
	struct evaluate_options o = { .json = false };
	struct opt_list rest = { .n = 0 }, files;
	struct err e = { "" };
	int r = opt_parse(&evaluate_cmd, argc, argv, &o, &rest);

	if (r != OPT_GO)
		return r;
	if (rest.n < 2)
		return opt_misuse(&evaluate_cmd,
				  "name a bundle and labelled documents");
	log_name("evaluate");
	files = (struct opt_list){ rest.v + 1, rest.n - 1 };
	r = evaluate(rest.v[0], &files, o.json, &e);
	if (r)
		log_line(LOG_TROUBLE, "%s", e.text[0] ? e.text : strerror(-r));
	return err_exit(r);
}

static const struct opt options[] = {
	{ "json", 0, OPT_FLAG, offsetof(struct evaluate_options, json), NULL,
	  "print one JSON object instead of a table" },
	{ .name = NULL },
};

const struct cmd evaluate_cmd = {
	.name = "evaluate",
	.args = "BUNDLE FILE…",
	.summary = "Measure a bundle against labelled documents",
	.about =
		"Judges every document of the files (JSON lines, labelled as "
		"for 'vigie train') and compares. Prints precision, recall, F1 "
		"and support of each topic, their micro and macro average, the "
		"same for stances on the topics that a document really has, "
		"and what was taken for what.",
	.examples = "  vigie evaluate mine.vigie held-out.jsonl\n"
		    "  vigie evaluate --json mine.vigie held-out.jsonl | jq "
		    ".topics.macro_f1\n",
	.opts = options,
	.run = run,
};
