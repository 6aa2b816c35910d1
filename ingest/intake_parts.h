/* intake_parts.h -- intake.c from within: for it and for intake_open.c, which
 * opens and recovers. */
#ifndef VIGIE_INTAKE_PARTS_H
#define VIGIE_INTAKE_PARTS_H

#include "base/arena.h"
#include "ingest/group.h"
#include "ingest/intake.h"
#include "ingest/known.h"
#include "ingest/near_copies.h"
#include "ingest/state.h"
#include "ingest/story.h"

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
	struct state *state;   /* without a journal NULL until it is needed */
	struct near_copies *copies; /* NULL: nobody asks for them */
	struct pending *pending;
	struct buf record;   /* the one being packed */
	struct buf key, position; /* of the source read last, to be added */
	struct group told; /* entries that the state is to hear of */
	struct mark *marks;
	size_t mark_count;
	uint64_t fed;	  /* numbers below were read for the window */
	uint64_t born;	  /* numbers below were given by earlier lives */
	uint64_t applied; /* frames, by state, in its open transaction */
	uint64_t kept_low;
	uint64_t refused, bytes, added, repeated, copied;
	bool full;
	bool took; /* the last piece was accepted, not passed over */
	uint64_t rolled; /* entries, since the state's last commit */
};

/* The number that the next article gets. */
uint64_t intake_next(const struct intake *t);
/* The record that was packed is accepted: 0, STEP_WAIT, -errno. */
int intake_accept(struct intake *t, uint64_t seq);
/* Put an entry into the group; the state hears of it with the commit. 0;
 * STEP_WAIT; -errno. */
int intake_add(struct intake *t, const struct journal_entry *entry);
/* Would so many bytes of entries go into the group? */
bool intake_holds(const struct intake *t, size_t bytes);

/* What is known of this number, or NULL. */
struct mark *intake_mark(struct intake *t, uint64_t seq);

/* intake_past.c: what is known of an article's past. */
struct past {
	bool looked, repeated; /* at the articles that came before */
	struct known_answer known;
	bool is_signed, copy;
	struct minhash signature;
	char leader[IDENTITY_HEX]; /* of its story; itself, perhaps */
};

/* Compare it with what came before: sets id, revision and near_of of the story.
 * Changes nothing else. 0 or -errno. */
int intake_look(struct intake *t, const struct raw *raw, struct story *s,
		struct past *ret, struct err *e);
/* Bytes of the entries that intake_note() adds. */
size_t intake_note_size(const struct past *p);
/* Remember it. There is room for it. 0 or -errno. */
int intake_note(struct intake *t, const struct story *s, const struct past *p);
/* What earlier lives noted of copies. 0 or -errno. */
int intake_load_copies(struct intake *t, struct err *e);

#endif
