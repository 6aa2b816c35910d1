/* pending.h -- what was accepted and is not yet acknowledged, as far as the
 * window goes: numbers in rising order, each remembered as it will be sent
 * until the sink's ack. Pure but for its memory; one thread.
 *
 *	low                          next
 *	 |  acked sent  acked waiting |   … low + window
 *
 * A record that was in the hands of a worker that died is a suspect: it is sent
 * alone from then on, and each worker that dies of it alone is a failure. */
#ifndef VIGIE_PENDING_H
#define VIGIE_PENDING_H

#include <stdint.h>

#include "wire/article.h"

struct pending;

enum { PENDING_NOBODY = 0 };

struct pending_stats {
	uint64_t low, next; /* next: one above the highest that was added */
	uint64_t sent;	    /* one above the highest ever sent; at first `first` */
	uint64_t bytes;	    /* held now */
	uint64_t held;	    /* records not acknowledged */
	uint64_t waiting;   /* not sent, or to be sent again; no suspects */
	uint64_t suspects;  /* waiting to be sent alone */
	uint64_t resent;    /* how often, since the beginning */
};

/* A window of so many records (at most WIRE_WINDOW_MAX) and bytes, which
 * begins at number `first`. */
int pending_new(uint64_t records, uint64_t bytes, uint64_t first,
		struct pending **ret);
void pending_free(struct pending *p);
struct pending_stats pending_stats(const struct pending *p);

/* Is there room for the record of this number, not below next? A record larger
 * than the byte window is let in alone, or it would wait for ever. */
bool pending_has_room(const struct pending *p, uint64_t seq);
/* Take a copy of a packed record. Numbers that are passed over count as
 * acknowledged. 0, or -ENOMEM. */
int pending_add(struct pending *p, uint64_t seq, struct str record,
		int64_t now_ms);

/* The record that should leave next, as batch_add_packed() takes it, oldest
 * first; false when none is waiting. */
bool pending_peek(const struct pending *p, uint64_t *seq, struct str *record);
/* The same of the suspects. */
bool pending_peek_suspect(const struct pending *p, uint64_t *seq,
			  struct str *record);
/* It was sent to this worker (a session, not PENDING_NOBODY). */
void pending_sent(struct pending *p, uint64_t seq, uint64_t worker,
		  int64_t now_ms);

/* The worker has handed on what it had: its records wait for their acks, and
 * are innocent. */
void pending_handed_on(struct pending *p, uint64_t seq);

struct pending_loss {
	uint64_t records; /* that wait again */
	bool alone;	  /* one of them was a suspect that it had alone … */
	uint64_t seq;	  /* … this */
	uint32_t failures; /* so often now */
};

/* The worker is gone: what it had not handed on waits again; as suspects,
 * when it died of it. */
struct pending_loss pending_worker_lost(struct pending *p, uint64_t worker,
					bool died);
/* What an earlier life of ours knew of a record: so many failures. */
void pending_blame(struct pending *p, uint64_t seq, uint32_t failures);
/* It was given up: in its place its dead letter waits, which is never a
 * suspect. 0 or -ENOMEM. */
int pending_dead(struct pending *p, uint64_t seq, struct str letter);
/* The record of a number that is held, or nothing. */
struct str pending_record(const struct pending *p, uint64_t seq);

/* Nothing was heard of them for patience_ms, twice as long for each time they
 * were sent before: they wait again. Returns how many. */
uint64_t pending_overdue(struct pending *p, int64_t now_ms,
			 int64_t patience_ms);
/* The sink began anew: all that were sent wait again. Returns how many. */
uint64_t pending_again(struct pending *p);

/* Called for each record that an ack forgets, with when it was added. */
typedef void pending_forgotten(void *self, int64_t added_ms);

/* Forget what is acknowledged: every number below low, and low + i where bit i
 * is set. low may be above next, up to `given`, one above the highest number
 * that exists. Bits of numbers that were not added yet mean nothing. 0, or
 * -EPROTO with the sentence, nothing being forgotten, when low is above. */
int pending_ack(struct pending *p, uint64_t low, struct str bits,
		uint64_t given, pending_forgotten *each, void *self,
		struct err *e);

/* When the oldest record that is held was added; now_ms when none is. */
int64_t pending_oldest(const struct pending *p, int64_t now_ms);

#endif
