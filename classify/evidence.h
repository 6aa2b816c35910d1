/* evidence.h -- all that can be said of how one column came to its decision
 * value: the shares of the words and, of a machine with a kernel, the support
 * vectors that the article is most like. Pure; results lie in the arena. */
#ifndef VIGIE_EVIDENCE_H
#define VIGIE_EVIDENCE_H

#include "base/arena.h"
#include "classify/because.h"

enum { EVIDENCE_SUPPORT = 5 };

struct evidence_support {
	uint32_t vector; /* index within the machine */
	const char *id;	 /* of the document it was; NULL: not kept */
	double similarity; /* K(vector, article) */
	double weight;	   /* the same times its coefficient: what it adds */
};

struct evidence {
	uint32_t column;
	bool linear;
	double decision, intercept, threshold, probability;
	struct spans words; /* in the order of the text, title first */
	/* decision - intercept - the sum of the words: rounding alone where
	 * the column is linear; else how far the shares are an approximation
	 * (gradient.h). */
	double rest;
	/* At most EVIDENCE_SUPPORT that spoke most for, heaviest first, then
	 * as many against, heaviest last; none where the column is linear. */
	struct evidence_support support[2 * EVIDENCE_SUPPORT];
	size_t support_count;
};

/* What speaks for column in j. 0 or -ENOMEM when the arena is full. */
int evidence_find(const struct model *m, const struct judgement *j,
		  uint32_t column, struct arena *a, struct evidence *ret);

#endif
