/* ingest_gauges.h -- what ingest counts, under the names of
 * docs/operations.md. */
#ifndef VIGIE_INGEST_GAUGES_H
#define VIGIE_INGEST_GAUGES_H

#include <stdint.h>

#include "base/metrics.h"
#include "ingest/deliver.h"
#include "ingest/intake.h"
#include "ingest/push.h"
#include "ingest/source.h"

struct ingest_gauges;

/* A row for each source. 0 or -ENOMEM. */
int ingest_gauges_new(const struct ingest_settings *s,
		      struct ingest_gauges **ret);
void ingest_gauges_free(struct ingest_gauges *g);
struct metrics *ingest_gauges_metrics(struct ingest_gauges *g);

/* An article came from the source of this place in the configuration. */
void ingest_gauges_article(struct ingest_gauges *g, size_t source,
			   int64_t now_ms);
void ingest_gauges_commit(struct ingest_gauges *g, int64_t ns);
/* One that was accepted then is acknowledged: a pending_forgotten. */
void ingest_gauges_delivered(void *self, int64_t added_ms);
/* Bring up to date what is not counted as it happens. */
void ingest_gauges_refresh(struct ingest_gauges *g, struct intake *t,
			   const struct deliver *d, const struct push *p,
			   const struct source_tools *tools);

#endif
