/* Verdicts as a page of its own: no script, nothing fetched, and whatever an
 * article says is text. */
#include "commands/explain.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

enum { SHOWN = 10 /* words for, and as many against */ };

static const size_t page_max = (size_t)1 << 31;

static const char style[] =
	":root{color-scheme:light dark;--up:46 160 67;--down:218 54 51;"
	"--line:#8884}\n"
	"body{font:16px/1.55 system-ui,sans-serif;margin:0 auto;"
	"max-width:52rem;padding:1rem}\n"
	"h1{font-size:1.3rem}h2{font-size:1.25rem;margin:0}"
	"h3{font-size:1.05rem;margin:0 0 .5rem}\n"
	"h1,h2,h3,p,td,li{overflow-wrap:anywhere}\n"
	".small,caption,dt{font-size:.85rem;opacity:.8}\n"
	"article{border-top:3px solid var(--line);margin-top:2rem;"
	"padding-top:1rem}\n"
	"section{border-left:3px solid var(--line);margin:1.2rem 0;"
	"padding-left:.9rem}\n"
	"details{margin:.8rem 0}summary{cursor:pointer}\n"
	"dl{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;margin:0 0 .6rem}\n"
	"dd{margin:0;font-variant-numeric:tabular-nums}\n"
	".read{white-space:pre-line;margin:.5rem 0}.title{font-weight:600}\n"
	".u,.d{border-radius:.2em;padding:.05em 0}\n"
	".u{background:rgb(var(--up)/var(--a))}\n"
	".d{background:rgb(var(--down)/var(--a))}\n"
	"span.d{text-decoration:underline dotted rgb(var(--down)/"
	"calc(2*var(--a)))}\n"
	".tables{display:grid;grid-template-columns:"
	"repeat(auto-fit,minmax(14rem,1fr));gap:0 1.5rem;align-items:start}\n"
	"table{border-collapse:collapse;width:100%}"
	"caption{text-align:left}\n"
	"th,td{border-bottom:1px solid var(--line);padding:.1rem .5rem .1rem 0;"
	"text-align:left;font-weight:400}\n"
	".n{text-align:right;font-variant-numeric:tabular-nums;"
	"white-space:nowrap}\n"
	"@media(max-width:32rem){.overview{font-size:.85rem}}\n";

static void add_text(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		switch (s.p[i]) {
		case '&':
			buf_add_z(b, "&amp;");
			break;
		case '<':
			buf_add_z(b, "&lt;");
			break;
		case '>':
			buf_add_z(b, "&gt;");
			break;
		case '"':
			buf_add_z(b, "&quot;");
			break;
		case '\'':
			buf_add_z(b, "&#39;");
			break;
		default:
			buf_add_char(b, s.p[i]);
		}
}

static void add_z(struct buf *b, const char *z)
{
	add_text(b, str_of(z));
}

static void add_tag(struct buf *b, const char *open, const char *z,
		    const char *close)
{
	buf_add_z(b, open);
	add_z(b, z);
	buf_add_z(b, close);
}

/* The words of one field, tinted by their part of the heaviest's share. */
static void add_words(struct buf *b, struct str text, enum field f,
		      struct spans flat, double heaviest)
{
	uint32_t at = 0;

	for (size_t i = 0; i < flat.n; i++) {
		const struct span *s = &flat.v[i];

		if (s->field != f || s->weight == 0)
			continue;
		add_text(b, (struct str){ text.p + at, s->start - at });
		buf_printf(b, "<span class=%c style=\"--a:%.2f\" "
			      "title=\"%+.6f\">",
			   s->weight > 0 ? 'u' : 'd',
			   0.75 * fabs(s->weight) / heaviest, s->weight);
		add_text(b, (struct str){ text.p + s->start,
					  s->end - s->start });
		buf_add_z(b, "</span>");
		at = s->end;
	}
	add_text(b, (struct str){ text.p + at, text.n - at });
}

static void add_fields(struct buf *b, const struct explained *x,
		       const struct explain_column *c)
{
	double heaviest = marks_heaviest(c->flat);

	for (int f = 0; f < FIELD_COUNT; f++) {
		struct str text = x->j->field[f];

		if (!text.n)
			continue;
		buf_printf(b, "<p class=\"read %s\" dir=auto>",
			   field_names[f]);
		if (f == FIELD_TARGET)
			buf_add_z(b, "target: ");
		add_words(b, text, (enum field)f, c->flat, heaviest);
		buf_add_z(b, "</p>\n");
	}
}

static void add_side(struct buf *b, const struct explain_column *c, bool up)
{
	size_t n = c->told_count;

	buf_printf(b, "<table class=%s><caption>heaviest words %s</caption>\n",
		   up ? "for" : "against", up ? "for" : "against");
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		const struct told *t = &c->told[up ? i : n - 1 - i];

		if (up ? t->weight <= 0 : t->weight >= 0)
			break;
		buf_add_z(b, "<tr><td dir=auto>");
		add_text(b, t->word);
		if (t->times > 1)
			buf_printf(b, " <span class=small>× %zu</span>",
				   t->times);
		buf_printf(b, "</td><td class=n>%+.4f</td></tr>\n",
			   t->weight);
	}
	buf_add_z(b, "</table>\n");
}

static void add_support(struct buf *b, const struct explained *x,
			const struct evidence *e)
{
	if (e->linear)
		return;
	buf_add_z(b, "<p class=small>Note: ");
	explain_note(x->m, e, b);
	buf_add_z(b, ".</p>\n<table class=support><caption>support vectors "
		     "that weigh most</caption>\n<tr><th>vector</th>"
		     "<th class=n>similarity</th><th class=n>adds</th></tr>\n");
	for (size_t i = 0; i < e->support_count; i++) {
		const struct evidence_support *s = &e->support[i];

		buf_printf(b, "<tr><td>%u", s->vector);
		if (s->id)
			add_tag(b, " ", s->id, "");
		buf_printf(b, "</td><td class=n>%.4f</td><td class=n>%+.4f"
			      "</td></tr>\n",
			   s->similarity, s->weight);
	}
	buf_add_z(b, "</table>\n");
}

static void add_number(struct buf *b, const char *name, bool sign, double v)
{
	buf_printf(b, "<div><dt>%s</dt><dd class=%s>", name, name);
	buf_printf(b, sign ? "%+.6f" : "%.4f", v);
	buf_add_z(b, "</dd></div>\n");
}

/* What stands within the section of a topic or a stance. */
static int add_column(struct buf *b, const struct explained *x,
		      uint32_t column, struct arena scratch)
{
	struct explain_column c;
	int r = explain_column(x, column, &scratch, &c);

	if (r)
		return r;
	buf_add_z(b, "<dl>\n");
	add_number(b, "decision", true, c.evidence.decision);
	add_number(b, "intercept", true, c.evidence.intercept);
	if (column < x->m->topic_count)
		add_number(b, "threshold", true, c.evidence.threshold);
	add_number(b, "probability", false, c.evidence.probability);
	buf_add_z(b, "</dl>\n");
	add_fields(b, x, &c);
	buf_add_z(b, "<div class=tables>\n");
	add_side(b, &c, true);
	add_side(b, &c, false);
	buf_add_z(b, "</div>\n");
	add_support(b, x, &c.evidence);
	return 0;
}

/* The stance that is told, and behind a click the others. */
static int add_stance(struct buf *b, const struct explained *x,
		      uint32_t topic, uint32_t stance, bool told,
		      struct arena scratch)
{
	int r;

	buf_add_z(b, told ? "<section class=stance>\n<h3>"
			  : "<details class=stance><summary>");
	add_z(b, x->m->topics[topic].name);
	buf_add_z(b, ": ");
	add_z(b, x->m->stances[stance]);
	buf_add_z(b, told ? "</h3>\n" : ", not told</summary>\n<section>\n");
	r = add_column(b, x, model_stance_column(x->m, topic, stance),
		       scratch);
	buf_add_z(b, told ? "</section>\n" : "</section></details>\n");
	return r;
}

static int add_stances(struct buf *b, const struct explained *x,
		       uint32_t topic, struct arena scratch)
{
	double among;
	uint32_t best = judge_stance(x->m, x->j, topic, &among);
	int r = add_stance(b, x, topic, best, true, scratch);

	for (uint32_t s = 0; s < x->m->stance_count && !r; s++)
		if (s != best)
			r = add_stance(b, x, topic, s, false, scratch);
	return r;
}

static int add_topic(struct buf *b, const struct explained *x, uint32_t topic,
		     struct arena scratch)
{
	int r = 0;

	if (!x->m->targets) {
		buf_add_z(b, "<section class=topic>\n<h3>");
		add_z(b, x->m->topics[topic].name);
		buf_add_z(b, x->given[topic]
				     ? ", given</h3>\n"
				     : ", not given</h3>\n");
		r = add_column(b, x, topic, scratch);
		buf_add_z(b, "</section>\n");
	}
	if (x->m->stance_count && !r)
		r = add_stances(b, x, topic, scratch);
	return r;
}

/* "sovereignty: favour 0.84; market" */
static void add_verdict(struct buf *b, const struct explained *x)
{
	const struct model *m = x->m;
	bool any = false;

	for (uint32_t t = 0; t < m->topic_count; t++) {
		uint32_t s;
		double p;

		if (!x->given[t])
			continue;
		add_tag(b, any ? "; " : "", m->topics[t].name, "");
		any = true;
		if (!m->stance_count)
			continue;
		s = judge_stance(m, x->j, t, &p);
		add_tag(b, ": ", p < m->unsure ? "unsure" : m->stances[s], "");
		buf_printf(b, " %.2f", p);
	}
	if (!any)
		buf_add_z(b, m->targets ? "no target that the model knows"
					: "no topic");
}

/* Every topic in a line, the ones that were not given as well. */
static void add_overview(struct buf *b, const struct explained *x)
{
	const struct model *m = x->m;

	if (m->targets)
		return;
	buf_add_z(b, "<table class=overview><tr><th>topic</th>"
		     "<th class=n>decision</th><th class=n>threshold</th>"
		     "<th class=n>probability</th></tr>\n");
	for (uint32_t t = 0; t < m->topic_count; t++) {
		double d = x->j->decision[t];
		bool given = x->given[t];

		add_tag(b, given ? "<tr><td><b>" : "<tr><td>",
			m->topics[t].name, given ? ", given</b>" : "");
		buf_printf(b, "</td><td class=n>%+.3f</td>"
			      "<td class=n>%+.3f</td><td class=n>%.2f</td>"
			      "</tr>\n",
			   d, m->columns[t].threshold,
			   judge_probability(m, t, d));
	}
	buf_add_z(b, "</table>\n");
}

static void add_name(struct buf *b, const struct explained *x)
{
	struct str title = x->j->field[FIELD_TITLE];

	if (title.n)
		add_text(b, title);
	else
		add_z(b, x->place);
}

void explain_page_init(struct explain_page *p)
{
	buf_init(&p->index, page_max);
	buf_init(&p->body, page_max);
	p->articles = 0;
}

void explain_page_done(struct explain_page *p)
{
	buf_done(&p->index);
	buf_done(&p->body);
}

int explain_page_add(struct explain_page *p, const struct explained *x,
		     struct arena scratch)
{
	struct buf *b = &p->body;
	size_t n = ++p->articles;
	int r = 0;

	buf_printf(&p->index, "<li><a href=\"#a%zu\" dir=auto>", n);
	add_name(&p->index, x);
	buf_add_z(&p->index, "</a> <span class=small>");
	add_verdict(&p->index, x);
	buf_add_z(&p->index, "</span></li>\n");
	buf_printf(b, "<article id=a%zu>\n<h2 dir=auto>", n);
	add_name(b, x);
	add_tag(b, "</h2>\n<p class=small>", x->place, "<br>");
	buf_printf(b, "%.0f %% of its words are unknown to the model</p>\n",
		   100 * judge_unknown(x->m, x->j));
	add_overview(b, x);
	for (uint32_t t = 0; t < x->m->topic_count && !r; t++)
		if (x->all || x->given[t])
			r = add_topic(b, x, t, scratch);
	buf_add_z(b, "</article>\n");
	r = r ? r : buf_error(b);
	return r ? r : buf_error(&p->index);
}

/* When a topic is given. */
static const char *rule(const struct model *m)
{
	if (m->targets)
		return "";
	if (m->one_of)
		return " The topic with the largest decision value is given.";
	if (m->at_least_one)
		return " A topic is given when that is above the threshold; "
		       "when none is, the nearest.";
	return " A topic is given when that is above the threshold.";
}

static void add_head(struct buf *b, const struct explain_page *p,
		     const struct model *m)
{
	buf_add_z(b, "<!DOCTYPE html>\n<html lang=en>\n<head>\n"
		     "<meta charset=utf-8>\n"
		     "<meta name=viewport content=\"width=device-width\">\n"
		     "<meta http-equiv=Content-Security-Policy content=\""
		     "default-src 'none'; style-src 'unsafe-inline'\">\n");
	buf_printf(b, "<title>Why: %zu article%s</title>\n<style>\n%s"
		      "</style>\n</head>\n<body>\n<header>\n",
		   p->articles, p->articles == 1 ? "" : "s", style);
	buf_add_z(b, "<h1>What spoke for and against</h1>\n");
	add_tag(b, "<p class=small>Model ", m->name, ", sha256 ");
	buf_add_z(b, m->id);
	buf_add_z(b, "</p>\n<p>Each word is tinted by its share of the "
		     "decision value, <span class=u style=\"--a:.5\">for"
		     "</span> or <span class=d style=\"--a:.5\">against"
		     "</span>; its number shows where the pointer rests. All "
		     "shares and the intercept add up to the decision "
		     "value.");
	buf_add_z(b, rule(m));
	buf_add_z(b, "</p>\n<ol>\n");
}

int explain_page_write(const struct explain_page *p, const struct model *m,
		       FILE *out)
{
	struct buf head;
	int r;

	buf_init(&head, 1 << 16);
	add_head(&head, p, m);
	r = buf_error(&head);
	if (!r) {
		fwrite(head.p, 1, head.n, out);
		if (p->articles) /* else there are no bytes to point at */
			fwrite(p->index.p, 1, p->index.n, out);
		fputs("</ol>\n</header>\n<main>\n", out);
		if (p->articles)
			fwrite(p->body.p, 1, p->body.n, out);
		fputs("</main>\n</body>\n</html>\n", out);
	}
	buf_done(&head);
	return r;
}
