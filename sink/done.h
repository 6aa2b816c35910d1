/* done.h -- what has been committed, exactly: of each origin every seq below
 * `low`, and a ring of bits for the window above it. Ingest never runs farther
 * ahead than WIRE_WINDOW_MAX, so nothing is forgotten and nothing guessed.
 * A second ring marks what is in hand: taken, not committed yet.
 *
 * Pure; owned by the sink, one thread. At most DONE_ORIGINS are remembered;
 * the least recently used makes room for another. */
#ifndef VIGIE_DONE_H
#define VIGIE_DONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "wire/article.h"

enum { DONE_ORIGINS = 256 };

struct done;

/* An empty set (4 MB, touched as it fills). Returns 0 or -ENOMEM. */
int done_new(struct done **ret);
void done_free(struct done *d);

/* Is it committed? */
bool done_has(const struct done *d, struct origin o, uint64_t seq);
/* Is it committed or in hand? Then it is a repetition. */
bool done_known(const struct done *d, struct origin o, uint64_t seq);
/* Every seq below is committed; 0 for an origin never seen. */
uint64_t done_low(const struct done *d, struct origin o);

/* May seq be taken? 0; -EPROTO with the sentence when it is not below
 * low + WIRE_WINDOW_MAX. */
int done_check(const struct done *d, struct origin o, uint64_t seq,
	       struct err *e);
/* It is in hand now; done_check() has let it pass. */
void done_take(struct done *d, struct origin o, uint64_t seq);
/* It is committed; low rises over a full run. 0 or -EPROTO as above. */
int done_add(struct done *d, struct origin o, uint64_t seq, struct err *e);
/* Every seq below low is acknowledged to ingest, and so counts as committed.
 * A low that is known already changes nothing. */
void done_raise(struct done *d, struct origin o, uint64_t low);
/* It was found in an output that an earlier life wrote. Whoever wrote it kept
 * to the window, so what lies a window below was acknowledged by then; which
 * is why this never fails, where the output lacks its beginning too. */
void done_found(struct done *d, struct origin o, uint64_t seq);

/* Make d the same set as from. */
void done_copy(struct done *d, const struct done *from);
/* Keep in d what is in both. */
void done_meet(struct done *d, const struct done *with);
/* Add to d what is in with. */
void done_join(struct done *d, struct done *with);

/* Fill origin, low and bits of *ret: the bits end with the last byte that is
 * not zero, and are valid until the next call on d. */
void done_ack(struct done *d, struct origin o, struct ack *ret);
/* The reverse: what the ack says is committed. */
void done_hear(struct done *d, const struct ack *a);

/* The origin in place i, the least recently used first; false when there are
 * no more than i. */
bool done_origin(const struct done *d, size_t i, struct origin *ret);
/* How many numbers are committed, those below low included, of all origins. */
uint64_t done_count(const struct done *d);

#endif
