/* page.h -- an HTML page into the article that it holds: the text without what
 * stands around it, and what the page says of itself. Pure.
 *
 *  page.c	puts together the two below and writes the line
 *  page_body.c	which blocks of the tree are the article
 *  page_meta.c	title, author, date, language, address, site: from JSON-LD,
 *		OpenGraph, meta, link rel, and the tree */
#ifndef VIGIE_PAGE_H
#define VIGIE_PAGE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "parse/dom.h"

/* Unknown parts are empty. All lie in the arena (or in the page). */
struct page {
	struct str title, text, author, published, modified, language, url,
		site, summary;
	struct str section; /* the rubric, "Cloud" */
	bool has_body_of_json; /* JSON-LD's articleBody is set below */
	struct str body_of_json;
};

/* Read a page, in UTF-8, that came from base (an address or NULL). Returns 0;
 * -ENOMEM. A page that holds no article has an empty text. */
int page_read(struct str utf8, const char *base, struct arena *a,
	      struct page *ret);
/* Its two halves, for tests: the metadata (all but text), and the text, which
 * may use the metadata (the title, to know the heading; articleBody). */
int page_meta(const struct dom *d, const char *base, struct arena *a,
	      struct page *ret);
int page_body(const struct dom *d, const struct page *meta, struct arena *a,
	      struct str *ret);
/* Write its line of JSON: title, text, author, published, modified, language,
 * url, site, summary, section; empty ones left out, no newline. */
void page_line(const struct page *p, struct buf *out);

#endif
