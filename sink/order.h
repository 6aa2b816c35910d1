/* order.h -- lines held back until every lower seq of their origin has been
 * written, for those who want the order in which articles came.
 *
 * A ring by seq for each origin; what has been written is asked of `done`.
 * Bounded by the window and by bytes: what finds no room is refused, not
 * acknowledged and so sent again. Pure; owned by the sink, one thread. */
#ifndef VIGIE_ORDER_H
#define VIGIE_ORDER_H

#include "base/err.h"
#include "sink/done.h"
#include "sink/record.h"

enum { ORDER_ORIGINS = DONE_ORIGINS };

struct order;

/* Hold at most `bytes` of lines and keys. Returns 0 or -ENOMEM. */
int order_new(size_t bytes, struct order **ret);
void order_free(struct order *o);
/* Hold a copy. Returns 0; STEP_REJECT for a repetition; STEP_WAIT when there
 * is no room (there always is for the line that is waited for); -EPROTO with
 * the sentence when seq is outside the window; -ENOMEM. */
int order_add(struct order *o, const struct done *d, const struct record *line,
	      struct err *e);
/* The next line whose turn it is, valid until the next call on o: 0, or
 * STEP_END when all that are held wait for another. */
int order_next(struct order *o, const struct done *d, struct record *ret);
/* Lines held. */
size_t order_count(const struct order *o);

#endif
