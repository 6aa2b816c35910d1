#include "ingest/web_transfer.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "ingest/address.h"

enum {
	EVENTS = 64, /* descriptors of one turn */
	/* Slower than this for so long is as good as silent. */
	SLOW_BYTES = 64, /* a second */
	SLOW_SECONDS = 30,
	IDLE_SECONDS = 60, /* a connection is kept for the next request */
};

struct web_transfers {
	CURLM *multi;
	const struct web_settings *settings;
	int fd;	     /* epoll, of curl's descriptors */
	int64_t due; /* curl's timer by clock_ms(); -1: none */
	int error;   /* of a callback */
};

struct web_transfer {
	struct web_transfers *t;
	CURL *curl;
	struct curl_slist *headers;
	struct web_head head;
	struct buf body;
	void *owner;
	bool cut;
	/* Why we ended it ourselves. */
	bool too_long, head_too_long, no_memory;
	char refused[INET6_ADDRSTRLEN]; /* this address, or "" */
	CURLcode code;
	char error[CURL_ERROR_SIZE];
	char why[512];
};

/* Descriptors and time. */

static int watch(CURL *curl, curl_socket_t fd, int what, void *self,
		 void *known)
{
	struct web_transfers *t = self;
	struct epoll_event ev = { .data.fd = fd };

	(void)curl;
	if (what == CURL_POLL_REMOVE) { /* a closed one has gone by itself */
		epoll_ctl(t->fd, EPOLL_CTL_DEL, fd, &ev);
		return 0;
	}
	if (what & CURL_POLL_IN)
		ev.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		ev.events |= EPOLLOUT;
	if (!epoll_ctl(t->fd, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &ev))
		return curl_multi_assign(t->multi, fd, t) ? -1 : 0;
	/* A number that was closed and used again before curl said so. */
	if (epoll_ctl(t->fd, known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &ev))
		t->error = -errno;
	return t->error ? -1 : 0;
}

static int set_timer(CURLM *multi, long ms, void *self)
{
	struct web_transfers *t = self;

	(void)multi;
	t->due = ms < 0 ? -1 : clock_ms() + ms;
	return 0;
}

int web_transfers_fd(const struct web_transfers *t)
{
	return t->fd;
}

int64_t web_transfers_pause(const struct web_transfers *t)
{
	int64_t left = t->due - clock_ms();

	if (t->due < 0)
		return -1;
	return left > 0 ? left : 0;
}

static int act(struct web_transfers *t, curl_socket_t fd, int what,
	       struct err *e)
{
	int running;
	CURLMcode code = curl_multi_socket_action(t->multi, fd, what,
						  &running);

	if (t->error)
		return err_sys(e, t->error, "epoll_ctl");
	/* One that another event of this turn has closed is nothing. */
	if (code && code != CURLM_BAD_SOCKET)
		return err_set(e, code == CURLM_OUT_OF_MEMORY ? -ENOMEM : -EIO,
			       "libcurl: %s", curl_multi_strerror(code));
	return 0;
}

static int what_happened(uint32_t events)
{
	int what = 0;

	if (events & EPOLLIN)
		what |= CURL_CSELECT_IN;
	if (events & EPOLLOUT)
		what |= CURL_CSELECT_OUT;
	if (events & (EPOLLERR | EPOLLHUP))
		what |= CURL_CSELECT_ERR;
	return what;
}

int web_transfers_turn(struct web_transfers *t, struct err *e)
{
	struct epoll_event ev[EVENTS];
	int n = epoll_wait(t->fd, ev, EVENTS, 0), r = 0;

	for (int i = 0; !r && i < n; i++)
		r = act(t, ev[i].data.fd, what_happened(ev[i].events), e);
	if (!r && t->due >= 0 && clock_ms() >= t->due) {
		t->due = -1;
		r = act(t, CURL_SOCKET_TIMEOUT, 0, e);
	}
	return r;
}

struct web_transfer *web_transfers_over(struct web_transfers *t)
{
	struct web_transfer *x = NULL;
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(t->multi, &left))) {
		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &x);
		x->code = m->data.result;
		break;
	}
	return x;
}

/* Opening. */

static int check_ca(const char *path, struct err *e)
{
	if (path && access(path, R_OK))
		return err_set(e, -EINVAL, "web.ca_file: %s: %s", path,
			       strerror(errno));
	return 0;
}

static int set_multi(struct web_transfers *t)
{
	CURLM *m = t->multi;
	long most = (long)t->settings->connections;

	if (curl_multi_setopt(m, CURLMOPT_SOCKETFUNCTION, watch) ||
	    curl_multi_setopt(m, CURLMOPT_SOCKETDATA, t) ||
	    curl_multi_setopt(m, CURLMOPT_TIMERFUNCTION, set_timer) ||
	    curl_multi_setopt(m, CURLMOPT_TIMERDATA, t) ||
	    curl_multi_setopt(m, CURLMOPT_MAXCONNECTS, most))
		return -ENOMEM;
	return 0;
}

int web_transfers_open(const struct web_settings *s,
		       struct web_transfers **ret, struct err *e)
{
	struct web_transfers *t = calloc(1, sizeof(*t));
	int r = check_ca(s->ca_file, e);

	if (r || !t) {
		free(t);
		return r ? r : -ENOMEM;
	}
	t->settings = s;
	t->due = -1;
	t->fd = epoll_create1(EPOLL_CLOEXEC);
	if (t->fd < 0)
		r = err_sys(e, -errno, "epoll_create1");
	if (curl_global_init(CURL_GLOBAL_DEFAULT) && !r)
		r = -ENOMEM;
	t->multi = r ? NULL : curl_multi_init();
	if (!r)
		r = t->multi ? set_multi(t) : -ENOMEM;
	if (r) {
		web_transfers_free(t);
		return r;
	}
	*ret = t;
	return 0;
}

void web_transfers_free(struct web_transfers *t)
{
	if (!t)
		return;
	if (t->multi)
		curl_multi_cleanup(t->multi);
	if (t->fd >= 0)
		close(t->fd);
	curl_global_cleanup();
	free(t);
}

/* What comes in. */

static bool is_public(const struct sockaddr *sa, char written[])
{
	const struct sockaddr_in *v4 = (const void *)sa;
	const struct sockaddr_in6 *v6 = (const void *)sa;
	unsigned char ip[16];

	if (sa->sa_family == AF_INET) {
		inet_ntop(AF_INET, &v4->sin_addr, written, INET6_ADDRSTRLEN);
		memcpy(ip, &v4->sin_addr, 4);
		return address_public_v4(ip);
	}
	inet_ntop(AF_INET6, &v6->sin6_addr, written, INET6_ADDRSTRLEN);
	memcpy(ip, &v6->sin6_addr, 16);
	return address_public_v6(ip);
}

/* Here, and not when a name is looked up: this is the address that is connected
 * to, and a name may have another one a moment later. */
static curl_socket_t open_socket(void *self, curlsocktype purpose,
				 struct curl_sockaddr *to)
{
	struct web_transfer *x = self;
	char written[INET6_ADDRSTRLEN] = "";

	(void)purpose;
	if (to->family != AF_INET && to->family != AF_INET6)
		return CURL_SOCKET_BAD;
	if (!x->t->settings->private && !is_public(&to->addr, written)) {
		memcpy(x->refused, written, sizeof(written));
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static bool take_line(struct web_transfer *x, const void *p, size_t n)
{
	int r = web_head_line(&x->head, (struct str){ p, n });

	x->head_too_long = r == -EMSGSIZE;
	x->no_memory = r == -ENOMEM;
	return !r;
}

static size_t hear_head(char *p, size_t one, size_t n, void *self)
{
	(void)one;
	return take_line(self, p, n) ? n : 0;
}

static size_t hear_body(char *p, size_t one, size_t n, void *self)
{
	struct web_transfer *x = self;
	size_t room = x->body.max - x->body.n;

	(void)one;
	x->too_long = n > room;
	if (x->too_long && !x->cut)
		return 0;
	buf_add(&x->body, p, x->too_long ? room : n);
	x->no_memory = buf_error(&x->body) != 0;
	return x->too_long || x->no_memory ? 0 : n;
}

/* What goes out. */

static int add_header(struct web_transfer *x, const char *name,
		      const char *value)
{
	size_t n = strlen(name) + (value ? strlen(value) : 0) + 1;
	struct curl_slist *longer;
	char *line;

	if (!value || !value[0] || !web_head_is_clean(str_of(value)))
		return 0;
	line = malloc(n);
	if (!line)
		return -ENOMEM;
	snprintf(line, n, "%s%s", name, value);
	longer = curl_slist_append(x->headers, line);
	free(line);
	if (!longer)
		return -ENOMEM;
	x->headers = longer;
	return 0;
}

static int add_headers(struct web_transfer *x, const struct web_ask *ask)
{
	const char *agent = ask->agent ? ask->agent : x->t->settings->agent;
	bool clean = agent && agent[0] && web_head_is_clean(str_of(agent));
	int r = add_header(x, "User-Agent: ", clean ? agent : WEB_AGENT);

	if (!r)
		r = add_header(x, "Accept: ", ask->accept);
	if (!r)
		r = add_header(x, "If-None-Match: ", ask->etag);
	if (!r)
		r = add_header(x, "If-Modified-Since: ", ask->last_modified);
	return r;
}

#define SET(option, value)                                            \
	do {                                                          \
		if (!code)                                            \
			code = curl_easy_setopt(x->curl, option, value); \
	} while (0)

static CURLcode set_hearing(struct web_transfer *x)
{
	CURLcode code = CURLE_OK;

	SET(CURLOPT_PRIVATE, x);
	SET(CURLOPT_ERRORBUFFER, x->error);
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_OPENSOCKETDATA, x);
	SET(CURLOPT_HEADERFUNCTION, hear_head);
	SET(CURLOPT_HEADERDATA, x);
	SET(CURLOPT_WRITEFUNCTION, hear_body);
	SET(CURLOPT_WRITEDATA, x);
	return code;
}

/* A proxy would connect where we cannot look, so that the environment's are
 * not used. QUICK_EXIT: who gives up on a name does not wait for the thread
 * that looks it up, which would keep us all as long as a dead resolver takes;
 * the thread cleans up behind itself. */
static CURLcode set_rules(struct web_transfer *x)
{
	const struct web_settings *s = x->t->settings;
	CURLcode code = CURLE_OK;

	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_QUICK_EXIT, 1L);
	SET(CURLOPT_ACCEPT_ENCODING, "");
	SET(CURLOPT_TIMEOUT_MS, (long)s->timeout);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)s->timeout);
	SET(CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
	SET(CURLOPT_LOW_SPEED_TIME, (long)SLOW_SECONDS);
	SET(CURLOPT_MAXAGE_CONN, (long)IDLE_SECONDS);
	if (s->ca_file) {
		SET(CURLOPT_CAINFO, s->ca_file);
		SET(CURLOPT_CAPATH, NULL);
	}
	return code;
}

static CURLcode set_ask(struct web_transfer *x, const struct web_ask *ask)
{
	CURLcode code = CURLE_OK;

	SET(CURLOPT_URL, ask->url->text);
	SET(CURLOPT_HTTPHEADER, x->headers);
	if (!ask->cut)
		SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)ask->body);
	if (ask->url->user) {
		SET(CURLOPT_USERNAME, ask->url->user);
		SET(CURLOPT_PASSWORD,
		    ask->url->password ? ask->url->password : "");
	}
	return code;
}
#undef SET

static int set_up(struct web_transfer *x, const struct web_ask *ask)
{
	int r = add_headers(x, ask);

	if (r)
		return r;
	x->curl = curl_easy_init();
	if (!x->curl || set_hearing(x) || set_rules(x) || set_ask(x, ask))
		return -ENOMEM;
	return curl_multi_add_handle(x->t->multi, x->curl) ? -ENOMEM : 0;
}

int web_transfer_start(struct web_transfers *t, const struct web_ask *ask,
		       struct web_transfer **ret)
{
	struct web_transfer *x = calloc(1, sizeof(*x));
	int r;

	if (!x)
		return -ENOMEM;
	x->t = t;
	x->owner = ask->owner;
	x->cut = ask->cut;
	buf_init(&x->body, ask->body);
	web_head_init(&x->head);
	r = set_up(x, ask);
	if (r) {
		web_transfer_free(x);
		return r;
	}
	*ret = x;
	return 0;
}

void web_transfer_free(struct web_transfer *x)
{
	if (!x)
		return;
	if (x->curl) {
		curl_multi_remove_handle(x->t->multi, x->curl);
		curl_easy_cleanup(x->curl);
	}
	curl_slist_free_all(x->headers);
	web_head_done(&x->head);
	buf_done(&x->body);
	free(x);
}

void *web_transfer_owner(const struct web_transfer *x)
{
	return x->owner;
}

/* What became of it. */

static enum web_result say(struct web_transfer *x, enum web_result result,
			   const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static enum web_result say(struct web_transfer *x, enum web_result result,
			   const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(x->why, sizeof(x->why), fmt, args);
	va_end(args);
	return result;
}

/* Our own rules, and what we lack. */
static enum web_result judge_ours(struct web_transfer *x)
{
	if (x->no_memory)
		return say(x, WEB_FAILED, "there is no memory for its answer");
	if (x->head_too_long)
		return say(x, WEB_REFUSED,
			   "the head of its answer is over %d bytes long",
			   WEB_HEAD_MAX);
	if (x->too_long && x->cut)
		return WEB_ANSWER;
	if (x->too_long || x->code == CURLE_FILESIZE_EXCEEDED)
		return say(x, WEB_REFUSED,
			   "it is over %zu bytes long; web.body is the limit",
			   x->body.max);
	return say(x, WEB_REFUSED,
		   "it is at %s, which is not a public address; where that is "
		   "meant, a configuration with ingest.web.private: true "
		   "allows it",
		   x->refused);
}

static enum web_result judge_theirs(struct web_transfer *x)
{
	const char *why = x->error[0] ? x->error : curl_easy_strerror(x->code);

	switch (x->code) {
	case CURLE_OPERATION_TIMEDOUT:
		return say(x, WEB_FAILED,
			   "no whole answer within %lld ms (%zu bytes came); "
			   "web.timeout is the limit",
			   (long long)x->t->settings->timeout, x->body.n);
	case CURLE_PEER_FAILED_VERIFICATION:
		return say(x, WEB_FAILED,
			   "its certificate is not to be trusted: %s; "
			   "web.ca_file names authorities of one's own",
			   why);
	case CURLE_BAD_CONTENT_ENCODING:
		return say(x, WEB_FAILED, "its body cannot be decompressed: %s",
			   why);
	case CURLE_PARTIAL_FILE:
		return say(x, WEB_FAILED,
			   "the connection ended before its answer did: %s",
			   why);
	default:
		return say(x, WEB_FAILED, "%s", why);
	}
}

static enum web_result judge(struct web_transfer *x)
{
	bool refused = x->refused[0] && x->code == CURLE_COULDNT_CONNECT;

	if (x->code == CURLE_OK)
		return WEB_ANSWER;
	if (x->no_memory || x->head_too_long || x->too_long || refused ||
	    x->code == CURLE_FILESIZE_EXCEEDED)
		return judge_ours(x);
	return judge_theirs(x);
}

void web_transfer_got(struct web_transfer *x, struct web_got *ret)
{
	long status = 0;

	curl_easy_getinfo(x->curl, CURLINFO_RESPONSE_CODE, &status);
	ret->result = judge(x);
	ret->status = ret->result == WEB_ANSWER ? (int)status : 0;
	ret->head = &x->head;
	ret->body = buf_view(&x->body);
	ret->why = ret->result == WEB_ANSWER ? NULL : x->why;
}
