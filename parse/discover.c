#include "parse/discover.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/run.h"
#include "parse/dom.h"
#include "parse/text.h"
#include "parse/url.h"

enum {
	FOUND_MAX = 64, /* links of a page that are kept */
	TITLE_MAX = 1 << 10,
};

struct found {
	struct str url, title, type;
	int rank; /* less is better */
	size_t order;
};

struct discover {
	struct dom dom;
	struct arena *a;
	struct str base;
	struct found v[FOUND_MAX];
	size_t n;
};

static bool holds(struct str s, const char *z)
{
	size_t n = strlen(z);

	for (size_t i = 0; i + n <= s.n; i++)
		if (!strncasecmp(s.p + i, z, n))
			return true;
	return false;
}

static bool holds_any(struct str s, const char *const *words)
{
	while (*words && !holds(s, *words))
		words++;
	return *words;
}

/* "alternate home": words parted by white space, of any case. */
static bool has_word(struct str s, const char *word)
{
	while (s.p) {
		struct str one = str_trim(str_cut(&s, ' '));

		if (one.n == strlen(word) && !strncasecmp(one.p, word, one.n))
			return true;
	}
	return false;
}

/* Plain JSON is what programs of a site speak, mostly. */
static bool is_feed_type(struct str type)
{
	static const char *const types[] = {
		"application/rss+xml", "application/atom+xml",
		"application/rdf+xml", "application/feed+json",
		"application/x.atom+xml", "application/xml", "text/xml",
		"text/rss+xml", "text/atom+xml", "application/rss", NULL,
	};
	struct str bare = str_trim(str_cut(&type, ';'));

	for (size_t i = 0; types[i]; i++)
		if (bare.n == strlen(types[i]) &&
		    !strncasecmp(bare.p, types[i], bare.n))
			return true;
	return false;
}

/* Feeds of comments come after those of articles. */
static bool is_aside(struct str url, struct str title)
{
	static const char *const words[] = { "comment", "kommentar", "reactie",
					     "/replies", NULL };

	return holds_any(url, words) || holds_any(title, words);
}

static bool is_known(const struct discover *d, struct str url)
{
	for (size_t i = 0; i < d->n; i++)
		if (str_eq(d->v[i].url, url))
			return true;
	return false;
}

static int add(struct discover *d, struct str href, struct str title,
	       struct str type, int rank)
{
	struct found *f = &d->v[d->n];
	struct arena a = *d->a; /* kept when the link is */
	int r;

	if (d->n == FOUND_MAX || !href.n)
		return 0;
	r = url_resolve(d->base, href, &a, &f->url);
	if (r)
		return r == -EINVAL ? 0 : r;
	if ((d->base.n && !url_is_web(f->url)) || is_known(d, f->url) ||
	    run_uncontrolled(f->url.p, f->url.n) < f->url.n)
		return 0;
	r = text_line(title.n ? title : STR(""), &a, &f->title);
	if (r)
		return r;
	r = text_line(type.n ? type : STR(""), &a, &f->type);
	if (r)
		return r;
	*d->a = a;
	f->rank = rank + is_aside(f->url, f->title);
	f->order = d->n++;
	return 0;
}

static int take_link(struct discover *d, uint32_t i)
{
	struct str rel = dom_attribute(&d->dom, i, "rel");
	struct str type = dom_attribute(&d->dom, i, "type");
	bool feed = has_word(rel, "feed") ||
		    (has_word(rel, "alternate") && is_feed_type(type));

	if (!feed)
		return 0;
	return add(d, dom_attribute(&d->dom, i, "href"),
		   dom_attribute(&d->dom, i, "title"), type, 0);
}

/* Addresses that feeds have, when nobody says which they are. */
static bool looks_like_feed(struct str href)
{
	static const char *const ends[] = {
		"/feed", "/feed/", "/rss", "/rss/", "/atom", "/atom/", ".rss",
		".rdf",	 ".atom",  "rss.xml", "atom.xml", "feed.xml",
		"index.xml", "feed.json", "/feeds", "/feeds/", "rss2", NULL,
	};
	struct url u;

	url_split(href, &u);
	if (holds(u.host, "feeds.feedburner.com"))
		return true;
	for (size_t i = 0; ends[i]; i++) {
		size_t n = strlen(ends[i]);

		if (u.path.n >= n &&
		    !strncasecmp(u.path.p + u.path.n - n, ends[i], n))
			return true;
	}
	return holds(u.query, "feed=") || holds(u.query, "format=rss");
}

static int take_anchor(struct discover *d, uint32_t i)
{
	struct str href = dom_attribute(&d->dom, i, "href");
	struct buf text;
	struct str title;
	int r;

	if (!href.n || href.n > URL_MAX || !looks_like_feed(href))
		return 0;
	buf_init(&text, TITLE_MAX);
	dom_text(&d->dom, i, &text);
	/* A title that is too long is none. */
	title = buf_error(&text) ? STR("") : buf_view(&text);
	r = add(d, href, title, STR(""), 2);
	buf_done(&text);
	return r;
}

static int take_base(struct discover *d, uint32_t i, bool *done)
{
	struct str href = dom_attribute(&d->dom, i, "href"), got;
	int r;

	if (*done || !href.n)
		return 0;
	*done = true;
	r = url_resolve(d->base, href, d->a, &got);
	if (!r)
		d->base = got;
	return r == -EINVAL ? 0 : r;
}

static int take_all(struct discover *d, enum dom_tag tag,
		    int (*take)(struct discover *d, uint32_t i))
{
	int r = 0;

	for (uint32_t i = 0; i < d->dom.n && !r && d->n < FOUND_MAX; i++)
		if (d->dom.v[i].tag == tag)
			r = take(d, i);
	return r;
}

static int by_rank(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank - y->rank;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void write_member(struct buf *out, const char *name, struct str s)
{
	if (!s.n)
		return;
	json_add_name(out, name);
	json_add_text(out, s);
}

static int write_found(struct discover *d, struct buf *out)
{
	qsort(d->v, d->n, sizeof(*d->v), by_rank);
	buf_add_z(out, "{\"document\":\"links\"}\n");
	for (size_t i = 0; i < d->n; i++) {
		buf_add_char(out, '{');
		write_member(out, "url", d->v[i].url);
		write_member(out, "title", d->v[i].title);
		write_member(out, "type", d->v[i].type);
		buf_add_z(out, "}\n");
	}
	return buf_error(out);
}

static int find_all(struct discover *d)
{
	bool based = false;
	int r = 0;

	for (uint32_t i = 0; i < d->dom.n && !r; i++)
		if (d->dom.v[i].tag == DOM_BASE)
			r = take_base(d, i, &based);
	if (!r)
		r = take_all(d, DOM_LINK, take_link);
	if (!r && !d->n)
		r = take_all(d, DOM_A, take_anchor);
	return r;
}

int discover_parse(const struct document *document, struct arena scratch,
		   struct buf *out, struct err *e)
{
	struct discover *d = arena_take(&scratch, sizeof(*d));
	size_t start = out->n;
	int r;

	(void)e;
	if (!d)
		return -ENOMEM;
	d->a = &scratch;
	d->base = str_of(document->url ? document->url : "");
	r = dom_parse(document->bytes, &scratch, &d->dom);
	if (!r)
		r = find_all(d);
	if (!r)
		r = write_found(d, out);
	if (r)
		out->n = start;
	return r;
}
