/* fresh.h -- a search's best beside its start, on folds that the search has not
 * seen: the best of many figures is flattered by luck, and this tells by how
 * much. */
#ifndef VIGIE_FRESH_H
#define VIGIE_FRESH_H

#include <stdio.h>

#include "learn/compare.h"
#include "learn/trial.h"

/* A paired test of what both say of the topics, or of the stances. */
struct fresh_test {
	bool made;
	bool of_decisions; /* McNemar's, of the accuracy; else the bootstrap's,
			    * of the metric */
	struct compare_mcnemar mcnemar;
	struct compare_bootstrap bootstrap;
};

struct fresh {
	bool made;
	uint32_t repeats;
	double figure[2], spread[2]; /* of the start, of the best */
	struct fresh_test topics, stances; /* on the first repeat */
};

/* Score both on the folds, at once when there are jobs for it; both given as
 * YAML. Broken off by a signal, ret->made is false. Returns 0 or what
 * trial_figure() returns, with the sentence. */
int fresh_run(struct fresh *ret, const struct trial_kept *kept,
	      const char *const yaml[2], const struct trial_folds *folds,
	      size_t jobs, struct err *e);
/* In sentences; metric is the recipe's. */
void fresh_print(const struct fresh *f, int metric, FILE *out);

#endif
