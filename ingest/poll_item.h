/* poll_item.h -- an item of a feed or a sitemap, a line of document.h, into the
 * piece that ingest takes: one JSON object. Pure. */
#ifndef VIGIE_POLL_ITEM_H
#define VIGIE_POLL_ITEM_H

#include <jansson.h>
#include <stdbool.h>

#include "base/str.h"
#include "ingest/poll.h"
#include "ingest/source.h"

enum {
	POLL_ITEM_SHORT = 600, /* characters below which a text is no article */
	POLL_ITEM_EXTRA = 16384, /* bytes of summary or categories, at most */
};

/* What all items of a feed have in common; empty: not known. */
struct poll_feed {
	struct str address; /* as it is configured */
	struct str title, language;
	bool named;   /* the configuration says what the source is called */
	bool sitemap; /* pages are listed, nothing is told of them */
};

/* A member of an object, when it is a string, without white space at its ends;
 * else empty. */
struct str poll_item_text(const json_t *object, const char *name);
/* Who it is (its guid, else its address, else title and text) and what it says
 * (title, text, date). */
struct poll_item poll_item_hash(const json_t *item);
/* Is its page to be fetched? */
bool poll_item_lacks(const json_t *item, enum source_full full,
		     bool sitemap);
/* Where its page is; empty: nowhere. */
struct str poll_item_page(const json_t *item);

/* The object into out, and the item's other names. page: what was found on its
 * page, which lay at `at`; NULL: not asked for. failed: it was, in vain. 0;
 * STEP_REJECT when there is neither title nor text; -ENOMEM, -EMSGSIZE. */
int poll_item_write(const struct poll_feed *feed, const json_t *item,
		    const json_t *page, struct str at, bool failed,
		    struct buf *out);
/* alias[0]: "guid\n" feed "\n" guid; alias[1]: "link\n" address. Added to out,
 * which is cleared, and shown in alias until it changes. 0 or -ENOMEM. */
int poll_item_aliases(const struct poll_feed *feed, const json_t *item,
		      struct buf *out, struct str alias[RAW_ALIASES]);

#endif
