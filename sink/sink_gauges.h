/* sink_gauges.h -- what the sink shows of itself: its numbers, under the names
 * that Prometheus reads, and whether it is ready. One thread. */
#ifndef VIGIE_SINK_GAUGES_H
#define VIGIE_SINK_GAUGES_H

#include <stdint.h>

#include "base/err.h"
#include "wire/health.h"

/* Since the journals began, where it says so; else of this life. */
struct sink_gauges_now {
	uint64_t emitted, dead_lettered; /* since the journals began */
	uint64_t repeated, refused;
	uint64_t waiting; /* taken, not committed */
	double group_age; /* seconds that the oldest of these waits */
};

struct sink_gauges;

/* refresh(self) is called before the numbers are shown, to set them. Listens
 * where http says so. 0 or -errno with the sentence. */
int sink_gauges_open(const struct http_settings *http,
		     void (*refresh)(void *self), void *self,
		     struct sink_gauges **ret, struct err *e);
void sink_gauges_free(struct sink_gauges *g);
void sink_gauges_set(struct sink_gauges *g, const struct sink_gauges_now *now);
/* Bytes of the file that a target writes to. */
void sink_gauges_target(struct sink_gauges *g, const char *name,
			uint64_t bytes);
/* A commit of some lines took so many seconds. */
void sink_gauges_committed(struct sink_gauges *g, double seconds);
/* For the calls of health.h; NULL before sink_gauges_open(). */
struct health *sink_gauges_health(struct sink_gauges *g);

#endif
