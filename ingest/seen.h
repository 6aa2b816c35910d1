/* seen.h -- the files of a folder that is walked again and again: how each
 * looked when it was read last, and where its source was then. About 170 bytes
 * a file; files that have gone are forgotten. One thread. */
#ifndef VIGIE_SEEN_H
#define VIGIE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ingest/position.h"

struct seen_file {
	uint64_t hash; /* of its path, never 0 */
	uint64_t walk; /* the last one that met it */
	uint64_t inode, size;
	int64_t changed; /* st_ctim: also by chmod and rename */
	char position[POSITION_MAX]; /* "": none was given yet */
};

/* Zeros: empty. */
struct seen {
	struct seen_file *v; /* room is a power of 2; hash 0: free */
	size_t n, room;
};

void seen_done(struct seen *s);
/* NULL when it is not there. Valid until the next seen_use() or seen_forget(),
 * as is what that returns: made when it is not there, NULL: no memory. */
struct seen_file *seen_find(const struct seen *s, const char *path);
struct seen_file *seen_use(struct seen *s, const char *path);
/* Forget those that no walk from this one on has met. 0 or -ENOMEM. */
int seen_forget(struct seen *s, uint64_t walk);

bool seen_same(const struct seen_file *f, const struct stat *st);
void seen_set(struct seen_file *f, const struct stat *st);

#endif
