/* folds.h -- documents dealt to folds: near-copies together, labels evenly.
 * Deterministic for a seed. Pure. */
#ifndef VIGIE_FOLDS_H
#define VIGIE_FOLDS_H

#include <stdint.h>

#include "learn/corpus.h"

enum { FOLDS_MAX = 1000, FOLDS_REPEATS_MAX = 1000 };

/* fold[i] of each document, 0 .. folds - 1. Groups are dealt in an order given
 * by the seed, each to the fold that so far has the fewest of its labels, then
 * the fewest documents. Returns 0 or -ENOMEM. */
int folds_deal(const struct corpus *c, const uint64_t *groups, uint32_t folds,
	       uint64_t seed, uint32_t *fold);
/* A fold a hand (who wrote the document), for the split that shows what a
 * model owes to one author. Returns how many there are, 0 when the documents
 * name fewer than two or more than most. */
uint32_t folds_by_hand(const struct corpus *c, uint32_t most, uint32_t *fold);

/* Folds that somebody has dealt: lines {"id": "…", "folds": [r0, r1, …]}, as
 * many numbers in each line as there are repeats. Documents are found by their
 * id; those of the same id have the same folds. */
struct folds_dealt {
	uint32_t repeats;
	uint32_t *fold; /* [repeats][documents] */
};

/* Read the file at path. Returns 0; -EBADMSG with the sentence and its place
 * when a line is not as above, an id stands twice, a document of c is missing,
 * or all documents of a repeat are in one fold; -errno. folds_dealt_done() in
 * every case. */
int folds_read(const char *path, const struct corpus *c,
	       struct folds_dealt *ret, struct err *e);
void folds_dealt_done(struct folds_dealt *d);
/* One more than the highest. */
uint32_t folds_count(const uint32_t *fold, size_t n);

/* Where time was cut. */
struct folds_cut {
	const char *date; /* what is from then on is judged; borrowed */
	size_t judged;
	size_t moved; /* copies on the side of the first of them, not of their
		       * own date */
};

/* Fold 0 for the newest fifth of the documents, 1 for the older, by their
 * dates, which are compared as text (ISO 8601 sorts so). What has one date
 * stays together, and so do near-copies: they go where the oldest of them is.
 * Returns 0; -EBADMSG with the sentence when a document has no date or there is
 * nothing to cut; -ENOMEM. */
int folds_by_time(const struct corpus *c, const uint64_t *groups,
		  uint32_t *fold, struct folds_cut *ret, struct err *e);

#endif
