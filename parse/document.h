/* document.h -- whatever was fetched or found, taken apart into lines of JSON:
 * the one door of the parsers, behind which everything is pure. ingest runs it
 * in a process of its own (ingest/parser.h), since what comes in is written by
 * anybody.
 *
 * The first line is the head: what the document was found to be and says of
 * itself; then a line for each thing in it.
 *
 *  {"document":"feed","format":"rss20","title":…}	{"id":…,"url":…,"title":…} …
 *  {"document":"page"}				{"title":…,"text":…} just one
 *  {"document":"sitemap","index":false}	{"url":…,"published":…} …
 *  {"document":"opml","title":…}		{"url":…,"title":…,"site":…} …
 *  {"document":"links"}			{"url":…,"title":…,"type":…} …
 *
 * A member that is not known is left out, never null. Text is UTF-8, form C,
 * without markup; blocks are parted by newlines. Dates are as date.h writes
 * them. Addresses are absolute where the document or d->url tells how. */
#ifndef VIGIE_DOCUMENT_H
#define VIGIE_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum document_kind {
	DOCUMENT_ANY,	  /* by its looks: one of the next four */
	DOCUMENT_FEED,	  /* parse/feed.h */
	DOCUMENT_PAGE,	  /* parse/page.h */
	DOCUMENT_SITEMAP, /* parse/sitemap.h */
	DOCUMENT_OPML,	  /* parse/opml.h */
	DOCUMENT_LINKS,	  /* the feeds that a page names: parse/discover.h */
	DOCUMENT_KINDS,
};

enum {
	DOCUMENT_MAX = 15 << 20,      /* bytes of a document */
	DOCUMENT_ANSWER_MAX = 12 << 20, /* bytes of all lines */
	/* The room that a document may take, for what is made of it: a hostile
	 * one of 15 MB, its lines and all else then stay below 64 MB. Pages are
	 * used when touched only. */
	DOCUMENT_ARENA = 24 << 20,
};

struct document {
	enum document_kind kind;
	/* As they came, of any charset; the parsers behind document_parse() get
	 * UTF-8, and in charset what it was (parse/charset.h). */
	struct str bytes;
	/* What HTTP said: "text/html; charset=iso-8859-1", and the address
	 * after redirects; NULL: nothing. */
	const char *type, *url;
	/* Milliseconds since 1970 for dates that lack a year; 0: none. */
	int64_t now_ms;
	const char *charset;
	/* Texts of feeds that came as HTML are written so that they may stand
	 * in HTML again: plain, with & and < as references. */
	bool as_html;
};

/* Append the lines to out. Returns 0; STEP_REJECT with the sentence when it is
 * no such document (out has nothing of it then), too large, or takes more memory
 * than there is: never -ENOMEM. The arena is scratch. */
int document_parse(const struct document *d, struct arena scratch,
		   struct buf *out, struct err *e);
/* Load what the C library would open files for while it parses, before a
 * process is shut in (confine.h): all that any document needs, or no more than
 * this one does, when d is not NULL. */
void document_prepare(const struct document *d);
/* "feed", "page" …: for options and sentences; NULL past the last. */
const char *document_name(enum document_kind kind);
/* The kind that a text in UTF-8 is by its looks, and by its type where these do
 * not tell: DOCUMENT_FEED, _PAGE, _SITEMAP or _OPML. */
enum document_kind document_look(struct str utf8, const char *type);

#endif
