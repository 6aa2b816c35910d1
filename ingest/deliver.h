/* deliver.h -- from the window to the workers, and what comes back: credits,
 * acks, obituaries. Who is silent is asked; who is gone leaves what it held to
 * others; what takes its worker along is sent alone, and in the end given up.
 * Owns the socket; one thread. */
#ifndef VIGIE_DELIVER_H
#define VIGIE_DELIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ingest/intake.h"
#include "wire/link.h"

struct deliver;

/* Bind. Both are borrowed. `each` is told when each record had been accepted
 * that an ack lets go. */
int deliver_open(struct link_net *net, const struct ingest_settings *s,
		 struct intake *t, pending_forgotten *each, void *self,
		 struct deliver **ret, struct err *e);
void deliver_free(struct deliver *d);
struct link *deliver_link(struct deliver *d); /* to wait on */

/* Hear what has come, up to a bound. *some: anything came. 0 or -errno. */
int deliver_hear(struct deliver *d, bool *some, struct err *e);
/* See to what is overdue; every call looks at the clock itself. 0 or -errno. */
int deliver_tick(struct deliver *d, struct err *e);
/* Hand out what waits, as credits allow. *some: anything left. 0 or -errno. */
int deliver_hand_out(struct deliver *d, bool *some, struct err *e);

struct deliver_stats {
	uint64_t workers;
	uint64_t given_up; /* articles, since the start */
	bool has_sink;	   /* one was heard of */
	int64_t sink_ms;   /* when it was heard of last */
};

struct deliver_stats deliver_stats(const struct deliver *d);

#endif
