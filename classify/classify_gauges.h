/* classify_gauges.h -- what a worker counts and shows over HTTP. The articles
 * judged and the workers that died are those of all workers that one guard has
 * started; the other numbers begin again with each. One thread. */
#ifndef VIGIE_CLASSIFY_GAUGES_H
#define VIGIE_CLASSIFY_GAUGES_H

#include "classify/guard.h"
#include "classify/model.h"

struct classify_gauges;

/* Listen, where the settings say so, on their port plus s->number. 0 or -errno
 * with the sentence. */
int classify_gauges_open(const struct classify_settings *s,
			 struct guard_page *page, struct classify_gauges **ret,
			 struct err *e);
void classify_gauges_free(struct classify_gauges *g);

void classify_gauges_judged(struct classify_gauges *g,
			    int64_t ns); /* an article took so long */
void classify_gauges_model(struct classify_gauges *g,
			   const struct model *m); /* judges now */
void classify_gauges_reload(struct classify_gauges *g, bool ok);

/* To wait on, -1 when there is nothing; so long at most, -1: for ever. */
int classify_gauges_fd(const struct classify_gauges *g);
int64_t classify_gauges_pause(const struct classify_gauges *g);
int classify_gauges_turn(struct classify_gauges *g, struct err *e);
/* The room takes work; NULL, or why it does not. */
void classify_gauges_ready(struct classify_gauges *g, const char *why_not);

#endif
