/* What a verdict looks like in the terminal. Colours are never alone: words
 * against are underlined and, where there are no colours, words stand in
 * brackets with a sign. */
#include "commands/explain.h"

#include <errno.h>
#include <stdio.h>
#include <utf8proc.h>

#include "base/unicode.h"

enum {
	SHOWN = 8,     /* words for, and as many against */
	SENTENCES = 5, /* of a text that is not shown in full */
	INDENT = 12,
};

/* A word is marked in the text when it carries this part of the heaviest
 * word's share; sentences are shown until they hold this part of it all. */
static const double marked_part = 0.3, shown_part = 0.8;

/* Words laid out in lines, with marks around some of them. */
struct painter {
	const struct explain_look *look;
	struct buf *out;
	size_t column;
	bool fresh; /* nothing stands in the line yet */
	const struct span *mark, *end; /* of the field that is painted */
	bool inside;
};

static size_t width_of(struct str s)
{
	const char *p = s.p, *end = s.p + s.n;
	size_t sum = 0, n;

	for (; p < end; p += n) {
		uint32_t c = unicode_decode(p, end, &n);
		int w = utf8proc_charwidth((utf8proc_int32_t)c);

		sum += w > 0 ? (size_t)w : 0;
	}
	return sum;
}

static void colour(struct painter *p, double weight)
{
	if (p->look->colours)
		buf_add_z(p->out, weight > 0 ? "\033[32m" : "\033[4;31m");
}

static void colour_off(struct painter *p)
{
	if (p->look->colours)
		buf_add_z(p->out, "\033[0m");
}

static void open_mark(struct painter *p)
{
	colour(p, p->mark->weight);
	if (!p->look->colours)
		buf_add_z(p->out, p->mark->weight > 0 ? "[+" : "[-");
	p->inside = true;
}

static void close_mark(struct painter *p)
{
	colour_off(p);
	if (!p->look->colours)
		buf_add_char(p->out, ']');
	p->inside = false;
}

/* Room for the next word, in this line or the next. */
static void place_word(struct painter *p, size_t width)
{
	if (!p->fresh && p->column + 1 + width > p->look->width) {
		if (p->inside)
			colour_off(p);
		buf_printf(p->out, "\n%*s", INDENT, "");
		if (p->inside)
			colour(p, p->mark->weight);
		p->column = INDENT;
	} else if (!p->fresh) {
		buf_add_char(p->out, ' ');
		p->column++;
	}
	p->column += width;
	p->fresh = false;
}

/* Columns that brackets take within a word. */
static size_t brackets(const struct painter *p, uint32_t at, uint32_t end)
{
	size_t sum = 0;

	if (p->look->colours)
		return 0;
	for (const struct span *m = p->mark; m < p->end && m->start < end; m++)
		sum += (m->start >= at ? 2u : 0u) + (m->end <= end ? 1u : 0u);
	return sum;
}

static uint32_t next_edge(const struct painter *p, uint32_t end)
{
	uint32_t edge = end;

	if (p->mark < p->end)
		edge = p->inside ? p->mark->end : p->mark->start;
	return edge < end ? edge : end;
}

static void paint_word(struct painter *p, struct str field, uint32_t at,
		       uint32_t end)
{
	place_word(p, width_of((struct str){ field.p + at, end - at }) +
			      brackets(p, at, end));
	while (at < end) {
		uint32_t edge;

		if (!p->inside && p->mark < p->end && p->mark->start <= at)
			open_mark(p);
		edge = next_edge(p, end);
		buf_add(p->out, field.p + at, edge - at);
		at = edge;
		if (p->inside && p->mark->end == at) {
			close_mark(p);
			p->mark++;
		}
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* A mark that goes on behind the range is closed there, and opened again
 * where the text goes on. */
static void paint_range(struct painter *p, struct str field, uint32_t at,
			uint32_t end)
{
	while (p->mark < p->end && p->mark->end <= at)
		p->mark++;
	while (at < end) {
		uint32_t to = at;

		while (to < end && !is_blank(field.p[to]))
			to++;
		if (to > at)
			paint_word(p, field, at, to);
		for (at = to; at < end && is_blank(field.p[at]); at++)
			;
	}
	if (p->inside)
		close_mark(p);
}

static void paint_label(struct painter *p, const char *label)
{
	buf_printf(p->out, "    %-8s", label);
	p->column = INDENT;
	p->fresh = true;
}

static void paint_plain(struct painter *p, struct str s)
{
	p->mark = p->end = NULL;
	paint_range(p, s, 0, (uint32_t)s.n);
}

static void paint_gap(struct painter *p)
{
	place_word(p, 1);
	buf_add_z(p->out, "…");
}

static void paint_sentences(struct painter *p, struct str field,
			    const struct sentence *s, size_t n)
{
	bool gap = false;

	for (size_t i = 0; i < n; i++) {
		if (s[i].shown) {
			if (gap)
				paint_gap(p);
			paint_range(p, field, s[i].start, s[i].end);
		}
		gap = !s[i].shown;
	}
	if (gap)
		paint_gap(p);
}

static void marks_of(struct painter *p, struct spans heavy, enum field f)
{
	p->mark = heavy.v;
	p->end = heavy.v + heavy.n;
	while (p->mark < p->end && p->mark->field != f)
		p->mark++;
	while (p->end > p->mark && p->end[-1].field != f)
		p->end--;
}

static int paint_field(struct painter *p, const struct explained *x,
		       const struct explain_column *c, enum field f,
		       struct spans heavy, struct arena scratch)
{
	struct str text = x->j->field[f];
	struct sentence *s;
	size_t most;
	int n;

	if (!text.n)
		return 0;
	n = marks_cut(text, &scratch, &s);
	if (n < 0)
		return n;
	most = p->look->full || f != FIELD_TEXT ? (size_t)n : SENTENCES;
	marks_pick(s, (size_t)n, f, c->flat, most, shown_part, scratch);
	marks_of(p, heavy, f);
	paint_label(p, field_names[f]);
	paint_sentences(p, text, s, (size_t)n);
	buf_add_char(p->out, '\n');
	return 0;
}

static int paint_fields(struct painter *p, const struct explained *x,
			const struct explain_column *c, struct arena scratch)
{
	struct spans heavy = { arena_take_array(&scratch, c->flat.n + 1,
						sizeof(*heavy.v)),
			       c->flat.n };
	int r = heavy.v ? 0 : -ENOMEM;

	for (size_t i = 0; i < heavy.n && !r; i++)
		heavy.v[i] = c->flat.v[i];
	if (!r)
		heavy = marks_heavy(x->j->field, heavy, marked_part);
	for (int f = 0; f < FIELD_COUNT && !r; f++)
		r = paint_field(p, x, c, (enum field)f, heavy, scratch);
	return r;
}

/* The heaviest words of one side: "word +0.123, …". */
static void paint_side(struct painter *p, const struct explain_column *c,
		       bool up)
{
	size_t shown = 0, n = c->told_count;

	paint_label(p, up ? "for" : "against");
	for (size_t i = 0; i < n && shown < SHOWN; i++) {
		const struct told *t = &c->told[up ? i : n - 1 - i];
		char number[32];
		int digits = snprintf(number, sizeof(number), " %+.3f",
				      t->weight);

		if (up ? t->weight <= 0 : t->weight >= 0)
			break;
		if (shown++)
			buf_add_char(p->out, ',');
		place_word(p, width_of(t->word) + (size_t)digits + 1);
		colour(p, t->weight);
		buf_add_str(p->out, t->word);
		colour_off(p);
		buf_add_z(p->out, number);
	}
	buf_add_z(p->out, shown ? "\n" : "nothing\n");
}

static void paint_support(struct painter *p, const struct evidence *e)
{
	for (size_t i = 0; i < e->support_count; i++) {
		const struct evidence_support *s = &e->support[i];

		paint_label(p, i ? "" : "like");
		buf_printf(p->out, "%+.3f by support vector %u%s%s, "
				   "similarity %.3f\n",
			   s->weight, s->vector, s->id ? ", " : "",
			   s->id ? s->id : "", s->similarity);
	}
}

static int paint_note(struct painter *p, const struct explained *x,
		      const struct evidence *e)
{
	struct buf note;
	int r;

	if (e->linear)
		return 0;
	buf_init(&note, 1 << 12);
	explain_note(x->m, e, &note);
	paint_label(p, "note");
	paint_plain(p, buf_view(&note));
	buf_add_char(p->out, '\n');
	r = buf_error(&note);
	buf_done(&note);
	return r;
}

static int paint_column(struct painter *p, const struct explained *x,
			const char *name, uint32_t column,
			struct arena scratch)
{
	struct explain_column c;
	const struct evidence *e = &c.evidence;
	int r = explain_column(x, column, &scratch, &c);

	if (r)
		return r;
	buf_printf(p->out,
		   "  %s: decision %+.3f = %+.3f + the words below; "
		   "probability %.2f\n",
		   name, e->decision, e->intercept, e->probability);
	r = paint_note(p, x, e);
	paint_side(p, &c, true);
	paint_side(p, &c, false);
	paint_support(p, e);
	return r ? r : paint_fields(p, x, &c, scratch);
}

static int paint_topic(struct painter *p, const struct explained *x,
		       uint32_t topic, struct arena scratch)
{
	const struct model *m = x->m;
	const char *name = m->topics[topic].name;
	char label[3 * BUNDLE_NAME_MAX];
	double among;
	uint32_t s;
	int r = 0;

	/* A target is given, whatever its column would say. */
	if (!m->targets)
		r = paint_column(p, x, name, topic, scratch);
	if (!m->stance_count || r)
		return r;
	s = judge_stance(m, x->j, topic, &among);
	snprintf(label, sizeof(label), "%s, %s%s", name, m->stances[s],
		 among < m->unsure ? " (unsure)" : "");
	return paint_column(p, x, label, model_stance_column(m, topic, s),
			    scratch);
}

int explain_text(const struct explained *x, const struct explain_look *look,
		 struct arena scratch)
{
	struct str head = x->j->field[FIELD_TITLE];
	struct buf out;
	struct painter p = { .look = look, .out = &out };
	bool any = false;
	int r = 0;

	buf_init(&out, (size_t)1 << 32);
	buf_printf(&out, "%s%s" STR_FMT "\n", x->place, head.n ? ": " : "",
		   STR_ARG(head));
	for (uint32_t t = 0; t < x->m->topic_count && !r; t++)
		if (x->all || x->given[t]) {
			r = paint_topic(&p, x, t, scratch);
			any = true;
		}
	buf_add_z(&out, any	      ? "\n"
		       : x->m->targets ? "  no target that the model knows\n\n"
				       : "  no topic\n\n");
	r = r ? r : buf_error(&out);
	if (!r)
		fwrite(out.p, 1, out.n, stdout);
	buf_done(&out);
	return r;
}
