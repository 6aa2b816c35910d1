#include "parse/sitemap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/run.h"
#include "parse/date.h"
#include "parse/text.h"
#include "parse/url.h"
#include "parse/xml.h"

enum field { URL, TITLE, LANGUAGE, SOURCE, NEWS_DATE, MODIFIED, FIELDS };

enum {
	FIELD_MAX = URL_MAX,
	ENTRY_ROOM = 512 << 10, /* more than any line, and the head, take */
};

struct sitemap {
	struct arena scratch;
	struct str base;
	struct buf *out;
	size_t start, entries;
	bool is_index, is_sitemap, cut;
	struct buf v[FIELDS];
	struct buf *into;	 /* the text that is read; NULL: none */
	uint32_t entry, element; /* depths of what is open; 0: nothing */
};

static bool is_news(const struct xml_name *n)
{
	return str_is(n->prefix, "news") || str_is(n->prefix, "n") ||
	       str_ends(n->space, STR("sitemap-news/0.9"));
}

/* Only what is right in the entry is its own: images and videos have addresses
 * and titles, too. */
static struct buf *field_of(struct sitemap *s, const struct xml_name *n,
			    uint32_t depth)
{
	static const struct {
		const char *name;
		bool news;
		enum field field;
	} fields[] = {
		{ "loc", false, URL },
		{ "lastmod", false, MODIFIED },
		{ "publication_date", true, NEWS_DATE },
		{ "title", true, TITLE },
		{ "name", true, SOURCE },
		{ "language", true, LANGUAGE },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (!str_is(n->local, fields[i].name))
			continue;
		if (fields[i].news ? is_news(n) : depth == s->entry + 1)
			return &s->v[fields[i].field];
	}
	return NULL;
}

/* As precise as it was, if that can be; else as a feed's. */
static bool read_date(const struct buf *b, char out[DATE_MAX])
{
	struct str s = buf_view(b);

	return s.n && !buf_error(b) &&
	       (!date_parse(s, out) || !date_parse_feed(s, out));
}

static void add_member(struct sitemap *s, const char *name, enum field field)
{
	struct arena a = s->scratch;
	struct str line;

	if (!s->v[field].n || buf_error(&s->v[field]) ||
	    text_line(buf_view(&s->v[field]), &a, &line) || !line.n)
		return;
	json_add_name(s->out, name);
	json_add_text(s->out, line);
}

static void write_members(struct sitemap *s, struct str url)
{
	char date[DATE_MAX];

	json_add_name(s->out, "url");
	json_add_text(s->out, url);
	if (read_date(&s->v[NEWS_DATE], date) ||
	    read_date(&s->v[MODIFIED], date)) {
		json_add_name(s->out, "published");
		json_add_text(s->out, str_of(date));
	}
	add_member(s, "title", TITLE);
	add_member(s, "language", LANGUAGE);
	add_member(s, "source", SOURCE);
}

static int write_entry(struct sitemap *s)
{
	struct arena a = s->scratch;
	struct str url;
	int r = buf_error(&s->v[URL]);

	if (!r)
		r = url_resolve(s->base, buf_view(&s->v[URL]), &a, &url);
	if (r == -ENOMEM)
		return r;
	if (r || !url_is_web(url) || run_uncontrolled(url.p, url.n) < url.n)
		return 0;
	if (s->entries == SITEMAP_ENTRIES_MAX ||
	    s->out->n + ENTRY_ROOM > s->out->max)
		return STEP_END;
	s->entries++;
	buf_add_char(s->out, '{');
	write_members(s, url);
	buf_add_z(s->out, "}\n");
	return buf_error(s->out);
}

static void forget(struct sitemap *s)
{
	s->into = NULL;
	for (int i = 0; i < FIELDS; i++)
		buf_clear(&s->v[i]);
}

static int finish_entry(struct sitemap *s)
{
	int r = write_entry(s);

	s->entry = 0;
	forget(s);
	return r;
}

static int on_open(struct sitemap *s, const struct xml_event *ev,
		   uint32_t depth)
{
	struct str name = ev->name.local;
	bool index = str_is(name, "sitemap");
	int r = 0;

	if (str_is(name, "urlset") || str_is(name, "sitemapindex")) {
		s->is_sitemap = true;
		s->is_index = str_is(name, "sitemapindex");
	} else if (index || str_is(name, "url")) {
		r = s->entry ? finish_entry(s) : 0;
		s->entry = depth;
	} else if (s->entry) {
		s->into = field_of(s, &ev->name, depth);
		s->element = depth;
		if (s->into)
			buf_clear(s->into);
	}
	return r;
}

static int on_event(void *self, const struct xml_event *ev, uint32_t depth)
{
	struct sitemap *s = self;

	switch (ev->kind) {
	case XML_OPEN:
		return on_open(s, ev, depth);
	case XML_CLOSE:
		if (depth < s->element)
			s->into = NULL;
		return s->entry && depth < s->entry ? finish_entry(s) : 0;
	case XML_TEXT:
		if (s->into)
			buf_add_str(s->into, ev->text);
		return 0;
	default:
		return 0;
	}
}

/* A file of addresses, one a line. */
static int read_lines(struct sitemap *s, struct str utf8)
{
	int r = 0;

	while (utf8.p && !r) {
		struct str line = str_trim(str_cut(&utf8, '\n'));

		if (!url_is_web(line))
			continue;
		s->is_sitemap = true;
		forget(s);
		buf_add_str(&s->v[URL], line);
		r = write_entry(s);
	}
	s->cut = r == STEP_END;
	return s->cut ? 0 : r;
}

/* The head is known last: it goes in front. */
static int write_head(struct sitemap *s)
{
	char head[64];

	snprintf(head, sizeof(head),
		 "{\"document\":\"sitemap\",\"index\":%s%s}\n",
		 s->is_index ? "true" : "false",
		 s->cut ? ",\"cut\":true" : "");
	buf_insert(s->out, s->start, str_of(head));
	return buf_error(s->out);
}

static int read_sitemap(struct sitemap *s, struct str utf8, struct err *e)
{
	struct str head = str_trim(utf8);
	int r = str_starts(head, STR("<"))
			? xml_each(utf8, s->base, &s->scratch, on_event, s,
				   &s->cut)
			: read_lines(s, utf8);

	if (r)
		return r;
	if (!s->is_sitemap)
		return err_set(e, STEP_REJECT,
			       "no sitemap: there is no element urlset or "
			       "sitemapindex, and no line is an address; give "
			       "the address that robots.txt names");
	return write_head(s);
}

int sitemap_parse(const struct document *d, struct arena scratch,
		  struct buf *out, struct err *e)
{
	struct sitemap s = { .scratch = scratch,
			     .out = out,
			     .start = out->n,
			     .base = str_of(d->url ? d->url : "") };
	int r;

	for (int i = 0; i < FIELDS; i++)
		buf_init(&s.v[i], FIELD_MAX);
	r = read_sitemap(&s, d->bytes, e);
	for (int i = 0; i < FIELDS; i++)
		buf_done(&s.v[i]);
	if (r)
		out->n = s.start;
	return r;
}
