/* gram.h -- the inner products of all training rows, made once and shared by
 * all machines of a fit: LIBSVM alone would make them anew for every label.
 * Pure functions. */
#ifndef VIGIE_GRAM_H
#define VIGIE_GRAM_H

#include <stddef.h>

#include "classify/tfidf.h"

/* Beyond so many rows the table is larger than what it saves. */
enum { GRAM_ROWS_MAX = 6000 };

/* dots[i * n + j] = x[i] . x[j] for n rows with indices below dims. The caller
 * frees it; NULL when there is no memory. */
double *gram_new(const struct feat *const *x, size_t n, size_t dims);

#endif
