/* source.h -- where articles come from: one file a kind of source, one row in
 * the table of source.c. A source hands out raw pieces one by one; it knows
 * nothing of what they mean. Owned by ingest, one thread. */
#ifndef VIGIE_SOURCE_H
#define VIGIE_SOURCE_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum { RAW_MAX = 16 << 20 }; /* bytes of one piece */

enum raw_kind {
	RAW_JSON, /* one JSON object */
	RAW_TEXT, /* a whole plain text */
};

/* One piece as it came. All of it is borrowed from the source until its next
 * call. */
struct raw {
	enum raw_kind kind;
	struct str bytes;
	const char *place; /* "FILE:3" or "FILE", for sentences */
	const char *file;  /* the file it lies in; NULL: standard input */
	const char *name;  /* given to source_open(), or NULL */
};

struct source;

/* The kinds and what each calls its files. */
struct source_kind {
	const char *name; /* jsonl, text, folder */
	const char *help;
	int (*open)(const char *path, void **ret, struct err *e);
	int (*next)(void *self, struct raw *ret, struct err *e);
	void (*close)(void *self);
};

/* Open path as kind, or by its looks when kind is NULL: a folder; ".jsonl",
 * ".ndjson" and ".json" are JSON lines; "-" is standard input, JSON lines when
 * its first byte that is no white space is '{', else one text; all else is a
 * text. name is what the record calls the source of an article that names none
 * itself; it is borrowed and may be NULL. Returns 0 or -errno with the
 * sentence; -EINVAL for a kind that there is not. Does not block: standard
 * input is first looked at by source_next(). */
int source_open(const char *kind, const char *path, const char *name,
		struct source **ret, struct err *e);
void source_free(struct source *s);
/* The next piece into *ret: 0; STEP_REJECT with a sentence that begins with
 * the place when a piece is refused (call again for the next); STEP_WAIT when
 * standard input has nothing yet (nothing is lost: wait until it can be read,
 * and call again); STEP_END; -errno when the source can give no more (its sentence
 * names it). e is clear. */
int source_next(struct source *s, struct raw *ret, struct err *e);
/* Rows of the table, ending with one that has no name. */
const struct source_kind *source_kinds(void);

/* For the kinds: up to n bytes of fd into p, their number into *got (0 at the
 * end). Returns 0, STEP_WAIT as above, or -errno without a sentence. */
int source_read(int fd, void *p, size_t n, size_t *got);

#endif
