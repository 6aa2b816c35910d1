/* readers.h -- the sources of the configuration, read as it lists them: one
 * after the other those that end, all at once those that are followed. What a
 * source is in trouble with is logged, and the others go on. One thread. */
#ifndef VIGIE_READERS_H
#define VIGIE_READERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/err.h"
#include "ingest/source.h"

struct readers;

/* sources: struct ingest_source each; all three are borrowed. one_shot: sources
 * that would go on are read once. 0 or -ENOMEM. */
int readers_open(const struct conf_maps *sources,
		 const struct source_memory *memory,
		 const struct source_tools *tools, bool one_shot,
		 struct readers **ret);
void readers_free(struct readers *r);

/* The next piece, and in *from which source it is of: as source_next(), but
 * STEP_WAIT when all that are left wait, STEP_END when none is left, -ENOMEM. */
int readers_next(struct readers *r, int64_t now_ms, struct raw *ret,
		 size_t *from, struct err *why);
/* Something came from the web: ask again who waits for it. */
void readers_wake(struct readers *r);
/* No source is left. */
bool readers_ended(const struct readers *r);
/* Standard input waits for bytes: the descriptor to wait on, else -1. */
int readers_fd(const struct readers *r);
/* The first source's -errno that could not be read, or 0. */
int readers_trouble(const struct readers *r);

/* How far they are: bytes read of all there are; *total is 0 when that cannot be
 * told of one of them (standard input, a folder, what is followed). */
void readers_progress(const struct readers *r, uint64_t *done,
		      uint64_t *total);

#endif
