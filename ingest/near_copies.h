/* near_copies.h -- a window over the last articles in which near-copies of a
 * new one are found: 32 bands of 2 places of its signature, each a table whose
 * places are overwritten, then the signatures themselves are compared. Fixed
 * memory, NEAR_COPIES_BYTES an article of the window. One thread. */
#ifndef VIGIE_NEAR_COPIES_H
#define VIGIE_NEAR_COPIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ingest/identity.h"
#include "ingest/minhash.h"

enum near_copies_policy { COPIES_KEEP, COPIES_MARK, COPIES_DROP };

enum { NEAR_COPIES_BYTES = 512 };

struct near_copies;

/* A window of so many articles, 1 to 2^31; from this similarity on, above 0,
 * one is a near-copy. 0 or -ENOMEM. */
int near_copies_new(int64_t articles, double similarity,
		    struct near_copies **ret);
void near_copies_free(struct near_copies *n);
/* The article most like it within the window (any of several) whose
 * similarity is enough, and of whose story the article `id` is not itself the
 * first, into leader: the first of that story, not a copy between. False: there
 * is none. How like it is into *similarity. */
bool near_copies_find(const struct near_copies *n, const struct minhash *m,
		      const char *id, char leader[IDENTITY_HEX],
		      double *similarity);
/* Remember an article, with the leader that it follows (its own id when it is
 * the first). The text is nowhere kept. */
void near_copies_add(struct near_copies *n, const struct minhash *m,
		     const char *leader);

#endif
