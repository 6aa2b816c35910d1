/* journal_scan.h -- from one good frame of a segment to the next, whatever lies
 * between. Every frame is verified once; the work is linear in the bytes of the
 * segment. Reads by pread() in large blocks: what a disk cannot read any more
 * (EIO) counts as zeros, page by page. Owns its block, borrows the file; one
 * thread. */
#ifndef VIGIE_JOURNAL_SCAN_H
#define VIGIE_JOURNAL_SCAN_H

#include "ingest/journal_frame.h"

struct journal_scan {
	int fd;
	uint64_t at, size; /* the next byte to look at; bytes to look at */
	/* A frame is believed that is of this origin (of any one, which is
	 * then the one, unless has_origin), whose number is above this, and
	 * whose seq is not below that. */
	bool has_origin;
	struct origin origin;
	uint64_t number, seq;
	/* its own */
	uint64_t spent;
	uint64_t block_at;
	struct buf block;
};

enum journal_found {
	JOURNAL_GOOD,	 /* a frame */
	JOURNAL_DAMAGED, /* a frame whose entries are not what they were */
	JOURNAL_SHORT,	 /* the head, or less, of one that the file ends in */
	JOURNAL_GARBAGE, /* anything else */
};

/* What lies at [at, at + n). */
struct journal_piece {
	enum journal_found found;
	uint64_t at, n;
	struct journal_frame frame; /* GOOD; DAMAGED if has_frame */
	bool has_frame;
	struct str entries; /* GOOD: borrowed until the next call */
};

/* Nothing is owned yet. */
void journal_scan_init(struct journal_scan *s);
void journal_scan_done(struct journal_scan *s);
/* Begin with a file at byte `at`; origin, number and seq stay. */
void journal_scan_file(struct journal_scan *s, int fd, uint64_t at,
		       uint64_t size);
/* Bytes [at, at + n), fewer where the file ends: 0 or -errno. Borrowed until
 * the next call. */
int journal_scan_bytes(struct journal_scan *s, uint64_t at, size_t n,
		       struct str *ret);
/* The next piece: 0, STEP_END at `size`, -errno. Pieces leave no byte out. */
int journal_scan_next(struct journal_scan *s, struct journal_piece *ret);
/* Pass over good heads of frames all of whose articles are below seq, without
 * a look at their entries. 0 or -errno. */
int journal_scan_skip(struct journal_scan *s, uint64_t seq);

#endif
