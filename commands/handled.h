/* handled.h -- what was done with dead letters, in FILE.handled beside their
 * file, which the sink alone writes: one line of JSON each,
 *
 *  {"origin":"<32 hex>","seq":N,"what":"replayed","when":"<UTC>"}
 *
 * appended and synced under a lock. */
#ifndef VIGIE_HANDLED_H
#define VIGIE_HANDLED_H

#include "commands/letters.h"

/* Mark the letters of l that were handled. Lines that cannot be understood are
 * warned of. 0 or -errno with the sentence; no file is no error. */
int handled_read(struct letters *l, struct err *e);
/* Say of one letter what was done with it ("replayed", "dropped"). 0 or -errno
 * with the sentence. */
int handled_add(const struct letters *l, const struct letter_at *at,
		const char *what, struct err *e);

#endif
