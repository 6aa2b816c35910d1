/* pusher.h -- the client of push.h: brings JSON lines to an ingest, over ZeroMQ
 * or HTTP, again and again until it is told. For `vigie push` and `vigie dlq`.
 * One thread. */
#ifndef VIGIE_PUSHER_H
#define VIGIE_PUSHER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define PUSHER_USUAL "ipc:///run/vigie/push"

/* Larger bodies may be refused whole (413, or a message that is too large). */
enum { PUSHER_BODY_MAX = 4 << 20 };

struct pusher_options {
	const char *to; /* ipc://, tcp://, http://host:port, https://…; "/articles"
			 * is added to a URL without a path; NULL: the usual */
	const char *token_file; /* for HTTP: 0600 */
	const char *ca;		/* for https: who signed the server; PEM */
	const char *keys;	/* for tcp: a folder, see keys.h */
	int64_t timeout_ms;	/* of one body, before giving up; 0: never */
	/* Told whenever it must come again, with the reason; may be NULL. */
	void (*waits)(void *self, const char *why);
	void *self;
};

struct pusher;

/* Nothing needs to answer yet. The options are borrowed. 0; -EINVAL, -EACCES
 * and other -errno with the sentence. */
int pusher_open(const struct pusher_options *o, struct pusher **ret,
		struct err *e);
void pusher_close(struct pusher *p);

/* Bring these lines under this key (1 to 200 printable characters), and wait
 * for the answer, which is then in `answer` (emptied first; see pusher_read()).
 * Without an answer within five seconds, or told to come again, it is brought
 * again under the same key, so that it is accepted once. Returns 0, also where
 * every line was refused; -EACCES without the right token; -EPROTO when the
 * server refuses to look at it (no such place, too large, a key used for
 * something else); -ETIMEDOUT when the time is over, or stop_asked(): it may
 * have been accepted or not, and the same key will tell; -errno: each with the
 * sentence. */
int pusher_send(struct pusher *p, struct str key, struct str json_lines,
		struct buf *answer, struct err *e);

/* What an answer says. */
struct pusher_told {
	uint64_t accepted, refused;
	bool repeated;
};

/* Read an answer; each() is called for every refusal it lists, with its line
 * from 1 within what was sent. 0 or -EPROTO with the sentence. */
int pusher_read(struct str answer, struct pusher_told *ret,
		void (*each)(void *self, uint64_t line, const char *reason),
		void *self, struct err *e);

#endif
