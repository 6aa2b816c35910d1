/* tfidf.h -- occurrences of terms in, sparse vector out. Knows the vocabulary
 * by the hashes of its terms; borrows its tables (from a mapped bundle or from
 * the trainer). Immutable once filled in: share freely. */
#ifndef VIGIE_TFIDF_H
#define VIGIE_TFIDF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "classify/features.h"

enum { TFIDF_VERSION = 2, TFIDF_NONE = UINT32_MAX, TFIDF_LOW = 1 << 10 };

/* Open addressing with linear probing; term is TFIDF_NONE in an empty slot. */
struct tfidf_slot {
	uint64_t hash;
	uint32_t term;
	uint32_t df; /* documents of the training data that hold the term */
};

enum tfidf_count_mode {
	TFIDF_LOG,   /* 1 + ln(count) for a count above 1 */
	TFIDF_PLAIN, /* the count */
	TFIDF_ONCE,  /* 1; 0 for a count of 0 */
};

struct tfidf_block {
	enum tfidf_count_mode count;
	double idf; /* power of the inverse document frequency; 0: none */
	bool norm;  /* the block to length 1 (L2) */
	double weight; /* then times this */
	/* The terms' weights and the norm are each machine's own (scales in
	 * model.h): the vector holds the count alone, times weight. */
	bool supervised;
	uint32_t end; /* ids of the block's terms are below; they begin where
		       * the block before ends */
};

struct tfidf {
	double title_weight; /* what one occurrence in the title counts */
	struct tfidf_block block[FEATURES_BLOCKS_MAX];
	uint32_t block_count;
	uint32_t terms; /* ids are 0 .. terms - 1 */
	const struct tfidf_slot *slots;
	uint64_t slot_mask;  /* slots - 1; there are more slots than terms */
	const double *idf;   /* a term each, to its block's power */
	double *low;	     /* see tfidf_ready(); or NULL */
	/* What will be read of a term that was found, to be fetched meanwhile:
	 * so many bytes each; or NULL. */
	const char *rows;
	size_t row;
};

/* How often a term occurs in one article; ids ascend. */
struct count {
	uint32_t term;
	double n;
};

struct counts {
	struct count *v;
	size_t n;
	const double *idf; /* of each; NULL: as the tfidf has them */
};

/* An entry of a sparse vector; the layout of libsvm's svm_node. */
struct feat {
	int index; /* -1 marks the end */
	double value;
};

/* For judging: rare terms, of which most texts are full, get their idf from a
 * table by document frequency, [blocks][TFIDF_LOW], that stays in the cache.
 * Slots and idf are in place. 0 or -ENOMEM; tfidf_done() frees the table. */
int tfidf_ready(struct tfidf *t);
void tfidf_done(struct tfidf *t);

/* The slot of a term by its hash, or an empty one. */
static inline const struct tfidf_slot *tfidf_look(const struct tfidf *t,
						  uint64_t hash)
{
	uint64_t i = hash & t->slot_mask;

	while (t->slots[i].hash != hash && t->slots[i].term != TFIDF_NONE)
		i = (i + 1) & t->slot_mask;
	return &t->slots[i];
}

/* The same begins soon. */
static inline void tfidf_expect(const struct tfidf *t, uint64_t hash)
{
	__builtin_prefetch(&t->slots[hash & t->slot_mask]);
}

/* The id of a term by its hash, or TFIDF_NONE. */
uint32_t tfidf_find(const struct tfidf *t, uint64_t hash);
/* Put a term into a table of slots that has room; the trainer's side of
 * tfidf_find(). */
void tfidf_put(struct tfidf_slot *slots, uint64_t mask,
	       struct tfidf_slot slot);

/* Smoothed inverse document frequency, ln((1 + n) / (1 + df)) + 1, of a term in
 * df of n documents: TfidfTransformer of scikit-learn with smooth_idf. */
double tfidf_idf(uint64_t n, uint64_t df);

/* Sort by term, and make one of what is the same term's. In place; returns how
 * many are left. */
size_t tfidf_merge(struct count *v, size_t n);

/* Count the known terms among the occurrences in all fields, the title's at
 * title_weight each (at 0, not at all). What a block lists are terms of its own,
 * as their hashes say. Each occurrence's hash gives way to its term and where
 * that stands in ret->v, which lies in the arena. Returns 0 or -ENOMEM. */
int tfidf_count(const struct tfidf *t, struct reading read[FIELD_COUNT],
		struct arena *a, struct counts *ret);

/* Weigh counts into out, which must hold c.n + 1 entries: out[i] belongs to
 * c.v[i], the last is the end mark. Sum and square root in the order of the
 * ids, so that the same counts give the same bits. Returns c.n. */
size_t tfidf_weigh(const struct tfidf *t, struct counts c, struct feat *out);

/* Entries before the end mark. */
size_t tfidf_length(const struct feat *x);

/* The place, from `from` on, of the first entry whose term is not below
 * `end`. */
size_t tfidf_block_end(struct counts c, size_t from, uint32_t end);

#endif
