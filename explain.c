#include "commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "classify/because.h"
#include "ingest/source.h"
#include "ingest/understand.h"
#include "settings.h"

enum { SHOWN = 8 }; /* words for, and as many against */

struct explain_options {
	const char *model;
	bool all, json;
};

static const char *const field_names[] = { "title", "text" };

/* For programs: every word that has a share. */

static json_t *words_json(const struct judgement *j, struct spans w)
{
	json_t *all = json_array();

	for (size_t i = 0; i < w.n; i++) {
		const struct span *s = &w.v[i];

		json_array_append_new(
			all, json_pack("{s:s, s:s%, s:i, s:i, s:f}", "field",
				       field_names[s->field], "text",
				       j->field[s->field].p + s->start,
				       (size_t)(s->end - s->start), "start",
				       (int)s->start, "end", (int)s->end,
				       "weight", s->weight));
	}
	return all;
}

static json_t *column_json(const struct model *m, const struct judgement *j,
			   uint32_t column, struct arena scratch)
{
	struct spans w = { NULL, 0 };

	if (because_words(m, j, column, &scratch, &w))
		return NULL;
	return json_pack("{s:f, s:f, s:f, s:f, s:b, s:o}", "decision",
			 j->decision[column], "intercept",
			 m->columns[column].intercept, "threshold",
			 m->columns[column].threshold, "probability",
			 judge_probability(m, column, j->decision[column]),
			 "linear", !m->columns[column].kernel, "words",
			 words_json(j, w));
}

static json_t *topic_json(const struct model *m, const struct judgement *j,
			  uint32_t topic, struct arena scratch)
{
	json_t *o = json_pack("{s:s, s:b, s:o}", "topic",
			      m->topics[topic].name, "given",
			      judge_given(m, j, topic), "evidence",
			      column_json(m, j, topic, scratch));
	json_t *stances = json_object();

	for (uint32_t s = 0; s < m->stance_count; s++)
		json_object_set_new(
			stances, m->stances[s],
			column_json(m, j, model_stance_column(m, topic, s),
				    scratch));
	if (m->stance_count)
		json_object_set(o, "stances", stances);
	json_decref(stances);
	return o;
}

static void print_json(const struct model *m, const struct judgement *j,
		       const char *place, bool all, struct arena scratch)
{
	json_t *topics = json_array(), *o;

	for (uint32_t t = 0; t < m->topic_count; t++)
		if (all || judge_given(m, j, t))
			json_array_append_new(topics,
					      topic_json(m, j, t, scratch));
	o = json_pack("{s:s, s:s%, s:s%, s:o, s:o}", "place", place, "title",
		      j->field[FIELD_TITLE].p, j->field[FIELD_TITLE].n,
		      "text", j->field[FIELD_TEXT].p, j->field[FIELD_TEXT].n,
		      "model", json_sprintf("%s@sha256:%s", m->name, m->id),
		      "topics", topics);
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

/* For people: the heaviest words either way, a word told once. */

struct told {
	struct str word;
	double weight;
};

static int by_weight(const void *a, const void *b)
{
	double x = ((const struct told *)a)->weight;
	double y = ((const struct told *)b)->weight;

	return (x < y) - (x > y);
}

static int by_word(const void *a, const void *b)
{
	return str_cmp(((const struct told *)a)->word,
		       ((const struct told *)b)->word);
}

static size_t gather(const struct judgement *j, struct spans w,
		     struct told *out)
{
	size_t n = 0;

	for (size_t i = 0; i < w.n; i++)
		out[i] = (struct told){
			{ j->field[w.v[i].field].p + w.v[i].start,
			  w.v[i].end - w.v[i].start },
			w.v[i].weight,
		};
	qsort(out, w.n, sizeof(*out), by_word);
	for (size_t i = 0; i < w.n; i++) {
		if (n && str_eq(out[n - 1].word, out[i].word))
			out[n - 1].weight += out[i].weight;
		else
			out[n++] = out[i];
	}
	qsort(out, n, sizeof(*out), by_weight);
	return n;
}

static void print_side(const char *name, const struct told *v, size_t n,
		       bool up, const char *colour)
{
	const char *off = colour[0] ? "\033[0m" : "";
	size_t shown = 0;

	printf("    %-8s", name);
	for (size_t i = 0; i < n && shown < SHOWN; i++) {
		const struct told *t = up ? &v[i] : &v[n - 1 - i];

		if (up ? t->weight <= 0 : t->weight >= 0)
			break;
		printf("%s%s" STR_FMT "%s %+.3f", shown++ ? ", " : "", colour,
		       STR_ARG(t->word), off, t->weight);
	}
	puts(shown ? "" : "nothing");
}

static int print_column(const struct model *m, const struct judgement *j,
			const char *name, uint32_t column,
			struct arena scratch)
{
	bool colours = isatty(STDOUT_FILENO);
	struct spans w;
	struct told *v;
	size_t n;

	if (because_words(m, j, column, &scratch, &w))
		return -ENOMEM;
	v = arena_take_array(&scratch, w.n + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	n = gather(j, w, v);
	printf("  %s: decision %+.3f = %+.3f + the words below; probability "
	       "%.2f\n",
	       name, j->decision[column], m->columns[column].intercept,
	       judge_probability(m, column, j->decision[column]));
	if (m->columns[column].kernel) {
		puts("    not linear: its words have no shares");
		return 0;
	}
	print_side("for", v, n, true, colours ? "\033[32m" : "");
	print_side("against", v, n, false, colours ? "\033[31m" : "");
	return 0;
}

static int print_topic(const struct model *m, const struct judgement *j,
		       uint32_t topic, struct arena scratch)
{
	const char *name = m->topics[topic].name;
	char label[2 * BUNDLE_NAME_MAX];
	double p;
	uint32_t s;
	int r = print_column(m, j, name, topic, scratch);

	if (!m->stance_count || r)
		return r;
	s = judge_stance(m, j, topic, &p);
	snprintf(label, sizeof(label), "%s, %s", name, m->stances[s]);
	return print_column(m, j, label, model_stance_column(m, topic, s),
			    scratch);
}

static int print_text(const struct model *m, const struct judgement *j,
		      const char *place, bool all, struct arena scratch)
{
	struct str head = j->field[FIELD_TITLE];
	bool any = false;
	int r = 0;

	printf("%s%s" STR_FMT "\n", place, head.n ? ": " : "", STR_ARG(head));
	for (uint32_t t = 0; t < m->topic_count && !r; t++)
		if (all || judge_given(m, j, t)) {
			r = print_topic(m, j, t, scratch);
			any = true;
		}
	puts(any ? "" : "  no topic\n");
	return r;
}

/* Articles, as `vigie run` reads them. */

static int explain_piece(const struct model *m, const struct raw *raw,
			 const struct explain_options *o, struct arena scratch,
			 struct err *e)
{
	struct article a = { 0 };
	struct judgement j;
	int r = understand(raw, NULL, &scratch, &a, e);

	if (!r)
		r = judge(m, a.title, a.text, &scratch, &j);
	if (r)
		return r;
	if (o->json)
		print_json(m, &j, raw->place, o->all, scratch);
	else
		r = print_text(m, &j, raw->place, o->all, scratch);
	return r;
}

static int explain_source(const struct model *m, const char *path,
			  const struct explain_options *o,
			  struct arena scratch, struct err *e)
{
	struct source *s;
	struct raw raw;
	int r = source_open(NULL, path, NULL, &s, e);

	if (r)
		return r;
	while (r != STEP_END && r >= 0) {
		struct err why = { "" };

		r = source_next(s, &raw, &why);
		if (r == STEP_WAIT)
			usleep(10000);
		if (!r)
			r = explain_piece(m, &raw, o, scratch, &why);
		if (r == STEP_REJECT)
			log_line(LOG_WARN, "%s; skipped", why.text);
		else if (r < 0)
			err_set(e, r, "%s", why.text);
	}
	source_free(s);
	return r < 0 ? r : 0;
}

/* One that cannot be read does not keep the others away. */
static int explain_files(const struct model *m, const struct opt_list *files,
			 const struct explain_options *o, struct arena scratch,
			 struct err *e)
{
	int first = 0;

	for (size_t i = 0; i < files->n; i++) {
		struct err why = { "" };
		int r = explain_source(m, files->v[i], o, scratch, &why);

		if (!r)
			continue;
		log_line(LOG_TROUBLE, "%s",
			 why.text[0] ? why.text : strerror(-r));
		first = first ? first : r;
	}
	return first ? err_set(e, first, "not every file could be read") : 0;
}

static int explain(const struct explain_options *o,
		   const struct opt_list *files, struct err *e)
{
	struct settings s;
	struct conf conf;
	struct model *m = NULL;
	struct arena a = { NULL, NULL };
	int r = settings_load(&conf, NULL, &s, e);

	if (o->model)
		s.classify.model = o->model;
	if (!r)
		r = settings_need_model(&s, e);
	if (!r)
		r = model_open(s.classify.model, &m, e);
	if (!r)
		r = arena_open(&a, JUDGE_ARENA);
	if (!r)
		r = explain_files(m, files, o, a, e);
	arena_close(a);
	model_free(m);
	conf_done(&conf);
	return r;
}

static int explain_main(int argc, char **argv)
{
	struct explain_options o = { .model = NULL };
	struct opt_list rest = { .n = 0 };
	struct err e = { "" };
	int r = opt_parse(&explain_cmd, argc, argv, &o, &rest);

	if (r != OPT_GO)
		return r;
	if (!rest.n)
		return opt_misuse(&explain_cmd, "name files to read");
	log_name("explain");
	r = explain(&o, &rest, &e);
	if (r)
		log_line(LOG_TROUBLE, "%s", e.text[0] ? e.text : strerror(-r));
	return err_exit(r);
}

#define AT(member) offsetof(struct explain_options, member)

static const struct opt options[] = {
	{ "model", 'm', OPT_TEXT, AT(model), "BUNDLE",
	  "judge by this bundle" },
	{ "all", 'a', OPT_FLAG, AT(all), NULL,
	  "also show the topics that were not given" },
	{ "json", 0, OPT_FLAG, AT(json), NULL,
	  "print one JSON object an article, with every word's share" },
	{ .name = NULL },
};

const struct cmd explain_cmd = {
	.name = "explain",
	.args = "FILE…",
	.summary = "Show which words spoke for and against a verdict",
	.about =
		"Judges articles as 'vigie run' does and shows, for each topic "
		"and its stance, the words that weighed most for and against. "
		"The shares of all words and the intercept add up to the "
		"decision value; --json has all of them, with their byte "
		"offsets into the cleaned title and text.",
	.examples = "  vigie explain article.txt\n"
		    "  vigie explain --all --json news.jsonl\n",
	.opts = options,
	.run = explain_main,
};
