#include "wire/link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "wire/link_parts.h"
#include "wire/zap.h"

enum { LINK_POLL_MAX = 64 };

/* A link that could not be opened anew says why from then on. */
static int check(const struct link *l, struct err *e)
{
	return l->error ? err_set(e, l->error, "%s", l->why.text) : 0;
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
	if (l->error)
		return check(l, e);
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
	if (l->error)
		return check(l, e);
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
	if (l->error)
		return check(l, e);
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
	int r = l->error ? check(l, e) : receive(l, e);
	struct str peer;

	/* Who never waits shall meet those who come, too. */
	if (r == STEP_WAIT)
		link_net_turn(l->net);
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

/* Poll until one of the items is ready, ms or a signal; meanwhile see to what
 * is due in the net, for whose socket there is room behind them. How many are
 * ready, or -errno. */
static int poll_items(struct link_net *net, zmq_pollitem_t *items, int count,
		      int64_t ms)
{
	int64_t until = clock_ms() + ms, left = ms;

	for (;;) {
		int64_t pause = net ? link_net_turn(net) : -1;
		void *asked = net ? zap_socket(net->zap) : NULL;
		bool in_between = pause >= 0 && (ms < 0 || pause < left);
		int r;

		items[count] = (zmq_pollitem_t){ asked, -1, ZMQ_POLLIN, 0 };
		r = zmq_poll(items, count + !!asked,
			     (long)(in_between ? pause : left));
		if (r < 0)
			return zmq_errno() == EINTR ? 0 : -zmq_errno();
		if (asked && items[count].revents) {
			zap_answer(net->zap);
			r--;
		}
		left = ms < 0 ? ms : until - clock_ms();
		if (r > 0 || (ms >= 0 && left <= 0))
			return r;
	}
}

int link_wait(struct link *const *links, size_t n, int64_t ms)
{
	return link_wait_fds(links, n, NULL, 0, ms);
}

int link_wait_fds(struct link *const *links, size_t n, const int *fds,
		  size_t fd_count, int64_t ms)
{
	zmq_pollitem_t items[LINK_POLL_MAX + 1] = { 0 };
	struct link_net *net = NULL;
	int count = 0;

	for (size_t i = 0; i < fd_count && count < LINK_POLL_MAX; i++)
		if (fds[i] >= 0) {
			items[count].fd = fds[i];
			items[count++].events = ZMQ_POLLIN;
		}
	for (size_t i = 0; i < n && count < LINK_POLL_MAX; i++)
		if (links[i]) {
			net = links[i]->net;
			items[count].socket = links[i]->socket;
			items[count++].events = ZMQ_POLLIN;
		}
	return poll_items(net, items, count, ms);
}

int link_wait_send(struct link *l, int64_t ms)
{
	zmq_pollitem_t items[2] = { { l->socket, 0, ZMQ_POLLOUT, 0 } };

	return poll_items(l->net, items, 1, ms) > 0;
}

int link_subscribe(struct link *l, const char *prefix)
{
	return zmq_setsockopt(l->socket, ZMQ_SUBSCRIBE, prefix,
			      strlen(prefix))
		       ? -zmq_errno()
		       : 0;
}
