/* state_parts.h -- state.c from within: for it and for state_open.c, which
 * opens and checks. */
#ifndef VIGIE_STATE_PARTS_H
#define VIGIE_STATE_PARTS_H

#include "ingest/state.h"
#include "ingest/state_base.h"

enum { STATE_VERSION = 1, STATE_TABLES = 4 };

/* Kinds of entries and their tables. The newest `max` rows are kept; 0: all. */
struct state_table {
	enum journal_kind kind;
	enum statement put, all, prune;
	int64_t max;
};

extern const struct state_table state_tables[STATE_TABLES];

/* What was applied since the last commit is in memory, and a commit copies it
 * into the file. So a transaction that the disk had no room for can be tried
 * again from the beginning, and the file is locked only while it is written. */
struct state {
	char *path;
	struct origin origin;
	struct base file, fresh; /* fresh: applied since the last commit */
	uint64_t frame, low;
	uint64_t applied;	   /* entries in fresh … */
	int64_t rows[STATE_TABLES]; /* … and of each table, at most */
	int64_t max[STATE_TABLES];  /* rows to be kept */
	/* Of names that are known: what the next one gets, and how many came
	 * since the oldest were last looked for, which takes a while. */
	int64_t number, unpruned;
	bool full;		   /* synchronous is FULL */
	bool lasting;		   /* the last commit was durable */
};

/* After so many names the oldest are looked for. */
static inline int64_t state_patience(const struct state *s, size_t table)
{
	return s->max[table] / 16;
}

/* What SQLite said of one of the two, with its sentence. */
int state_fail(const struct state *s, const struct base *b, int rc,
	       struct err *e);
/* The one row that says how far we are: its checksum, and it written. */
uint32_t state_crc(int64_t version, struct str origin, uint64_t frame,
		   uint64_t low);
int state_put_head(struct state *s, uint64_t frame, uint64_t low);
struct str state_origin(const struct origin *o);

#endif
