/* What readers see of an article's data: its heading, its byline, its date.
 * Found by what the elements are called, and at last by where they stand. */
#include <string.h>
#include <strings.h>

#include "parse/fold.h"
#include "parse/page_found.h"
#include "parse/stamp.h"

enum {
	LINK_MAX = 512,
	BYLINE_MAX = 160,
	DATE_TEXT_MAX = 160,
};

static const char *const byline_words[] = {
	"byline", "author", "authors", "auteur", "autor", "autore", "writer",
	"signature", "bylines", "auteurs", "contributor", "vcard",
};

static const char *const date_words[] = {
	"published", "publish", "date", "dateline", "datetime", "pubdate",
	"timestamp", "posted", "datum", "fecha", "publication", "entry-date",
	"time", "publié", "parution", "meta",
};

/* What is not of the article: other articles, readers, the foot. */
static const char *const foreign_words[] = {
	"comment", "comments", "kommentare", "commentaires", "related",
	"sidebar", "footer", "recommended", "widget", "teaser", "disqus",
	"respond", "popular", "newsletter", "caption", "credits", "photographer",
};

static bool is_any(struct str word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(list[i]) == word.n &&
		    !strncasecmp(word.p, list[i], word.n))
			return true;
	return false;
}

/* "elementor-widget" is what every element of a page is called, "has-sidebar"
 * what is beside a sidebar. The attribute that holds the word is at start. */
static bool is_of_layout(const char *start, struct str word)
{
	static const char *const heads[] = {
		"elementor-", "has-", "has_", "with-", "with_", "no-", "no_",
	};
	const char *p = word.p;
	struct str name;

	while (p > start && word.p - p < 64 && p[-1] != ' ')
		p--;
	name = (struct str){ p, (size_t)(word.p - p) };
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (str_starts(name, str_of(heads[i])))
			return true;
	return false;
}

static bool has_any(const struct dom *d, uint32_t i, const char *const *list,
		    size_t n)
{
	struct str in[] = { dom_attribute(d, i, "class"),
			    dom_attribute(d, i, "id") };
	struct str word;

	for (size_t k = 0; k < 2; k++) {
		const char *start = in[k].p;

		while (in[k].p && dom_next_word(&in[k], &word))
			if (is_any(word, list, n) && !is_of_layout(start, word))
				return true;
	}
	return false;
}

#define HAS_ANY(d, i, list) has_any(d, i, list, sizeof(list) / sizeof(*(list)))

/* Whatever it is called, what holds the heading is the article's: templates
 * have classes like "one-sidebar" for the whole page. */
bool page_is_foreign(const struct dom *d, uint32_t i, uint32_t heading)
{
	if (i < heading && heading < d->v[i].end)
		return false;
	switch (d->v[i].tag) {
	case DOM_NAV: case DOM_ASIDE: case DOM_FORM: case DOM_SVG:
	case DOM_TEMPLATE: case DOM_FIGURE:
		return true;
	case DOM_FOOTER:
		return !dom_has_word(d, i, "entry") &&
		       !dom_has_word(d, i, "post");
	case DOM_BODY: case DOM_HTML: case DOM_HEAD: case DOM_ARTICLE:
	case DOM_MAIN:
		return false;
	default:
		return HAS_ANY(d, i, foreign_words);
	}
}

static bool is_rel_author(const struct dom *d, uint32_t i)
{
	struct str rel = dom_attribute(d, i, "rel");

	return d->v[i].tag == DOM_A && rel.n &&
	       fold_find(rel, "author") < rel.n;
}

/* A person's page within a byline is the name itself. */
static uint32_t name_within(const struct dom *d, uint32_t i)
{
	for (uint32_t k = i + 1; k < d->v[i].end && k < i + 40; k++)
		if (is_rel_author(d, k) || dom_has_word(d, k, "fn") ||
		    (dom_has_word(d, k, "author") &&
		     dom_has_word(d, k, "name")))
			return k;
	return i;
}

static void say_names(struct page_found *f, enum page_rank rank, uint32_t i)
{
	struct str s;

	if (f->said[PAGE_AUTHOR][rank].n || f->looks++ >= PAGE_LOOKS_MAX)
		return;
	s = page_text_of(f, i, BYLINE_MAX);
	if (!s.n)
		return;
	s = page_names(f, s);
	if (page_is_names(s) ||
	    (rank == PAGE_BY_MARK && fold_find(s, " ") == s.n))
		page_say(f, PAGE_AUTHOR, rank, s);
}

/* A link to the page of a person. */
static bool is_person_link(const struct dom *d, uint32_t i)
{
	static const char *const paths[] = {
		"/author/", "/authors/", "/auteur/", "/auteurs/", "/autor/",
		"/autoren/", "/autores/", "/autori/", "/autore/",
		"/journaliste/", "/signature/", "/writer/", "/writers/",
		"/contributor/", "/contributors/", "/columnist/",
		"/columnists/", "/journalist/", "/redakteur/",
	};
	struct str href;

	if (d->v[i].tag != DOM_A)
		return false;
	href = dom_attribute(d, i, "href");
	if (href.n > LINK_MAX)
		return false;
	for (size_t k = 0; k < sizeof(paths) / sizeof(*paths); k++)
		if (fold_find(href, paths[k]) < href.n)
			return true;
	return false;
}

void page_say_date(struct page_found *f, enum page_rank rank, struct str s)
{
	char date[DATE_MAX];

	if (s.n && !f->said[PAGE_PUBLISHED][rank].n &&
	    f->looks++ < PAGE_LOOKS_MAX && page_date(f, s, date))
		page_say(f, PAGE_PUBLISHED, rank, str_of(date));
}

/* <time datetime>, <abbr title>, or what is written. */
static void read_date(struct page_found *f, enum page_rank rank, uint32_t i)
{
	struct str s = dom_attribute(f->d, i, "datetime");
	char date[DATE_MAX];

	if (f->said[PAGE_PUBLISHED][rank].n || f->looks >= PAGE_LOOKS_MAX)
		return;
	if (s.n && page_date(f, s, date)) {
		page_say_date(f, rank, s);
		return;
	}
	s = dom_attribute(f->d, i, "title");
	if (s.n && f->d->v[i].tag == DOM_ABBR)
		page_say_date(f, rank, s);
	page_say_date(f, rank, page_text_of(f, i, DATE_TEXT_MAX));
}

static void read_time(struct page_found *f, uint32_t i)
{
	bool is_update = dom_has_word(f->d, i, "updated") ||
			 dom_has_word(f->d, i, "modified");
	char date[DATE_MAX];

	if (is_update && !dom_has_word(f->d, i, "published")) {
		if (page_date(f, dom_attribute(f->d, i, "datetime"), date))
			page_say(f, PAGE_MODIFIED, PAGE_BY_MARK, str_of(date));
		return;
	}
	read_date(f, PAGE_BY_MARK, i);
}

/* Elements by their names; what stands in those of others is left out. */
static void read_marks(struct page_found *f, uint32_t heading)
{
	const struct dom *d = f->d;

	for (uint32_t i = 0; i < d->n; i++) {
		const struct dom_node *node = &d->v[i];

		if (node->tag == DOM_TEXT || node->tag == DOM_HEAD ||
		    node->end == i + 1)
			continue;
		if (page_is_foreign(d, i, heading)) {
			i = node->end - 1;
			continue;
		}
		if (node->tag == DOM_TIME)
			read_time(f, i);
		if (!node->attribute_count)
			continue;
		if (is_rel_author(d, i))
			say_names(f, PAGE_BY_MARK, i);
		else if (!f->said[PAGE_AUTHOR][PAGE_BY_LOOK].n &&
			 (HAS_ANY(d, i, byline_words) ||
			  is_person_link(d, i)))
			say_names(f, PAGE_BY_LOOK, name_within(d, i));
		if (!f->said[PAGE_PUBLISHED][PAGE_BY_META].n &&
		    (i > heading || node->end <= heading) &&
		    HAS_ANY(d, i, date_words))
			read_date(f, PAGE_BY_META, i);
	}
}

static bool is_dated(const struct page_found *f)
{
	for (int r = 0; r < PAGE_RANKS; r++)
		if (f->said[PAGE_PUBLISHED][r].n)
			return true;
	return false;
}

void page_read_seen(struct page_found *f)
{
	uint32_t heading;

	heading = page_find_heading(f);
	read_marks(f, heading);
	page_read_around(f, heading);
	page_read_bylines(f, heading);
	if (!is_dated(f))
		page_read_anywhere(f);
}
