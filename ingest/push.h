/* push.h -- articles that others bring: over HTTP (POST /articles) and over
 * ZeroMQ. An answer leaves only when what it speaks of is committed. One
 * thread; owns its sockets, but not the HTTP server.
 *
 *  HTTP    POST /articles: one JSON object, an array of them, or JSON lines;
 *          Idempotency-Key: KEY, of 1 to 200 printable characters
 *          200 {"accepted":2,"refused":[{"line":3,"reason":"…"}],
 *               "repeated":false}, after at most 100 reasons with
 *              "refused_more":N; line is the element's number in an array
 *          400 the same when none was usable
 *          else {"error":"…"}: 401; 403 for web pages; 404; 405; 413; 415; 422
 *              a key that was used for another body; 503 with Retry-After and
 *              "retry_after": no room, nothing was taken
 *  ZeroMQ  DEALER sends two frames, KEY (may be empty) and JSON lines; gets
 *          KEY and the same JSON, "retry_after" in seconds
 *
 * A request with a key that was answered before gets the same answer, with
 * "repeated":true, and nothing is accepted again. */
#ifndef VIGIE_PUSH_H
#define VIGIE_PUSH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/err.h"
#include "ingest/source.h"
#include "wire/http.h"
#include "wire/link.h"

struct push_settings {
	const char *bind;    /* an endpoint for ZeroMQ pushers, or NULL */
	int64_t requests;    /* unanswered at once, at most */
	int64_t retry_after; /* milliseconds, for those who found no room */
};

extern const struct conf_key push_keys[];

/* What push asks of ingest. */
struct push_taker {
	/* One piece (RAW_JSON): 0: it is in the group; STEP_REJECT with the
	 * sentence; -errno ends the room. */
	int (*take)(void *self, const struct raw *raw, struct err *why);
	/* Is there room for so many bytes more, and are we not stopping? */
	bool (*has_room)(void *self, size_t bytes);
	/* What was a request with this key told, of those that are committed?
	 * Appends just the bytes of remember(). 0, STEP_END, -errno. */
	int (*recall)(void *self, struct str key, struct buf *answer);
	/* Remember it, in the same group. 0 or -errno. */
	int (*remember)(void *self, struct str key, struct str answer);
	void *self;
};

struct push;

int push_open(struct link_net *net, const struct push_settings *s,
	      const struct push_taker *t, struct push **ret, struct err *e);
void push_free(struct push *p);
/* For health.h: takes POST /articles. */
const struct http_handler *push_http(struct push *p);
struct link *push_link(struct push *p); /* to wait on; NULL: none */
/* Hear the ZeroMQ port. A request is taken whole within one call, so that it
 * is committed whole. 0 or -errno. */
int push_turn(struct push *p, struct err *e); /* also tells HTTP's errors */
/* The group was committed: answer all who wait. */
int push_committed(struct push *p, struct err *e);
/* Milliseconds until push_turn() is due although nothing came, since an answer
 * found its peer's queue full; -1: never. */
int64_t push_pause(const struct push *p);
/* Requests that wait for their commit. */
size_t push_waiting(const struct push *p);

struct push_stats {
	uint64_t requests, accepted, refused, repeated, turned_away;
};

struct push_stats push_stats(const struct push *p);

#endif
