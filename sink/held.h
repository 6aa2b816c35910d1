/* held.h -- what a target that collects has taken and not committed yet: the
 * lines, one behind the other, whose each is, and the origins among them. A
 * commit that fails leaves it as it is and is tried again with the same.
 *
 * Owned by a target, one thread; never more than TARGET_PENDING_MAX bytes of
 * lines. */
#ifndef VIGIE_HELD_H
#define VIGIE_HELD_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "sink/done.h"
#include "sink/record.h"

struct held_row {
	struct origin origin;
	uint64_t seq;
	size_t at, size; /* of its line, without the line end */
};

struct held {
	struct buf lines;
	struct buf rows;    /* struct held_row each */
	struct buf origins; /* struct origin each, no two the same */
};

void held_init(struct held *h);
void held_done(struct held *h);
/* Forget all, keep the memory. */
void held_clear(struct held *h);

/* Copy one line. 0; -EMSGSIZE when there are more bytes than a group may
 * have, -ERANGE for a seq that no database counts to (2^63), -ENOMEM: with the
 * sentence. */
int held_add(struct held *h, const struct record *line, struct err *e);

/* Valid until the next addition. */
const struct held_row *held_rows(const struct held *h, size_t *n);
const struct origin *held_origins(const struct held *h, size_t *n);
struct str held_line(const struct held *h, const struct held_row *row);

/* The watermark of an origin as databases keep it, a row each: its hexadecimal
 * name, low, bits. What to store of o beside the rows: false when the set has
 * forgotten it, and what is stored must stay. ret->bits are valid until the
 * next call. */
bool held_watermark(struct done *found, struct origin o, struct ack *ret);
/* Read a stored one into found: 0, or -EBADMSG with the sentence for what no
 * sink of ours has written. */
int held_restore(struct done *found, struct str origin, int64_t low,
		 struct str bits, struct err *e);

#endif
