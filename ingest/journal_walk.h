/* journal_walk.h -- a journal's folder, read from its first segment to its
 * last: by journal_open() to recover, and by who only looks (`vigie journal
 * show`), beside a running ingest, without the lock. Nothing is changed. One
 * thread. */
#ifndef VIGIE_JOURNAL_WALK_H
#define VIGIE_JOURNAL_WALK_H

#include "ingest/journal_frame.h"

enum { JOURNAL_NAME_MAX = sizeof("0000000000000001.journal") };

/* The highest number that such a name can say. */
#define JOURNAL_SEGMENT_MAX UINT64_C(9999999999999999)

/* The file of a segment, within the folder. */
void journal_name(uint64_t segment, char out[JOURNAL_NAME_MAX]);

/* One segment, as it was found. */
struct journal_segment {
	uint64_t number; /* by its name */
	uint64_t bytes;
	bool has_head;
	struct journal_head head;
	/* Of its good frames; first and end are those of articles. */
	uint64_t frames, first_frame, last_frame;
	uint64_t entries, articles, first, end;
	uint64_t damaged; /* bytes of all the rest */
	/* What journal_scan.h believed at its beginning. */
	uint64_t above, from;
};

/* Bytes that are no good frame; n is 0 when they are not there at all, and only
 * the numbers behind them tell. */
struct journal_gap {
	uint64_t segment, at, n;
	uint64_t frames, articles; /* as far as is known */
	bool torn; /* a frame or head that began and never ended */
	bool tail; /* up to the end of the last segment */
};

/* Any may be NULL. What one returns but 0 ends the walk. */
struct journal_visitor {
	int (*entry)(void *self, const struct journal_entry *entry);
	/* fd: the segment, for reading. */
	int (*gap)(void *self, const struct journal_gap *gap, int fd);
	/* After all that was in it. */
	int (*segment)(void *self, const struct journal_segment *s);
	void (*progress)(void *self, uint64_t done, uint64_t total);
	void *self;
};

/* What follows from all of it. */
struct journal_sum {
	bool has_origin;
	struct origin origin;
	uint64_t last;	/* the number of the last frame; 0: none */
	uint64_t good;	/* of the last good one */
	uint64_t frame; /* the number of the next one */
	uint64_t next;	/* seq of the next article */
	uint64_t total; /* articles ever accepted */
	uint64_t segments, bytes;
	uint64_t unknown; /* entries of kinds that were passed over */
};

/* Walk through the folder open as fd, whose path is for sentences. Returns 0;
 * -EPROTONOSUPPORT for segments of a newer version, -EINVAL for those of two
 * journals, both before any visitor was called; other -errno. */
int journal_walk(int fd, const char *path, const struct journal_visitor *v,
		 struct journal_sum *ret, struct err *e);

/* The same of a folder by its path; -ENOENT when it holds no journal. */
int journal_look(const char *path, const struct journal_visitor *v,
		 struct journal_sum *ret, struct err *e);

#endif
