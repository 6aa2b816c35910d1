/* copies.h -- near-copies in a corpus, so that they never straddle a fold:
 * MinHash (Broder 1997) over runs of three words, compared where two rows of a
 * band agree. Pure functions. */
#ifndef VIGIE_COPIES_H
#define VIGIE_COPIES_H

#include <stdint.h>

#include "classify/tokens.h"

enum { COPIES_SIGNATURE = 64 };

/* The signature of one document: COPIES_SIGNATURE minima. */
void copies_sign(struct tokens title, struct tokens text,
		 uint64_t out[COPIES_SIGNATURE]);
/* Give each of n documents a group: the index of its first near-copy (an
 * estimated Jaccard similarity of at least one half), or its own. Returns 0 or
 * -ENOMEM. */
int copies_group(const uint64_t *signatures, size_t n, uint64_t *groups);

#endif
