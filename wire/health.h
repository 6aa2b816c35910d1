/* health.h -- what a room shows over HTTP: /livez, /readyz, /metrics; and hands
 * on what else is asked. One thread.
 *
 *	/livez    200 while the loop turns and got on within a minute, else 503
 *	/readyz   200 after recovery and while the room takes work, else 503
 *	/metrics  the numbers and those of base/process.h; asks for the token
 *		  where there is one
 *
 * They are read by GET and HEAD; nothing is logged. Liveness is what
 * service_turn() was told. */
#ifndef VIGIE_HEALTH_H
#define VIGIE_HEALTH_H

#include "base/metrics.h"
#include "wire/http.h"

struct health;

struct health_settings {
	const struct http_settings *http;
	struct metrics *metrics; /* borrowed */
	/* Called with `self` before /metrics is written, to bring gauges up to
	 * date; or NULL. */
	void (*refresh)(void *self);
	/* For every other path, by any method, also without a token: it looks
	 * itself. Borrowed; NULL: 404. */
	const struct http_handler *rest;
	void *self;
	/* Listen on the port of http->listen plus this: of several classify
	 * daemons of one `vigie run` each has its own. */
	int number;
};

/* h is NULL in *ret, and all calls do nothing, where http->listen is NULL.
 * Otherwise it listens, is not ready ("starting"), and answers in
 * health_turn() alone. Errors are those of http_open(); -EINVAL when no port is
 * left for `number`. */
int health_open(const struct health_settings *s, struct health **ret,
		struct err *e);
void health_free(struct health *h);
/* NULL and empty: ready; else why not, as /readyz says it (one line, copied,
 * of at most 255 bytes). Tells /readyz alone: see service_ready(). */
void health_ready(struct health *h, const char *why_not);
int health_fd(const struct health *h);
int64_t health_pause(const struct health *h);
int health_turn(struct health *h, struct err *e);
void health_quiesce(struct health *h);

#endif
