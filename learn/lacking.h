/* lacking.h -- what a recipe asks for and its documents do not have. */
#ifndef VIGIE_LACKING_H
#define VIGIE_LACKING_H

#include "learn/corpus.h"

/* Warn of each topic that no document is about, and of each stance that none
 * takes: nothing is learnt of them, and they are never told. Returns 0, or
 * -EINVAL with the sentence when one of the recipe's metric_labels is no label
 * that the metric looks at, so that the figure would be 0 whatever is learnt:
 * neither stance nor, where documents have no targets, topic. */
int lacking_check(const struct recipe *r, const struct corpus *c,
		  struct err *e);

#endif
