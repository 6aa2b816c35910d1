/* state.h -- what ingest must remember longer than a segment lives: positions
 * of sources, keys of pushes, how far acks have come. A SQLite file that is a
 * cache of the journal: it says up to which frame it has applied it, and is
 * rolled forward at start. One thread. */
#ifndef VIGIE_STATE_H
#define VIGIE_STATE_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "ingest/journal.h"

enum { STATE_KEYS_MAX = 100000 }; /* the newest are remembered */

struct state;

/* Open or make the file. One that is damaged, or of another origin, is set
 * aside under FILE.damaged or FILE.old with a sentence in notes, and begun
 * anew: the journal fills it again, as far as it goes. 0 or -errno. */
int state_open(const char *path, struct origin origin, struct buf *notes,
	       struct state **ret, struct err *e);
/* Commits first. */
void state_free(struct state *s);

uint64_t state_frame(const struct state *s); /* applied so far */
uint64_t state_low(const struct state *s);   /* every seq below was acked */

/* The journal is an older one that has come to this frame only: those that it
 * numbers anew are to be applied. */
void state_rewind(struct state *s, uint64_t frame);

/* Apply one entry (of kinds POSITION and KEY; others are passed over). An entry
 * of a frame that is not above state_frame() is passed over. 0 or -errno. */
int state_apply(struct state *s, const struct journal_entry *entry,
		struct err *e);
/* All entries up to `frame` were applied, every seq below low is acked: make
 * it one transaction. durable: and make it last before returning (it is about
 * to be relied on by journal_forget()). 0 or -errno; STEP_WAIT when the disk is
 * full: nothing is lost, come again later. */
int state_commit(struct state *s, uint64_t frame, uint64_t low, bool durable,
		 struct err *e);

/* The last position of a source, committed or not: 0, STEP_END, -errno. */
int state_position(struct state *s, struct str name, struct buf *ret,
		   struct err *e);
/* What a push with this key was told: 0, STEP_END when it never was. */
int state_key(struct state *s, struct str key, struct buf *ret, struct err *e);

#endif
