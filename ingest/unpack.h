/* unpack.h -- zip and tar files (gzip, bzip2, xz, zstd around them), and a
 * single file in such a coding, entry by entry. libarchive works in a child
 * that can open nothing and reach nobody (confine.h), and hands entries back
 * over a socket; names are for sentences only, nothing is written anywhere. One
 * thread, one process an archive. */
#ifndef VIGIE_UNPACK_H
#define VIGIE_UNPACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum {
	UNPACK_ENTRY_MAX = 16 << 20,  /* bytes of one entry */
	UNPACK_ENTRIES_MAX = 1000000, /* of one archive */
	UNPACK_NAME_MAX = 255,	      /* bytes of a name that are kept */
	/* Bytes that an archive may become: so many for each of its own, and
	 * some more. */
	UNPACK_RATIO_MAX = 200,
	UNPACK_FREE = 1 << 30,
	UNPACK_MEMORY = 192 << 20, /* for the child; xz -9 wants 65 MB */
};

/* Borrowed until the next call. */
struct unpack_entry {
	uint64_t number; /* in the archive, from 1; folders count as well */
	struct str name; /* UTF-8 without control characters */
	struct str bytes;
};

struct unpack;

/* Unpack what fd, a regular file, holds, from the entry after the first `skip`
 * on. wanted() runs in the child: by an entry's name, in bytes as they are, and
 * its first bytes, up to 4 KB. 0 or -errno with the sentence; fd stays the
 * caller's, and open. */
int unpack_open(int fd, uint64_t skip,
		bool (*wanted)(struct str name, struct str first),
		struct unpack **ret, struct err *e);
void unpack_free(struct unpack *u);
/* 0: an entry that is wanted; STEP_REJECT with the sentence (without a place):
 * one that cannot be had, number and name are set; STEP_WAIT: none yet, call
 * again; STEP_END; -EBADMSG with the sentence: the archive is damaged, or would
 * become too large, and gives no more; other -errno. */
int unpack_next(struct unpack *u, struct unpack_entry *ret, struct err *e);
/* Entries gone by, and bytes of the file read, so far. */
uint64_t unpack_entries(const struct unpack *u);
uint64_t unpack_offset(const struct unpack *u);

#endif
