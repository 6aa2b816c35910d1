#include "classify/verdict.h"

#include <errno.h>

#include "classify/because.h"

/* Probabilities and parts are read by people, weights are added up by
 * programs. */
enum { DIGITS_PROBABILITY = 4, DIGITS_WEIGHT = 4, DIGITS_DECISION = 17 };

/* Most of a verdict: the names in pieces that hold as much as can be known. */
static void add_span(const struct judgement *j, const struct span *s,
		     struct buf *out)
{
	struct str text = { j->field[s->field].p + s->start,
			    s->end - s->start };

	if (out->p[out->n - 1] != '[')
		buf_add_char(out, ',');
	buf_add_z(out, "{\"field\":\"");
	buf_add_z(out, field_names[s->field]);
	buf_add_z(out, "\",\"text\":");
	json_add_text(out, text);
	buf_add_z(out, ",\"start\":");
	buf_add_u64(out, s->start);
	buf_add_z(out, ",\"end\":");
	buf_add_u64(out, s->end);
	buf_add_z(out, ",\"weight\":");
	json_add_real(out, s->weight, DIGITS_WEIGHT);
	buf_add_char(out, '}');
}

static int add_because(const struct model *m, const struct judgement *j,
		       const char *name, uint32_t column,
		       struct arena scratch, struct buf *out)
{
	struct spans words, best;
	int r = because_words(m, j, column, &scratch, &words);

	if (r)
		return r;
	best = because_best(j, words);
	json_add_name(out, name);
	buf_add_char(out, '[');
	for (size_t i = 0; i < best.n; i++)
		add_span(j, &best.v[i], out);
	buf_add_char(out, ']');
	return buf_error(out);
}

static void add_probability(const struct model *m, const struct judgement *j,
			    uint32_t topic, struct buf *out)
{
	json_add_name(out, "probability");
	json_add_real(out, judge_probability(m, topic, j->decision[topic]),
		      DIGITS_PROBABILITY);
}

/* The stance on a given topic; its name, for the key. */
static const char *add_stance(const struct model *m, const struct judgement *j,
			      uint32_t topic, uint32_t *stance,
			      struct buf *out)
{
	double p;
	const char *name;

	*stance = judge_stance(m, j, topic, &p);
	name = p < m->unsure ? "unsure" : m->stances[*stance];
	json_add_name(out, "stance");
	json_add_text(out, str_of(name));
	json_add_name(out, "stance_probability");
	json_add_real(out, p, DIGITS_PROBABILITY);
	return name;
}

static int add_topic(const struct model *m, const struct judgement *j,
		     uint32_t topic, struct arena scratch, struct buf *out,
		     struct buf *keys)
{
	const char *name = m->topics[topic].name;
	uint32_t stance = 0;
	bool found = !m->targets; /* a target was given */
	int r = 0;

	if (out->p[out->n - 1] != '[')
		buf_add_char(out, ',');
	buf_add_char(out, '{');
	json_add_name(out, "topic");
	json_add_text(out, str_of(name));
	if (found)
		add_probability(m, j, topic, out);
	buf_add_z(keys, name);
	if (m->stance_count) {
		buf_add_char(keys, '.');
		buf_add_z(keys, add_stance(m, j, topic, &stance, out));
	}
	buf_add_char(keys, '\n');
	if (found)
		r = add_because(m, j, "because", topic, scratch, out);
	if (!r && m->stance_count)
		r = add_because(m, j, "stance_because",
				model_stance_column(m, topic, stance), scratch,
				out);
	buf_add_char(out, '}');
	return r;
}

/* "topic" or "topic.stance", neither of which has anything to escape. */
static void add_score(const struct model *m, const struct judgement *j,
		      uint32_t column, struct buf *out)
{
	if (out->p[out->n - 1] != '{')
		buf_add_char(out, ',');
	buf_add_char(out, '"');
	buf_add_z(out, m->topics[model_column_topic(m, column)].name);
	if (column >= m->topic_count) {
		buf_add_char(out, '.');
		buf_add_z(out, m->stances[model_column_stance(m, column)]);
	}
	buf_add_z(out, "\":");
	json_add_real(out, j->decision[column], DIGITS_DECISION);
}

/* Of topics only where they are found: nothing was decided of a target. */
static void add_scores(const struct model *m, const struct judgement *j,
		       struct buf *out)
{
	uint32_t first = m->targets ? m->topic_count : 0;

	json_add_name(out, "scores");
	buf_add_char(out, '{');
	for (uint32_t c = first; c < m->column_count && !buf_error(out); c++)
		add_score(m, j, c, out);
	buf_add_char(out, '}');
}

static void add_model(const struct model *m, struct buf *out)
{
	buf_add_z(out, ",\"model\":\"");
	buf_add_z(out, m->name);
	buf_add_z(out, "@sha256:");
	buf_add_z(out, m->id);
	buf_add_char(out, '"');
}

void verdict_none(const struct model *m, struct buf *out)
{
	buf_add_z(out, "\"topics\":[],\"unknown_words\":null");
	add_model(m, out);
}

int verdict_write(const struct model *m, const struct judgement *j,
		  bool all_scores, struct arena scratch, struct buf *out,
		  struct buf *keys)
{
	unsigned char *given = arena_take(&scratch, m->topic_count);
	size_t before = keys->n;
	int r = 0;

	if (!given)
		return -ENOMEM;
	judge_topics(m, j, given);
	buf_add_z(out, "\"topics\":[");
	for (uint32_t t = 0; t < m->topic_count && !r && !buf_error(out); t++)
		if (given[t])
			r = add_topic(m, j, t, scratch, out, keys);
	buf_add_char(out, ']');
	if (all_scores)
		add_scores(m, j, out);
	json_add_name(out, "unknown_words");
	json_add_real(out, judge_unknown(m, j), DIGITS_PROBABILITY);
	add_model(m, out);
	if (keys->n == before)
		buf_add_z(keys, "none\n");
	return r ? r : buf_error(out) ? buf_error(out) : buf_error(keys);
}
