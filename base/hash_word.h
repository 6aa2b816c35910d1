/* hash_word.h -- hash_xx(s, 0) in line: for words and pieces of them, most of
 * which are hashed in less time than a call takes. */
#ifndef VIGIE_HASH_WORD_H
#define VIGIE_HASH_WORD_H

#include <stdint.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/str.h"

/* s.p is not NULL. */
static inline uint64_t hash_word(struct str s)
{
	return XXH3_64bits(s.p, s.n);
}

#endif
