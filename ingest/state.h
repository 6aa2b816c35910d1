/* state.h -- what ingest must remember longer than a segment lives: positions
 * of sources, keys of pushes, articles that came before, signatures of the last
 * articles, how far acks have come. A SQLite file that is a cache of the
 * journal: it says up to which frame it has applied it, and is rolled forward at
 * start. One thread.
 *
 *  entry       name                        value
 *  POSITION    key of a source             where it was
 *  KEY         key of a push               what it was told
 *  KNOWN       an id or alias, 16 bytes    known.h
 *  SIGNATURE   an id, 16 bytes             id of the leader, 16 bytes; the
 *                                          places of minhash.h, u32 each */
#ifndef VIGIE_STATE_H
#define VIGIE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "ingest/journal.h"

/* The newest are remembered, unless state_limit() says otherwise. */
enum {
	STATE_KEYS_MAX = 100000,
	STATE_KNOWN_MAX = 1000000, /* names: some two of an article */
	STATE_SIGNATURES = 131072,
};

struct state;

/* Open or make the file. One that is damaged, or of another origin, is set
 * aside under FILE.damaged or FILE.old with a sentence in notes, and begun
 * anew: the journal fills it again, as far as it goes. NULL: nothing but
 * memory. 0 or -errno. */
int state_open(const char *path, struct origin origin, struct buf *notes,
	       struct state **ret, struct err *e);
/* Commits first. */
void state_free(struct state *s);

uint64_t state_frame(const struct state *s); /* applied so far */
uint64_t state_low(const struct state *s);   /* every seq below was acked */

/* The journal is an older one that has come to this frame only: those that it
 * numbers anew are to be applied. */
void state_rewind(struct state *s, uint64_t frame);

/* So many of the newest of a kind (KEY, KNOWN, SIGNATURE) are to be kept, at
 * least 1, instead of STATE_*. */
void state_limit(struct state *s, enum journal_kind kind, int64_t newest);

/* Apply one entry (of kinds POSITION, KEY, KNOWN and SIGNATURE; others are
 * passed over). An entry of a frame that is not above state_frame() is passed over. 0 or -errno. */
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
/* What is known under a name (known.h): 0, STEP_END, -errno. fading: soon it
 * will be forgotten, unless it is applied again. */
int state_known(struct state *s, struct str name, struct buf *ret, bool *fading,
		struct err *e);
/* The signatures, oldest first: the article's id and the value of its entry, as
 * they were applied. 0 or -errno. */
int state_signatures(struct state *s,
		     void (*each)(void *self, struct str id, struct str value),
		     void *self, struct err *e);

#endif
