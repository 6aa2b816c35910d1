/* poller_parts.h -- what the files of poller.h share. */
#ifndef VIGIE_POLLER_PARTS_H
#define VIGIE_POLLER_PARTS_H

#include <jansson.h>

#include "ingest/poll.h"
#include "ingest/poll_item.h"
#include "ingest/poller.h"
#include "ingest/polls.h"
#include "ingest/position.h"
#include "parse/document.h"

enum {
	POLLER_SLOTS = 16, /* items in hand that wait for their pages */
	POLLER_PAGES = 3,  /* asked for at once */
	POLLER_HOST = 256,
};

enum poller_step {
	POLLER_IDLE,   /* until due_ms */
	POLLER_ASKED,  /* the web answers by poller_heard() */
	POLLER_GIVING, /* items are handed out */
	POLLER_OVER,   /* there is no next poll */
};

struct slot;

struct poller {
	const struct source_options *o;
	struct polls *polls;
	enum poller_want want;
	enum poller_step step;
	enum poll_state state;
	struct poll poll;
	struct poll_feed feed; /* of the document in hand; see poller_read() */
	char *name;	       /* what the list calls it, or NULL */
	char language[16];
	struct web_job *job;
	int64_t due_ms; /* of clock_ms() */
	uint64_t told;	/* hash of the failure that was told last */
	int trouble;	/* -errno of the last poll */
	bool file;
	bool unsaved;	/* something is to be remembered … */
	int64_t save_ms; /* … also while items are given: from then on */
	bool listed, list_shown; /* the document is a list */
	char rested[POLLER_HOST]; /* a host that said to leave it alone */
	/* Of a file: its key, and how it looked when it was read. */
	struct buf key;
	char position[POSITION_MAX];
	struct buf list;
	/* "NUMBER ID\tJSON\n" of each item to hand out, oldest first. */
	struct buf kept;
	size_t at;
	int64_t hold_ms; /* no page is asked for until then */
	struct slot *slots[POLLER_SLOTS];
	size_t slot_count;
	uint64_t lost; /* pages that could not be had */
	char why[512]; /* the first of them */
	struct buf piece, names, place;
};

/* Sentences for who runs the source. */
void poller_note(struct poller *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* poller_save.c: the name of the host, in small letters, without a port. False:
 * there is none. */
bool poller_host(const char *url, char out[POLLER_HOST]);
/* 0 or -ENOMEM, -errno; with the first, what was damaged is noted. */
int poller_recall(struct poller *p);
/* Remember what is to be, all that was handed out being taken. 0; STEP_WAIT;
 * -errno. */
int poller_save(struct poller *p);
/* The same while items wait for their pages, which may take an hour: who is
 * stopped then is not to ask for all of those pages again. Every half a minute
 * from poller_save_later() on. */
int poller_save_amidst(struct poller *p);
void poller_save_later(struct poller *p);

/* poller_read.c: the document that came. a: NULL for a file. 0, p being about
 * to give (POLLER_GIVING); STEP_REJECT with the sentence when it is not usable;
 * STEP_WAIT when there is too much in hand; STEP_END when another address was
 * found in it, to be asked now; -errno. */
int poller_read(struct poller *p, const struct document *d,
		const struct web_answer *a, struct err *e);

/* poller_give.c: 0; STEP_WAIT; STEP_END when all is given, but for what waits
 * to be tried again; STEP_REJECT; -errno. */
int poller_give(struct poller *p, struct raw *ret, struct err *e);
/* When an item is to be tried again, on clock_ms(); -1: none is. */
int64_t poller_again(const struct poller *p);
/* Milliseconds for which a host is to be left alone, as its answers said. */
int64_t poller_rest_of(const struct poller *p, const char *url);
/* Does an item wait for a page that was asked for? */
bool poller_waits(const struct poller *p);
/* Is there more of the document than waits to be tried again? */
bool poller_amidst(const struct poller *p);
/* Ids of those that were not given yet, n at most; their number. */
size_t poller_open_ids(const struct poller *p, uint64_t *ids, size_t n);
/* An answer says that its host is to be left alone: it is to be remembered. */
void poller_rest(struct poller *p, const struct web_answer *a);
/* Let go of the items that no slot has. */
void poller_release(struct poller *p);
/* Let go of all items. */
void poller_drop(struct poller *p);

#endif
