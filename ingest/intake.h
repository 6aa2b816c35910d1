/* intake.h -- what it takes to accept: a raw piece is understood, numbered and
 * put into the group; the group is committed to the journal; and what is
 * committed goes into the window of what is pending, as that has room. Without
 * a journal a piece goes into the window at once. One thread.
 *
 * The journal is the only truth. What else is remembered (positions, keys,
 * articles that came before, how far acks have come) is the cache of state.h. */
#ifndef VIGIE_INTAKE_H
#define VIGIE_INTAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ingest/ingest.h"
#include "ingest/pending.h"
#include "ingest/source.h"

struct intake;

/* Open journal and state and recover (this may take a while; progress goes to
 * the service manager). Returns 0 or -errno with the sentence. */
int intake_open(const struct ingest_settings *s, struct intake **ret,
		struct err *e);
void intake_free(struct intake *t);

struct origin intake_origin(const struct intake *t);
/* The window: of what was accepted and is not acknowledged. */
struct pending *intake_pending(struct intake *t);
bool intake_has_journal(const struct intake *t);

/* Is there room for another piece? */
bool intake_has_room(const struct intake *t);
/* Would a request of so many bytes go into the group whole? */
bool intake_fits(const struct intake *t, size_t bytes);
/* Accept one piece: 0; STEP_REJECT with the sentence when it is refused;
 * STEP_WAIT when the group is full: commit, then again; -errno. 0 as well when
 * it came before, word for word (known.h), or is a near-copy and such are to be
 * dropped: it is passed over then, but its position remembered. What is to be
 * remembered of an article goes into its frame, or nothing of either does. */
int intake_take(struct intake *t, const struct raw *raw, struct err *why);
/* Was the last piece accepted, and not passed over or refused? */
bool intake_took(const struct intake *t);
/* A source has refused a piece, or intake_take() has: with a journal it is
 * given a number and becomes a dead letter, so that its position can be left
 * behind. As intake_take(). */
int intake_refuse(struct intake *t, const struct raw *raw, struct str why,
		  struct err *e);

/* Milliseconds until intake_commit() is due; -1: nothing waits. more: pieces
 * can be taken without a pause, and nobody waits for an answer. */
int64_t intake_due(const struct intake *t, int64_t now_ms, bool more);
/* Make the group last: 0; STEP_WAIT when there is no room on the disk; -errno,
 * after which nothing may be acknowledged. */
int intake_commit(struct intake *t, struct err *e);
/* Move what is committed into the window, as far as it has room. */
int intake_feed(struct intake *t, int64_t now_ms, struct err *e);

/* A record failed alone for the n-th time; it was given up. Both are remembered
 * over a restart. members as in dead.h. 0 or -errno. */
int intake_attempt(struct intake *t, uint64_t seq, struct str reason);
int intake_dead(struct intake *t, uint64_t seq, struct str members,
		struct err *e);

/* The sink has acknowledged, see pending_ack(). Numbers that were never given
 * are known to the sink when the journal is older than the sink's memory: it
 * then goes on above them, with a warning. */
int intake_ack(struct intake *t, const struct ack *a, pending_forgotten *each,
	       void *self, struct err *e);
/* Now and then: remember how far acks came, unlink what is no longer needed.
 * durable: before the end. 0 or -errno. */
int intake_keep(struct intake *t, bool durable, struct err *e);

/* What was remembered: for source.h and push.h. */
int intake_position(void *self, struct str key, struct buf *position);
/* A source remembers where it is, all its pieces being accepted: 0; STEP_WAIT
 * when the group is full; -errno. Without a journal nothing is remembered. */
int intake_leave(void *self, struct str key, struct str position);
int intake_key(void *self, struct str key, struct buf *answer);
int intake_remember(void *self, struct str key, struct str answer);

struct intake_stats {
	uint64_t accepted;  /* ever, as far as the journal knows */
	uint64_t refused;   /* by intake_refuse(), since the start */
	uint64_t repeated;  /* passed over, since the start */
	uint64_t copies;    /* near-copies found, accepted or passed over */
	uint64_t damaged;   /* articles that the journal lost, known by number */
	uint64_t backlog;   /* committed and not yet in the window */
	uint64_t bytes;	    /* of accepted records, since the start */
	uint64_t journal_bytes;
	bool full;	    /* the disk had no room at the last commit */
	int64_t commit_ns;  /* the last one took */
};

struct intake_stats intake_stats(const struct intake *t);

#endif
