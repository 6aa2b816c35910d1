/* page_found.h -- the inside of page_meta.c: what a page says of itself, by who
 * says it, before anybody is believed.
 *
 *  page_meta.c	whom to believe, and what is made of it
 *  page_say.c	what somebody says, as one line
 *  page_json.c	JSON-LD
 *  page_scripts.c	where it stands, mended
 *  page_tags.c	meta, link, microdata
 *  page_seen.c	what readers see: bylines and dates that are marked
 *  page_runs.c	and those that are not
 *  page_heading.c	the heading
 *  page_author.c	authors: which
 *  page_names.c	authors out of bylines
 *  page_person.c	who is a person
 *  page_title.c	the title of several
 */
#ifndef VIGIE_PAGE_FOUND_H
#define VIGIE_PAGE_FOUND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "parse/date.h"
#include "parse/dom.h"
#include "parse/page.h"

enum page_field {
	PAGE_TITLE, PAGE_AUTHOR, PAGE_PUBLISHED, PAGE_MODIFIED, PAGE_LANGUAGE,
	PAGE_URL, PAGE_SITE, PAGE_SUMMARY, PAGE_SECTION, PAGE_FIELDS,
};

/* Who says it, from the most to the least trusted. */
enum page_rank {
	PAGE_BY_ARTICLE, /* JSON-LD of an article */
	PAGE_BY_GRAPH,	 /* OpenGraph, link rel */
	PAGE_BY_ITEM,	 /* microdata */
	PAGE_BY_NAME,	 /* other names of meta that mean just this */
	PAGE_BY_PAGE,	 /* JSON-LD of the page or the site */
	PAGE_BY_MARK,	 /* class names, time, rel=author */
	PAGE_BY_META,	 /* names of meta that mean many things */
	PAGE_BY_LOOK,	 /* what merely looks like it */
	PAGE_BY_CHANCE,	 /* the same, anywhere in the page */
	PAGE_RANKS,
};

enum {
	PAGE_SAID_MAX = 4096, /* bytes of one statement; longer ones are none */
	PAGE_JSON_MAX = 1 << 20, /* bytes of JSON-LD in a page; the rest is
				  * not read */
	PAGE_AUTHORS_MAX = 300,	 /* bytes of them all */
	PAGE_DECODED_MAX = 256,	 /* texts with markup of their own */
	PAGE_SCRIPTS_MAX = 16,	 /* of JSON-LD */
	PAGE_LOOKS_MAX = 500,	 /* at what may be a byline or a date */
	PAGE_CHANCES_MAX = 200,	 /* at bylines anywhere */
};

struct page_found {
	const struct dom *d;
	struct str base; /* the address, or empty */
	struct arena *a;
	struct str said[PAGE_FIELDS][PAGE_RANKS];
	struct str heading, title_tag; /* h1 and title, as they stand there */
	uint32_t heading_count;	       /* of h1; 0: heading is of a lower one */
	struct str body;	       /* articleBody */
	bool has_body, month_first, no_memory;
	unsigned decoded, looks, chances; /* how often, for the ceilings below */
};

/* Somebody says it: kept when it is the first of this field and rank, as one
 * line without markup. Authors are kept all. raw is copied. */
void page_say(struct page_found *f, enum page_field field, enum page_rank rank,
	      struct str raw);
/* The text of node i in one line, in the arena; empty past max bytes. */
struct str page_text_of(struct page_found *f, uint32_t i, size_t max);
/* References decoded and markup out of what is no markup of this page; newlines
 * stay where keep_lines. In the arena. */
struct str page_plain(struct page_found *f, struct str raw, bool keep_lines);

/* The JSON-LD that can be read, for the caller to release; how many. */
size_t page_scripts(struct page_found *f, json_t *ret[PAGE_SCRIPTS_MAX]);
void page_read_json(struct page_found *f);
void page_read_tags(struct page_found *f);
void page_read_seen(struct page_found *f);
/* The title tag, which the others look at. */
void page_read_title(struct page_found *f);

/* Where the heading is, and its text into f; d->n: nowhere. */
uint32_t page_find_heading(struct page_found *f);
/* Bylines and dates around the heading; then a date that stands by itself
 * anywhere. */
void page_read_around(struct page_found *f, uint32_t heading);
void page_read_anywhere(struct page_found *f);
/* Bylines anywhere behind the heading: "Author: Jane Doe". */
void page_read_bylines(struct page_found *f, uint32_t heading);
/* Is what is in element i about other articles, of readers, of the site? */
bool page_is_foreign(const struct dom *d, uint32_t i, uint32_t heading);
/* s, if it is a date and nobody of this rank has said one. */
void page_say_date(struct page_found *f, enum page_rank rank, struct str s);

/* The names in a byline without "By", roles, dates, addresses, joined by ", ";
 * empty when there are none. In the arena. */
struct str page_names(struct page_found *f, struct str byline);
/* The authors: persons, else an account, else a firm that is not the site. */
struct str page_author(struct page_found *f, struct str site, struct str host);
/* Does each of them look like the name of a person, by its words? */
bool page_is_names(struct str names);
/* The title, without the site's name. host is of the page's address. */
struct str page_title(const struct page_found *f, struct str site,
		      struct str host);
/* The same but for case, accents and signs; false for empty ones. */
bool page_same_words(struct str a, struct str b);
/* A date, of machines or people, as date.h writes it; false: none. */
bool page_date(const struct page_found *f, struct str s, char out[DATE_MAX]);

#endif
