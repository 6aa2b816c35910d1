/* near_copies.h -- a window over the last articles in which near-copies of a
 * new one are found: 32 bands of 2 places of its signature, each a table that
 * is overwritten, then the signatures themselves are compared. Fixed memory:
 * 520 bytes an article of the window or less (NEAR_COPIES_BYTES). One thread. */
#ifndef VIGIE_NEAR_COPIES_H
#define VIGIE_NEAR_COPIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ingest/identity.h"
#include "ingest/minhash.h"

enum near_copies_policy { COPIES_KEEP, COPIES_MARK, COPIES_DROP };

struct near_copies;

/* articles: a power of two is used, not less. 0 or -ENOMEM. */
int near_copies_new(int64_t articles, double similarity,
		    struct near_copies **ret);
void near_copies_free(struct near_copies *n);
/* The article most like it within the window whose similarity is enough, into
 * leader: the first of its story, not a copy between. False: there is none.
 * How like it is into *similarity. */
bool near_copies_find(const struct near_copies *n, const struct minhash *m,
		      char leader[IDENTITY_HEX], double *similarity);
/* Remember an article, with the leader that it follows (its own id: none). The
 * text is nowhere kept. */
void near_copies_add(struct near_copies *n, const struct minhash *m,
		     const char *id, const char *leader);

#endif
