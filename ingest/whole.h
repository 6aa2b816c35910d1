/* whole.h -- a file that is one piece, or what standard input or a named pipe
 * brings until it ends. One that was read and has not changed since (inode,
 * size, time of its last change) is not read again; one that is followed is
 * read again whenever it has changed. For the sources of such files; one
 * thread. */
#ifndef VIGIE_WHOLE_H
#define VIGIE_WHOLE_H

#include "ingest/source.h"

struct whole;

/* Open o->path ("-": standard input), of at most max bytes; o is borrowed. With
 * o->follow it need not be there. 0 or -errno with the sentence. */
int whole_open(const struct source_options *o, size_t max,
	       struct whole **ret, struct err *e);
/* What was read of standard input already. */
void whole_begin(struct whole *w, struct str ahead);
/* The piece, as text: 0; STEP_WAIT, STEP_END; -EMSGSIZE without a sentence
 * when it is larger (all but its bytes is set); -errno with the sentence. A
 * file that is followed waits while it is empty or changes as it is read; from
 * a named pipe that is followed each writer brings one piece. */
int whole_next(struct whole *w, struct raw *ret, struct err *e);
void whole_close(struct whole *w);

#endif
