/* train.h -- `vigie train`: a recipe and labelled documents in, a bundle and a
 * cross-validated report out. */
#ifndef VIGIE_TRAIN_H
#define VIGIE_TRAIN_H

#include "base/opt.h"

extern const struct cmd train_cmd;

#endif
