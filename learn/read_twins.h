/* read_twins.h -- the same document more than once in a corpus. */
#ifndef VIGIE_READ_TWINS_H
#define VIGIE_READ_TWINS_H

#include "learn/corpus.h"

/* For each of n examples the first one before it with the same title, text and
 * target, else NULL, into first, which holds n. In n log n steps. 0 or
 * -ENOMEM. */
int read_twins(const struct example *v, size_t n,
	       const struct example **first);

#endif
