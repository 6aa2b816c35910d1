/* workers.h -- the classify daemons that pull from this ingest: who they are,
 * what each may still be sent, what each holds. Pure but for its memory; one
 * thread.
 *
 * A worker is a ZeroMQ connection. It gets a session number of ours when it is
 * first heard of, which every batch carries and every credit names: a credit of
 * an earlier connection cannot be taken for one of this. */
#ifndef VIGIE_WORKERS_H
#define VIGIE_WORKERS_H

#include "ingest/pending.h"
#include "wire/link.h"

enum {
	WORKERS_MAX = 1024,
	/* Batches in one worker's hands, whatever room it has: well below what
	 * its socket queues. A socket whose queue is full hears no heartbeat,
	 * and its connection is taken for dead with all that is in hand. Who
	 * waits meanwhile shares the next batch. */
	WORKER_BATCHES = 16,
};

struct worker {
	struct link_peer peer;
	uint64_t session;
	uint64_t batches; /* sent so far: the number of the last */
	uint64_t done;	  /* of them handed on */
	uint64_t room_records, room_bytes;
	uint64_t held_records, held_bytes;
	int64_t heard_ms;
	int64_t probed_ms; /* when it was silent and we knocked */
	int64_t gone_ms;   /* when nobody was there any more; 0: not yet */
	bool alone;	   /* kept for suspects, which it gets one by one */
	struct held *held; /* the batches between done and batches */
	size_t held_count, held_room;
};

struct workers {
	struct worker *v;
	size_t n, turn;
	uint64_t last_session;
};

void workers_init(struct workers *w, uint64_t first_session);
void workers_done(struct workers *w);

/* A credit came: the peer is new, has finished batches, or leaves (its records
 * wait again). 0; -EMFILE past WORKERS_MAX; -ENOMEM. */
int workers_credit(struct workers *w, const struct link_peer *peer,
		   const struct credit *c, int64_t now_ms, struct pending *p);
/* It was not heard of for patience_ms. */
bool worker_is_silent(const struct worker *w, int64_t now_ms,
		      int64_t patience_ms);
/* The one with this session, or NULL. */
struct worker *workers_find(struct workers *w, uint64_t session);
/* It is gone; died: taken along by what it held, perhaps. Its place in w->v is
 * another's now. */
struct pending_loss workers_gone(struct workers *w, struct worker *one,
				 bool died, struct pending *p);

/* The next worker, in turn, that can take a record of so many bytes; NULL when
 * none can. A record larger than a worker's whole room goes to an idle one. */
struct worker *workers_next(struct workers *w, uint64_t bytes);
/* The worker that gets a suspect now: the one that is kept for them, once its
 * hands are empty; chosen when there is none. NULL: not yet. */
struct worker *workers_for_suspect(struct workers *w);
/* No suspect waits: who was kept for them is for all again, once its hands are
 * empty. */
void workers_release(struct workers *w);
bool worker_has_room(const struct worker *w, uint64_t more_records,
		     uint64_t more_bytes);
/* A batch of these seqs was sent to it. 0 or -ENOMEM. */
int worker_took(struct worker *w, const uint64_t *seqs, uint32_t count,
		uint64_t bytes);

#endif
