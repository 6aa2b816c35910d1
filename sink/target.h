/* target.h -- where lines go: one file a kind, one row in the table of
 * targets.c. A target belongs to the sink, one thread. */
#ifndef VIGIE_TARGET_H
#define VIGIE_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "sink/done.h"
#include "sink/record.h"
#include "wire/link.h"

/* The sink commits as soon as the lines of a group reach this many bytes, so
 * that a target that collects never holds more than one line above it. */
enum {
	TARGET_GROUP_MAX = 8 << 20,
	TARGET_PENDING_MAX = TARGET_GROUP_MAX + RECORD_LINE_MAX,
};

struct sink_target;

struct target_options {
	const char *place;    /* borrowed for the target's life */
	const struct sink_target *settings; /* of this target; borrowed */
	bool truncate;	      /* start anew */
	struct link_net *net; /* for those that are sockets */
	/* What this target has: filled by open with what is there already. Then
	 * the sink adds what write() has taken and raises what ingest says, so
	 * that at commit() it is what will be there once that has succeeded:
	 * the watermark to be stored beside the rows. Borrowed for the
	 * target's life; after open the target only reads it. */
	struct done *found;
	/* Sentences for the log, a line each; borrowed for the target's life,
	 * emptied after open and each commit. */
	struct buf *notes;
};

struct target_kind {
	const char *name; /* the key of its place in the configuration */
	/* Why its promise is weaker than exactly once, for `vigie check` and
	 * the manual; NULL where commits() is always true. */
	const char *weaker;
	/* Is the place one, as far as can be told without going there? Reads
	 * place, settings and notes of o. 0 or -errno with the sentence; NULL:
	 * any path will do. */
	int (*check)(const struct target_options *o, struct err *e);
	int (*open)(const struct target_options *o, void **ret, struct err *e);
	/* Does a commit outlive us, and does open find it again? */
	bool (*commits)(const void *self);
	/* Take one line; it is copied. 0 or -errno. */
	int (*write)(void *self, const struct record *line, struct err *e);
	/* Make all that was written last. 0; STEP_WAIT when there is no room
	 * now, after which the same call goes on where it stopped (the
	 * sentence is empty when the reader is merely slow); -errno. */
	int (*commit)(void *self, struct err *e);
	void (*close)(void *self);
	/* Bytes it has written to the place it writes to now; NULL where that
	 * says nothing. */
	uint64_t (*bytes)(const void *self);
	/* Records that it was ever given, as far as it can know; NULL: it
	 * cannot. */
	uint64_t (*records)(const void *self);
};

/* A file, which is its own commit log, or "-" for standard output. */
extern const struct target_kind target_jsonl;
/* A ZeroMQ PUB socket. */
extern const struct target_kind target_pub;
/* Databases: rows and watermark in one transaction. */
extern const struct target_kind target_sqlite;
extern const struct target_kind target_postgres;
/* Lines posted to a URL: at least once, each with its Idempotency-Key. */
extern const struct target_kind target_webhook;

#endif
