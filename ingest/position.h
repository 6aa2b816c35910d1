/* position.h -- how a source of files writes down where it was. To who
 * remembers it this is opaque text; it begins with what it is and its version:
 *
 *	lines1 INODE OFFSET LINE HEAD	bytes and lines before the next line,
 *					CRC32C of the first bytes
 *	text1 INODE SIZE MTIME		a text that was read, as it was then
 *	bytes1 INODE OFFSET WITHIN NUMBER HEAD	of a crawl archive: the byte
 *					before the next record, and how much of
 *					the gzip member there is gone by; records
 *					so far; CRC32C of the first bytes
 *	entries1 INODE SIZE MTIME ENTRIES PIECES	of an archive as it was
 *					then: entries gone by, and pieces of the
 *					next
 *
 * The device is not in it: its number may change with a restart, and what a
 * file begins with tells more. No state; any thread. */
#ifndef VIGIE_POSITION_H
#define VIGIE_POSITION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "ingest/source.h"

enum {
	POSITION_MAX = 128,   /* bytes of one, with its NUL */
	POSITION_HEAD = 1024, /* bytes that a file is known by, at most */
};

/* Of a file of lines. */
struct position {
	uint64_t inode, offset, line;
	uint32_t head; /* CRC32C of the first min(offset, POSITION_HEAD) */
};

void position_lines(const struct position *p, char out[POSITION_MAX]);
/* False: this is none, or of a version that we do not know. */
bool position_parse(struct str s, struct position *ret);

void position_text(const struct stat *st, char out[POSITION_MAX]);

/* "file:" and the absolute path: the folder part without links, so that it is
 * the same for a file that is not there yet. 0 or -errno, no sentence. */
int position_key(const char *path, struct buf *ret);
/* What is remembered under key: 0, STEP_END when nothing is or nobody
 * remembers; -errno with the sentence. */
int position_recall(const struct source_options *o, struct str key,
		    struct buf *ret, struct err *e);
/* Leave a sentence for who runs the source. */
void position_note(const struct source_options *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Of a crawl archive. */
struct position_bytes {
	uint64_t inode, offset, within, number;
	uint32_t head; /* CRC32C of the first min(offset, POSITION_HEAD) */
};

void position_bytes(const struct position_bytes *p, char out[POSITION_MAX]);
bool position_bytes_parse(struct str s, struct position_bytes *ret);

/* Of an archive; false: it has changed since, or this is none. */
void position_entries(const struct stat *st, uint64_t entries,
		      uint64_t pieces, char out[POSITION_MAX]);
bool position_entries_parse(struct str s, const struct stat *st,
			    uint64_t *entries, uint64_t *pieces);

/* Nanoseconds. */
int64_t position_time(struct timespec t);

#endif
