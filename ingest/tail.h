/* tail.h -- the bytes of a path, over all the files that it names in turn:
 * one is renamed by rotation, cut short, written anew, deleted and made again,
 * or not there yet. One open file; owned by its source, one thread.
 *
 * Begun again from what is remembered, it looks for the file with that inode
 * and those first bytes: at the path, else in its folder (it was rotated since),
 * reads its rest, then what the path named after it, in turn. A file with
 * that inode that is shorter, or begins otherwise, was cut or written anew:
 * it is read from its beginning.
 *
 * What it cannot know: what was written between its last look and a cut
 * (copytruncate has that hole by nature); a file written anew with the same
 * first POSITION_HEAD bytes that is no shorter; what was compressed (NAME.1.gz
 * is not read) or moved elsewhere before it was read; what a program adds to a
 * rotated file after another has begun the next. */
#ifndef VIGIE_TAIL_H
#define VIGIE_TAIL_H

#include "ingest/position.h"
#include "ingest/source.h"

struct tail;

/* Where a file was begun. */
struct tail_file {
	uint64_t life;	       /* another number for each beginning */
	uint64_t offset, line; /* bytes and lines gone by before it */
	const char *path;      /* as it was called then, for sentences */
};

/* Open o->path ("-": standard input); o is borrowed. With o->follow it need
 * not be there. Does not block. 0 or -errno with the sentence. */
int tail_open(const struct source_options *o, struct tail **ret, struct err *e);
void tail_close(struct tail *t);

/* Up to n bytes into p. 0: *got bytes, at least one; STEP_WAIT: no more yet;
 * STEP_END: this file has no more, ever: an unfinished line is a line, and
 * tail_turn() leads on; -errno with the sentence. Look at tail_at() after each
 * call: when its life is another, what was unfinished before is void. */
int tail_read(struct tail *t, void *p, size_t n, size_t *got, struct err *e);
/* After STEP_END, go on to the next file: 0; STEP_WAIT: there is none yet;
 * STEP_END: there will be none; -errno with the sentence. */
int tail_turn(struct tail *t, struct err *e);
struct tail_file tail_at(const struct tail *t);

/* Under what to remember it; empty: it cannot be (a pipe). */
struct str tail_key(const struct tail *t);
/* The position before byte `offset` and after `line` lines of the file in
 * hand; offset is at most what was read. */
void tail_position(struct tail *t, uint64_t offset, uint64_t line,
		   char out[POSITION_MAX]);

#endif
