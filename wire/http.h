/* http.h -- the HTTP server of a room: the only place that knows
 * libmicrohttpd. It has no thread: its descriptor is waited for with the
 * room's sockets, and http_turn() does what is due. One thread.
 *
 * Whoever it answers on other than this machine's own addresses must give a
 * token, over TLS or behind a proxy that is stated to be there. */
#ifndef VIGIE_HTTP_H
#define VIGIE_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/err.h"
#include "base/str.h"

struct http_settings {
	const char *listen; /* "127.0.0.1:9470", "[::1]:9470", NULL: none */
	const char *token_file; /* a line that requests must bear; 0600 */
	const char *certificate, *key; /* PEM; both or none; key 0600 */
	bool behind_proxy; /* a reverse proxy does TLS, so listen without */
	int64_t body;	   /* bytes of one request, at most */
	int64_t connections; /* at once */
	int64_t timeout;     /* milliseconds for a client to send its request, or
			      * to take its answer; 0: 30 s */
};

/* A table for conf.h, to be used as a CONF_MAP "http" in each room. */
extern const struct conf_key http_keys[];
/* What the table cannot know, each fault as one sentence through conf_problem()
 * that begins with `room`: an address that is not one; beyond loopback without
 * token_file and (certificate and key, or behind_proxy). */
void http_check(struct conf *c, const char *room,
		const struct http_settings *s);

struct http;
struct http_request;

/* A whole request. Borrowed until it is answered. */
struct http_view {
	const char *method, *path; /* "POST", "/articles" */
	struct str body; /* of a POST that is authorised; else it is not kept */
	bool authorised; /* it bears the token, or none is asked for */
};

struct http_handler {
	/* A request has come whole. Answer it now, or later by the same
	 * pointer: its connection waits. */
	void (*handle)(void *self, struct http_request *r);
	/* Its peer went away (or closed its half of the connection) before it
	 * was answered: the pointer is void. From within http_turn(). */
	void (*gone)(void *self, struct http_request *r);
	void *self;
};

/* Listen. Returns 0; -EADDRINUSE; -EACCES for a key or token file that others
 * can read; -errno: with the sentence. Answered here, as JSON {"error":"…"}: 405
 * for methods other than GET, HEAD and POST, and requests past the caps: 413 a
 * body too large, 431 its headers, 503 when the bodies that all connections
 * hold are more than four times the largest. */
int http_open(const struct http_settings *s, const struct http_handler *h,
	      struct http **ret, struct err *e);
/* What was answered is sent as far as that goes without waiting; who was not
 * answered is cut off, without a call of gone(). */
void http_free(struct http *h);
/* The port it listens on, where port 0 was asked for. */
int http_port(const struct http *h);
int http_fd(const struct http *h); /* to wait on; -1 when h is NULL */
/* Milliseconds until http_turn() is due although nothing came; -1: never. */
int64_t http_pause(const struct http *h);
/* Hear and answer what there is, without waiting. 0 or -errno. */
int http_turn(struct http *h, struct err *e);
/* Take no new connections (a drain); those that are open go on. */
void http_quiesce(struct http *h);

struct http_view http_look(const struct http_request *r);
/* A header of the request ("idempotency-key", any case), or NULL. */
const char *http_header(const struct http_request *r, const char *name);
/* A header for the answer; before http_answer(). 0 or -ENOMEM. */
int http_set(struct http_request *r, const char *name, const char *value);
/* Answer, once; r is void afterwards. 401 with WWW-Authenticate, 405 and the
 * like are the caller's to choose. */
void http_answer(struct http_request *r, int status, const char *type,
		 struct str body);

#endif
