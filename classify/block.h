/* block.h -- what the kinds of blocks have in common: words of a field come in,
 * occurrences of terms go out, and each can be told as text. A kind is a
 * block_<kind>.c and a row in features.c. Behind features.h, for these
 * alone. */
#ifndef VIGIE_BLOCK_H
#define VIGIE_BLOCK_H

#include <errno.h>

#include "base/hash_word.h"
#include "classify/features.h"

/* One block of one field being listed. */
struct block_lister {
	const struct features_block *b;
	struct tokens k; /* that the block reads */
	uint64_t seed;	 /* tells the terms of blocks apart */
	const struct tfidf *known; /* or NULL */
	const struct memo *grams; /* by block_word_key(); see block_chars.c */
	bool found; /* set by list(): see struct occurrences */
	struct arena *arena;
	struct occurrence *first, *next, *end; /* at the arena's end */
};

/* The known terms of a word's characters, and in how many documents they are:
 * BLOCK_OFTEN or more, when it says so. */
enum {
	BLOCK_GRAMS = 1 << 14,
	BLOCK_GRAMS_MAX = 29,
	BLOCK_OFTEN = UINT16_MAX,
};
struct block_grams {
	uint64_t n;
	uint32_t term[BLOCK_GRAMS_MAX];
	uint16_t df[BLOCK_GRAMS_MAX];
};

struct block_kind {
	/* Add every occurrence, in the order of the text for each length. 0 or
	 * -ENOMEM. */
	int (*list)(struct block_lister *l);
	/* The term of an occurrence that list() made from the words k. */
	void (*name)(const struct occurrence *o, struct tokens k,
		     struct buf *out);
};

extern const struct block_kind block_words, block_chars, block_across,
	block_opening, block_given;

/* Begin the list, or begin it again: from now on nothing else is taken from the
 * arena. */
static inline int block_begin(struct block_lister *l)
{
	l->first = l->next = arena_room(l->arena, 0);
	if (!l->first)
		return -ENOMEM;
	l->end = l->first + arena_left(*l->arena) / sizeof(*l->first);
	return 0;
}

/* Room for one more, to be written whole, or NULL. */
static inline struct occurrence *block_add(struct block_lister *l)
{
	return l->next < l->end ? l->next++ : NULL;
}

/* The key of an n-gram from that of its first n - 1 words and its last: the
 * finisher of MurmurHash3 (Appleby) over an odd-multiplied sum. */
static inline uint64_t block_extend(uint64_t h, uint64_t word)
{
	h = h * 0x9E3779B97F4A7C15u + word;
	h ^= h >> 33;
	h *= 0xFF51AFD7ED558CCDu;
	h ^= h >> 33;
	h *= 0xC4CEB9FE1A85EC53u;
	return h ^ h >> 33;
}

/* The key of a word or of characters, in their block. The block is no seed of
 * XXH3, which only adds it to what is short: "les" in one block would be "ler"
 * in the next. */
static inline uint64_t block_key(const struct block_lister *l, struct str s)
{
	return block_extend(l->seed, hash_word(s));
}

static inline uint64_t block_word_key(const struct block_lister *l,
				      const struct token *w)
{
	return block_extend(l->seed, w->hash);
}

/* The index of the next word of the sequence after i, or k.n. */
static inline size_t block_next_word(struct tokens k, size_t i)
{
	do
		i++;
	while (i < k.n && k.v[i].extra);
	return i;
}

#endif
