/* process.h -- what every daemon shows of itself among its metrics: version and
 * room, since when it runs, memory, descriptors and processor time. One
 * thread. */
#ifndef VIGIE_PROCESS_H
#define VIGIE_PROCESS_H

#include "base/metrics.h"

/* Make or refresh the rows, for the room of log_name(). What the system does not
 * tell keeps its last value. */
void process_metrics(struct metrics *m);

#endif
