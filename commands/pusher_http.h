/* pusher_http.h -- one request of pusher.c over HTTP. One thread. */
#ifndef VIGIE_PUSHER_HTTP_H
#define VIGIE_PUSHER_HTTP_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "commands/pusher.h"

struct pusher_http;

/* "http://host:port" or "https://…". 0 or -errno with the sentence. */
int pusher_http_open(const struct pusher_options *o, struct pusher_http **ret,
		     struct err *e);
void pusher_http_close(struct pusher_http *h);
/* POST once. 0: *status is the answer's, its body in `answer`, and *again_ms
 * what its Retry-After asks for, or 0. STEP_WAIT with the sentence when no
 * answer came. -errno. */
int pusher_http_post(struct pusher_http *h, struct str key, struct str body,
		     int *status, int64_t *again_ms, struct buf *answer,
		     struct err *e);

#endif
