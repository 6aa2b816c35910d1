/* pollers.h -- something that is polled and, when it turns out to be a list (a
 * sitemap index, OPML), all that it lists. A list that changes is followed: who
 * is new on it is polled, who is gone is not. One thread. */
#ifndef VIGIE_POLLERS_H
#define VIGIE_POLLERS_H

#include "ingest/poller.h"

struct pollers;

/* As poller_open(), of o->path. */
int pollers_open(const struct source_options *o, enum poller_want want,
		 struct pollers **ret, struct err *e);
void pollers_free(struct pollers *g);
/* As source_next(). Of a run that ends a part that fails is told, the others
 * go on, and -errno comes last. */
int pollers_next(struct pollers *g, struct raw *ret, struct err *e);
int64_t pollers_pause(const struct pollers *g, int64_t now_ms);

#endif
