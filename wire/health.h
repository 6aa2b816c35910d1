/* health.h -- what a room shows over HTTP: /livez, /readyz, /metrics; and hands
 * on what else is asked. One thread.
 *
 *	/livez    200 while the loop turns and got on within a minute, else 503
 *	/readyz   200 after recovery and while the room takes work, else 503
 *	/metrics  the numbers; asks for the token where there is one */
#ifndef VIGIE_HEALTH_H
#define VIGIE_HEALTH_H

#include "base/metrics.h"
#include "wire/http.h"

struct health;

struct health_settings {
	const struct http_settings *http;
	struct metrics *metrics; /* borrowed */
	/* Called before /metrics is written, to bring gauges up to date. */
	void (*refresh)(void *self);
	/* For every other path; NULL: 404. */
	const struct http_handler *rest;
	void *self;
};

/* h is NULL in *ret, and all calls do nothing, where http->listen is NULL. */
int health_open(const struct health_settings *s, struct health **ret,
		struct err *e);
void health_free(struct health *h);
/* NULL and empty: ready; else why not, as /readyz says it. */
void health_ready(struct health *h, const char *why_not);
int health_fd(const struct health *h);
int64_t health_pause(const struct health *h);
int health_turn(struct health *h, struct err *e);
void health_quiesce(struct health *h);

#endif
