/* link_parts.h -- the inside of a link, for link.c and link_open.c. */
#ifndef VIGIE_LINK_PARTS_H
#define VIGIE_LINK_PARTS_H

#include <zmq.h>

#include "wire/link.h"

struct link_net {
	void *context;
	struct keys *keys; /* NULL: no tcp */
	struct zap *zap;
	struct link *first; /* all that are open */
};

struct link {
	void *socket;
	enum link_kind kind;
	zmq_msg_t body, topic, peer; /* of the last message received */
	/* What it takes to open it anew. */
	struct link_net *net;
	struct link *next;
	char *endpoint;
	bool is_bound;
	struct link_options options;
	char server_key[KEY_TEXT + 1]; /* tcp, connected */
	/* The port of the socket before it is not free yet: since when, and
	 * when to try again; 0: all is well. */
	int64_t unbound_ms, rebind_ms;
	int error; /* it could not be opened anew: -errno … */
	struct err why;
};

/* What is due although no message came: answers to those who ask to come in,
 * and sockets to be bound again. Milliseconds until it is due again although
 * nobody asks; -1: never. */
int64_t link_net_turn(struct link_net *net);

#endif
