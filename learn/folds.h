/* folds.h -- documents dealt to folds: near-copies together, labels evenly.
 * Deterministic for a seed. Pure. */
#ifndef VIGIE_FOLDS_H
#define VIGIE_FOLDS_H

#include <stdint.h>

#include "learn/corpus.h"

/* fold[i] of each document, 0 .. folds - 1. Groups are dealt in an order given
 * by the seed, each to the fold that so far has the fewest of its labels, then
 * the fewest documents. Returns 0 or -ENOMEM. */
int folds_deal(const struct corpus *c, const uint64_t *groups, uint32_t folds,
	       uint64_t seed, uint32_t *fold);
/* A fold a hand (who wrote the document), for the split that shows what a
 * model owes to one author. Returns how many there are, 0 when the documents
 * name fewer than two or more than most. */
uint32_t folds_by_hand(const struct corpus *c, uint32_t most, uint32_t *fold);

#endif
