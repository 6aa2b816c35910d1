/* What readers see of an article's data: its heading, its byline, its date.
 * Found by what the elements are called, and at last by where they stand. */
#include <string.h>
#include <strings.h>

#include "parse/fold.h"
#include "parse/page_found.h"
#include "parse/stamp.h"

enum {
	HEADING_MAX = 400, /* bytes */
	HEADINGS_MAX = 20, /* looked at */
	LINK_MAX = 512,
	STAMP_TEXT_MAX = 60, /* bytes of a run that is a date and little else */
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

/* Whatever it is called, what holds the heading is the article's: templates
 * have classes like "one-sidebar" for the whole page. */
static bool is_foreign(const struct dom *d, uint32_t i, uint32_t heading)
{
	if (i < heading && heading < d->v[i].end)
		return false;
	switch (d->v[i].tag) {
	case DOM_NAV: case DOM_ASIDE: case DOM_FORM: case DOM_SVG:
	case DOM_TEMPLATE: case DOM_NOSCRIPT: case DOM_FIGURE:
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

/* Where a heading of this kind is that the title says too; else the first; d->n
 * when there is none. */
static uint32_t find_of(struct page_found *f, enum dom_tag tag, uint32_t *count)
{
	const struct dom *d = f->d;
	uint32_t first = d->n;

	*count = 0;
	for (uint32_t i = 0; i < d->n && *count < HEADINGS_MAX; i++) {
		struct str s;

		if (d->v[i].tag != tag)
			continue;
		s = page_text_of(f, i, HEADING_MAX);
		*count += s.n > 0;
		if (!s.n || (first < d->n && !is_of_title(f, s)))
			continue;
		f->heading = s;
		if (is_of_title(f, s))
			return i;
		first = i;
	}
	return first;
}

/* An h1, or a lower one that the title says too. */
static uint32_t find_heading(struct page_found *f)
{
	static const enum dom_tag lower[] = { DOM_H2, DOM_H3 };
	uint32_t at = find_of(f, DOM_H1, &f->heading_count), ignored;
	struct str heading = f->heading;

	if (at < f->d->n && (f->heading_count == 1 || is_of_title(f, heading)))
		return at;
	for (size_t i = 0; i < sizeof(lower) / sizeof(*lower); i++) {
		uint32_t low = find_of(f, lower[i], &ignored);

		if (low < f->d->n && f->heading.n > 12 &&
		    is_of_title(f, f->heading)) {
			f->heading_count = 0;
			return low;
		}
	}
	f->heading = at < f->d->n ? heading : (struct str){ "", 0 };
	return at;
}

void page_read_title(struct page_found *f)
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
		"/journaliste/", "/signature/",
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
static void read_marks(struct page_found *f, uint32_t heading)
{
	const struct dom *d = f->d;

	for (uint32_t i = 0; i < d->n; i++) {
		const struct dom_node *node = &d->v[i];

		if (node->tag == DOM_TEXT || node->tag == DOM_HEAD ||
		    node->end == i + 1)
			continue;
		if (is_foreign(d, i, heading)) {
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
		    HAS_ANY(d, i, date_words))
			read_date(f, PAGE_BY_META, i);
	}
}

/* "Verfasst von:", the name being the next run. */
static bool is_lone_lead(struct str s)
{
	static const char *const lone[] = {
		"by", "by:", "par", "par:", "par :", "von", "von:", "por",
		"verfasst von:", "verfasst von", "written by", "written by:",
		"posted by", "author:", "autor:", "auteur :", "text:", "di",
		"door", "texte :", "geschrieben von",
	};
	struct fold f;

	if (s.n > 20)
		return false;
	fold(s, &f);
	for (size_t i = 0; i < sizeof(lone) / sizeof(*lone); i++)
		if (str_is(fold_view(&f), lone[i]))
			return true;
	return false;
}

static void say_byline(struct page_found *f, struct str s)
{
	struct str names = page_names(f, s);

	if (page_is_names(names) && !f->said[PAGE_AUTHOR][PAGE_BY_LOOK].n)
		page_say(f, PAGE_AUTHOR, PAGE_BY_LOOK, names);
}

/* A run of text near the heading; led says that the run before it leads a
 * name. */
static void read_run(struct page_found *f, struct str s, bool led)
{
	if (s.n > DATE_TEXT_MAX)
		return;
	say_date(f, PAGE_BY_LOOK, s);
	if (led || reads_as_byline(s))
		say_byline(f, s);
}

/* Runs of text around the heading, what is behind it first. */
static void read_around(struct page_found *f, uint32_t heading)
{
	const struct dom *d = f->d;
	uint32_t from = heading, runs = 0;
	bool led = false;

	if (heading == d->n)
		return;
	while (from && runs < BEFORE)
		runs += d->v[--from].tag == DOM_TEXT;
	runs = 0;
	for (uint32_t i = d->v[heading].end; i < d->n && runs < BEHIND; i++) {
		struct str s = str_trim(d->v[i].text);

		if (d->v[i].tag != DOM_TEXT || !s.n)
			continue;
		runs++;
		read_run(f, s, led);
		led = is_lone_lead(s);
	}
	for (uint32_t i = from; i < heading; i++)
		if (d->v[i].tag == DOM_TEXT)
			read_run(f, str_trim(d->v[i].text), false);
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	return false;
}

/* At last, a date that stands by itself anywhere. */
static void read_anywhere(struct page_found *f)
{
	for (uint32_t i = 0; i < f->d->n; i++) {
		struct str s = str_trim(f->d->v[i].text);

		if (f->said[PAGE_PUBLISHED][PAGE_BY_LOOK].n)
			return;
		if (f->d->v[i].tag == DOM_TEXT && s.n >= 8 &&
		    s.n <= STAMP_TEXT_MAX && has_digit(s))
			say_date(f, PAGE_BY_LOOK, s);
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

	heading = find_heading(f);
	read_marks(f, heading);
	read_around(f, heading);
	if (!is_dated(f))
		read_anywhere(f);
}
