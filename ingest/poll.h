/* poll.h -- one feed: when it is asked, what its answer means, and what is
 * remembered of it. Pure: clocks and answers come in; poller.h asks. One thread.
 *
 * All times are milliseconds since 1970, 0 being never. */
#ifndef VIGIE_POLL_H
#define VIGIE_POLL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "ingest/web.h"

enum {
	POLL_ITEMS_MAX = 2000, /* of a feed that are remembered: the newest */
	POLL_ITEMS_LEAST = 200, /* … and of a short one, that may grow again */
	POLL_MOVES = 3,	/* good answers from where a redirect leads, before it
			 * is asked there first */
	POLL_LOST = 3,	/* failures in a row, before a learnt address is
			 * forgotten */
	POLL_TITLE_MAX = 1000, /* bytes of a title that are kept */
	POLL_TEXT_MAX = 1 << 17, /* bytes of what is remembered, at most */
};

/* An item as it is remembered: who it is, and what it said. */
struct poll_item {
	uint64_t id, content; /* hashes; see poll_item.h */
};

/* Texts are ours and end with a NUL; NULL: none. */
struct poll {
	char *url;     /* as it is configured */
	char *shown;   /* the same without name and password: to be told */
	char *address; /* learnt: asked instead */
	char *moved;   /* where permanent redirects lead, not believed yet */
	int64_t moves; /* good answers in a row from there */
	char *etag, *modified; /* byte for byte as the server gave them */
	char *title, *error;   /* of the feed; of the last failure */
	int64_t asked_ms, good_ms, next_ms;
	int64_t ttl, sy; /* minutes that the feed asks for; 0: none */
	int64_t failures; /* in a row */
	bool gone;	  /* it said 410: not asked any more */
	bool settled;	  /* a new address was learnt just now; for the caller,
			   * who clears it; not remembered */
	struct poll_item *items; /* oldest first */
	size_t item_count;
};

/* A feed that was never asked. 0 or -ENOMEM. */
int poll_init(struct poll *p, const char *url);
void poll_done(struct poll *p);
/* Where to ask now. */
const char *poll_address(const struct poll *p);
/* An address as it may be told, without name and password. NULL without
 * memory; the caller frees it. */
char *poll_show(const char *url);

enum poll_meaning {
	POLL_DOCUMENT,	/* read it, then poll_good() or poll_bad() */
	POLL_UNCHANGED, /* 304: all is done */
	POLL_FAILED,	/* the sentence is in p->error */
	POLL_GONE,	/* 410: likewise, and it is not asked again */
};

/* An answer came. What it says of the feed (validators, failures, times) is
 * noted in p, but for POLL_DOCUMENT, where that has to wait until the document
 * is known to be one. 0 into *ret, or -ENOMEM. */
int poll_hear(struct poll *p, const struct web_answer *a, int64_t now_ms,
	      enum poll_meaning *ret);
/* The document was a feed. title may be empty; minutes as feed.h says, 0: not
 * said. 0 or -ENOMEM. */
int poll_good(struct poll *p, const struct web_answer *a, struct str title,
	      int64_t ttl, int64_t sy, int64_t now_ms);
/* The feed's own name; also of one that no answer gave. 0 or -ENOMEM. */
int poll_title(struct poll *p, struct str title);
/* It was not usable: validators and items stay. 0 or -ENOMEM. */
int poll_bad(struct poll *p, const char *sentence, int64_t now_ms);
/* It was a page, which names this feed. 0 or -ENOMEM. */
int poll_found(struct poll *p, struct str address);

/* Set next_ms. a: the answer, or NULL. every: of the source; 0: as set says. */
void poll_plan(struct poll *p, const struct web_settings *set, int64_t every,
	       const struct web_answer *a, int64_t now_ms);
/* Milliseconds until the next poll is due, -1: never. A clock that went back
 * makes it no longer than it was meant to be. */
int64_t poll_wait(const struct poll *p, int64_t now_ms);

/* A document has these items, oldest first, n <= POLL_ITEMS_MAX. fresh[i] says
 * whether it is new or has changed; all are remembered, and as many of those
 * that came before as there is room for. 0 or -ENOMEM, p being as it was. */
int poll_settle(struct poll *p, const struct poll_item *items, size_t n,
		bool *fresh);

/* What is remembered, as text. Items whose id is among the n of open[] were not
 * given yet and are left out; while there are some, or `again` is said, the
 * validators are left out too, so that the document comes again. 0, -ENOMEM. */
int poll_write(const struct poll *p, const uint64_t *open, size_t n,
	       bool again, struct buf *out);
/* Read it back into a poll that was just begun. 0; -EINVAL, p being as it was,
 * when it is none; -ENOMEM. */
int poll_read(struct poll *p, struct str text);

#endif
