/* poller.h -- one address (or file) that is polled: asks the web, has the
 * answer taken apart, and hands out what is new in it. What is remembered is
 * remembered when all that a poll gave was taken. One thread.
 *
 *  poller.c	   when it asks, and what comes of it
 *  poller_save.c  what it remembers
 *  poller_read.c  the document: what is new in it
 *  poller_give.c  the items: their pages, and the pieces that they become */
#ifndef VIGIE_POLLER_H
#define VIGIE_POLLER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ingest/source.h"

/* What the document has to be. */
enum poller_want {
	POLLER_FEED, /* a feed; at an address a page that names one, a sitemap
		      * or a list of feeds will do */
	POLLER_SITEMAP,
	POLLER_OPML,
	POLLER_PART, /* as POLLER_FEED, of a list: no further list */
};

struct poller;

/* place: an http or https address, else a file, which is read once, or with
 * o->follow whenever it has changed. o is borrowed, place copied. title: what a
 * list calls it; NULL. 0; -ENOMEM; -errno with the sentence. */
int poller_open(const struct source_options *o, const char *place,
		const char *title, enum poller_want want,
		struct poller **ret, struct err *e);
void poller_free(struct poller *p);

/* As source_next(): of a run that ends (o->one_shot) -errno with the sentence
 * when the poll failed. */
int poller_next(struct poller *p, struct raw *ret, struct err *e);
/* As source_pause(). */
int64_t poller_pause(const struct poller *p, int64_t now_ms);

/* The document was a list (a sitemap index, OPML), and one that was not shown
 * yet: a line each, "ADDRESS\tTITLE\n", borrowed until the next call. */
bool poller_list(struct poller *p, struct str *ret);
/* Its address, without name and password. */
const char *poller_place(const struct poller *p);

#endif
