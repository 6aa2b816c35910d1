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
#include "wire/keys.h"

enum link_kind {
	LINK_ROUTER, /* many peers, each addressed; MANDATORY */
	LINK_DEALER, /* one peer */
	LINK_PUSH,
	LINK_PULL,
	LINK_PUB,
	LINK_SUB,
	LINK_ASK,    /* a DEALER whose messages are a key and a body */
	LINK_ANSWER, /* a ROUTER for those who ask; MANDATORY */
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
	int send_queue; /* on their way out, where that is not queue */
};

struct link_net; /* one a process; made after fork, never shared over it */
struct link;

int link_net_open(struct link_net **ret, struct err *e);
void link_net_free(struct link_net *net);
/* From now on tcp endpoints are bound and met by these keys (CURVE, with a
 * list of who may, see keys.h); without a folder of keys link_open() refuses
 * them. Once, before the first link. 0 or -errno with the sentence. */
int link_net_secure(struct link_net *net, const struct keys_settings *s,
		    struct err *e);
/* Read the lists again (SIGHUP). A peer that is no longer allowed is cut off:
 * bound tcp sockets are bound anew, and those who may come back; so are those
 * that connect to a server whose key is another now. On -errno, with the
 * sentence, the old lists stay; but for -ENOENT, which says that a server we
 * are connected to is not listed any more: that connection stays, the rest is
 * done. */
int link_net_reload(struct link_net *net, struct err *e);

/* How many peers without a key in the list were turned away since this last
 * returned other than 0, which it does three times a minute at most; *last is
 * then a sentence about the last of them, for the room to log. */
uint64_t link_net_refusals(struct link_net *net, struct err *last);

/* Bind when bind is true, else connect, to an ipc:// or tcp:// endpoint. A
 * bound ipc endpoint gets its folder made, 0700, if that is not there, and a
 * socket file that is our user's alone; that of a process that is gone is
 * replaced, that of a living one is in use. Returns 0, -EADDRINUSE, -EACCES
 * (others could replace the socket file), -EINVAL (also tcp without keys),
 * -ENOENT (no key of that server) and other -errno, each with the sentence. */
int link_open(struct link_net *net, enum link_kind kind, const char *endpoint,
	      bool bind, struct link_options options, struct link **ret,
	      struct err *e);
void link_free(struct link *l);
/* Where it is bound or connected; with the port that the system chose for a
 * bound "*". Valid as long as the link. */
const char *link_endpoint(const struct link *l);
/* Is the text an endpoint that link_open() may be given? 0 or -EINVAL with the
 * sentence. */
int link_check(const char *endpoint, struct err *e);

/* Send the buffer's bytes as one message and empty the buffer; peer for
 * LINK_ROUTER only. Returns 0; STEP_WAIT when the queue is full (the buffer
 * keeps its bytes); -EHOSTUNREACH when the peer is gone; -errno. */
int link_send(struct link *l, const struct link_peer *peer, struct buf *b,
	      struct err *e);
/* Two frames: a key, which may be empty, and a body; both are copied. For
 * LINK_ASK (no peer) and LINK_ANSWER. Returns as link_send() does. */
int link_send_keyed(struct link *l, const struct link_peer *peer,
		    struct str key, struct str body, struct err *e);
/* Publish under a topic, which is the first frame: 0 or -errno. */
int link_publish(struct link *l, struct str topic, struct str body,
		 struct err *e);

/* What was received; body is valid until the next link_recv() on l. */
struct link_message {
	struct link_peer peer; /* LINK_ROUTER, LINK_ANSWER */
	struct str topic;      /* LINK_SUB: the topic; ASK, ANSWER: the key */
	struct str body;
};

/* Never waits: 0, STEP_WAIT when there is nothing, -EPROTO for a message with
 * the wrong number of frames (it is gone then), -errno. */
int link_recv(struct link *l, struct link_message *ret, struct err *e);
/* Wait until one of n links (NULLs are skipped) has something to read, or ms
 * milliseconds, or a signal. Returns how many are ready, or -errno. */
int link_wait(struct link *const *links, size_t n, int64_t ms);
/* The same; or until one of the descriptors, negative ones skipped, has
 * something to read. At most 64 of both together. */
int link_wait_fds(struct link *const *links, size_t n, const int *fds,
		  size_t fd_count, int64_t ms);
/* Wait until something can be sent on l: 1, or 0 after ms or a signal. */
int link_wait_send(struct link *l, int64_t ms);
/* Subscribe LINK_SUB to topics that begin so. */
int link_subscribe(struct link *l, const char *prefix);

#endif
