/* poll_gauges.h -- what is counted of the web, of polls and of documents, under
 * the names of docs/operations.md. */
#ifndef VIGIE_POLL_GAUGES_H
#define VIGIE_POLL_GAUGES_H

#include "base/metrics.h"
#include "ingest/source.h"

enum { POLL_GAUGES_MAX = 24 };

struct poll_gauges {
	struct metric *row[POLL_GAUGES_MAX];
};

/* The rows into all, which outlives them. */
void poll_gauges_init(struct poll_gauges *g, struct metrics *all);
/* As the tools, none of which is NULL, count now. */
void poll_gauges_refresh(struct poll_gauges *g,
			 const struct source_tools *tools);

#endif
