/* acks.h -- what the sink says to ingests: that it is there, and what it has
 * committed. Acks are cumulative and repeated, so that a lost one does no
 * harm. Owns the sockets to the ingests; one thread. */
#ifndef VIGIE_ACKS_H
#define VIGIE_ACKS_H

#include <stdint.h>

#include "base/conf.h"
#include "base/err.h"
#include "sink/done.h"
#include "wire/article.h"
#include "wire/link.h"

struct acks;

/* Connect to every ingest (none named: ipc:///run/vigie/articles). flags are
 * WIRE_WANT_*. The epoch that names this life of the sink is drawn here.
 * Returns 0 or -errno with the sentence. */
int acks_open(struct link_net *net, const struct conf_texts *ingests,
	      uint32_t flags, struct acks **ret, struct err *e);
/* The last acks are given a second to leave when the net is freed. */
void acks_free(struct acks *a);

/* A batch of that origin has come: an ack for it is due. */
void acks_hear(struct acks *a, struct origin o);
/* Send what is due. 0 or -errno. */
int acks_send_due(struct acks *a, struct done *d, struct err *e);
/* When it is time again, greet, and repeat the acks of the last minute. */
int acks_repeat(struct acks *a, struct done *d, struct err *e);
/* Milliseconds until then. */
int64_t acks_pause(const struct acks *a);

#endif
