/* card.h -- what a bundle says of itself: how it was made, how right it was,
 * what its terms weigh. */
#ifndef VIGIE_CARD_H
#define VIGIE_CARD_H

#include <stdio.h>

#include "classify/model.h"

enum { CARD_TOP_MAX = 1000 };

/* The card as one object, for json_decref(): settings by the names that a
 * recipe has for them; for each column its threshold, its calibration and, of
 * a linear one, the `top` (at most CARD_TOP_MAX) terms with the largest weights
 * for and against. The weight is what a term adds to the decision value for
 * each unit of its value in the vector; how often a term occurs, and its
 * idf, are in that value and not in the weight. What the head does not tell is
 * not there. path is where the bundle lies. NULL when there is no memory. */
json_t *card_make(const struct model *m, const char *path, size_t top);
/* The same as a page. */
void card_print(const json_t *card, FILE *out);

#endif
