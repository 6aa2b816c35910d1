/* answer.h -- what a confined child (confine.h) says to who asked: a result
 * and a text, behind a head that tells how long it is. Whoever takes it trusts
 * nothing: what a document did to the child may be what speaks. Also whole
 * reads and writes with an end in time. No locks, no state. */
#ifndef VIGIE_ANSWER_H
#define VIGIE_ANSWER_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* Child: give an answer: out when r is 0, else the sentence. 0 or -errno. */
int answer_give(int fd, int r, struct str out, const struct err *e);
/* Parent: take one by until_ms (clock.h; -1: whenever it comes), at most max
 * bytes, into out (cleared first), and *result: 0, STEP_REJECT or a negative
 * errno, whose sentence is then in e. Returns 0; -EPIPE when the child
 * closed its end, which is when it died; -ETIMEDOUT; -EBADMSG when it is no
 * such answer: too long, an unknown result, a text that is no UTF-8 or holds
 * other control characters than newlines; other -errno. */
int answer_take(int fd, int64_t until_ms, size_t max, int *result,
		struct buf *out, struct err *e);

/* Exactly n bytes from the socket fd. 0; -EPIPE at its end; -ETIMEDOUT. */
int answer_read(int fd, void *p, size_t n, int64_t until_ms);
/* Likewise to it. SIGPIPE does not come of it. */
int answer_write(int fd, const void *p, size_t n, int64_t until_ms);

#endif
