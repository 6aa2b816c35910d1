#include "wire/link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

enum {
	HEARTBEAT_MS = 1000,
	HEARTBEAT_TIMEOUT_MS = 3000,
	LINK_POLL_MAX = 64,
	IPC_PATH_MAX = 107, /* sun_path, unix(7) */
};

struct link_net {
	void *context;
};

struct link {
	void *socket;
	enum link_kind kind;
	zmq_msg_t body, topic, peer; /* of the last message received */
};

int link_net_open(struct link_net **ret, struct err *e)
{
	struct link_net *net = calloc(1, sizeof(*net));

	if (!net)
		return -ENOMEM;
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
	(void)net;
	(void)s;
	(void)e;
	return 0;
}

int link_net_reload(struct link_net *net, struct err *e)
{
	(void)net;
	(void)e;
	return 0;
}

void link_net_free(struct link_net *net)
{
	if (!net)
		return;
	while (zmq_ctx_term(net->context) && zmq_errno() == EINTR)
		;
	free(net);
}

/* "*" leaves the port to the system; a name is only looked up by ZeroMQ. */
static bool is_host_port(const char *z)
{
	const char *colon = strrchr(z, ':'), *port = colon ? colon + 1 : "";
	size_t digits = strspn(port, "0123456789");

	if (!colon || colon == z)
		return false;
	if (!strcmp(port, "*"))
		return true;
	return digits && digits <= 5 && !port[digits] && atoi(port) <= 65535;
}

int link_check(const char *endpoint, struct err *e)
{
	struct str s = str_of(endpoint);

	if (str_starts(s, STR("ipc://"))) {
		if (s.n == 6 || str_ends(s, STR("/")))
			return err_set(e, -EINVAL, "'%s' names no file",
				       endpoint);
		if (s.n - 6 > IPC_PATH_MAX)
			return err_set(e, -EINVAL,
				       "the path of '%s' is longer than the "
				       "%d bytes that a socket may have",
				       endpoint, IPC_PATH_MAX);
		return 0;
	}
	if (str_starts(s, STR("tcp://")) && is_host_port(endpoint + 6))
		return 0;
	return err_set(e, -EINVAL,
		       "'%s' is no endpoint, expected ipc:///path or "
		       "tcp://host:port",
		       endpoint);
}

/* The folder of a bound ipc socket, private to us when we make it. */
static int make_folder(const char *endpoint, struct err *e)
{
	char path[IPC_PATH_MAX + 1], *slash;

	if (strncmp(endpoint, "ipc://", 6))
		return 0;
	snprintf(path, sizeof(path), "%s", endpoint + 6);
	slash = strrchr(path, '/');
	if (!slash || slash == path)
		return 0;
	*slash = '\0';
	if (mkdir(path, 0700) && errno != EEXIST)
		return err_sys(e, -errno, "folder %s", path);
	return 0;
}

/* ZeroMQ unlinks a socket file before it binds, so that a second daemon would
 * take the first one's place unheard. Whoever answers there is alive; the file
 * that a crash left behind refuses, and may go. */
static int look_who_listens(const char *endpoint, struct err *e)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd, r;

	if (strncmp(endpoint, "ipc:///", 7))
		return 0;
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", endpoint + 6);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(e, -errno, "socket for %s", endpoint);
	r = connect(fd, (struct sockaddr *)&a, sizeof(a));
	if (r && errno == EAGAIN) /* there, with a full queue */
		r = 0;
	close(fd);
	return r ? 0
		 : err_sys(e, -EADDRINUSE,
			   "cannot bind %s, another process listens there",
			   endpoint);
}

static void set_int(void *socket, int option, int value)
{
	zmq_setsockopt(socket, option, &value, sizeof(value));
}

static void set_options(struct link *l, struct link_options o)
{
	int64_t max = (int64_t)o.message_max;

	zmq_setsockopt(l->socket, ZMQ_MAXMSGSIZE, &max, sizeof(max));
	set_int(l->socket, ZMQ_SNDHWM, o.queue);
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

static int attach(struct link *l, const char *endpoint, bool bind,
		  struct err *e)
{
	int r = bind ? zmq_bind(l->socket, endpoint)
		     : zmq_connect(l->socket, endpoint);

	if (!r)
		return 0;
	r = -zmq_errno();
	return err_set(e, r < -ZMQ_HAUSNUMERO ? -EINVAL : r, "cannot %s %s: %s",
		       bind ? "bind" : "connect to", endpoint,
		       zmq_strerror(-r));
}

int link_open(struct link_net *net, enum link_kind kind, const char *endpoint,
	      bool bind, struct link_options options, struct link **ret,
	      struct err *e)
{
	static const int types[] = { ZMQ_ROUTER, ZMQ_DEALER, ZMQ_PUSH,
				     ZMQ_PULL,	 ZMQ_PUB,    ZMQ_SUB,
				     ZMQ_DEALER, ZMQ_ROUTER };
	struct link *l;
	int r = link_check(endpoint, e);

	if (!r && bind)
		r = make_folder(endpoint, e);
	if (!r && bind)
		r = look_who_listens(endpoint, e);
	if (r)
		return r;
	l = calloc(1, sizeof(*l));
	if (!l)
		return -ENOMEM;
	l->kind = kind;
	zmq_msg_init(&l->body);
	zmq_msg_init(&l->topic);
	zmq_msg_init(&l->peer);
	l->socket = zmq_socket(net->context, types[kind]);
	if (!l->socket) {
		r = err_sys(e, -errno, "socket for %s", endpoint);
		goto fail;
	}
	set_options(l, options);
	r = attach(l, endpoint, bind, e);
	if (r)
		goto fail;
	*ret = l;
	return 0;
fail:
	link_free(l);
	return r;
}

void link_free(struct link *l)
{
	if (!l)
		return;
	zmq_msg_close(&l->body);
	zmq_msg_close(&l->topic);
	zmq_msg_close(&l->peer);
	if (l->socket)
		zmq_close(l->socket);
	free(l);
}

static int send_error(struct err *e)
{
	int code = zmq_errno();

	if (code == EAGAIN || code == EINTR)
		return STEP_WAIT;
	if (code == EHOSTUNREACH)
		return err_set(e, -EHOSTUNREACH, "send: the peer is gone");
	return err_set(e, -EIO, "send: %s", zmq_strerror(code));
}

/* A look before the message is made, which would have to be copied back. (A
 * ROUTER speaks for all its peers; there the frame that names one decides.) */
static bool is_writable(const struct link *l)
{
	int events = 0;
	size_t n = sizeof(events);

	return !zmq_getsockopt(l->socket, ZMQ_EVENTS, &events, &n) &&
	       (events & ZMQ_POLLOUT);
}

static void free_body(void *p, void *hint)
{
	(void)hint;
	free(p);
}

int link_send(struct link *l, const struct link_peer *peer, struct buf *b,
	      struct err *e)
{
	zmq_msg_t m;
	size_t n = b->n;
	char *p;

	if (buf_error(b))
		return buf_error(b);
	if (!peer && !is_writable(l))
		return STEP_WAIT;
	if (peer &&
	    zmq_send(l->socket, peer->id, peer->n, ZMQ_SNDMORE | ZMQ_DONTWAIT) <
		    0)
		return send_error(e);
	/* The memory goes with the message; ZeroMQ frees it once sent. */
	p = buf_steal(b);
	if (zmq_msg_init_data(&m, p, n, free_body, NULL)) {
		b->p = p;
		b->n = b->room = n;
		return -ENOMEM;
	}
	if (zmq_msg_send(&m, l->socket, ZMQ_DONTWAIT) < 0) {
		int r = send_error(e);

		b->p = malloc(n ? n : 1);
		if (b->p) {
			memcpy(b->p, zmq_msg_data(&m), n);
			b->n = b->room = n;
		}
		zmq_msg_close(&m);
		return b->p ? r : -ENOMEM;
	}
	return 0;
}

int link_send_keyed(struct link *l, const struct link_peer *peer,
		    struct str key, struct str body, struct err *e)
{
	if (!peer && !is_writable(l))
		return STEP_WAIT;
	if ((peer && zmq_send(l->socket, peer->id, peer->n,
			      ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) ||
	    zmq_send(l->socket, key.p, key.n, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
	    zmq_send(l->socket, body.p, body.n, ZMQ_DONTWAIT) < 0)
		return send_error(e);
	return 0;
}

int link_publish(struct link *l, struct str topic, struct str body,
		 struct err *e)
{
	if (zmq_send(l->socket, topic.p, topic.n,
		     ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
	    zmq_send(l->socket, body.p, body.n, ZMQ_DONTWAIT) < 0)
		return err_set(e, -EIO, "publish: %s",
			       zmq_strerror(zmq_errno()));
	return 0;
}

static bool more(const struct link *l)
{
	int is_more = 0;
	size_t n = sizeof(is_more);

	zmq_getsockopt(l->socket, ZMQ_RCVMORE, &is_more, &n);
	return is_more;
}

/* Receive into m, having closed what it held. */
static int next_frame(struct link *l, zmq_msg_t *m, int flags)
{
	zmq_msg_close(m);
	zmq_msg_init(m);
	return zmq_msg_recv(m, l->socket, flags);
}

static int wrong_frames(struct link *l, struct err *e)
{
	while (more(l))
		next_frame(l, &l->body, 0);
	return err_set(e, -EPROTO,
		       "a message with the wrong number of frames");
}

static struct str frame(zmq_msg_t *m)
{
	return (struct str){ zmq_msg_data(m), zmq_msg_size(m) };
}

/* The frames of a message of this kind, first to last. */
static size_t frames_of(struct link *l, zmq_msg_t *into[3])
{
	size_t n = 0;

	if (l->kind == LINK_ROUTER || l->kind == LINK_ANSWER)
		into[n++] = &l->peer;
	if (l->kind == LINK_SUB || l->kind == LINK_ASK ||
	    l->kind == LINK_ANSWER)
		into[n++] = &l->topic;
	into[n++] = &l->body;
	return n;
}

static int receive(struct link *l, struct err *e)
{
	zmq_msg_t *into[3];
	size_t n = frames_of(l, into);

	if (next_frame(l, into[0], ZMQ_DONTWAIT) < 0) {
		int code = zmq_errno();

		if (code == EAGAIN || code == EINTR)
			return STEP_WAIT;
		return err_set(e, -EIO, "receive: %s", zmq_strerror(code));
	}
	for (size_t i = 1; i < n; i++)
		if (!more(l) || next_frame(l, into[i], 0) < 0)
			return wrong_frames(l, e);
	return more(l) ? wrong_frames(l, e) : 0;
}

int link_recv(struct link *l, struct link_message *ret, struct err *e)
{
	int r = receive(l, e);
	struct str peer;

	if (r)
		return r;
	*ret = (struct link_message){ .body = frame(&l->body) };
	if (l->kind != LINK_ROUTER && l->kind != LINK_ANSWER) {
		ret->topic = frame(&l->topic);
		return 0;
	}
	peer = frame(&l->peer);
	if (peer.n > LINK_PEER_MAX)
		return wrong_frames(l, e);
	ret->topic = frame(&l->topic);
	ret->peer.n = peer.n;
	memcpy(ret->peer.id, peer.p, peer.n);
	return 0;
}

int link_wait(struct link *const *links, size_t n, int64_t ms)
{
	return link_wait_fds(links, n, NULL, 0, ms);
}

int link_wait_fds(struct link *const *links, size_t n, const int *fds,
		  size_t fd_count, int64_t ms)
{
	zmq_pollitem_t items[LINK_POLL_MAX] = { 0 };
	int count = 0, r;

	for (size_t i = 0; i < fd_count && count < LINK_POLL_MAX; i++)
		if (fds[i] >= 0) {
			items[count].fd = fds[i];
			items[count++].events = ZMQ_POLLIN;
		}
	for (size_t i = 0; i < n && count < LINK_POLL_MAX; i++)
		if (links[i]) {
			items[count].socket = links[i]->socket;
			items[count++].events = ZMQ_POLLIN;
		}
	r = zmq_poll(items, count, (long)ms);
	if (r < 0 && zmq_errno() == EINTR)
		return 0;
	return r < 0 ? -zmq_errno() : r;
}

int link_wait_send(struct link *l, int64_t ms)
{
	zmq_pollitem_t item = { l->socket, 0, ZMQ_POLLOUT, 0 };

	return zmq_poll(&item, 1, (long)ms) > 0;
}

int link_subscribe(struct link *l, const char *prefix)
{
	return zmq_setsockopt(l->socket, ZMQ_SUBSCRIBE, prefix,
			      strlen(prefix))
		       ? -zmq_errno()
		       : 0;
}
