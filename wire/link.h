/* link.h -- sockets between rooms; the only place that knows ZeroMQ.
 *
 * Every socket has MAXMSGSIZE, heartbeats, high-water marks and no wait at
 * close beyond what its opener asks. A link belongs to one thread. */
#ifndef VIGIE_LINK_H
#define VIGIE_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum link_kind {
	LINK_ROUTER, /* many peers, each addressed; MANDATORY */
	LINK_DEALER, /* one peer */
	LINK_PUSH,
	LINK_PULL,
	LINK_PUB,
	LINK_SUB,
};

enum { LINK_PEER_MAX = 32 };

/* Whose message it is, and who shall get one: what ROUTER puts in front. */
struct link_peer {
	unsigned char id[LINK_PEER_MAX];
	size_t n;
};

struct link_options {
	int queue;	/* messages held either way before send says STEP_WAIT */
	int linger_ms;	/* how long close waits for what was sent */
	size_t message_max; /* bytes; larger ones cut the connection */
};

struct link_net; /* one a process; made after fork, never shared over it */
struct link;

int link_net_open(struct link_net **ret, struct err *e);
void link_net_free(struct link_net *net);

/* Bind when bind is true, else connect, to an ipc:// or tcp:// endpoint. A
 * bound ipc endpoint gets its folder made, 0700, if that is not there; the
 * socket file of a process that is gone is replaced, that of a living one is
 * in use. Returns 0, -EADDRINUSE, -EINVAL and other -errno, each with the
 * sentence. */
int link_open(struct link_net *net, enum link_kind kind, const char *endpoint,
	      bool bind, struct link_options options, struct link **ret,
	      struct err *e);
void link_free(struct link *l);
/* Is the text an endpoint that link_open() may be given? 0 or -EINVAL with the
 * sentence. */
int link_check(const char *endpoint, struct err *e);

/* Send the buffer's bytes as one message and empty the buffer; peer for
 * LINK_ROUTER only. Returns 0; STEP_WAIT when the queue is full (the buffer
 * keeps its bytes); -EHOSTUNREACH when the peer is gone; -errno. */
int link_send(struct link *l, const struct link_peer *peer, struct buf *b,
	      struct err *e);
/* Publish under a topic, which is the first frame: 0 or -errno. */
int link_publish(struct link *l, struct str topic, struct str body,
		 struct err *e);

/* What was received; body is valid until the next link_recv() on l. */
struct link_message {
	struct link_peer peer; /* LINK_ROUTER */
	struct str topic;      /* LINK_SUB: the first frame */
	struct str body;
};

/* Never waits: 0, STEP_WAIT when there is nothing, -EPROTO for a message with
 * the wrong number of frames (it is gone then), -errno. */
int link_recv(struct link *l, struct link_message *ret, struct err *e);
/* Wait until one of n links (NULLs are skipped) has something to read, or ms
 * milliseconds, or a signal. Returns how many are ready, or -errno. */
int link_wait(struct link *const *links, size_t n, int64_t ms);
/* The same; or until fd, unless it is negative, has something to read. */
int link_wait_or_fd(struct link *const *links, size_t n, int fd, int64_t ms);
/* Wait until something can be sent on l: 1, or 0 after ms or a signal. */
int link_wait_send(struct link *l, int64_t ms);
/* Subscribe LINK_SUB to topics that begin so. */
int link_subscribe(struct link *l, const char *prefix);

#endif
