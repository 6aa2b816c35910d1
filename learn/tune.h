/* tune.h -- `vigie tune`: a recipe and labelled documents in, a better recipe
 * out. */
#ifndef VIGIE_TUNE_H
#define VIGIE_TUNE_H

#include "base/opt.h"

extern const struct cmd tune_cmd;

#endif
