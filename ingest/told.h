/* told.h -- what became of a push: handed on piece by piece, counted, and the
 * answer about it. One thread. */
#ifndef VIGIE_TOLD_H
#define VIGIE_TOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "ingest/pieces.h"
#include "ingest/push.h"

struct told {
	bool again; /* set it: the pieces are dead letters that come back */
	uint64_t accepted, refused, listed;
	struct buf reasons; /* of the first that were refused, as JSON */
};

void told_init(struct told *t);
void told_done(struct told *t);
/* Hand every piece of the body to the taker, as "push:LINE". 0, or the taker's
 * -errno with the sentence. */
int told_take(struct told *t, const struct push_taker *taker,
	      enum pieces_form form, struct str body, struct err *e);
/* {"accepted":2,"refused":[{"line":3,"reason":"…"}],"repeated":false}; where
 * there are more reasons than an answer lists, "refused_more" counts them. */
void told_write(const struct told *t, struct buf *out);

#endif
