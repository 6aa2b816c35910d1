/* A verdict for programs: every word that has a share. jansson hands a failed
 * allocation on as NULL, up to the whole. */
#include "commands/explain.h"

#include <errno.h>
#include <stdio.h>

#include "base/json.h"

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

static json_t *support_json(const struct evidence *e)
{
	json_t *all = json_array();

	for (size_t i = 0; i < e->support_count; i++) {
		const struct evidence_support *s = &e->support[i];

		json_array_append_new(
			all, json_pack("{s:I, s:s?, s:f, s:f}", "vector",
				       (json_int_t)s->vector, "id", s->id,
				       "similarity", s->similarity, "weight",
				       s->weight));
	}
	return all;
}

static json_t *column_json(const struct explained *x, uint32_t column,
			   struct arena scratch)
{
	struct evidence e;
	json_t *o;

	if (evidence_find(x->m, x->j, column, &scratch, &e))
		return NULL;
	o = json_pack("{s:f, s:f, s:f, s:f, s:b, s:o}", "decision", e.decision,
		      "intercept", e.intercept, "threshold", e.threshold,
		      "probability", e.probability, "linear", e.linear,
		      "words", words_json(x->j, e.words));
	if (!e.linear && o) {
		json_object_set_new(o, "rest", json_real(e.rest));
		json_object_set_new(o, "support", support_json(&e));
	}
	return o;
}

static int add_stances(const struct explained *x, uint32_t topic, json_t *o,
		       struct arena scratch)
{
	const struct model *m = x->m;
	json_t *all = json_object();
	double among;
	uint32_t best = judge_stance(m, x->j, topic, &among);
	int r = 0;

	for (uint32_t s = 0; s < m->stance_count; s++)
		r |= json_object_set_new(
			all, m->stances[s],
			column_json(x, model_stance_column(m, topic, s),
				    scratch));
	r |= json_object_set_new(o, "stance",
				 json_string(among < m->unsure
						     ? "unsure"
						     : m->stances[best]));
	r |= json_object_set_new(o, "stance_probability", json_real(among));
	r |= json_object_set_new(o, "stances", all);
	return r;
}

/* Of a target nothing was decided but the stance towards it. */
static json_t *topic_json(const struct explained *x, uint32_t topic,
			  struct arena scratch)
{
	const struct model *m = x->m;
	json_t *o = json_pack("{s:s, s:b}", "topic", m->topics[topic].name,
			      "given", x->given[topic]);
	int r = o ? 0 : -1;

	if (!m->targets)
		r |= json_object_set_new(o, "evidence",
					 column_json(x, topic, scratch));
	if (m->stance_count)
		r |= add_stances(x, topic, o, scratch);
	if (r) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static json_t *topics_json(const struct explained *x, struct arena scratch)
{
	json_t *all = json_array();

	for (uint32_t t = 0; t < x->m->topic_count; t++)
		if ((x->all || x->given[t]) &&
		    json_array_append_new(all, topic_json(x, t, scratch))) {
			json_decref(all);
			return NULL;
		}
	return all;
}

/* The members that the article's record has. */
static json_t *article_json(struct str meta, struct arena scratch)
{
	char *text = arena_take(&scratch, meta.n + 2);

	if (!text)
		return NULL;
	snprintf(text, meta.n + 2, "{" STR_FMT, STR_ARG(meta));
	text[meta.n + 1] = '}';
	return json_parse((struct str){ text, meta.n + 2 }, NULL);
}

int explain_json(const struct explained *x, struct arena scratch)
{
	const struct str *f = x->j->field;
	json_t *o = article_json(x->meta, scratch);
	json_t *more = json_pack(
		"{s:s, s:s%, s:s%, s:s%, s:f, s:o, s:o}", "place", x->place,
		"title", f[FIELD_TITLE].p, f[FIELD_TITLE].n, "text",
		f[FIELD_TEXT].p, f[FIELD_TEXT].n, "target", f[FIELD_TARGET].p,
		f[FIELD_TARGET].n, "unknown_words", judge_unknown(x->m, x->j),
		"model", json_sprintf("%s@sha256:%s", x->m->name, x->m->id),
		"topics", topics_json(x, scratch));
	int r = o && more ? json_object_update(o, more) : -1;

	if (!r) {
		json_dumpf(o, stdout, JSON_COMPACT);
		putchar('\n');
	}
	json_decref(o);
	json_decref(more);
	return r ? -ENOMEM : 0;
}
