#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "base/run.h"
#include "base/unicode.h"
#include "parse/date.h"
#include "parse/feed_parts.h"
#include "parse/markup.h"
#include "parse/references.h"
#include "parse/text.h"
#include "parse/url.h"

enum { CATEGORIES_MAX = 8 << 10 }; /* bytes of all of an item */

/* Is there a control character from 0x80 to 0x9F, or any letter of Latin-1 that
 * may be a byte of UTF-8? Both are two bytes that begin with C2 or C3. */
static bool may_be_mistaken(struct str s)
{
	return s.n && (memchr(s.p, 0xC2, s.n) || memchr(s.p, 0xC3, s.n));
}

/* Each character as the byte of its number, into out of s.n bytes; 0 when one
 * has no such byte. */
static size_t as_bytes(struct str s, char *out)
{
	const char *p = s.p, *end = s.p + s.n;
	size_t n = 0, step;

	for (; p < end; p += step) {
		uint32_t c = unicode_decode(p, end, &step);

		/* It was Latin-1 for some, for others Windows-1252. */
		for (uint32_t b = 0x80; c > 0xFF && b < 0xA0; b++)
			if (references_1252(b) == c)
				c = b;
		if (c > 0xFF)
			return 0;
		out[n++] = (char)c;
	}
	return n;
}

static void name_controls(struct buf *out, struct str s)
{
	const char *p = s.p, *end = s.p + s.n;
	size_t step;
	char utf8[4];

	for (; p < end; p += step) {
		uint32_t c = references_1252(unicode_decode(p, end, &step));

		buf_add(out, utf8, unicode_encode(c, utf8));
	}
}

/* Two old mistakes, whose signs no text has by right: UTF-8 that was taken for
 * Latin-1 and encoded once more, and the controls of Latin-1 where those of
 * Windows-1252 were meant. */
static struct str repaired(struct feed *f, struct str s)
{
	struct arena a = f->scratch;
	char *bytes;
	struct str got;

	if (!may_be_mistaken(s))
		return s;
	bytes = arena_take(&a, s.n);
	if (!bytes)
		return s;
	got = (struct str){ bytes, as_bytes(s, bytes) };
	buf_clear(&f->plain);
	if (got.n && unicode_valid(got) == got.n)
		buf_add_str(&f->plain, got);
	else
		name_controls(&f->plain, s);
	return buf_view(&f->plain);
}

static bool outranks(struct feed_value *v, int rank)
{
	return !v->known || rank > v->rank;
}

static int put(struct feed *f, struct feed_value *v, int rank, struct str s)
{
	v->known = true;
	v->rank = rank;
	buf_clear(&v->text);
	buf_add_str(&v->text, s);
	/* Too long is as good as absent, and said. */
	if (buf_error(&v->text) == -EMSGSIZE) {
		v->known = false;
		f->cut = true;
		buf_clear(&v->text);
	}
	return buf_error(&v->text);
}

/* Without markup, if it is some: then into f->raw. */
static struct str plain_of(struct feed *f, struct str s, enum feed_type type,
			   bool *html)
{
	*html = type == FEED_HTML ||
		(type == FEED_GUESS && !f->is_atom && markup_is_likely(s));
	if (!*html)
		return s;
	buf_clear(&f->raw);
	markup_text(&f->raw, s);
	if (!markup_is_certain(buf_view(&f->raw)))
		return buf_view(&f->raw);
	/* Escaped twice. */
	buf_clear(&f->plain);
	markup_text(&f->plain, buf_view(&f->raw));
	return buf_view(&f->plain);
}

int feed_set_text(struct feed *f, struct feed_record *r, enum feed_field field,
		  int rank, struct str raw, enum feed_type type)
{
	struct feed_value *v = &r->v[field];
	struct arena a = f->scratch;
	struct str s;
	bool html;
	int e;

	if (!outranks(v, rank))
		return 0;
	s = plain_of(f, str_trim(repaired(f, raw)), type, &html);
	e = field == FEED_TITLE ? text_line(s, &a, &s) : text_clean(s, &a, &s);
	if (!e)
		e = put(f, v, rank, s);
	v->html = html;
	return e;
}

/* What a document may cost, whatever it makes us look at again and again. */
static bool exhausted(struct feed *f, size_t bytes)
{
	f->effort += bytes;
	if (f->effort > FEED_EFFORT_MAX)
		f->cut = true;
	return f->effort > FEED_EFFORT_MAX;
}

int feed_set_address(struct feed *f, struct feed_record *r,
		     enum feed_field field, int rank, struct str base,
		     struct str raw)
{
	struct feed_value *v = &r->v[field];
	struct arena a = f->scratch;
	struct str s;
	int e;

	if ((v->known && rank < v->rank) || exhausted(f, base.n + raw.n + 32))
		return 0;
	e = url_resolve(base, raw, &a, &s);
	if (e)
		return e == -EINVAL ? 0 : e;
	/* One with control characters is none. */
	return s.n && run_uncontrolled(s.p, s.n) == s.n ? put(f, v, rank, s)
							: 0;
}

/* A date in words costs more than an address. */
int feed_set_date(struct feed *f, struct feed_record *r, enum feed_field field,
		  int rank, struct str raw)
{
	struct feed_value *v = &r->v[field];
	char date[DATE_MAX];

	if ((v->known && rank < v->rank) || exhausted(f, 12 * raw.n) ||
	    date_parse_feed(raw, date))
		return 0;
	v->known = true;
	v->rank = rank;
	buf_clear(&v->text);
	buf_add_z(&v->text, date);
	return buf_error(&v->text);
}

int feed_set_line(struct feed *f, struct feed_record *r, enum feed_field field,
		  int rank, struct str raw)
{
	struct feed_value *v = &r->v[field];
	struct arena a = f->scratch;
	struct str s;
	int e;

	if (v->known && rank < v->rank)
		return 0;
	e = text_line(repaired(f, raw), &a, &s);
	return e || !s.n ? e : put(f, v, rank, s);
}

/* A line of people, who escape where they need not. */
static int line_of(struct feed *f, struct str raw, struct arena *a,
		   struct str *ret)
{
	bool html;
	struct str s =
		plain_of(f, str_trim(repaired(f, raw)), FEED_GUESS, &html);

	return text_line(s, a, ret);
}

int feed_add_author(struct feed *f, struct feed_record *r, int rank,
		    struct str raw)
{
	struct feed_value *v = &r->v[FEED_AUTHOR];
	struct arena a = f->scratch;
	struct str s;
	int e;

	if (v->known && (rank < v->rank ||
			 (rank == v->rank && v->text.n > FEED_AUTHORS_MAX)))
		return 0;
	e = line_of(f, raw, &a, &s);
	if (e || !s.n)
		return e;
	if (outranks(v, rank))
		return put(f, v, rank, s);
	if (v->text.n + s.n > FEED_LINE_MAX / 2 ||
	    str_eq(buf_view(&v->text), s))
		return 0;
	buf_add_z(&v->text, ", ");
	buf_add_str(&v->text, s);
	return buf_error(&v->text);
}

int feed_add_category(struct feed *f, struct feed_record *r, struct str raw)
{
	struct feed_value *v = &r->v[FEED_CATEGORIES];
	struct arena a = f->scratch;
	struct str s;
	int e;

	if (v->text.n > CATEGORIES_MAX / 2 || raw.n > CATEGORIES_MAX / 2)
		return 0;
	e = line_of(f, raw, &a, &s);
	if (e || !s.n)
		return e;
	v->known = true;
	if (v->text.n)
		buf_add_char(&v->text, ',');
	json_add_text(&v->text, s);
	return buf_error(&v->text);
}

int feed_set_language(struct feed *f, struct feed_record *r, int rank,
		      struct str raw)
{
	struct feed_value *v = &r->v[FEED_LANGUAGE];
	int e = feed_set_line(f, r, FEED_LANGUAGE, rank, raw);

	for (size_t i = 0; i < v->text.n; i++)
		if (v->text.p[i] == '_')
			v->text.p[i] = '-';
	return e;
}
