/* measure.h -- the work behind report_make(): questions, answers, counts. Pure
 * but for its memory. */
#ifndef VIGIE_MEASURE_H
#define VIGIE_MEASURE_H

#include "learn/report.h"

/* Fill in all of an empty report but its metric. c is what is so, s what was
 * told. 0 or -ENOMEM. */
int measure(struct report *r, const struct corpus *c, const struct scores *s);

#endif
