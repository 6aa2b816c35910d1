/* ratios.h -- weights of terms that know the labels, for one machine against
 * the rest: naive Bayes' log-count ratios and relevance frequency, mixed with
 * the inverse document frequency. Pure functions over training rows. */
#ifndef VIGIE_RATIOS_H
#define VIGIE_RATIOS_H

#include "learn/rows.h"

/* Does any block of the recipe ask for such weights? */
bool ratios_wanted(const struct recipe *r);

/* A weight a term of the vocabulary into weight, of rows with sides y (+1 or
 * -1), 1 for terms of blocks that are not supervised. Within a block, with m
 * its mix and means over its vocabulary,
 *
 *   weight = (1 - m) idf / mean(idf) + m s / mean(s), where s is
 *
 * bayes: |ln(p / sum p) - ln(q / sum q)|, p and q one more than the rows of
 * either side that hold the term (Wang and Manning, "Baselines and bigrams",
 * ACL 2012); relevance: log2(2 + a / max(1, c)), a and c the rows of either
 * side that hold it (Lan, Tan, Su and Lu, "Supervised and traditional term
 * weighting methods", IEEE TPAMI 31, 2009). Returns 0 or -ENOMEM. */
int ratios_fit(const struct row_set *s, const struct rows *rows,
	       const signed char *y, double *weight);

/* x as a machine with these weights sees it, into out: the counts of
 * supervised blocks times their weights, the block brought to length 1 when
 * its recipe says so, times the block's weight. out has room for the entries
 * of x and the end mark. */
void ratios_apply(const struct tfidf *t, const double *weight,
		  const struct feat *x, struct feat *out);

#endif
