/* metrics.h -- numbers that a daemon counts and Prometheus reads (text format
 * 0.0.4). Added once at the start, touched by pointer afterwards: counting
 * costs an addition. One thread; owns every name and label it was given. */
#ifndef VIGIE_METRICS_H
#define VIGIE_METRICS_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum metric_kind { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

/* Rows past these are not printed: labels that come from outside must not grow
 * a page without end. */
enum { METRICS_ROWS_MAX = 4096 };

struct metrics;
struct metric;

int metrics_new(struct metrics **ret);
void metrics_free(struct metrics *m);

/* A metric of this name and these labels ("source=\"a\",kind=\"feed\"", or
 * NULL): made, or the one that is there. Rows of one name share kind and help.
 * A histogram counts seconds in fixed buckets from 100 µs to 60 s. Never NULL:
 * without memory, past METRICS_ROWS_MAX, or when the name is there and of
 * another kind, it is one that nobody prints. */
struct metric *metrics_get(struct metrics *m, enum metric_kind kind,
			   const char *name, const char *help,
			   const char *labels);
/* "key=\"value\"" with the value escaped as the format asks, after a comma
 * where `out` has a label already. */
void metrics_label(struct buf *out, const char *key, struct str value);

void metric_add(struct metric *m, double n); /* a counter: n > 0 */
void metric_set(struct metric *m, double x); /* no histogram */
void metric_observe(struct metric *m, double seconds); /* a histogram */
double metric_value(const struct metric *m); /* of a histogram: the count */

/* All of them as Prometheus reads them, in the order in which the names were
 * first added. */
void metrics_write(const struct metrics *m, struct buf *out);

#endif
