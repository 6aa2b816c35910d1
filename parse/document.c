#include "parse/document.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/json.h"
#include "base/run.h"
#include "parse/charset.h"
#include "parse/discover.h"
#include "parse/feed.h"
#include "parse/opml.h"
#include "parse/page.h"
#include "parse/sitemap.h"

enum {
	LOOK = 64 << 10, /* bytes in which the first element is looked for */
	ELEMENT_MAX = 32,
	PAGE_CONTROLS = 40, /* of so many bytes one may be */
};

static const char *const names[DOCUMENT_KINDS] = {
	[DOCUMENT_ANY] = "any",		[DOCUMENT_FEED] = "feed",
	[DOCUMENT_PAGE] = "page",	[DOCUMENT_SITEMAP] = "sitemap",
	[DOCUMENT_OPML] = "opml",	[DOCUMENT_LINKS] = "links",
};

const char *document_name(enum document_kind kind)
{
	return (unsigned int)kind < DOCUMENT_KINDS ? names[kind] : NULL;
}

/* What it looks like. */

static struct str from(struct str s, size_t n)
{
	return (struct str){ s.p + n, s.n - n };
}

/* s behind the next `mark`; empty when there is none. */
static struct str behind(struct str s, struct str mark)
{
	const char *p = s.p, *end = s.p + s.n;

	while (p < end && (p = memchr(p, mark.p[0], (size_t)(end - p)))) {
		struct str rest = { p, (size_t)(end - p) };

		if (str_starts(rest, mark))
			return from(rest, mark.n);
		p++;
	}
	return (struct str){ end, 0 };
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ':' ||
	       c == '_' || c == '-' || (c >= '0' && c <= '9');
}

/* The name of the first element, without its prefix: behind declarations,
 * comments, a document type, and text that has no place there. */
static struct str first_element(struct str s)
{
	struct str rest = s, name;
	size_t n = 0;

	if (rest.n > LOOK)
		rest.n = LOOK;
	for (;;) {
		rest = behind(rest, STR("<"));
		if (str_starts(rest, STR("!--")))
			rest = behind(rest, STR("-->"));
		else if (!rest.n || is_name(rest.p[0]))
			break;
	}
	while (n < rest.n && n < ELEMENT_MAX && is_name(rest.p[n]))
		n++;
	name = (struct str){ rest.p, n };
	if (str_has(name, ':'))
		str_cut(&name, ':');
	return name;
}

static bool type_has(const char *type, const char *word)
{
	size_t n = strlen(word);

	while (type && *type && strncasecmp(type, word, n))
		type++;
	return type && *type;
}

static bool is_any(struct str s, const char *const *v)
{
	while (*v && (s.n != strlen(*v) || strncasecmp(s.p, *v, s.n)))
		v++;
	return *v;
}

static enum document_kind look_of_json(struct str s, const char *type)
{
	struct str head = { s.p, s.n < LOOK ? s.n : LOOK };

	if (type_has(type, "feed+json") ||
	    behind(head, STR("jsonfeed.org")).n)
		return DOCUMENT_FEED;
	return type_has(type, "json") ? DOCUMENT_FEED : DOCUMENT_PAGE;
}

enum document_kind document_look(struct str utf8, const char *type)
{
	static const char *const feeds[] = { "rss", "feed", "RDF", "channel",
					     NULL };
	static const char *const sitemaps[] = { "urlset", "sitemapindex",
						NULL };
	static const char *const opmls[] = { "opml", NULL };
	static const char *const pages[] = { "html", "head", "body", NULL };
	struct str s = str_trim(utf8), name;

	if (str_starts(s, STR("{")) || str_starts(s, STR("[")))
		return look_of_json(s, type);
	if (!str_starts(s, STR("<")) && type_has(type, "text/plain") &&
	    (str_starts(s, STR("http://")) || str_starts(s, STR("https://"))))
		return DOCUMENT_SITEMAP; /* an address a line */
	name = first_element(s);
	if (is_any(name, feeds))
		return DOCUMENT_FEED;
	if (is_any(name, sitemaps))
		return DOCUMENT_SITEMAP;
	if (is_any(name, opmls) || type_has(type, "opml"))
		return DOCUMENT_OPML;
	if (is_any(name, pages))
		return DOCUMENT_PAGE;
	return type_has(type, "rss+xml") || type_has(type, "atom+xml") ||
			       type_has(type, "rdf+xml")
		       ? DOCUMENT_FEED
		       : DOCUMENT_PAGE;
}

/* Taking it apart. */

/* Bytes that no text has. Of what is no text (a picture, gzip, a program) they
 * are a tenth and more, of pages none, or a few that slipped in. */
static size_t count_controls(struct str s)
{
	size_t n = 0, i = 0;

	while (i += run_uncontrolled(s.p + i, s.n - i), i < s.n) {
		unsigned char c = (unsigned char)s.p[i++];

		n += c < '\t' || (c > '\r' && c < ' ');
	}
	return n;
}

static int page_parse(const struct document *d, struct arena scratch,
		      struct buf *out, struct err *e)
{
	struct page page = { .title = { NULL, 0 } };
	size_t controls = count_controls(d->bytes);
	int r;

	if (controls > d->bytes.n / PAGE_CONTROLS)
		return err_set(e, STEP_REJECT,
			       "no page: %zu of its %zu bytes are control "
			       "characters; is it a picture, or compressed?",
			       controls, d->bytes.n);
	r = page_read(d->bytes, d->url, &scratch, &page);
	if (r)
		return r;
	buf_add_z(out, "{\"document\":\"page\"}\n");
	page_line(&page, out);
	buf_add_char(out, '\n');
	return 0;
}

static int parse_as(enum document_kind kind, const struct document *d,
		    struct arena scratch, struct buf *out, struct err *e)
{
	switch (kind) {
	case DOCUMENT_FEED:
		return feed_parse(d, scratch, out, e);
	case DOCUMENT_SITEMAP:
		return sitemap_parse(d, scratch, out, e);
	case DOCUMENT_OPML:
		return opml_parse(d, scratch, out, e);
	case DOCUMENT_LINKS:
		return discover_parse(d, scratch, out, e);
	case DOCUMENT_PAGE:
		return page_parse(d, scratch, out, e);
	default:
		return err_set(e, STEP_REJECT, "no kind of document: %d",
			       (int)kind);
	}
}

static int too_many_lines(struct err *e)
{
	return err_set(e, STEP_REJECT,
		       "has more in it than %d MB of lines; refused",
		       DOCUMENT_ANSWER_MAX >> 20);
}

static int parse_text(const struct document *d, struct arena scratch,
		      struct buf *out, struct err *e)
{
	enum document_kind kind = d->kind;
	int r;

	if (kind == DOCUMENT_ANY)
		kind = document_look(d->bytes, d->type);
	r = parse_as(kind, d, scratch, out, e);
	return r ? r : buf_error(out);
}

static int parse_bytes(const struct document *d, struct arena scratch,
		       struct buf *out, struct err *e)
{
	struct document text = *d;
	struct charset charset;
	int r = charset_decode(d->bytes, d->type, &scratch, &charset);

	if (r)
		return r;
	text.bytes = charset.text;
	text.charset = charset.name;
	return parse_text(&text, scratch, out, e);
}

/* What a document takes is of its own making. */
static int too_large(size_t room, struct err *e)
{
	return err_set(e, STEP_REJECT,
		       "too large to read in %zu MB of memory; refused",
		       (room + (1 << 20) - 1) >> 20);
}

int document_parse(const struct document *d, struct arena scratch,
		   struct buf *out, struct err *e)
{
	size_t before = out->n, room = arena_left(scratch);
	int r;

	if (d->bytes.n > DOCUMENT_MAX)
		return err_set(e, STEP_REJECT,
			       "has %zu bytes, more than %d MB; refused",
			       d->bytes.n, DOCUMENT_MAX >> 20);
	r = parse_bytes(d, scratch, out, e);
	if (r)
		out->n = before;
	if (r == -EMSGSIZE)
		return too_many_lines(e);
	return r == -ENOMEM ? too_large(room, e) : r;
}

void document_prepare(const struct document *d)
{
	json_object_seed(0); /* jansson's, from /dev/urandom */
	tzset();	     /* timegm() and gmtime_r() read /etc/localtime */
	if (d)
		charset_prepare(d->bytes, d->type);
	else
		charset_prepare((struct str){ NULL, 0 }, NULL);
}
