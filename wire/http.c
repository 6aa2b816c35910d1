/* One connection is a peer; what it asks, one at a time, a request.
 *
 *	peer     opened ─▶ headers ─▶ body ─▶ handed on ─▶ answered ─▶ headers …
 *	deadline  30 s      30 s    + 1 s a    none        30 s
 *	                            16 KB
 *
 * libmicrohttpd's own timeout counts from the last byte, so that one byte now
 * and then holds a connection for ever; these count from the step's begin. A
 * request that waits for its answer is suspended there, which does not see its
 * peer leave: its descriptor is watched here, in `poll`, beside the daemon's
 * own. */
#include "wire/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "wire/http_parts.h"

enum {
	TIMEOUT_MS = 30000,
	POOL = 32768,	   /* bytes of a connection's headers */
	BODIES = 4,	   /* so many of the largest at once */
	CERTIFICATE_MAX = 1 << 20,
	LEFT_AT_ONCE = 16, /* peers that went away, in one look */
};

struct peer {
	struct peer *next, **link;
	int fd;
	int64_t deadline; /* INT64_MAX: none */
	struct http_request *request; /* that waits for its answer, or NULL */
};

struct header {
	struct header *next;
	char *value; /* within the same block as name */
	char name[];
};

struct http_request {
	struct http *http;
	struct peer *peer;
	struct MHD_Connection *connection;
	const char *method, *path;
	bool keep;	    /* its body */
	bool authorised;
	bool over;	    /* to be cut off instead of an answer */
	int refused;	    /* 413, 503: its body was too much */
	uint64_t came;	    /* bytes of the body */
	uint64_t room;	    /* of them, that count in http->held */
	int64_t began;	    /* when its headers were whole */
	struct buf body;
	struct header *headers;
	unsigned status;
	struct MHD_Response *response; /* once answered */
};

struct http {
	struct MHD_Daemon *daemon;
	struct http_handler handler;
	int poll; /* the daemon's descriptor and those of waiting peers */
	int port;
	uint64_t body, held; /* the largest; all that are in hand */
	int64_t timeout;
	bool due; /* a connection was resumed: run again */
	struct http_token token;
	struct str key, certificate;
	struct peer *peers;
	char said[256]; /* why the daemon did not start */
};

/* ---- peers ---- */

static int64_t in(const struct http *h, int64_t more_ms)
{
	return clock_ms() + h->timeout + more_ms;
}

static void peer_came(struct http *h, struct MHD_Connection *c, void **context)
{
	const union MHD_ConnectionInfo *fd = MHD_get_connection_info(
		c, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct peer *p = fd ? calloc(1, sizeof(*p)) : NULL;

	if (!p)
		return;
	*p = (struct peer){ .fd = fd->connect_fd, .deadline = in(h, 0) };
	p->next = h->peers;
	p->link = &h->peers;
	if (p->next)
		p->next->link = &p->next;
	h->peers = p;
	*context = p;
}

static void on_peer(void *self, struct MHD_Connection *c, void **context,
		    enum MHD_ConnectionNotificationCode what)
{
	struct peer *p = *context;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		peer_came(self, c, context);
	} else if (p) {
		*p->link = p->next;
		if (p->next)
			p->next->link = p->link;
		free(p);
		*context = NULL;
	}
}

static struct peer *peer_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(
		c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return i ? i->socket_context : NULL;
}

/* A closed descriptor would be given to the next that asks, while the daemon
 * still holds it; a shut one reads as its end. */
static void cut_late_peers(struct http *h, int64_t now)
{
	for (struct peer *p = h->peers; p; p = p->next)
		if (now >= p->deadline) {
			shutdown(p->fd, SHUT_RDWR);
			p->deadline = INT64_MAX;
		}
}

static void watch(struct http_request *r)
{
	struct epoll_event e = { .events = EPOLLRDHUP,
				 .data.ptr = r->peer };

	r->peer->request = r;
	r->peer->deadline = INT64_MAX;
	epoll_ctl(r->http->poll, EPOLL_CTL_ADD, r->peer->fd, &e);
}

/* Let the daemon go on with it: on_request() is called again. */
static void resume(struct http_request *r)
{
	if (!r->peer->request)
		return; /* it is within its handler, and was not suspended */
	r->peer->request = NULL;
	epoll_ctl(r->http->poll, EPOLL_CTL_DEL, r->peer->fd, NULL);
	MHD_resume_connection(r->connection);
	r->http->due = true;
}

static void see_who_left(struct http *h)
{
	struct epoll_event v[LEFT_AT_ONCE];
	int n = epoll_wait(h->poll, v, LEFT_AT_ONCE, 0);

	for (int i = 0; i < n; i++) {
		struct peer *p = v[i].data.ptr;
		struct http_request *r = p ? p->request : NULL;

		if (!r || r->over)
			continue;
		r->over = true;
		h->handler.gone(h->handler.self, r);
		resume(r);
	}
}

/* ---- requests ---- */

/* Room in memory for a body of n bytes in all. */
static bool reserve(struct http_request *r, uint64_t n)
{
	struct http *h = r->http;

	if (n <= r->room)
		return true;
	if (h->held + (n - r->room) > BODIES * h->body)
		return false;
	h->held += n - r->room;
	r->room = n;
	return true;
}

static void forget_body(struct http_request *r)
{
	r->http->held -= r->room;
	r->room = 0;
	buf_done(&r->body);
}

static void request_free(struct http_request *r)
{
	struct header *next;

	if (r->peer && r->peer->request == r)
		r->peer->request = NULL;
	forget_body(r);
	for (struct header *h = r->headers; h; h = next) {
		next = h->next;
		free(h);
	}
	if (r->response)
		MHD_destroy_response(r->response);
	free(r);
}

static void on_completed(void *self, struct MHD_Connection *c, void **state,
			 enum MHD_RequestTerminationCode why)
{
	struct http_request *r = *state;
	struct peer *p = peer_of(c);

	(void)why;
	if (p)
		p->deadline = in(self, 0);
	if (r)
		request_free(r);
	*state = NULL;
}

static enum MHD_Result send_answer(struct http_request *r)
{
	enum MHD_Result sent;

	if (!r->response)
		return MHD_NO;
	for (struct header *h = r->headers; h; h = h->next)
		MHD_add_response_header(r->response, h->name, h->value);
	sent = MHD_queue_response(r->connection, r->status, r->response);
	MHD_destroy_response(r->response);
	r->response = NULL;
	forget_body(r);
	r->peer->deadline = in(r->http, 0);
	return sent;
}

static void refuse(struct http_request *r, int status)
{
	char text[HTTP_REFUSAL_MAX];

	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		http_set(r, "Allow", "GET, HEAD, POST");
	if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
		http_set(r, "Retry-After", HTTP_RETRY_AFTER);
	http_answer(r, status, "application/json",
		    http_refusal(status, r->http->body, text));
}

/* What cannot be taken is refused before its body is read, which also ends the
 * connection. */
static enum MHD_Result look_at_headers(struct http_request *r)
{
	const char *length = http_header(r, MHD_HTTP_HEADER_CONTENT_LENGTH);
	const char *coding = http_header(r, MHD_HTTP_HEADER_TRANSFER_ENCODING);
	uint64_t n = length && !coding ? strtoull(length, NULL, 10) : 0;

	r->authorised = http_token_borne(&r->http->token,
					 http_header(r, "Authorization"));
	r->keep = r->authorised && !strcmp(r->method, MHD_HTTP_METHOD_POST);
	if (n <= r->http->body && (!r->keep || reserve(r, n)))
		return MHD_YES;
	http_set(r, "Connection", "close");
	refuse(r, n > r->http->body ? MHD_HTTP_CONTENT_TOO_LARGE
				    : MHD_HTTP_SERVICE_UNAVAILABLE);
	return send_answer(r);
}

static enum MHD_Result request_came(struct http *h, struct MHD_Connection *c,
				    const char *method, const char *path,
				    void **state)
{
	struct peer *p = peer_of(c);
	struct http_request *r = p ? calloc(1, sizeof(*r)) : NULL;

	if (!r)
		return MHD_NO;
	*r = (struct http_request){ .http = h,
				    .peer = p,
				    .connection = c,
				    .method = method,
				    .path = path,
				    .began = clock_ms() };
	buf_init(&r->body, h->body);
	p->deadline = in(h, 0);
	*state = r;
	return look_at_headers(r);
}

/* Within a body nothing can be answered: what is too much is read, thrown away
 * and answered at its end; what is twice too much is cut off. */
static enum MHD_Result body_came(struct http_request *r, const char *p,
				 size_t n)
{
	struct http *h = r->http;

	r->came += n;
	r->peer->deadline = r->began + h->timeout + (int64_t)(r->came / 16);
	if (r->came > 2 * h->body)
		return MHD_NO;
	if (r->came > h->body)
		r->refused = MHD_HTTP_CONTENT_TOO_LARGE;
	if (r->refused || !r->keep)
		return MHD_YES;
	if (reserve(r, r->came))
		buf_add(&r->body, p, n);
	else
		r->refused = MHD_HTTP_SERVICE_UNAVAILABLE;
	if (buf_error(&r->body))
		r->refused = MHD_HTTP_SERVICE_UNAVAILABLE;
	return MHD_YES;
}

static bool is_served(const char *method)
{
	return !strcmp(method, MHD_HTTP_METHOD_GET) ||
	       !strcmp(method, MHD_HTTP_METHOD_HEAD) ||
	       !strcmp(method, MHD_HTTP_METHOD_POST);
}

static enum MHD_Result request_is_whole(struct http_request *r)
{
	struct http *h = r->http;

	if (r->refused)
		refuse(r, r->refused);
	else if (!is_served(r->method))
		refuse(r, MHD_HTTP_METHOD_NOT_ALLOWED);
	else
		h->handler.handle(h->handler.self, r);
	if (r->over)
		return MHD_NO;
	if (r->response)
		return send_answer(r);
	watch(r);
	MHD_suspend_connection(r->connection);
	return MHD_YES;
}

static enum MHD_Result on_request(void *self, struct MHD_Connection *c,
				  const char *path, const char *method,
				  const char *version, const char *data,
				  size_t *n, void **state)
{
	struct http_request *r = *state;
	size_t came = *n;

	(void)version;
	if (!r)
		return request_came(self, c, method, path, state);
	if (came) {
		*n = 0;
		return body_came(r, data, came);
	}
	if (r->over)
		return MHD_NO;
	return r->response ? send_answer(r) : request_is_whole(r);
}

/* Paths are compared as they came: a %00 is three characters. */
static size_t leave_escaped(void *self, struct MHD_Connection *c, char *s)
{
	(void)self;
	(void)c;
	return strlen(s);
}

/* ---- the server ---- */

__attribute__((format(printf, 2, 0))) static void
on_log(void *self, const char *fmt, va_list ap)
{
	struct http *h = self;

	if (!h->daemon && !h->said[0])
		vsnprintf(h->said, sizeof(h->said), fmt, ap);
}

static int start(struct http *h, const struct http_settings *s, struct err *e)
{
	const bool tls = h->key.p;
	const struct MHD_OptionItem options[] = {
		{ MHD_OPTION_CONNECTION_LIMIT, (intptr_t)s->connections, NULL },
		{ MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL, NULL },
		{ MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)leave_escaped, h },
		{ MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_peer, h },
		{ MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, h },
		{ tls ? MHD_OPTION_HTTPS_MEM_KEY : MHD_OPTION_END, 0,
		  (void *)h->key.p },
		{ MHD_OPTION_HTTPS_MEM_CERT, 0,
		  (void *)h->certificate.p },
		{ MHD_OPTION_END, 0, NULL },
	};
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
			 MHD_USE_ERROR_LOG | (tls ? MHD_USE_TLS : 0);
	int fd, r = http_listen(s->listen, &fd, &h->port, e);

	if (r)
		return r;
	h->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, h,
				     MHD_OPTION_EXTERNAL_LOGGER, on_log, h,
				     MHD_OPTION_LISTEN_SOCKET, fd,
				     MHD_OPTION_ARRAY, options, MHD_OPTION_END);
	if (h->daemon)
		return 0;
	close(fd);
	h->said[strcspn(h->said, "\n")] = '\0';
	if (tls)
		return err_set(e, -EINVAL,
			       "%s and %s cannot be used for TLS: %s",
			       s->certificate, s->key, h->said);
	return err_set(e, -EIO, "the HTTP server did not start: %s", h->said);
}

static int open_poll(struct http *h, struct err *e)
{
	const union MHD_DaemonInfo *i =
		MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	struct epoll_event event = { .events = EPOLLIN };

	h->poll = epoll_create1(EPOLL_CLOEXEC);
	if (!i || h->poll < 0 ||
	    epoll_ctl(h->poll, EPOLL_CTL_ADD, i->epoll_fd, &event))
		return err_sys(e, errno ? -errno : -EIO, "epoll for HTTP");
	return 0;
}

int http_open(const struct http_settings *s, const struct http_handler *h,
	      struct http **ret, struct err *e)
{
	struct http *new = calloc(1, sizeof(*new));
	int r = new ? http_fault(s, e) : err_sys(e, -ENOMEM, "HTTP");

	if (!new)
		return r;
	new->handler = *h;
	new->poll = -1;
	new->body = (uint64_t)s->body;
	new->timeout = s->timeout ? s->timeout : TIMEOUT_MS;
	if (!r)
		r = http_token_open(&new->token, s->token_file, e);
	if (!r && s->key)
		r = http_read_secret(s->key, &new->key, e);
	if (!r && s->certificate)
		r = file_read(s->certificate, CERTIFICATE_MAX,
			      &new->certificate, e);
	if (!r)
		r = start(new, s, e);
	if (!r)
		r = open_poll(new, e);
	if (r) {
		http_free(new);
		return r;
	}
	*ret = new;
	return 0;
}

/* The daemon must not be stopped while it has suspended connections. */
static void stop(struct http *h)
{
	for (struct peer *p = h->peers; p; p = p->next)
		if (p->request) {
			p->request->over = true;
			resume(p->request);
		}
	MHD_run(h->daemon);
	MHD_run(h->daemon);
	MHD_stop_daemon(h->daemon);
}

void http_free(struct http *h)
{
	if (!h)
		return;
	if (h->daemon)
		stop(h);
	if (h->poll >= 0)
		close(h->poll);
	if (h->key.p)
		memset((char *)h->key.p, 0, h->key.n);
	free((char *)h->key.p);
	free((char *)h->certificate.p);
	free(h);
}

int http_port(const struct http *h)
{
	return h ? h->port : -1;
}

int http_fd(const struct http *h)
{
	return h ? h->poll : -1;
}

int64_t http_pause(const struct http *h)
{
	unsigned long long own;
	int64_t next = INT64_MAX, left;

	if (!h)
		return -1;
	if (h->due)
		return 0;
	for (const struct peer *p = h->peers; p; p = p->next)
		next = p->deadline < next ? p->deadline : next;
	left = next == INT64_MAX ? -1 : next - clock_ms();
	if (next != INT64_MAX && left < 0)
		left = 0;
	if (MHD_get_timeout(h->daemon, &own) == MHD_YES &&
	    (left < 0 || (int64_t)own < left))
		left = (int64_t)own;
	return left;
}

int http_turn(struct http *h, struct err *e)
{
	if (!h)
		return 0;
	see_who_left(h);
	cut_late_peers(h, clock_ms());
	h->due = false;
	if (MHD_run(h->daemon) != MHD_YES)
		return err_set(e, -EIO, "the HTTP server failed");
	return 0;
}

void http_quiesce(struct http *h)
{
	int fd = h ? MHD_quiesce_daemon(h->daemon) : -1;

	if (fd >= 0)
		close(fd);
}

/* ---- for handlers ---- */

struct http_view http_look(const struct http_request *r)
{
	return (struct http_view){ .method = r->method,
				   .path = r->path,
				   .body = buf_view(&r->body),
				   .authorised = r->authorised };
}

const char *http_header(const struct http_request *r, const char *name)
{
	return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND,
					   name);
}

int http_set(struct http_request *r, const char *name, const char *value)
{
	size_t n = strlen(name) + 1, m = strlen(value) + 1;
	struct header *h = malloc(sizeof(*h) + n + m);

	if (!h)
		return -ENOMEM;
	h->value = h->name + n;
	memcpy(h->name, name, n);
	memcpy(h->value, value, m);
	h->next = r->headers;
	r->headers = h;
	return 0;
}

/* Without memory for it, its peer is cut off and will ask again. */
void http_answer(struct http_request *r, int status, const char *type,
		 struct str body)
{
	r->status = (unsigned)status;
	r->response = MHD_create_response_from_buffer(
		body.n, (char *)body.p, MHD_RESPMEM_MUST_COPY);
	if (!r->response)
		r->over = true;
	else if (type)
		MHD_add_response_header(r->response,
					MHD_HTTP_HEADER_CONTENT_TYPE, type);
	resume(r);
}
