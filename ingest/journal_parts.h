/* journal_parts.h -- the journal from within. Behind journal.h: for journal.c
 * (the group and its commit), journal_open.c (recovery) and journal_read.c (the
 * cursor) alone. */
#ifndef VIGIE_JOURNAL_PARTS_H
#define VIGIE_JOURNAL_PARTS_H

#include "ingest/journal_scan.h"
#include "ingest/journal_walk.h"

struct journal_kept {
	struct journal_segment seg;
	/* Damage below this byte has been counted. */
	uint64_t counted;
};

struct journal_cursor {
	uint64_t seq;	  /* give none below */
	uint64_t total;	  /* articles before it, of all ever accepted */
	uint64_t segment; /* the one that is open as scan.fd; 0: none */
	struct journal_scan scan;
	struct str rest; /* of the frame at hand, in the scan's block */
};

struct journal {
	struct journal_settings s;
	char *path;
	int folder, lock;
	int fd; /* the newest segment, to append; -1: one must be begun */
	bool is_broken;
	struct journal_kept *kept; /* in their order; the last is the newest */
	size_t n, room;
	struct journal_sum sum; /* without what waits */
	uint64_t next;
	/* The group: a frame in the making, with room for its head. */
	struct buf group;
	uint64_t waiting, articles, first, end;
	int64_t since_ms; /* -1: not known yet */
	/* What is to be cut as soon as a new segment is there. */
	bool cuts;
	uint64_t cut_segment, cut_at;
	struct journal_cursor cursor;
	struct journal_stats stats;
};

/* No more room on the disk, for this user or for this file? */
bool journal_is_full(int r);
/* fdatasync, unless a test breaks it. 0 or -errno. */
int journal_sync(int fd);
/* The same for the folder's names. */
int journal_sync_folder(const struct journal *j);
/* Room for one more in kept[]. 0 or -ENOMEM. */
int journal_reserve(struct journal *j);
/* Begin a new segment, and cut the old one's tail. 0; STEP_WAIT when there is
 * no room; -errno: with the sentence. */
int journal_begin(struct journal *j, struct err *e);

void journal_cursor_init(struct journal_cursor *c);
void journal_cursor_done(struct journal_cursor *c);

#endif
