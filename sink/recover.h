/* recover.h -- what an output of records holds, found on opening: by its
 * checkpoint, by the files that it was rotated to since, by itself. A piece of
 * a record at its end, which a crash left, is cut off. One thread. */
#ifndef VIGIE_RECOVER_H
#define VIGIE_RECOVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "sink/done.h"

struct recovery {
	const char *path, *checkpoint;
	int fd;		    /* of path; open and locked */
	bool anew;	    /* it was emptied: no other file counts */
	struct done *found; /* gets all that is found */
	struct buf *notes;

	/* What recover_lines() tells. */
	uint64_t covered; /* bytes of the file that the checkpoint knows */
	uint64_t records; /* in it, and in all before it */
};

/* Returns 0, what was found being on the disk; -EIO when a sync failed;
 * another -errno with the sentence for a file that cannot be read. Damage is
 * no error: it is noted. */
int recover_lines(struct recovery *v, struct err *e);

#endif
