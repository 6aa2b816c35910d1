/* unpack_parts.h -- what the two sides of unpack.h say to each other: a frame,
 * and behind it the bytes of the name and those of the entry or sentence. The
 * child may have been taken over by what it reads: who hears checks all. */
#ifndef VIGIE_UNPACK_PARTS_H
#define VIGIE_UNPACK_PARTS_H

#include "ingest/unpack.h"

enum unpack_kind {
	UNPACK_ENTRY,
	UNPACK_REFUSED, /* with the sentence; the archive goes on */
	UNPACK_PASSED,	/* still there; nothing was wanted for a while */
	UNPACK_END,	/* with a sentence when it is too early */
	UNPACK_KINDS,
};

struct unpack_frame {
	uint32_t kind, name, bytes;
	uint64_t number; /* entries gone by, this one included */
	uint64_t offset;
};

enum { UNPACK_SENTENCE_MAX = 400 };

/* The child's side: the archive as it lies in memory. */
struct unpack_child {
	int fd; /* of the file */
	uint64_t size, skip;
	bool (*wanted)(struct str name, struct str first);
	const char *map; /* made by unpack_map() */
};

void unpack_map(void *self);
/* Returns the exit code. */
int unpack_work(void *self, int fd);

#endif
