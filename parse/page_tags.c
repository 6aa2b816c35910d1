/* The names that pages have for what they say of themselves in meta and in
 * microdata. */
#include <string.h>
#include <strings.h>

#include "parse/page_found.h"

enum { ITEM_TEXT_MAX = 400, NAMES_MAX = 4 };

#define NAME(z, field, rank) { z, sizeof(z) - 1, field, rank }

static const struct {
	const char *z; /* in small letters */
	size_t n;
	enum page_field field;
	enum page_rank rank;
} names[] = {
	NAME("og:title", PAGE_TITLE, PAGE_BY_GRAPH),
	NAME("twitter:title", PAGE_TITLE, PAGE_BY_NAME),
	NAME("parsely-title", PAGE_TITLE, PAGE_BY_NAME),
	NAME("sailthru.title", PAGE_TITLE, PAGE_BY_NAME),
	NAME("citation_title", PAGE_TITLE, PAGE_BY_NAME),
	NAME("dc.title", PAGE_TITLE, PAGE_BY_NAME),
	NAME("dc:title", PAGE_TITLE, PAGE_BY_NAME),
	NAME("dcterm:title", PAGE_TITLE, PAGE_BY_NAME),
	NAME("dcterms.title", PAGE_TITLE, PAGE_BY_NAME),
	NAME("weibo:article:title", PAGE_TITLE, PAGE_BY_NAME),
	NAME("weibo:webpage:title", PAGE_TITLE, PAGE_BY_NAME),
	NAME("headline", PAGE_TITLE, PAGE_BY_META),
	NAME("title", PAGE_TITLE, PAGE_BY_META),

	NAME("article:author", PAGE_AUTHOR, PAGE_BY_GRAPH),
	NAME("og:author", PAGE_AUTHOR, PAGE_BY_GRAPH),
	NAME("og:article:author", PAGE_AUTHOR, PAGE_BY_GRAPH),
	NAME("article:author_name", PAGE_AUTHOR, PAGE_BY_GRAPH),
	NAME("parsely-author", PAGE_AUTHOR, PAGE_BY_NAME),
	NAME("sailthru.author", PAGE_AUTHOR, PAGE_BY_NAME),
	NAME("citation_author", PAGE_AUTHOR, PAGE_BY_NAME),
	NAME("dc.creator", PAGE_AUTHOR, PAGE_BY_NAME),
	NAME("dc:creator", PAGE_AUTHOR, PAGE_BY_NAME),
	NAME("dcterm:creator", PAGE_AUTHOR, PAGE_BY_NAME),
	NAME("dcterms.creator", PAGE_AUTHOR, PAGE_BY_NAME),
	NAME("dc.creator.name", PAGE_AUTHOR, PAGE_BY_NAME),
	NAME("cxenseparse:author", PAGE_AUTHOR, PAGE_BY_NAME),
	NAME("shareaholic:article_author_name", PAGE_AUTHOR, PAGE_BY_NAME),
	NAME("article.author", PAGE_AUTHOR, PAGE_BY_NAME),
	NAME("author_name", PAGE_AUTHOR, PAGE_BY_NAME),
	NAME("creator", PAGE_AUTHOR, PAGE_BY_META),
	NAME("twitter:creator", PAGE_AUTHOR, PAGE_BY_META),
	NAME("rbauthors", PAGE_AUTHOR, PAGE_BY_NAME),
	NAME("byl", PAGE_AUTHOR, PAGE_BY_NAME),
	NAME("byline", PAGE_AUTHOR, PAGE_BY_NAME),
	NAME("author", PAGE_AUTHOR, PAGE_BY_META),

	NAME("article:published_time", PAGE_PUBLISHED, PAGE_BY_GRAPH),
	NAME("article:published", PAGE_PUBLISHED, PAGE_BY_GRAPH),
	NAME("og:published_time", PAGE_PUBLISHED, PAGE_BY_GRAPH),
	NAME("og:article:published_time", PAGE_PUBLISHED, PAGE_BY_GRAPH),
	NAME("og:pubdate", PAGE_PUBLISHED, PAGE_BY_GRAPH),
	NAME("rnews:datepublished", PAGE_PUBLISHED, PAGE_BY_GRAPH),
	NAME("parsely-pub-date", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("sailthru.date", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("dc.date.issued", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("dc.date.created", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("dc.date.publication", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("dcterms.date", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("dcterms.created", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("dcterms.issued", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("citation_publication_date", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("citation_online_date", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("citation_date", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("cxenseparse:recs:publishtime", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("article.published", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("article_date_original", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("originalpublicationdate", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("datepublished", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("date_published", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("pubdate", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("pub_date", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("publishdate", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("publish-date", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("publish_date", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("published_at", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("publication_date", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("published_date", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("published_time_telegram", PAGE_PUBLISHED, PAGE_BY_NAME),
	NAME("date", PAGE_PUBLISHED, PAGE_BY_META),
	NAME("dc.date", PAGE_PUBLISHED, PAGE_BY_META),
	NAME("dc:date", PAGE_PUBLISHED, PAGE_BY_META),
	NAME("displaydate", PAGE_PUBLISHED, PAGE_BY_META),

	NAME("article:modified_time", PAGE_MODIFIED, PAGE_BY_GRAPH),
	NAME("article:modified", PAGE_MODIFIED, PAGE_BY_GRAPH),
	NAME("og:modified_time", PAGE_MODIFIED, PAGE_BY_GRAPH),
	NAME("og:updated_time", PAGE_MODIFIED, PAGE_BY_GRAPH),
	NAME("dcterms.modified", PAGE_MODIFIED, PAGE_BY_NAME),
	NAME("dc.date.modified", PAGE_MODIFIED, PAGE_BY_NAME),
	NAME("datemodified", PAGE_MODIFIED, PAGE_BY_NAME),
	NAME("article.updated", PAGE_MODIFIED, PAGE_BY_NAME),
	NAME("lastmod", PAGE_MODIFIED, PAGE_BY_META),
	NAME("last-modified", PAGE_MODIFIED, PAGE_BY_META),
	NAME("revised", PAGE_MODIFIED, PAGE_BY_META),

	NAME("og:locale", PAGE_LANGUAGE, PAGE_BY_NAME),
	NAME("content-language", PAGE_LANGUAGE, PAGE_BY_META),
	NAME("dc.language", PAGE_LANGUAGE, PAGE_BY_META),
	NAME("language", PAGE_LANGUAGE, PAGE_BY_LOOK),

	NAME("og:url", PAGE_URL, PAGE_BY_NAME),

	NAME("og:site_name", PAGE_SITE, PAGE_BY_GRAPH),
	NAME("dc.publisher", PAGE_SITE, PAGE_BY_NAME),
	NAME("dcterms.publisher", PAGE_SITE, PAGE_BY_NAME),
	NAME("citation_journal_title", PAGE_SITE, PAGE_BY_NAME),
	NAME("application-name", PAGE_SITE, PAGE_BY_META),
	NAME("apple-mobile-web-app-title", PAGE_SITE, PAGE_BY_META),
	NAME("publisher", PAGE_SITE, PAGE_BY_LOOK),

	NAME("og:description", PAGE_SUMMARY, PAGE_BY_GRAPH),
	NAME("twitter:description", PAGE_SUMMARY, PAGE_BY_NAME),
	NAME("dc.description", PAGE_SUMMARY, PAGE_BY_NAME),
	NAME("sailthru.description", PAGE_SUMMARY, PAGE_BY_NAME),
	NAME("description", PAGE_SUMMARY, PAGE_BY_META),

	NAME("article:section", PAGE_SECTION, PAGE_BY_GRAPH),
	NAME("parsely-section", PAGE_SECTION, PAGE_BY_NAME),
	NAME("articlesection", PAGE_SECTION, PAGE_BY_NAME),
	NAME("section", PAGE_SECTION, PAGE_BY_META),
};

static bool is_name(struct str s, const char *z, size_t n)
{
	return s.n == n && !strncasecmp(s.p, z, n);
}

static void say_by_name(struct page_found *f, struct str name, struct str value)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (is_name(name, names[i].z, names[i].n))
			page_say(f, names[i].field, names[i].rank, value);
}

/* Several names may share one attribute. */
static void say_by_names(struct page_found *f, struct str list,
			 struct str value)
{
	for (int i = 0; i < NAMES_MAX && list.p; i++)
		say_by_name(f, str_cut(&list, ' '), value);
}

static void read_meta(struct page_found *f, uint32_t i)
{
	static const char *const attributes[] = {
		"property", "name", "itemprop", "http-equiv",
	};
	struct str value = dom_attribute(f->d, i, "content");

	if (!value.n)
		return;
	for (size_t k = 0; k < sizeof(attributes) / sizeof(*attributes); k++) {
		struct str name = dom_attribute(f->d, i, attributes[k]);

		if (name.n)
			say_by_names(f, name, value);
	}
}

/* twitter:label1 "Written by", twitter:data1 "Jane Doe": WordPress says so. */
static void read_label(struct page_found *f, uint32_t i)
{
	static const char *const labels[] = {
		"written by", "verfasst von", "geschrieben von", "écrit par",
		"escrito por", "scritto da", "geschreven door",
		"napisane przez",
	};
	struct str value = dom_attribute(f->d, i, "content");
	uint32_t next = f->d->v[i].end;

	for (size_t k = 0; k < sizeof(labels) / sizeof(*labels); k++) {
		if (!is_name(value, labels[k], strlen(labels[k])))
			continue;
		while (next < f->d->n && f->d->v[next].tag == DOM_TEXT)
			next++;
		if (next < f->d->n && f->d->v[next].tag == DOM_META)
			page_say(f, PAGE_AUTHOR, PAGE_BY_NAME,
				 dom_attribute(f->d, next, "content"));
		return;
	}
}

static void read_link(struct page_found *f, uint32_t i)
{
	struct str rel = dom_attribute(f->d, i, "rel");

	if (is_name(rel, "canonical", 9))
		page_say(f, PAGE_URL, PAGE_BY_GRAPH,
			 dom_attribute(f->d, i, "href"));
}

/* Microdata on what can be seen. */

static struct str value_of(struct page_found *f, uint32_t i)
{
	struct str s = dom_attribute(f->d, i, "content");

	if (!s.n)
		s = dom_attribute(f->d, i, "datetime");
	return s.n ? s : page_text_of(f, i, ITEM_TEXT_MAX);
}

/* The name within <span itemprop=author itemscope>; i itself when none. */
static uint32_t name_within(const struct dom *d, uint32_t i)
{
	for (uint32_t k = i + 1; k < d->v[i].end && k < i + 40; k++)
		if (is_name(dom_attribute(d, k, "itemprop"), "name", 4))
			return k;
	return i;
}

static void read_item(struct page_found *f, uint32_t i, struct str name)
{
	enum page_field field;

	if (is_name(name, "headline", 8))
		field = PAGE_TITLE;
	else if (is_name(name, "datePublished", 13))
		field = PAGE_PUBLISHED;
	else if (is_name(name, "dateModified", 12))
		field = PAGE_MODIFIED;
	else if (is_name(name, "articleSection", 14))
		field = PAGE_SECTION;
	else if (is_name(name, "author", 6) || is_name(name, "creator", 7))
		field = PAGE_AUTHOR;
	else
		return;
	if (field == PAGE_AUTHOR)
		i = name_within(f->d, i);
	if (field == PAGE_AUTHOR || !f->said[field][PAGE_BY_ITEM].n)
		page_say(f, field, PAGE_BY_ITEM, value_of(f, i));
}

static bool is_comment(const struct dom *d, uint32_t i)
{
	struct str type = dom_attribute(d, i, "itemtype");

	return str_ends(type, STR("/Comment")) ||
	       str_ends(type, STR("/UserComments"));
}

void page_read_tags(struct page_found *f)
{
	const struct dom *d = f->d;

	for (uint32_t i = 0; i < d->n; i++) {
		struct str item;

		switch (d->v[i].tag) {
		case DOM_META:
			read_meta(f, i);
			read_label(f, i);
			break;
		case DOM_LINK:
			read_link(f, i);
			break;
		case DOM_HTML:
			page_say(f, PAGE_LANGUAGE, PAGE_BY_GRAPH,
				 dom_attribute(d, i, "lang"));
			page_say(f, PAGE_LANGUAGE, PAGE_BY_GRAPH,
				 dom_attribute(d, i, "xml:lang"));
			break;
		default:
			break;
		}
		if (!d->v[i].attribute_count)
			continue;
		item = dom_attribute(d, i, "itemprop");
		if (item.n && d->v[i].tag != DOM_META)
			read_item(f, i, item);
		else if (is_comment(d, i))
			i = d->v[i].end - 1;
	}
}
