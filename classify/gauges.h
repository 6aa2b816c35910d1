/* gauges.h -- what a worker counts and shows over HTTP. The articles judged and
 * the workers that died are those of all workers that one guard has started;
 * the other numbers begin again with each. One thread. */
#ifndef VIGIE_GAUGES_H
#define VIGIE_GAUGES_H

#include "classify/guard.h"
#include "classify/model.h"

struct gauges;

/* Listen, where the settings say so, on their port plus s->number. 0 or -errno
 * with the sentence. */
int gauges_open(const struct classify_settings *s, struct guard_page *page,
		struct gauges **ret, struct err *e);
void gauges_free(struct gauges *g);

void gauges_judged(struct gauges *g, int64_t ns); /* an article took so long */
void gauges_model(struct gauges *g, const struct model *m); /* judges now */
void gauges_reload(struct gauges *g, bool ok);

/* To wait on, -1 when there is nothing; so long at most, -1: for ever. */
int gauges_fd(const struct gauges *g);
int64_t gauges_pause(const struct gauges *g);
int gauges_turn(struct gauges *g, struct err *e);
/* The room takes work; NULL, or why it does not. */
void gauges_ready(struct gauges *g, const char *why_not);

#endif
