/* An article is found by a table when nothing has come into its place there
 * since: with 15/8 places for each article of the window that is so for three
 * in four on average. Of 32 tables that costs nothing for a copy and little for
 * what is barely one; more places would cost memory, longer keys the latter.
 *
 *  band tables   32 x 15/8 window places, u32: one above an index of the ring
 *  ring          window articles: signature, leader */
#include "ingest/near_copies.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "ingest/wording.h"

enum { BANDS = 32, ROWS = MINHASH_SIZE / BANDS, ID = (IDENTITY_HEX - 1) / 2 };

struct member {
	struct minhash m;
	unsigned char leader[ID];
};

_Static_assert(sizeof(struct member) + BANDS * 4 * 15 / 8 == NEAR_COPIES_BYTES,
	       "what the window costs");

struct near_copies {
	struct member *ring;
	uint32_t *tables;
	uint64_t window, places;
	uint64_t next; /* articles that were added, ever */
	int enough;    /* equal places of signatures */
};

int near_copies_new(int64_t articles, double similarity,
		    struct near_copies **ret)
{
	struct near_copies *n = calloc(1, sizeof(*n));

	if (!n)
		return -ENOMEM;
	n->window = (uint64_t)articles;
	n->places = n->window * 15 / 8 + 1;
	n->enough = (int)ceil(similarity * MINHASH_SIZE - 1e-9);
	n->ring = calloc(n->window, sizeof(*n->ring));
	n->tables = calloc(n->places, BANDS * sizeof(*n->tables));
	if (!n->ring || !n->tables) {
		near_copies_free(n);
		return -ENOMEM;
	}
	*ret = n;
	return 0;
}

void near_copies_free(struct near_copies *n)
{
	if (!n)
		return;
	free(n->ring);
	free(n->tables);
	free(n);
}

/* Where the article stands in the table of this band. */
static uint32_t *place(const struct near_copies *n, const struct minhash *m,
		       uint64_t band)
{
	uint64_t both = (uint64_t)m->v[band * ROWS] << 32 |
			m->v[band * ROWS + 1];
	uint64_t h = wording_mix(both + band) >> 32;

	return &n->tables[band * n->places + (h * n->places >> 32)];
}

static int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void pack(const char *hex, unsigned char out[ID])
{
	for (size_t i = 0; i < ID; i++)
		out[i] = (unsigned char)(digit(hex[2 * i]) << 4 |
					 digit(hex[2 * i + 1]));
}

static int equal_places(const struct minhash *a, const struct minhash *b)
{
	int same = 0;

	for (int i = 0; i < MINHASH_SIZE; i++)
		same += a->v[i] == b->v[i];
	return same;
}

bool near_copies_find(const struct near_copies *n, const struct minhash *m,
		      const char *id, char leader[IDENTITY_HEX],
		      double *similarity)
{
	const struct member *best = NULL;
	unsigned char own[ID];
	uint32_t last = 0;
	int most = n->enough - 1;

	pack(id, own);
	for (uint64_t band = 0; band < BANDS; band++) {
		uint32_t at = *place(n, m, band);
		const struct member *x = &n->ring[at ? at - 1 : 0];
		int same;

		/* A copy is found by most bands: one look will do. */
		if (!at || at == last || x == best)
			continue;
		last = at;
		same = equal_places(&x->m, m);
		if (same <= most || !memcmp(x->leader, own, ID))
			continue;
		most = same;
		best = x;
	}
	if (!best)
		return false;
	hash_hex(best->leader, ID, leader);
	*similarity = most / (double)MINHASH_SIZE;
	return true;
}

void near_copies_add(struct near_copies *n, const struct minhash *m,
		     const char *leader)
{
	uint64_t at = n->next++ % n->window;

	n->ring[at].m = *m;
	pack(leader, n->ring[at].leader);
	for (uint64_t band = 0; band < BANDS; band++)
		*place(n, m, band) = (uint32_t)(at + 1);
}
