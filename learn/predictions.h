/* predictions.h -- what cross-validation said of each document, as JSON lines:
 *
 *   {"id":"…","repeat":0,"fold":2,"gold":{"rail":"favour"},
 *    "given":{"rail":"neutral"},"decisions":{"rail":1.2,"rail.favour":-0.3,…},
 *    "probabilities":{"rail":0.9,"rail.favour":0.2,…}}
 *
 * gold and given are lists of topics where no stances are learnt. Where
 * documents come with targets, only their own topic's stances are told. */
#ifndef VIGIE_PREDICTIONS_H
#define VIGIE_PREDICTIONS_H

#include <stdio.h>

#include "learn/cross.h"

/* A line for each document that x has judged and labelled. 0, -ENOMEM, or the
 * -errno of writing. */
int predictions_write(const struct cross *x, const struct fit *f,
		      uint32_t repeat, FILE *out);

#endif
