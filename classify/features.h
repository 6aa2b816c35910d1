/* features.h -- from words to terms: word n-grams, and character n-grams
 * within words. An occurrence of a term knows its words, so that a weight can
 * be led back to the bytes that caused it. Pure functions. */
#ifndef VIGIE_FEATURES_H
#define VIGIE_FEATURES_H

#include <stdint.h>

#include "base/arena.h"
#include "base/conf.h"
#include "classify/tokens.h"

enum { FEATURES_VERSION = 1 };

/* Terms come in blocks, each weighted and normed for itself. */
enum feature_block { BLOCK_WORDS, BLOCK_CHARS, BLOCK_COUNT };

struct features_settings {
	struct conf_range ngrams[BLOCK_COUNT]; /* 0..0: the block is off */
};

struct occurrence {
	uint64_t hash;	/* of block and term: its key in every table */
	uint32_t first; /* index of its first word … */
	uint32_t last;	/* … and of its last */
	uint16_t from, size; /* BLOCK_CHARS: bytes of " word " */
	uint16_t block;
	uint16_t words; /* n of a word n-gram */
};

struct occurrences {
	const struct occurrence *v;
	size_t n;
};

/* All occurrences in the tokens of one field, in the arena. Character
 * n-grams are those of scikit-learn's analyzer "char_wb": of the word with a
 * space on either side, a word shorter than n once as a whole. Returns 0 or
 * -ENOMEM. */
int features_list(const struct features_settings *s, struct tokens k,
		  struct arena *a, struct occurrences *ret);
/* The term as text ("souveraineté numérique", " gai"), added to out. */
void features_name(const struct occurrence *o, struct tokens k,
		   struct buf *out);

#endif
