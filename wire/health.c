#include "wire/health.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/process.h"
#include "base/service.h"

enum {
	STALLED_MS = 60000,
	PAGE_MAX = 16 << 20,
	WHY_MAX = 256,
};

static const char as_text[] = "text/plain; charset=utf-8";
static const char as_json[] = "application/json";
static const char as_metrics[] = "text/plain; version=0.0.4; charset=utf-8";

struct health {
	struct health_settings set;
	struct http_settings http_set;
	char listen[128];
	struct http *http;
	char why_not[WHY_MAX]; /* "": ready */
	struct buf page;
};

static void say(struct health *h, struct http_request *r, int status,
		const char *sentence)
{
	buf_clear(&h->page);
	buf_printf(&h->page, "%s\n", sentence);
	http_answer(r, status, as_text, buf_view(&h->page));
}

/* As an object with "error": who asks is a program that expected JSON. */
static void refuse(struct health *h, struct http_request *r, int status,
		   const char *sentence)
{
	buf_clear(&h->page);
	buf_add_z(&h->page, "{\"error\":");
	json_add_text(&h->page, str_of(sentence));
	buf_add_z(&h->page, "}\n");
	http_answer(r, status, as_json, buf_view(&h->page));
}

static void livez(struct health *h, struct http_request *r)
{
	int64_t ms = service_stalled_ms();
	char why[96];

	if (ms <= STALLED_MS) {
		say(h, r, 200, "alive");
		return;
	}
	snprintf(why, sizeof(why), "it has not got on for %lld seconds",
		 (long long)(ms / 1000));
	say(h, r, 503, why);
}

static void readyz(struct health *h, struct http_request *r)
{
	if (h->why_not[0])
		say(h, r, 503, h->why_not);
	else
		say(h, r, 200, "ready");
}

static void show_metrics(struct health *h, struct http_request *r)
{
	if (!http_look(r).authorised) {
		http_set(r, "WWW-Authenticate", "Bearer");
		refuse(h, r, 401,
		       "/metrics asks for the token (Authorization: Bearer …)");
		return;
	}
	process_metrics(h->set.metrics);
	if (h->set.refresh)
		h->set.refresh(h->set.self);
	buf_clear(&h->page);
	metrics_write(h->set.metrics, &h->page);
	if (buf_error(&h->page))
		refuse(h, r, 500, "no memory for the metrics");
	else
		http_answer(r, 200, as_metrics, buf_view(&h->page));
}

static const struct page {
	const char *path;
	void (*show)(struct health *h, struct http_request *r);
} pages[] = {
	{ "/livez", livez },
	{ "/readyz", readyz },
	{ "/metrics", show_metrics },
};

static const struct page *find_page(const char *path)
{
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++)
		if (!strcmp(pages[i].path, path))
			return &pages[i];
	return NULL;
}

static void handle(void *self, struct http_request *r)
{
	struct health *h = self;
	const struct http_handler *rest = h->set.rest;
	struct http_view v = http_look(r);
	const struct page *page = find_page(v.path);

	if (!page && rest) {
		rest->handle(rest->self, r);
	} else if (!page) {
		refuse(h, r, 404,
		       "nothing is here; there are /livez, /readyz and "
		       "/metrics");
	} else if (strcmp(v.method, "GET") && strcmp(v.method, "HEAD")) {
		http_set(r, "Allow", "GET, HEAD");
		refuse(h, r, 405, "this page is read by GET or HEAD");
	} else {
		page->show(h, r); /* the server leaves out a HEAD's body */
	}
}

/* All but what was handed on is answered at once. */
static void gone(void *self, struct http_request *r)
{
	const struct http_handler *rest = ((struct health *)self)->set.rest;

	if (rest && rest->gone)
		rest->gone(rest->self, r);
}

/* What is no address and port is left to http_open() to judge. */
static int shift_port(struct health *h, int number, struct err *e)
{
	const char *listen = h->set.http->listen;
	const char *colon = strrchr(listen, ':');
	long port = colon ? strtol(colon + 1, NULL, 10) : 0;

	h->http_set = *h->set.http;
	if (!number || port <= 0)
		return 0;
	if (port + number > 65535)
		return err_set(e, -EINVAL,
			       "%s: no port is left for daemon %d", listen,
			       number + 1);
	snprintf(h->listen, sizeof(h->listen), "%.*s:%ld",
		 (int)(colon - listen), listen, port + number);
	h->http_set.listen = h->listen;
	return 0;
}

int health_open(const struct health_settings *s, struct health **ret,
		struct err *e)
{
	struct http_handler handler = { .handle = handle, .gone = gone };
	struct health *h;
	int r;

	*ret = NULL;
	if (!s->http->listen)
		return 0;
	h = calloc(1, sizeof(*h));
	if (!h)
		return err_sys(e, -ENOMEM, "health");
	h->set = *s;
	buf_init(&h->page, PAGE_MAX);
	health_ready(h, "starting");
	process_metrics(s->metrics);
	handler.self = h;
	r = shift_port(h, s->number, e);
	if (!r)
		r = http_open(&h->http_set, &handler, &h->http, e);
	if (r) {
		health_free(h);
		return r;
	}
	*ret = h;
	return 0;
}

void health_free(struct health *h)
{
	if (!h)
		return;
	if (h->http)
		http_free(h->http);
	buf_done(&h->page);
	free(h);
}

void health_ready(struct health *h, const char *why_not)
{
	if (h)
		snprintf(h->why_not, sizeof(h->why_not), "%s",
			 why_not ? why_not : "");
}

int health_fd(const struct health *h)
{
	return h ? http_fd(h->http) : -1;
}

int64_t health_pause(const struct health *h)
{
	return h ? http_pause(h->http) : -1;
}

int health_turn(struct health *h, struct err *e)
{
	return h ? http_turn(h->http, e) : 0;
}

void health_quiesce(struct health *h)
{
	if (h)
		http_quiesce(h->http);
}
