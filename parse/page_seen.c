/* What readers see of an article's data: its heading, its byline, its date.
 * Found by what the elements are called, and at last by where they stand. */
#include <string.h>
#include <strings.h>

#include "parse/fold.h"
#include "parse/page_found.h"
#include "parse/stamp.h"

enum {
	HEADING_MAX = 400, /* bytes */
	BYLINE_MAX = 160,
	DATE_TEXT_MAX = 160,
	BEFORE = 12, /* runs of text around the heading that may date it */
	BEHIND = 30,
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
	"respond", "popular", "newsletter",
};

static bool is_any(struct str word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(list[i]) == word.n &&
		    !strncasecmp(word.p, list[i], word.n))
			return true;
	return false;
}

static bool has_any(const struct dom *d, uint32_t i, const char *const *list,
		    size_t n)
{
	struct str in[] = { dom_attribute(d, i, "class"),
			    dom_attribute(d, i, "id") };
	struct str word;

	for (size_t k = 0; k < 2; k++)
		while (in[k].p && dom_next_word(&in[k], &word))
			if (is_any(word, list, n))
				return true;
	return false;
}

#define HAS_ANY(d, i, list) has_any(d, i, list, sizeof(list) / sizeof(*(list)))

static bool is_foreign(const struct dom *d, uint32_t i)
{
	switch (d->v[i].tag) {
	case DOM_NAV: case DOM_ASIDE: case DOM_FOOTER: case DOM_FORM:
	case DOM_SVG: case DOM_TEMPLATE: case DOM_NOSCRIPT:
		return true;
	case DOM_BODY: case DOM_HTML: case DOM_HEAD: case DOM_ARTICLE:
	case DOM_MAIN:
		return false;
	default:
		return HAS_ANY(d, i, foreign_words);
	}
}

/* The heading: an h1 that the title says too, or the first that says much. */
static bool is_of_title(const struct page_found *f, struct str heading)
{
	const struct str titles[] = {
		f->title_tag, f->said[PAGE_TITLE][PAGE_BY_GRAPH],
		f->said[PAGE_TITLE][PAGE_BY_ARTICLE],
	};
	struct fold h, t;

	fold(heading, &h);
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++) {
		fold(titles[i], &t);
		if (h.n && fold_find(fold_view(&t), h.z) < t.n)
			return true;
	}
	return false;
}

/* Where it is; d->n when there is none. */
static uint32_t find_heading(struct page_found *f)
{
	const struct dom *d = f->d;
	uint32_t first = d->n, seen = 0;

	for (uint32_t i = 0; i < d->n && seen < 20; i++) {
		struct str s;

		if (d->v[i].tag != DOM_H1)
			continue;
		seen++;
		s = page_text_of(f, i, HEADING_MAX);
		if (!s.n)
			continue;
		if (first == d->n) {
			first = i;
			f->heading = s;
		}
		if (is_of_title(f, s)) {
			f->heading = s;
			return i;
		}
	}
	return first;
}

static void read_title_tag(struct page_found *f)
{
	for (uint32_t i = 0; i < f->d->n; i++) {
		if (f->d->v[i].tag == DOM_SVG) {
			i = f->d->v[i].end - 1;
			continue;
		}
		if (f->d->v[i].tag != DOM_TITLE)
			continue;
		f->title_tag = page_text_of(f, i, PAGE_SAID_MAX);
		if (f->title_tag.n)
			return;
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
	struct str s = page_text_of(f, i, BYLINE_MAX);

	if (s.n && !f->said[PAGE_AUTHOR][rank].n)
		page_say(f, PAGE_AUTHOR, rank, page_names(f, s));
}

/* "By Jane Doe" in an element of its own, with whatever name. */
static bool reads_as_byline(struct str s)
{
	static const char *const heads[] = {
		"by ", "par ", "von ", "por ", "door ", "written by ",
		"posted by ", "text: ", "autor: ", "author: ", "auteur : ",
	};
	struct fold f;

	if (s.n < 6 || s.n > 80)
		return false;
	fold(s, &f);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		size_t n = strlen(heads[i]), at;

		if (!str_starts(fold_view(&f), str_of(heads[i])) || n >= f.n)
			continue;
		at = f.at[n];
		/* A name has capitals. */
		return (s.p[at] >= 'A' && s.p[at] <= 'Z') ||
		       (unsigned char)s.p[at] >= 0x80;
	}
	return false;
}

static void say_date(struct page_found *f, enum page_rank rank, struct str s)
{
	char date[DATE_MAX];

	if (s.n && !f->said[PAGE_PUBLISHED][rank].n && page_date(f, s, date))
		page_say(f, PAGE_PUBLISHED, rank, str_of(date));
}

/* <time datetime>, <abbr title>, or what is written. */
static void read_date(struct page_found *f, enum page_rank rank, uint32_t i)
{
	struct str s = dom_attribute(f->d, i, "datetime");
	char date[DATE_MAX];

	if (s.n && page_date(f, s, date)) {
		say_date(f, rank, s);
		return;
	}
	s = dom_attribute(f->d, i, "title");
	if (s.n && f->d->v[i].tag == DOM_ABBR)
		say_date(f, rank, s);
	say_date(f, rank, page_text_of(f, i, DATE_TEXT_MAX));
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
static void read_marks(struct page_found *f)
{
	const struct dom *d = f->d;

	for (uint32_t i = 0; i < d->n; i++) {
		const struct dom_node *node = &d->v[i];

		if (node->tag == DOM_TEXT || node->tag == DOM_HEAD ||
		    node->end == i + 1)
			continue;
		if (is_foreign(d, i)) {
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
			 HAS_ANY(d, i, byline_words))
			say_names(f, PAGE_BY_LOOK, name_within(d, i));
		if (!f->said[PAGE_PUBLISHED][PAGE_BY_META].n &&
		    HAS_ANY(d, i, date_words))
			read_date(f, PAGE_BY_META, i);
	}
}

/* Runs of text around the heading. */
static void read_around(struct page_found *f, uint32_t heading)
{
	const struct dom *d = f->d;
	uint32_t from = heading, runs = 0;

	while (from && runs < BEFORE)
		runs += d->v[--from].tag == DOM_TEXT;
	runs = 0;
	for (uint32_t i = heading < d->n ? d->v[heading].end : d->n;
	     i < d->n && runs < BEHIND; i++) {
		struct str s = str_trim(d->v[i].text);

		if (d->v[i].tag != DOM_TEXT || !s.n)
			continue;
		runs++;
		if (s.n > DATE_TEXT_MAX)
			continue;
		say_date(f, PAGE_BY_LOOK, s);
		if (reads_as_byline(s) && !f->said[PAGE_AUTHOR][PAGE_BY_LOOK].n)
			page_say(f, PAGE_AUTHOR, PAGE_BY_LOOK,
				 page_names(f, s));
	}
	for (uint32_t i = from; i < heading && heading < d->n; i++)
		if (d->v[i].tag == DOM_TEXT && d->v[i].text.n < DATE_TEXT_MAX)
			say_date(f, PAGE_BY_LOOK, str_trim(d->v[i].text));
}

void page_read_seen(struct page_found *f)
{
	uint32_t heading;

	read_title_tag(f);
	heading = find_heading(f);
	read_marks(f);
	read_around(f, heading);
}
