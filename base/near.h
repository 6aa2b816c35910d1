/* near.h -- "did you mean": the known word nearest to a mistyped one. */
#ifndef VIGIE_NEAR_H
#define VIGIE_NEAR_H

#include "base/str.h"

/* Keeps the best of the words offered to it one by one. */
struct near {
	struct str typed;
	const char *best;
	size_t distance;
};

void near_init(struct near *n, struct str typed);
void near_offer(struct near *n, const char *word);
/* The nearest word, or NULL when none is near enough to be a slip. */
const char *near_best(const struct near *n);

#endif
