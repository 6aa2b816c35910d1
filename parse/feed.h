/* feed.h -- a feed into its head and its items: RSS 0.9x, 1.0 and 2.0, Atom 0.3
 * and 1.0, JSON Feed 1.x, broken ones as far as they can be understood. Pure.
 *
 * Written as lines, see document.h. Of the head: document, format, encoding,
 * title, url, description, language, updated, author, id, self, hub, next (the
 * address of the next page), ttl (minutes), every (minutes; from sy:), stale
 * (true: "no longer published"). Of an item: id, url, title, summary, content,
 * author, updated, published, categories, language, enclosure, comments, via
 * (the original's address where the feed names one), description (its subtitle
 * where the feed names one beside the summary). A short content that stands
 * alone is the summary, too; texts that are only markup are empty, not absent.
 * published and updated are to the second. An id that several items
 * bear is left out of all of them. */
#ifndef VIGIE_FEED_H
#define VIGIE_FEED_H

#include "base/arena.h"
#include "base/err.h"
#include "parse/document.h"

/* Past a ceiling, of these and of xml.h, what is too much is left out, and the
 * head has "cut":true. */
enum {
	FEED_ITEMS_MAX = 20000,
	FEED_TEXT_MAX = 4 << 20, /* bytes of one text */
};

/* 0; STEP_REJECT with line and column when it is no feed; -ENOMEM. */
int feed_parse(const struct document *d, struct arena scratch,
	       struct buf *out, struct err *e);

#endif
