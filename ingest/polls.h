/* polls.h -- what all that is polled in a room shares: counts, and how much may
 * be in hand at a time. One thread. */
#ifndef VIGIE_POLLS_H
#define VIGIE_POLLS_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "ingest/web.h"

enum {
	/* Bytes of items in hand from which on nobody else is asked, and at
	 * most. */
	POLLS_KEPT_ENOUGH = 64 << 20,
	POLLS_KEPT_MAX = 128 << 20,
	POLLS_PAGES_MAX = 64, /* pages asked for or in hand */
};

enum poll_outcome {
	POLLS_CHANGED,	 /* a document, with something new or without */
	POLLS_UNCHANGED, /* 304 */
	POLLS_FAILED,
	POLLS_OUTCOMES,
};

enum poll_state {
	POLLS_NEW,   /* not asked yet */
	POLLS_GOOD,
	POLLS_FAILING,
	POLLS_GONE,
	POLLS_STATES,
};

struct poll_stats {
	uint64_t polls[POLLS_OUTCOMES];
	uint64_t given;	  /* items handed out */
	uint64_t known;	  /* items that came before, unchanged */
	uint64_t skipped; /* neither title nor text, and no page to be had */
	uint64_t pages, pages_failed; /* fetched; in vain */
	uint64_t feeds[POLLS_STATES]; /* now */
};

struct polls {
	const struct web_settings *set;
	struct poll_stats stats;
	size_t kept;   /* bytes of items in hand */
	size_t pages;  /* asked for or in hand */
	size_t opened; /* feeds, ever */
	struct buf lines; /* the document in hand */
	int64_t (*clock)(void); /* as clock_ms(); tests have another */
	int64_t (*wall)(void);	/* milliseconds since 1970 */
};

/* set is borrowed. 0 or -ENOMEM. */
int polls_new(const struct web_settings *set, struct polls **ret);
void polls_free(struct polls *p);

#endif
