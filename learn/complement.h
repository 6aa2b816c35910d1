/* complement.h -- complement naive Bayes: a class is judged by what documents
 * of all other classes hold, which is steadier than its own where classes are
 * uneven. A linear machine without a solver. Pure.
 *
 * Rennie, Shih, Teevan and Karger, "Tackling the poor assumptions of naive
 * Bayes text classifiers", ICML 2003, section 4.1; as scikit-learn's
 * ComplementNB has it, without their normalisation of weights. */
#ifndef VIGIE_COMPLEMENT_H
#define VIGIE_COMPLEMENT_H

#include "learn/rows.h"

/* weights[class * terms + term] for classes exclusive classes; of row i,
 * class_of[i] is its class, below classes. With alpha > 0 added to every sum
 *
 *   s[c][j] = alpha + the sum of x[i][j] over the rows i of other classes,
 *   w[c][j] = -ln(s[c][j] / the sum of s[c]), less the mean of w over c.
 *
 * Reads the entries, none negative, of blocks that naive Bayes reads; other
 * terms weigh 0. */
void complement_fit(const struct row_set *s, const struct rows *rows,
		    const uint32_t *class_of, uint32_t classes, double alpha,
		    double *weights);

#endif
