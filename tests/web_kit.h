/* web_kit.h -- struct web against a lying server: for the tests of fetching. */
#ifndef VIGIE_WEB_KIT_H
#define VIGIE_WEB_KIT_H

#include <poll.h>
#include <strings.h>

#include "base/clock.h"
#include "ingest/web.h"
#include "tests/lying_server.h"

/* One server, one struct web, and the answers in the order in which they came:
 * each test has a process of its own. */

enum { ANSWERS = 64 };

struct told {
	struct web_answer a;
	char *body, *url, *moved, *type, *etag, *last_modified, *sentence;
};

static struct lying_server server;
static struct web *web;
static const struct web_request page = { .robots = true };
static struct told told[ANSWERS];
static int n_told;
static struct err e;

static struct web_settings settings = {
	.body = 100000,
	.timeout = 10000,
	.connections = 8,
	.private = true,
	.robots = true,
};

static inline char *copy(const char *s)
{
	return s ? strdup(s) : NULL;
}

static inline void done(void *self, const struct web_answer *a)
{
	struct told *t = &told[n_told];

	(void)self;
	ck_assert_int_lt(n_told, ANSWERS);
	t->a = *a;
	t->body = strndup(a->body.n ? a->body.p : "", a->body.n);
	t->url = copy(a->url);
	t->moved = copy(a->moved);
	t->type = copy(a->type);
	t->etag = copy(a->etag);
	t->last_modified = copy(a->last_modified);
	t->sentence = copy(a->sentence);
	n_told++;
}

static inline void open_web(void)
{
	ck_assert_msg(web_open(&settings, &web, &e) == 0, "%s", e.text);
}

static inline void begin(void)
{
	lying_server_start(&server, NULL, NULL);
	open_web();
}

static inline void forget(void)
{
	for (int i = 0; i < n_told; i++) {
		free(told[i].body);
		free(told[i].url);
		free(told[i].moved);
		free(told[i].type);
		free(told[i].etag);
		free(told[i].last_modified);
		free(told[i].sentence);
	}
	n_told = 0;
}

static inline void end(void)
{
	web_free(web);
	forget();
	lying_server_stop(&server);
}

/* "/path" is one at the server, "2/path" at its second address. */
static inline const char *url_of(const char *path)
{
	static char url[20000];
	int host = path[0] == '/' ? 1 : path[0] - '0';

	if (host < 1 || host > 3)
		return path;
	snprintf(url, sizeof(url), "http://127.0.0.%d:%d%s", host, server.port,
		 strchr(path, '/'));
	return url;
}

static inline struct web_job *ask_for(struct web_request q, const char *path)
{
	struct web_job *job = NULL;

	q.url = url_of(path);
	q.done = done;
	ck_assert_int_eq(web_get(web, &q, &job), 0);
	return job;
}

static inline struct web_job *ask(const char *path)
{
	return ask_for((struct web_request){ 0 }, path);
}

static inline void turn(void)
{
	int64_t pause = web_pause(web);
	struct pollfd p = { .fd = web_fd(web), .events = POLLIN };

	ck_assert_int_ge(poll(&p, 1, pause < 0 || pause > 20000
					     ? 20000
					     : (int)pause),
			 0);
	ck_assert_msg(web_turn(web, &e) == 0, "%s", e.text);
}

/* Until n answers are there. */
static inline const struct told *wait_for(int n)
{
	int64_t until = clock_ms() + 30000;

	while (n_told < n) {
		ck_assert_int_lt(clock_ms(), until);
		turn();
	}
	return &told[n - 1];
}

static inline const struct told *fetch_with(struct web_request q, const char *path)
{
	ask_for(q, path);
	return wait_for(n_told + 1);
}

static inline const struct told *fetch(const char *path)
{
	return fetch_with((struct web_request){ 0 }, path);
}

static inline void is(const struct told *t, enum web_result result, const char *said)
{
	ck_assert_msg(t->a.result == result, "%d: %s", t->a.result,
		      t->sentence ? t->sentence : t->body);
	ck_assert_msg(!said || (t->sentence && strstr(t->sentence, said)),
		      "%s", t->sentence);
	ck_assert_int_eq(t->sentence != NULL,
			 result != WEB_ANSWER || t->a.status >= 400);
	ck_assert(result == WEB_ANSWER || (!t->a.status && !t->a.body.n));
}

/* An answer with this status and body (NULL: any). */
static inline void answers(const struct told *t, int status, const char *body)
{
	is(t, WEB_ANSWER, NULL);
	ck_assert_int_eq(t->a.status, status);
	if (body)
		ck_assert_str_eq(t->body, body);
}

/* Requests that came so far. */
static inline size_t requests(void)
{
	json_t *log = lying_server_log(&server);
	size_t n = json_array_size(log);

	json_decref(log);
	return n;
}

static inline void sent(int i, const char *header, const char *value)
{
	json_t *log = lying_server_log(&server);
	const char *was = lying_server_header(log, i, header);

	if (value)
		ck_assert_msg(was && !strcmp(was, value), "%s: %s", header,
			      was ? was : "(none)");
	else
		ck_assert_msg(!was, "%s: %s", header, was);
	json_decref(log);
}

/* What the log says of request i. */
static inline int64_t number(const json_t *log, size_t i, const char *name)
{
	return json_integer_value(
		json_object_get(json_array_get(log, i), name));
}

/* TLS. */

static char cert[CHECK_PATH_MAX], key[CHECK_PATH_MAX];
static char certs[CHECK_PATH_MAX];

static inline void begin_tls(bool trusted)
{
	char line[4 * CHECK_PATH_MAX];

	check_folder(certs);
	snprintf(cert, sizeof(cert), "%s/cert", certs);
	snprintf(key, sizeof(key), "%s/key", certs);
	snprintf(line, sizeof(line),
		 "openssl req -x509 -newkey ec -pkeyopt "
		 "ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=x "
		 "-addext subjectAltName=IP:127.0.0.1 -keyout '%s' -out '%s' "
		 "2>/dev/null",
		 key, cert);
	ck_assert_int_eq(system(line), 0);
	lying_server_start(&server, cert, key);
	settings.ca_file = trusted ? cert : NULL;
	open_web();
}

static inline const char *https(const char *path)
{
	static char url[512];

	snprintf(url, sizeof(url), "https://127.0.0.%d:%d%s",
		 path[0] == '/' ? 1 : path[0] - '0', server.port,
		 strchr(path, '/'));
	return url;
}

#endif
