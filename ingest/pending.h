/* pending.h -- what was handed in and is not yet acknowledged: a window of
 * dense numbers, each remembered as it will be sent until the sink's ack.
 * Pure but for its memory; one thread.
 *
 *	low                          next
 *	 |  acked sent  acked waiting |   … low + window
 */
#ifndef VIGIE_PENDING_H
#define VIGIE_PENDING_H

#include <stdint.h>

#include "wire/article.h"

struct pending;

enum { PENDING_NOBODY = 0 };

struct pending_stats {
	uint64_t low, next; /* next: the number that the next article gets */
	uint64_t bytes;	    /* held now */
	uint64_t waiting;   /* not sent, or to be sent again */
	uint64_t resent;    /* how often, since the beginning */
};

/* A window of so many records (at most WIRE_WINDOW_MAX) and bytes. */
int pending_new(uint64_t records, uint64_t bytes, struct pending **ret);
void pending_free(struct pending *p);
struct pending_stats pending_stats(const struct pending *p);

/* Is there room for one more? A record larger than the byte window is let in
 * alone, or it would wait for ever. */
bool pending_has_room(const struct pending *p);
/* Take a copy and number it. 0, or -ENOMEM. */
int pending_add(struct pending *p, struct article *a);

/* The record that should leave next, as batch_add_packed() takes it, oldest
 * first; false when none is waiting. */
bool pending_peek(const struct pending *p, uint64_t *seq, struct str *record);
/* It was sent to this worker (a session, not PENDING_NOBODY). */
void pending_sent(struct pending *p, uint64_t seq, uint64_t worker,
		  int64_t now_ms);

/* The worker has handed on what it had: its records wait for their acks. */
void pending_handed_on(struct pending *p, uint64_t seq);
/* The worker is gone: what it had not handed on waits again. Returns how many
 * records. */
uint64_t pending_worker_lost(struct pending *p, uint64_t worker);
/* Nothing was heard of them for patience_ms, twice as long for each time they
 * were sent before: they wait again. Returns how many. */
uint64_t pending_overdue(struct pending *p, int64_t now_ms,
			 int64_t patience_ms);
/* The sink began anew: all that were sent wait again. Returns how many. */
uint64_t pending_again(struct pending *p);

/* Forget what is acknowledged. Bits of numbers that were not given yet mean
 * nothing. 0, or -EPROTO with the sentence, nothing being forgotten, when low
 * is above every number that was given. */
int pending_ack(struct pending *p, uint64_t low, struct str bits,
		struct err *e);

#endif
