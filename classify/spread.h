/* spread.h -- from the terms of an article back to its words: what each entry
 * of the vector did to a decision is dealt out among the bytes that caused it.
 *
 * An entry's share is divided among the occurrences of its term by what each
 * counts (those in the title at the title's weight), and an occurrence's among
 * its words in equal parts. Nothing is lost on the way: the words add up to
 * the shares. Pure; results lie in the arena. */
#ifndef VIGIE_SPREAD_H
#define VIGIE_SPREAD_H

#include "base/arena.h"
#include "classify/judge.h"

/* Bytes of an article and what they did. */
struct span {
	enum field field;
	uint32_t start, end; /* bytes of the field, half-open */
	double weight;
};

struct spans {
	struct span *v;
	size_t n;
};

/* For qsort(3): in the order of the text, title first; of what begins at one
 * place, the longest first. */
int spread_by_place(const void *a, const void *b);

/* Into that order what is nearly in it, as the words of a cut are: a compound
 * comes behind its parts. Of what is in the same place the order stays. */
void spread_settle(struct span *v, size_t n);

/* share has a value for each of j->counts.n entries. Into *ret the words that
 * have got something, title first, in the order of the text; words that
 * several cuts have in common are one. 0 or -ENOMEM. */
int spread_words(const struct model *m, const struct judgement *j,
		 const double *share, struct arena *a, struct spans *ret);

#endif
