/* evaluate.h -- `vigie evaluate`: a bundle against labelled documents. */
#ifndef VIGIE_EVALUATE_H
#define VIGIE_EVALUATE_H

#include "base/opt.h"

extern const struct cmd evaluate_cmd;

#endif
