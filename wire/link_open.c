/* link_open.c -- sockets as they begin and end: options, keys, binding, and
 * opening anew when keys have changed. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "wire/endpoint.h"
#include "wire/link_parts.h"
#include "wire/zap.h"

enum {
	HEARTBEAT_MS = 1000,
	HEARTBEAT_TIMEOUT_MS = 3000,
	HANDSHAKE_MS = 5000, /* who has not shown a key by then is cut off */
	BACKLOG = 1024,	     /* connections that wait to be accepted */
	DESCRIPTORS_MAX = 65536,
	REBIND_MS = 10,	     /* between two tries … */
	REBIND_GIVE_UP_MS = 5000, /* … and for so long */
};

/* A peer costs a descriptor, and files are needed as well. */
static void raise_descriptors(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) || l.rlim_cur >= DESCRIPTORS_MAX)
		return;
	l.rlim_cur = l.rlim_max < DESCRIPTORS_MAX ? l.rlim_max
						  : DESCRIPTORS_MAX;
	setrlimit(RLIMIT_NOFILE, &l);
}

int link_net_open(struct link_net **ret, struct err *e)
{
	struct link_net *net = calloc(1, sizeof(*net));

	if (!net)
		return -ENOMEM;
	raise_descriptors();
	net->context = zmq_ctx_new();
	if (!net->context) {
		free(net);
		return err_set(e, -ENOMEM, "ZeroMQ gave no context");
	}
	zmq_ctx_set(net->context, ZMQ_BLOCKY, 0);
	*ret = net;
	return 0;
}

int link_net_secure(struct link_net *net, const struct keys_settings *s,
		    struct err *e)
{
	int r;

	if (!s || !s->folder)
		return 0;
	r = keys_open(s->folder, &net->keys, e);
	return r ? r : zap_open(net->context, net->keys, &net->zap, e);
}

uint64_t link_net_refusals(struct link_net *net, struct err *last)
{
	return zap_refusals(net->zap, last);
}

void link_net_free(struct link_net *net)
{
	if (!net)
		return;
	zap_free(net->zap);
	while (zmq_ctx_term(net->context) && zmq_errno() == EINTR)
		;
	keys_free(net->keys);
	free(net);
}

int link_check(const char *endpoint, struct err *e)
{
	return endpoint_check(endpoint, e);
}

static void set_int(void *socket, int option, int value)
{
	zmq_setsockopt(socket, option, &value, sizeof(value));
}

static void set_options(struct link *l, struct link_options o)
{
	int64_t max = (int64_t)o.message_max;

	zmq_setsockopt(l->socket, ZMQ_MAXMSGSIZE, &max, sizeof(max));
	set_int(l->socket, ZMQ_SNDHWM, o.send_queue ? o.send_queue : o.queue);
	set_int(l->socket, ZMQ_RCVHWM, o.queue);
	set_int(l->socket, ZMQ_LINGER, o.linger_ms);
	set_int(l->socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS);
	set_int(l->socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS);
	set_int(l->socket, ZMQ_RECONNECT_IVL, 50);
	set_int(l->socket, ZMQ_RECONNECT_IVL_MAX, 1000);
	/* Queue only for a peer that is there: a message for one that never
	 * comes would be neither delivered nor reported. */
	set_int(l->socket, ZMQ_IMMEDIATE, 1);
	if (l->kind == LINK_ROUTER || l->kind == LINK_ANSWER)
		set_int(l->socket, ZMQ_ROUTER_MANDATORY, 1);
}

static void set_text(void *socket, int option, const char *value)
{
	zmq_setsockopt(socket, option, value, strlen(value));
}

/* Who is bound knows those who come by the list that zap.h asks; who connects
 * knows the other end by its key. */
static int set_keys(struct link *l, struct err *e)
{
	char own[KEY_TEXT + 1], secret[KEY_TEXT + 1];
	int r = 0;

	if (!endpoint_is_tcp(l->endpoint))
		return 0;
	if (!l->net->keys)
		return err_set(e, -EINVAL,
			       "%s is reachable by others: make keys with "
			       "'vigie keygen' and name their folder under "
			       "keys.folder",
			       l->endpoint);
	set_int(l->socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
	set_int(l->socket, ZMQ_IPV6, strchr(l->endpoint, '[') != NULL);
	keys_own(l->net->keys, own, secret);
	set_text(l->socket, ZMQ_CURVE_SECRETKEY, secret);
	if (l->is_bound) {
		set_int(l->socket, ZMQ_BACKLOG, BACKLOG);
		set_int(l->socket, ZMQ_CURVE_SERVER, 1);
		set_text(l->socket, ZMQ_ZAP_DOMAIN, ZAP_DOMAIN);
	} else {
		r = keys_server(l->net->keys, l->endpoint, l->server_key, e);
		set_text(l->socket, ZMQ_CURVE_PUBLICKEY, own);
		if (!r)
			set_text(l->socket, ZMQ_CURVE_SERVERKEY,
				 l->server_key);
	}
	explicit_bzero(secret, sizeof(secret));
	return r;
}

/* The socket of an ipc endpoint is our user's alone. */
static int bind_private(const struct link *l)
{
	mode_t old = umask(0177);
	int r = zmq_bind(l->socket, l->endpoint);

	umask(old);
	return r;
}

static int attach(struct link *l, struct err *e)
{
	int r = l->is_bound ? bind_private(l)
			    : zmq_connect(l->socket, l->endpoint);

	if (!r)
		return 0;
	r = -zmq_errno();
	return err_set(e, r < -ZMQ_HAUSNUMERO ? -EINVAL : r, "cannot %s %s: %s",
		       l->is_bound ? "bind" : "connect to", l->endpoint,
		       zmq_strerror(-r));
}

/* The port that the system chose is kept, also when it is bound anew. */
static int learn_port(struct link *l)
{
	char at[512];
	size_t n = sizeof(at);
	char *copy;

	if (!l->is_bound || !str_ends(str_of(l->endpoint), STR(":*")) ||
	    zmq_getsockopt(l->socket, ZMQ_LAST_ENDPOINT, at, &n))
		return 0;
	copy = strdup(at);
	if (!copy)
		return -ENOMEM;
	free(l->endpoint);
	l->endpoint = copy;
	return 0;
}

static int open_socket(struct link *l, struct err *e)
{
	static const int types[] = { ZMQ_ROUTER, ZMQ_DEALER, ZMQ_PUSH,
				     ZMQ_PULL,	 ZMQ_PUB,    ZMQ_SUB,
				     ZMQ_DEALER, ZMQ_ROUTER };

	l->socket = zmq_socket(l->net->context, types[l->kind]);
	if (!l->socket)
		return err_sys(e, -errno, "socket for %s", l->endpoint);
	set_options(l, l->options);
	return set_keys(l, e);
}

/* As link_free() wants it. */
static struct link *new_link(struct link_net *net, const char *endpoint)
{
	struct link *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	zmq_msg_init(&l->body);
	zmq_msg_init(&l->topic);
	zmq_msg_init(&l->peer);
	l->net = net;
	l->next = net->first;
	net->first = l;
	l->endpoint = strdup(endpoint);
	return l;
}

int link_open(struct link_net *net, enum link_kind kind, const char *endpoint,
	      bool bind, struct link_options options, struct link **ret,
	      struct err *e)
{
	struct link *l;
	int r = link_check(endpoint, e);

	if (!r && bind)
		r = endpoint_prepare(endpoint, e);
	if (r)
		return r;
	l = new_link(net, endpoint);
	if (!l)
		return -ENOMEM;
	l->kind = kind;
	l->is_bound = bind;
	l->options = options;
	r = l->endpoint ? open_socket(l, e) : -ENOMEM;
	if (!r)
		r = attach(l, e);
	if (!r)
		r = learn_port(l);
	if (r) {
		link_free(l);
		return r;
	}
	*ret = l;
	return 0;
}

const char *link_endpoint(const struct link *l)
{
	return l->endpoint;
}

void link_free(struct link *l)
{
	struct link **at;

	if (!l)
		return;
	for (at = &l->net->first; *at != l; at = &(*at)->next)
		;
	*at = l->next;
	zmq_msg_close(&l->body);
	zmq_msg_close(&l->topic);
	zmq_msg_close(&l->peer);
	if (l->socket)
		zmq_close(l->socket);
	free(l->endpoint);
	free(l);
}

/* Opening anew, which is how a peer that is already in is cut off. */

static void fail(struct link *l, int r, const struct err *why)
{
	l->error = r;
	l->why = *why;
}

static void bind_again(struct link *l)
{
	struct err why = { "" };
	int64_t now = clock_ms();
	int r;

	if (!l->unbound_ms || l->error || now < l->rebind_ms)
		return;
	r = attach(l, &why);
	if (!r) {
		l->unbound_ms = 0;
	} else if (r != -EADDRINUSE || now - l->unbound_ms > REBIND_GIVE_UP_MS)
		fail(l, r, &why);
	l->rebind_ms = now + REBIND_MS;
}

/* The old socket is closed in the background, and its port is free only then;
 * bind_again() waits for it. What was queued is lost, as when a peer goes. */
static void reopen(struct link *l)
{
	void *old = l->socket;
	struct err why = { "" };
	int r = open_socket(l, &why);

	if (!l->socket) {
		l->socket = old; /* so that there is one; it is not used */
		fail(l, r, &why);
		return;
	}
	set_int(old, ZMQ_LINGER, 0);
	zmq_close(old);
	if (!r && !l->is_bound)
		r = attach(l, &why);
	if (r)
		fail(l, r, &why);
	if (l->is_bound) {
		l->unbound_ms = clock_ms();
		l->rebind_ms = 0;
		bind_again(l);
	}
}

/* 0, or -ENOENT: its server is not listed any more. */
static int look_again(struct link *l, bool revoked, struct err *e)
{
	char key[KEY_TEXT + 1];
	int r;

	if (!endpoint_is_tcp(l->endpoint))
		return 0;
	if (l->is_bound) {
		if (revoked)
			reopen(l);
		return 0;
	}
	r = keys_server(l->net->keys, l->endpoint, key, e);
	if (!r && strcmp(key, l->server_key))
		reopen(l);
	return r;
}

int link_net_reload(struct link_net *net, struct err *e)
{
	bool revoked;
	int r = net->keys ? keys_reload(net->keys, &revoked, e) : 0;

	if (r || !net->keys)
		return r;
	for (struct link *l = net->first; l; l = l->next) {
		int one = look_again(l, revoked, e);

		r = r ? r : one;
	}
	return r;
}

int64_t link_net_turn(struct link_net *net)
{
	int64_t pause = -1;

	zap_answer(net->zap);
	for (struct link *l = net->first; l; l = l->next) {
		bind_again(l);
		if (l->unbound_ms && !l->error)
			pause = REBIND_MS;
	}
	return pause;
}
