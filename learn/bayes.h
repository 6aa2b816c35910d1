/* bayes.h -- complement naive Bayes beside the machines: fitted to the same
 * documents and added to the same columns. */
#ifndef VIGIE_BAYES_H
#define VIGIE_BAYES_H

#include "learn/columns.h"

/* Add what the recipe asks for to the columns that the machines m (topics,
 * then stances) have made; where a machine has nothing to separate, neither has
 * this. 0 or -ENOMEM. */
int bayes_add(struct columns *c, const struct row_set *s,
	      const struct machine *m);

/* Can naive Bayes count what the rows hold? 0, or -EBADMSG with the sentence
 * when a block that it reads has a number below zero: only blocks of given
 * numbers can. */
int bayes_check(const struct row_set *s, struct err *e);

#endif
