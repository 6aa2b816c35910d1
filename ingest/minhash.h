/* minhash.h -- signatures by which texts that share much of their wording are
 * found: of the hashes of all runs of three words the least under each of 64
 * functions (Broder 1997); the share of equal places estimates the Jaccard
 * similarity of the sets of runs, with a standard error of at most 1/16. The
 * same on any machine: they outlive the process. Pure. */
#ifndef VIGIE_MINHASH_H
#define VIGIE_MINHASH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum {
	MINHASH_SIZE = 64,
	MINHASH_WORDS = 3,     /* of a run */
	MINHASH_WORDS_MIN = 50, /* shorter texts have no signature */
};

struct minhash {
	uint32_t v[MINHASH_SIZE];
};

/* The signature of a text (well-formed UTF-8); false when it has too few words.
 * Words as wording.h has them. */
bool minhash_of(struct str text, struct minhash *ret);
/* In its place for a text that has none: like that of an equal hash, and like
 * no other. */
void minhash_of_hash(uint64_t hash, struct minhash *ret);
/* Estimated similarity, 0..1. */
double minhash_similarity(const struct minhash *a, const struct minhash *b);

#endif
