#include "wire/zap.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "base/clock.h"

enum {
	ANSWERS_MAX = 64, /* at a time: then the room gets its turn */
	SAY_EVERY_MS = 20000,
	ADDRESS_MAX = 64,
};

/* What is asked, and the frames of it that are used. */
enum { VERSION, REQUEST, DOMAIN, ADDRESS, IDENTITY, MECHANISM, KEY, FRAMES };

struct zap {
	void *socket;
	const struct keys *keys;
	uint64_t refused; /* and not yet told */
	int64_t told_ms;  /* 0: never */
	char address[ADDRESS_MAX];
	char key[KEY_TEXT + 1]; /* "": it had none */
};

int zap_open(void *context, const struct keys *keys, struct zap **ret,
	     struct err *e)
{
	struct zap *z = calloc(1, sizeof(*z));
	int none = 0;

	if (!z)
		return -ENOMEM;
	z->keys = keys;
	z->socket = zmq_socket(context, ZMQ_REP);
	if (!z->socket ||
	    zmq_setsockopt(z->socket, ZMQ_LINGER, &none, sizeof(none)) ||
	    zmq_bind(z->socket, "inproc://zeromq.zap.01")) {
		int r = -zmq_errno();

		zap_free(z);
		return err_set(e, r < -ZMQ_HAUSNUMERO ? -EIO : r,
			       "nobody could ask for keys: %s",
			       zmq_strerror(-r));
	}
	*ret = z;
	return 0;
}

void zap_free(struct zap *z)
{
	if (!z)
		return;
	if (z->socket)
		zmq_close(z->socket);
	free(z);
}

void *zap_socket(const struct zap *z)
{
	return z ? z->socket : NULL;
}

struct question {
	struct str frame[FRAMES]; /* as many as there are; the rest is empty */
	zmq_msg_t held[FRAMES];
	size_t count;
};

static bool has_more(void *socket)
{
	int more = 0;
	size_t n = sizeof(more);

	zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &n);
	return more;
}

static void question_done(struct question *q)
{
	for (size_t i = 0; i < FRAMES; i++)
		zmq_msg_close(&q->held[i]);
}

/* All frames of the next one; those that are too many go over the last. */
static bool next_question(const struct zap *z, struct question *q)
{
	memset(q, 0, sizeof(*q));
	for (size_t i = 0; i < FRAMES; i++)
		zmq_msg_init(&q->held[i]);
	do {
		size_t i = q->count < FRAMES ? q->count : FRAMES - 1;

		if (zmq_msg_recv(&q->held[i], z->socket, ZMQ_DONTWAIT) < 0)
			return false;
		q->frame[i] = (struct str){ zmq_msg_data(&q->held[i]),
					    zmq_msg_size(&q->held[i]) };
		q->count++;
	} while (has_more(z->socket));
	return true;
}

/* Whose key it is, or NULL. */
static const char *who(const struct zap *z, const struct question *q)
{
	if (q->count != FRAMES || !str_is(q->frame[VERSION], "1.0") ||
	    !str_is(q->frame[DOMAIN], ZAP_DOMAIN) ||
	    !str_is(q->frame[MECHANISM], "CURVE") ||
	    q->frame[KEY].n != KEY_SIZE)
		return NULL;
	return keys_allowed(z->keys, (const unsigned char *)q->frame[KEY].p);
}

static void note_refusal(struct zap *z, const struct question *q)
{
	z->refused++;
	snprintf(z->address, sizeof(z->address), STR_FMT,
		 STR_ARG(q->frame[ADDRESS]));
	z->key[0] = '\0';
	if (q->count == FRAMES && q->frame[KEY].n == KEY_SIZE)
		curve_encode((const unsigned char *)q->frame[KEY].p, z->key);
}

static void reply(const struct zap *z, const struct question *q,
		  const char *name)
{
	struct str frames[] = {
		STR("1.0"), q->frame[REQUEST],
		/* 300 and not 400, after which a peer whose key is added later
		 * would never come again: it is let go in silence, and tries
		 * anew. */
		name ? STR("200") : STR("300"),
		name ? STR("OK") : STR("no such key"),
		str_of(name ? name : ""), /* becomes the User-Id */
		STR(""),		  /* further properties */
	};
	size_t n = sizeof(frames) / sizeof(*frames);

	for (size_t i = 0; i < n; i++)
		zmq_send(z->socket, frames[i].p, frames[i].n,
			 ZMQ_DONTWAIT | (i + 1 < n ? ZMQ_SNDMORE : 0));
}

void zap_answer(struct zap *z)
{
	for (int i = 0; z && i < ANSWERS_MAX; i++) {
		struct question q;
		bool is_one = next_question(z, &q);
		const char *name = is_one ? who(z, &q) : NULL;

		if (is_one && !name)
			note_refusal(z, &q);
		if (is_one)
			reply(z, &q, name);
		question_done(&q);
		if (!is_one)
			return;
	}
}

uint64_t zap_refusals(struct zap *z, struct err *last)
{
	int64_t now = clock_ms();
	uint64_t n = z ? z->refused : 0;

	if (!n || (z->told_ms && now - z->told_ms < SAY_EVERY_MS))
		return 0;
	z->told_ms = now;
	z->refused = 0;
	err_clear(last);
	err_set(last, 0,
		"%llu connection%s turned away, the last from %s: its key "
		"%s is not in %s/allowed",
		(unsigned long long)n, n == 1 ? " was" : "s were", z->address,
		z->key, keys_folder(z->keys));
	return n;
}
