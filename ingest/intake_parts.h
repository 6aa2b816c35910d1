/* intake_parts.h -- intake.c from within: for it and for intake_open.c, which
 * opens and recovers. */
#ifndef VIGIE_INTAKE_PARTS_H
#define VIGIE_INTAKE_PARTS_H

#include "base/arena.h"
#include "ingest/intake.h"
#include "ingest/state.h"

/* What the journal says of an article that is not acknowledged: it failed, or
 * was given up with this letter. */
struct mark {
	uint64_t seq;
	uint32_t failures;
	char *letter; /* members; NULL: not given up */
	size_t letter_size;
};

struct intake {
	const struct ingest_settings *set;
	struct origin origin;
	struct arena block;
	struct journal *journal; /* NULL: memory only */
	struct state *state;
	struct pending *pending;
	struct buf record;   /* the one being packed */
	struct buf key, position; /* of the source read last, to be added */
	struct buf told; /* entries of the group that the state is to hear of */
	struct mark *marks;
	size_t mark_count;
	uint64_t fed;	  /* numbers below were read for the window */
	uint64_t born;	  /* numbers below were given by earlier lives */
	uint64_t applied; /* frames, by state, in its open transaction */
	uint64_t kept_low;
	uint64_t refused, bytes, added;
	bool full;
};

/* What is known of this number, or NULL. */
struct mark *intake_mark(struct intake *t, uint64_t seq);

#endif
