/* fold.h -- the head of a line in one plain spelling, so that one pattern finds
 * what people write in many ways. Pure. */
#ifndef VIGIE_FOLD_H
#define VIGIE_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { FOLD_MAX = 320 }; /* bytes of the plain spelling */

/* "À  lire : l’Été…" is "a lire : l'ete...": small letters without accents,
 * one space for any run of white space, one kind of apostrophe, quote ("),
 * dash (-) and arrow (>), "(c)" for ©, * for other signs, pictures too. Letters
 * of other scripts stay. */
struct fold {
	char z[FOLD_MAX + 8];
	uint16_t at[FOLD_MAX + 8]; /* where each byte comes from; at[n]: where
				    * the reading stopped */
	size_t n;
	bool whole; /* all of the line is here */
};

/* Fold what fits of s, well-formed UTF-8; constant time. */
void fold(struct str s, struct fold *ret);
struct str fold_view(const struct fold *f);
/* Where z, which is not empty, first stands in s; s.n: nowhere. */
size_t fold_find(struct str s, const char *z);

#endif
