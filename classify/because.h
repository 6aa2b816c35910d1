/* because.h -- which bytes carried a decision.
 *
 * The decision value of a linear column is its intercept plus the sum over
 * terms of weight times value. Each occurrence of a term gets its share of
 * that product (its count in the field over the count of all), and each word
 * of an n-gram the same part of the occurrence's. So every word gets a number,
 * and the numbers and the intercept add up to the decision value. Pure
 * functions; results lie in the arena. */
#ifndef VIGIE_BECAUSE_H
#define VIGIE_BECAUSE_H

#include "classify/spread.h"

enum { BECAUSE_MOST = 5 };

/* The share of every word with a share, title first, in the order of the
 * text. None for a column that is not linear. 0 or -ENOMEM. */
int because_words(const struct model *m, const struct judgement *j,
		  uint32_t column, struct arena *a, struct spans *ret);
/* The spans that spoke most for the decision, at most BECAUSE_MOST, heaviest
 * first: neighbouring words with a large positive share are one span. The
 * words, in the order of the text or nearly so, are sorted out of w in
 * place. */
struct spans because_best(const struct judgement *j, struct spans w);

#endif
