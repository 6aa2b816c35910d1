#include "parse/markup.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "parse/references.h"
#include "parse/tags.h"

enum kind {
	KIND_UNKNOWN, /* no HTML */
	KIND_INLINE,
	KIND_BLOCK,
	KIND_BREAK,
	KIND_PRE,
	KIND_HIDDEN, /* its text is none */
};

enum { NAME_LENGTH = 12 };

static const struct name {
	char name[NAME_LENGTH];
	enum kind kind;
} names[] = {
	{ "a", KIND_INLINE }, { "abbr", KIND_INLINE },
	{ "acronym", KIND_INLINE }, { "address", KIND_BLOCK },
	{ "area", KIND_INLINE }, { "article", KIND_BLOCK },
	{ "aside", KIND_BLOCK }, { "audio", KIND_BLOCK }, { "b", KIND_INLINE },
	{ "bdi", KIND_INLINE }, { "bdo", KIND_INLINE }, { "big", KIND_INLINE },
	{ "blockquote", KIND_BLOCK }, { "body", KIND_BLOCK },
	{ "br", KIND_BREAK }, { "button", KIND_INLINE },
	{ "canvas", KIND_INLINE }, { "caption", KIND_BLOCK },
	{ "center", KIND_BLOCK }, { "cite", KIND_INLINE },
	{ "code", KIND_INLINE }, { "col", KIND_INLINE },
	{ "colgroup", KIND_INLINE }, { "command", KIND_INLINE },
	{ "data", KIND_INLINE }, { "datalist", KIND_INLINE },
	{ "dd", KIND_BLOCK }, { "del", KIND_INLINE },
	{ "details", KIND_BLOCK }, { "dfn", KIND_INLINE },
	{ "dir", KIND_BLOCK }, { "div", KIND_BLOCK }, { "dl", KIND_BLOCK },
	{ "dt", KIND_BLOCK }, { "em", KIND_INLINE }, { "embed", KIND_INLINE },
	{ "fieldset", KIND_BLOCK }, { "figcaption", KIND_BLOCK },
	{ "figure", KIND_BLOCK }, { "font", KIND_INLINE },
	{ "footer", KIND_BLOCK }, { "form", KIND_BLOCK }, { "h1", KIND_BLOCK },
	{ "h2", KIND_BLOCK }, { "h3", KIND_BLOCK }, { "h4", KIND_BLOCK },
	{ "h5", KIND_BLOCK }, { "h6", KIND_BLOCK }, { "head", KIND_BLOCK },
	{ "header", KIND_BLOCK }, { "hr", KIND_BREAK }, { "html", KIND_BLOCK },
	{ "i", KIND_INLINE }, { "iframe", KIND_BLOCK },
	{ "image", KIND_INLINE }, { "img", KIND_INLINE },
	{ "input", KIND_INLINE }, { "ins", KIND_INLINE },
	{ "kbd", KIND_INLINE }, { "keygen", KIND_INLINE },
	{ "label", KIND_INLINE }, { "legend", KIND_BLOCK },
	{ "li", KIND_BLOCK }, { "listing", KIND_PRE }, { "m", KIND_INLINE },
	{ "main", KIND_BLOCK }, { "map", KIND_INLINE },
	{ "mark", KIND_INLINE }, { "menu", KIND_BLOCK },
	{ "meter", KIND_INLINE }, { "multicol", KIND_INLINE },
	{ "nav", KIND_BLOCK }, { "nextid", KIND_INLINE },
	{ "nobr", KIND_INLINE }, { "noscript", KIND_INLINE },
	{ "object", KIND_BLOCK }, { "ol", KIND_BLOCK },
	{ "optgroup", KIND_BLOCK }, { "option", KIND_BLOCK },
	{ "output", KIND_INLINE }, { "p", KIND_BLOCK },
	{ "param", KIND_INLINE }, { "picture", KIND_INLINE },
	{ "pre", KIND_PRE }, { "progress", KIND_INLINE }, { "q", KIND_INLINE },
	{ "rp", KIND_INLINE }, { "rt", KIND_INLINE }, { "ruby", KIND_INLINE },
	{ "s", KIND_INLINE }, { "samp", KIND_INLINE },
	{ "script", KIND_HIDDEN }, { "section", KIND_BLOCK },
	{ "select", KIND_BLOCK }, { "small", KIND_INLINE },
	{ "sound", KIND_INLINE }, { "source", KIND_INLINE },
	{ "spacer", KIND_INLINE }, { "span", KIND_INLINE },
	{ "strike", KIND_INLINE }, { "strong", KIND_INLINE },
	{ "style", KIND_HIDDEN }, { "sub", KIND_INLINE },
	{ "summary", KIND_BLOCK }, { "sup", KIND_INLINE },
	{ "svg", KIND_INLINE }, { "table", KIND_BLOCK },
	{ "tbody", KIND_BLOCK }, { "td", KIND_BLOCK },
	{ "textarea", KIND_INLINE }, { "tfoot", KIND_BLOCK },
	{ "th", KIND_BLOCK }, { "thead", KIND_BLOCK }, { "time", KIND_INLINE },
	{ "title", KIND_BLOCK }, { "tr", KIND_BLOCK },
	{ "track", KIND_INLINE }, { "tt", KIND_INLINE }, { "u", KIND_INLINE },
	{ "ul", KIND_BLOCK }, { "var", KIND_INLINE }, { "video", KIND_BLOCK },
	{ "wbr", KIND_INLINE },
};

enum { NAME_COUNT = sizeof(names) / sizeof(*names) };

static int compare(const void *key, const void *one)
{
	return strcmp(key, ((const struct name *)one)->name);
}

static enum kind kind_of(struct str name)
{
	char small[NAME_LENGTH] = "";
	const struct name *found;

	if (name.n >= NAME_LENGTH)
		return KIND_UNKNOWN;
	for (size_t i = 0; i < name.n; i++)
		small[i] = name.p[i] >= 'A' && name.p[i] <= 'Z' ?
				   (char)(name.p[i] - 'A' + 'a') : name.p[i];
	found = bsearch(small, names, NAME_COUNT, sizeof(*names), compare);
	return found ? found->kind : KIND_UNKNOWN;
}

static bool is_style(struct str name)
{
	return name.n == 5 && !strncasecmp(name.p, "style", 5);
}

struct plain {
	struct buf *out;
	struct buf decoded;
	size_t start;	   /* of what is added */
	char gap;	   /* owed before the next text: 0, space or newline */
	unsigned int pre;  /* how many are open */
	/* An end of a script that has no beginning takes the next beginning
	 * with it: so do other readers of feeds, whose tests say so. */
	unsigned int stray_ends, shown;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' ||
	       c == '\v';
}

static void owe(struct plain *p, char gap)
{
	if (p->gap != '\n')
		p->gap = gap;
}

static void add(struct plain *p, struct str s)
{
	if (p->gap && p->out->n > p->start)
		buf_add_char(p->out, p->gap);
	p->gap = 0;
	buf_add_str(p->out, s);
}

/* Decoded text, of which white space is put off to where more follows. */
static void add_text(struct plain *p, struct str s)
{
	if (p->out->n == p->start)
		while (s.n && is_space(s.p[0]))
			s.p++, s.n--;
	while (s.n) {
		size_t n = 0;

		while (n < s.n && (!is_space(s.p[n]) || p->pre))
			n++;
		if (n)
			add(p, (struct str){ s.p, n });
		if (n < s.n) {
			owe(p, ' ');
			n++;
		}
		s.p += n;
		s.n -= n;
	}
}

static void add_written(struct plain *p, struct str s)
{
	if (!memchr(s.p, '&', s.n)) {
		add_text(p, s);
		return;
	}
	buf_clear(&p->decoded);
	p->decoded.max = s.n; /* it never grows */
	references_decode(&p->decoded, s, REFERENCES_HTML);
	if (buf_error(&p->decoded) && !p->out->error)
		p->out->error = buf_error(&p->decoded);
	add_text(p, buf_view(&p->decoded));
}

static void hide(struct plain *p, struct tags *t, struct str name)
{
	if (p->stray_ends) {
		p->stray_ends--;
		p->shown++;
		return;
	}
	tags_skip_to_close(t, is_style(name) ? "style" : "script");
	/* Its own end is no stray one. */
	if (t->at < t->s.n) {
		struct tags_piece close;

		tags_next(t, &close);
	}
}

static void add_tag(struct plain *p, struct tags *t,
		    const struct tags_piece *tag)
{
	bool open = tag->kind == TAGS_OPEN;

	switch (kind_of(tag->name)) {
	case KIND_HIDDEN:
		if (open && !tag->empty)
			hide(p, t, tag->name);
		else if (p->shown)
			p->shown--;
		else if (!open && !is_style(tag->name))
			p->stray_ends++;
		break;
	case KIND_PRE:
		owe(p, '\n');
		if (open)
			p->pre++;
		else if (p->pre)
			p->pre--;
		break;
	case KIND_BLOCK:
	case KIND_BREAK:
		owe(p, '\n');
		break;
	default:
		break;
	}
}

static void trim_end(struct plain *p)
{
	struct buf *out = p->out;

	while (out->n > p->start && is_space(out->p[out->n - 1]))
		out->n--;
}

void markup_text(struct buf *out, struct str html)
{
	struct plain p = { .out = out, .start = out->n };
	struct tags t;
	struct tags_piece piece;

	tags_init(&t, html);
	while (tags_next(&t, &piece)) {
		switch (piece.kind) {
		case TAGS_TEXT:
			add_written(&p, piece.body);
			break;
		case TAGS_CDATA:
			add_text(&p, piece.body);
			break;
		case TAGS_OPEN:
		case TAGS_CLOSE:
			add_tag(&p, &t, &piece);
			break;
		default:
			break;
		}
	}
	trim_end(&p);
	buf_done(&p.decoded);
}

void markup_escape(struct buf *out, struct str s)
{
	for (size_t i = 0, n; i < s.n; i += n) {
		for (n = 0; i + n < s.n; n++)
			if (s.p[i + n] == '<' || s.p[i + n] == '&')
				break;
		buf_add(out, s.p + i, n);
		if (i + n == s.n)
			break;
		buf_add_z(out, s.p[i + n] == '<' ? "&lt;" : "&amp;");
		n++;
	}
}

/* Only names of HTML behind each & and ;? *some when there is one. */
static bool knows_references(struct str s, bool *some)
{
	for (size_t i = 0; i < s.n; i++) {
		size_t n = i + 1;

		if (s.p[i] != '&')
			continue;
		while (n < s.n && n - i < NAME_LENGTH && s.p[n] != ';' &&
		       s.p[n] != '&' && !is_space(s.p[n]))
			n++;
		if (n >= s.n || s.p[n] != ';' || n == i + 1)
			continue;
		if (s.p[i + 1] != '#' &&
		    !references_find((struct str){ s.p + i + 1, n - i - 1 }))
			return false;
		*some = true;
	}
	return true;
}

bool markup_is_likely(struct str s)
{
	bool some = false, closes = false;
	struct tags t;
	struct tags_piece piece;

	if (!s.n || (!memchr(s.p, '<', s.n) && !memchr(s.p, '&', s.n)))
		return false;
	tags_init(&t, s);
	while (tags_next(&t, &piece)) {
		if (piece.kind != TAGS_OPEN && piece.kind != TAGS_CLOSE)
			continue;
		if (kind_of(piece.name) == KIND_UNKNOWN)
			return false;
		closes |= piece.kind == TAGS_CLOSE;
	}
	return knows_references(s, &some) && (some || closes);
}

bool markup_is_certain(struct str s)
{
	struct tags t;
	struct tags_piece piece;

	if (!s.n || s.p[0] != '<')
		return false;
	tags_init(&t, s);
	if (!tags_next(&t, &piece) || piece.kind != TAGS_OPEN ||
	    kind_of(piece.name) != KIND_BLOCK)
		return false;
	while (tags_next(&t, &piece))
		if (piece.kind == TAGS_CLOSE &&
		    kind_of(piece.name) == KIND_BLOCK)
			return true;
	return false;
}
