#include "learn/predictions.h"

#include <errno.h>

#include "base/json.h"

enum { LINE_MAX_BYTES = 1 << 26, DIGITS = 17 };

struct line {
	const struct cross *x;
	const struct corpus *c;
	bool targets;
	struct buf *out;
};

/* What is so (given NULL), or what was told. */
static bool has_topic(const unsigned char *labels, const unsigned char *given,
		      uint32_t t)
{
	return given ? given[t] : labels[t];
}

static int stance_of(const unsigned char *labels, const unsigned char *stance,
		     uint32_t t)
{
	return stance ? stance[t] : score_gold(labels[t]);
}

/* {"topic":"stance",…}, or ["topic",…] when there are no stances. */
static void add_labels(const struct line *l, const char *name, size_t doc,
		       const unsigned char *given, const unsigned char *stance)
{
	const unsigned char *labels = l->c->v[doc].labels;
	bool lists = !l->c->stances.n, first = true;

	json_add_name(l->out, name);
	buf_add_char(l->out, lists ? '[' : '{');
	for (uint32_t t = 0; t < l->c->topic_count; t++) {
		int s = lists ? -1 : stance_of(labels, stance, t);

		if (!has_topic(labels, given, t))
			continue;
		if (lists) {
			buf_add_z(l->out, first ? "" : ",");
			json_add_text(l->out, str_of(l->c->topics[t]));
			first = false;
			continue;
		}
		json_add_name(l->out, l->c->topics[t]);
		if (s < 0)
			buf_add_z(l->out, "null");
		else
			json_add_text(l->out, str_of(l->c->stances.v[s]));
	}
	buf_add_char(l->out, lists ? ']' : '}');
}

/* v has a value a column. */
static void add_columns(const struct line *l, const char *name, size_t doc,
			const double *v)
{
	uint32_t topics = l->c->topic_count;
	uint32_t stances = (uint32_t)l->c->stances.n;
	char column[2 * BUNDLE_NAME_MAX + 2];

	json_add_name(l->out, name);
	buf_add_char(l->out, '{');
	for (uint32_t t = 0; t < topics && !l->targets; t++) {
		json_add_name(l->out, l->c->topics[t]);
		json_add_real(l->out, v[t], DIGITS);
	}
	for (uint32_t i = 0; i < topics * stances; i++) {
		uint32_t t = i / stances;

		if (l->targets && !l->c->v[doc].labels[t])
			continue;
		snprintf(column, sizeof(column), "%s.%s", l->c->topics[t],
			 l->c->stances.v[i % stances]);
		json_add_name(l->out, column);
		json_add_real(l->out, v[topics + i], DIGITS);
	}
	buf_add_char(l->out, '}');
}

static void add_line(const struct line *l, size_t doc, uint32_t repeat)
{
	const struct scores *s = &l->x->scores;
	const unsigned char *stance = s->stance + doc * s->topics;

	buf_add_char(l->out, '{');
	json_add_name(l->out, "id");
	json_add_text(l->out, str_of(l->c->v[doc].id));
	buf_printf(l->out, ",\"repeat\":%u,\"fold\":%u", repeat,
		   l->x->fold[doc]);
	add_labels(l, "gold", doc, NULL, NULL);
	add_labels(l, "given", doc, s->given + doc * s->topics, stance);
	add_columns(l, "decisions", doc, s->decision + doc * s->columns);
	add_columns(l, "probabilities", doc,
		    s->probability + doc * s->columns);
	buf_add_z(l->out, "}\n");
}

int predictions_write(const struct cross *x, const struct fit *f,
		      uint32_t repeat, FILE *out)
{
	struct buf b;
	struct line l = { x, f->corpus, f->recipe->targets, &b };
	int r = 0;

	buf_init(&b, LINE_MAX_BYTES);
	for (size_t i = 0; i < f->corpus->n && !r; i++) {
		if (!x->scores.judged[i])
			continue;
		buf_clear(&b);
		add_line(&l, i, repeat);
		r = buf_error(&b);
		if (!r && fwrite(b.p, 1, b.n, out) != b.n)
			r = -errno;
	}
	buf_done(&b);
	return r;
}
