#include "parse/dom_sieve.h"

#include <string.h>
#include <strings.h>

#include "parse/dom.h"

enum {
	NAME_MAX_BYTES = 64,	/* of an element; longer ones are no names */
	BUCKETS = 256,
	ATTRIBUTES_MAX = 1 << 17, /* of all tags */
	TAGS_MAX = 2 * DOM_NODES_MAX, /* with those that end something */
	/* "<" and "&" that begin nothing: libxml2 writes a sentence at each. */
	LONE_MAX = 1 << 16,
};

/* What ends when its like begins: without that, the lists and paragraphs of old
 * pages, which have no end tags, would be thought ever deeper. */
enum alike {
	ALIKE_NONE, ALIKE_P, ALIKE_LI, ALIKE_DT, ALIKE_CELL, ALIKE_ROW,
	ALIKE_OPTION,
};

/* A tag as it stands in the page, p past its '>' or at the end. */
struct tag {
	char name[NAME_MAX_BYTES];
	size_t name_n, attributes;
	uint32_t hash;
	bool closes, closed; /* "</a>", "<a/>" */
	bool json;	     /* an attribute says so */
};

struct sieve {
	const char *p, *end;
	char *out;
	size_t tags, lone;
	/* What is open, as far as it is kept; how often each name is in there,
	 * and how often it was left out for its depth: so often its end tag
	 * is left out as well. Names that share a bucket share its count. */
	struct {
		uint32_t hash;
		enum alike alike;
	} open[DOM_DEPTH_MAX];
	size_t depth;
	uint32_t opened[BUCKETS], too_deep[BUCKETS];
	struct dom_sieve *ret;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_byte(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
	       c == ':' || c == '.';
}

/* Past the next tail, or the end. */
static const char *past(const char *p, const char *end, struct str tail)
{
	const char *first = p;

	while ((p = memchr(p, tail.p[tail.n - 1], (size_t)(end - p)))) {
		p++;
		if (str_ends((struct str){ first, (size_t)(p - first) }, tail))
			return p;
	}
	return end;
}

static bool is_one_of(struct str s, const struct str *names)
{
	for (; names->n; names++)
		if (str_eq(s, *names))
			return true;
	return false;
}

#define NAME(z) { z, sizeof(z) - 1 }

/* Never open: they have no content. */
static bool is_void(struct str name)
{
	static const struct str names[] = {
		NAME("area"), NAME("base"), NAME("basefont"), NAME("br"),
		NAME("col"), NAME("embed"), NAME("frame"), NAME("hr"),
		NAME("img"), NAME("input"), NAME("isindex"), NAME("keygen"),
		NAME("link"), NAME("meta"), NAME("param"), NAME("source"),
		NAME("track"), NAME("wbr"), { NULL, 0 },
	};

	return is_one_of(name, names);
}

/* Of which a page has one, wherever it says so. */
static bool is_frame(struct str name)
{
	static const struct str names[] = {
		NAME("html"), NAME("head"), NAME("body"), { NULL, 0 },
	};

	return is_one_of(name, names);
}

/* Whose content is no markup. */
static bool is_raw(struct str name)
{
	static const struct str names[] = {
		NAME("script"), NAME("style"), NAME("iframe"),
		NAME("noembed"), NAME("noframes"), { NULL, 0 },
	};

	return is_one_of(name, names);
}

static struct str name_of(const struct tag *t)
{
	return (struct str){ t->name, t->name_n };
}

static uint32_t hash_of(const char *p, size_t n)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 16777619u;
	return h;
}

static void emit(struct sieve *s, const char *p, size_t n)
{
	memcpy(s->out + s->ret->n, p, n);
	s->ret->n += n;
}

/* The attributes that somebody reads. A page has three times as many, and
 * libxml2 keeps every name that it meets. */
static bool is_read(struct str name)
{
	static const struct str names[] = {
		NAME("about"), NAME("alt"), NAME("aria-hidden"),
		NAME("aria-label"), NAME("charset"), NAME("cite"),
		NAME("class"), NAME("content"), NAME("data-datetime"),
		NAME("data-src"), NAME("data-time"), NAME("data-timestamp"),
		NAME("datetime"), NAME("dir"), NAME("hidden"), NAME("href"),
		NAME("hreflang"), NAME("http-equiv"), NAME("id"),
		NAME("itemprop"), NAME("itemscope"), NAME("itemtype"),
		NAME("lang"), NAME("media"), NAME("name"), NAME("property"),
		NAME("pubdate"), NAME("rel"), NAME("role"), NAME("sizes"),
		NAME("src"), NAME("style"), NAME("title"), NAME("type"),
		NAME("typeof"), NAME("value"), NAME("xml:lang"), { NULL, 0 },
	};

	for (const struct str *n = names; n->n; n++)
		if (name.n == n->n && (name.p[0] | 0x20) == n->p[0] &&
		    !strncasecmp(name.p, n->p, n->n))
			return true;
	return false;
}

static bool says_ld_json(const char *p, const char *end)
{
	for (; end - p >= 7; p++)
		if (!strncasecmp(p, "ld+json", 7))
			return true;
	return false;
}

/* Past a value: what stands behind '='. */
static const char *past_value(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	if (p < end && (*p == '"' || *p == '\''))
		return past(p + 1, end, (struct str){ p, 1 });
	while (p < end && !is_blank(*p) && *p != '>')
		p++;
	return p;
}

/* One attribute, of which `written` bytes of its tag come before; kept when it
 * is one and there is room. */
static void attribute(struct sieve *s, struct tag *t, size_t written)
{
	const char *start = s->p, *name_end;
	bool fits;

	if (s->p < s->end && *s->p == '=')
		s->p++;
	while (s->p < s->end && !is_blank(*s->p) && !str_has(STR("/>="), *s->p))
		s->p++;
	name_end = s->p;
	while (s->p < s->end && is_blank(*s->p))
		s->p++;
	if (s->p < s->end && *s->p == '=')
		s->p = past_value(s->p + 1, s->end);
	else
		s->p = name_end;
	if (t->closes ||
	    !is_read((struct str){ start, (size_t)(name_end - start) }))
		return;
	fits = written + (size_t)(s->p - start) + 2 <= DOM_TAG_MAX &&
	       t->attributes < DOM_ATTRIBUTES_MAX &&
	       s->ret->attributes < ATTRIBUTES_MAX;
	if (!fits) {
		s->ret->cut = true;
		return;
	}
	t->attributes++;
	s->ret->attributes++;
	t->json = t->json ||
		  (t->name[0] == 's' && says_ld_json(name_end, s->p));
	if (is_blank(start[-1]) || start[-1] == '/')
		emit(s, " ", 1);
	emit(s, start, (size_t)(s->p - start));
}

/* The name, in small letters. */
static void tag_name(struct sieve *s, struct tag *t)
{
	const char *start = s->p;

	while (s->p < s->end && !is_blank(*s->p) && *s->p != '>' &&
	       *s->p != '/') {
		char c = *s->p++;

		if (t->name_n < NAME_MAX_BYTES)
			t->name[t->name_n++] =
				(char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	for (size_t i = 0; i < t->name_n; i++)
		if (!is_name_byte(t->name[i]))
			t->name_n = i;
	if ((size_t)(s->p - start) > NAME_MAX_BYTES)
		t->name_n = NAME_MAX_BYTES;
	t->hash = hash_of(t->name, t->name_n);
}

/* s->p behind "<" or "</": write it all but for its end, "/>" or ">". Returns
 * false, with nothing written, when the page ends before the tag does. */
static bool tag_open(struct sieve *s, struct tag *t)
{
	size_t start = s->ret->n, attributes = s->ret->attributes;

	tag_name(s, t);
	emit(s, t->closes ? "</" : "<", t->closes ? 2 : 1);
	emit(s, t->name, t->name_n);
	while (s->p < s->end && *s->p != '>') {
		t->closed = *s->p == '/';
		if (is_blank(*s->p) || *s->p == '/')
			s->p++;
		else
			attribute(s, t, s->ret->n - start);
	}
	if (s->p < s->end) {
		s->p++;
		return true;
	}
	s->ret->n = start;
	s->ret->attributes = attributes;
	return false;
}

static void pop(struct sieve *s)
{
	s->opened[s->open[--s->depth].hash % BUCKETS]--;
}

static enum alike alike_of(struct str name)
{
	static const struct {
		struct str name;
		enum alike alike;
	} names[] = {
		{ NAME("p"), ALIKE_P },	    { NAME("li"), ALIKE_LI },
		{ NAME("dt"), ALIKE_DT },   { NAME("dd"), ALIKE_DT },
		{ NAME("td"), ALIKE_CELL }, { NAME("th"), ALIKE_CELL },
		{ NAME("tr"), ALIKE_ROW },  { NAME("option"), ALIKE_OPTION },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_eq(name, names[i].name))
			return names[i].alike;
	return ALIKE_NONE;
}

static void close_implied(struct sieve *s, enum alike alike)
{
	if (alike == ALIKE_ROW && s->depth &&
	    s->open[s->depth - 1].alike == ALIKE_CELL)
		pop(s);
	if (alike && s->depth && s->open[s->depth - 1].alike == alike)
		pop(s);
}

/* Is there room for one more? */
static bool push(struct sieve *s, uint32_t hash, enum alike alike)
{
	if (s->depth == DOM_DEPTH_MAX) {
		s->too_deep[hash % BUCKETS]++;
		s->ret->cut = true;
		return false;
	}
	s->open[s->depth].hash = hash;
	s->open[s->depth++].alike = alike;
	s->opened[hash % BUCKETS]++;
	return true;
}

/* Does this end tag end something that is open? */
static bool ends(struct sieve *s, uint32_t hash)
{
	size_t i = s->depth;

	if (s->too_deep[hash % BUCKETS]) {
		s->too_deep[hash % BUCKETS]--;
		return false;
	}
	if (!s->opened[hash % BUCKETS])
		return false;
	while (i && s->open[i - 1].hash != hash)
		i--;
	if (!i)
		return false;
	while (s->depth >= i)
		pop(s);
	return true;
}

static void end_tag(struct sieve *s)
{
	struct tag t = { .closes = true };
	size_t start = s->ret->n;

	s->p += 2;
	s->tags++;
	if (!tag_open(s, &t))
		return;
	if (is_frame(name_of(&t)) ? t.name[0] == 'h' && t.name[1] == 'e' :
	    !is_void(name_of(&t)) && ends(s, t.hash)) {
		emit(s, ">", 1);
		return;
	}
	s->ret->n = start;
	/* An end of nothing parts paragraphs all the same. */
	if (str_is(name_of(&t), "p"))
		emit(s, "<br>", 4);
}

/* Past what such an element holds, which is written when it is JSON. */
static void raw_text(struct sieve *s, const struct tag *t, bool keep)
{
	const char *p = s->p;

	while (p < s->end) {
		p = memchr(p, '<', (size_t)(s->end - p));
		if (!p)
			p = s->end;
		else if ((size_t)(s->end - p) > t->name_n + 2 && p[1] == '/' &&
			 !strncasecmp(p + 2, t->name, t->name_n))
			break;
		else
			p++;
	}
	if (keep && t->json && str_is(name_of(t), "script"))
		emit(s, s->p, (size_t)(p - s->p));
	s->p = p;
}

static void start_tag(struct sieve *s)
{
	struct tag t = { .closes = false };
	size_t start = s->ret->n;
	bool keep = true;

	s->p++;
	s->tags++;
	if (!tag_open(s, &t))
		return;
	if (!is_frame(name_of(&t)) && !is_void(name_of(&t))) {
		enum alike alike = alike_of(name_of(&t));

		close_implied(s, alike);
		if (!t.closed || is_raw(name_of(&t)))
			keep = push(s, t.hash, alike);
	}
	if (!keep) {
		s->ret->n = start;
		s->ret->cut = true;
	} else if (t.closed && !is_raw(name_of(&t))) {
		/* The blank, or a value without quotes would take the "/". */
		if (is_blank(s->p[-3]))
			emit(s, " ", 1);
		emit(s, "/>", 2);
	} else {
		emit(s, ">", 1);
	}
	if (is_raw(name_of(&t)))
		raw_text(s, &t, keep);
}

/* A "<" or "&" that begins nothing. */
static void lone(struct sieve *s)
{
	emit(s, ++s->lone <= LONE_MAX ? s->p : " ", 1);
	s->p++;
}

/* At a '<'. */
static void markup(struct sieve *s)
{
	size_t left = (size_t)(s->end - s->p);

	if (left > 1 && is_letter(s->p[1]))
		start_tag(s);
	else if (left > 2 && s->p[1] == '/' && is_letter(s->p[2]))
		end_tag(s);
	else if (left > 3 && !memcmp(s->p, "<!--", 4))
		s->p = past(s->p + 2, s->end, STR("-->"));
	else if (left > 1 && str_has(STR("!?/"), s->p[1]))
		s->p = past(s->p, s->end, STR(">"));
	else
		lone(s);
}

/* Text, in which only the "&" are looked at. */
static void text(struct sieve *s, const char *end)
{
	while (s->p < end) {
		const char *at = memchr(s->p, '&', (size_t)(end - s->p));
		size_t run = (size_t)((at ? at : end) - s->p);

		emit(s, s->p, run);
		s->p += run;
		if (!at)
			return;
		if (at + 1 < s->end && (is_letter(at[1]) || at[1] == '#'))
			emit(s, s->p++, 1);
		else
			lone(s);
	}
}

void dom_sieve(struct str page, char *out, struct dom_sieve *ret)
{
	struct sieve s = { .p = page.p, .end = page.p + page.n, .ret = ret };

	s.out = out;
	*ret = (struct dom_sieve){ 0 };
	while (s.p < s.end && ret->n < DOM_BYTES_MAX && s.tags < TAGS_MAX) {
		const char *at = memchr(s.p, '<', (size_t)(s.end - s.p));

		text(&s, at ? at : s.end);
		if (at)
			markup(&s);
	}
	if (ret->n > DOM_BYTES_MAX || s.p < s.end)
		ret->cut = true;
	if (ret->n <= DOM_BYTES_MAX)
		return;
	ret->n = DOM_BYTES_MAX;
	while (ret->n && (out[ret->n] & 0xC0) == 0x80)
		ret->n--;
}
