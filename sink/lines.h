/* lines.h -- a file of records that is its own commit log: each line says whose
 * it is and carries its CRC, so that opening it tells what has been written
 * and no second file has to agree. A complete line is never withdrawn: who
 * reads along with `tail -f` sees each once.
 *
 *	NAME		what is written to
 *	NAME.2022…Z	what was, before it was full (see rotate.h)
 *	NAME.done	what all of them held, now and then (see checkpoint.h)
 *
 * Owned by whom opened it, one thread. */
#ifndef VIGIE_LINES_H
#define VIGIE_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "sink/done.h"

struct lines_options {
	const char *path;    /* borrowed for its life */
	bool truncate;	     /* start anew; rotated files stay as they are */
	int64_t rotate_size; /* bytes, and … */
	int64_t rotate_every; /* … ms, after which a new one begins; 0: never */
	struct done *found;  /* as in struct target_options; */
	struct buf *notes;   /* the same */
};

struct lines;

/* Open the file, made when it is not there, cut a piece of a record off its
 * end, and find what it and those it was rotated to hold. Returns 0;
 * -EADDRINUSE when another writes to it; -EIO when a sync failed; -errno: with
 * the sentence. */
int lines_open(const struct lines_options *o, struct lines **ret,
	       struct err *e);
void lines_free(struct lines *l);

/* Take one line, with its \n; it is copied. 0 or -errno. */
int lines_write(struct lines *l, struct str line, struct err *e);
/* The commit point, as commit() of target.h. Then, if it is time, a checkpoint
 * or a new file; what hinders these is noted, and they are tried again. */
int lines_commit(struct lines *l, struct err *e);

/* Records in it and in those before it. */
uint64_t lines_count(const struct lines *l);
/* Bytes of the file that is written to. */
uint64_t lines_size(const struct lines *l);

#endif
