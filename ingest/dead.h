/* dead.h -- dead letters: what is sent in place of an article that was given
 * up, to the sink, under the article's own number. Pure. */
#ifndef VIGIE_DEAD_H
#define VIGIE_DEAD_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "ingest/source.h"

/* Bytes of a refused piece that its letter keeps. */
enum { DEAD_RAW_MAX = 1 << 20 };

struct letter {
	const char *stage; /* where: "ingest", "classify" */
	struct str reason; /* a sentence */
	int signal;	   /* that killed the worker; 0: none is known */
	uint32_t attempts;
	struct str model;  /* that judged; empty: unknown */
	const char *at;	   /* the time; NULL: left out */
};

/* The members of its JSON object, without braces. */
void dead_members(struct buf *out, const struct letter *l);
/* The packed record of an article becomes that of its letter: 0, -EPROTO when
 * it is no record, -errno. */
int dead_of_record(struct str record, struct str members, struct buf *out,
		     struct err *e);
/* The letter of a piece that was refused under this number. */
int dead_of_raw(const struct raw *raw, uint64_t seq, struct str members,
		  struct buf *out);
/* "SIGSEGV"; NULL for a number that has no name. */
const char *dead_signal(int number);

#endif
