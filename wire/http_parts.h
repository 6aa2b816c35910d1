/* http_parts.h -- what http.c takes from its settings, and other small parts of
 * it. The token file is also read by the client, commands/pusher_http.c. */
#ifndef VIGIE_HTTP_PARTS_H
#define VIGIE_HTTP_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"
#include "wire/http.h"

/* The first fault of the settings, as http_check() says them: 0 or -EINVAL
 * with the sentence. */
int http_fault(const struct http_settings *s, struct err *e);
/* A listening socket that does not block, for "127.0.0.1:9470"; *port is the
 * one it got. Returns 0 or -errno with the sentence. */
int http_listen(const char *address, int *fd, int *port, struct err *e);
/* A file that is for its owner's eyes only: a regular one, 0600 or stricter.
 * The caller frees ret->p, which has a NUL behind its end. 0; -EACCES; other
 * -errno: with the sentence. */
int http_read_secret(const char *path, struct str *ret, struct err *e);
/* The one line of a token file, into `token` (of at least HTTP_TOKEN_MAX + 1
 * bytes). */
enum { HTTP_TOKEN_MAX = 1024 };
int http_read_token(const char *path, char *token, struct err *e);

/* Who may ask: all where there is no file, else who bears its token. */
struct http_token {
	bool asked;
	unsigned char digest[HASH_SHA_SIZE];
};

int http_token_open(struct http_token *t, const char *path, struct err *e);
/* line: the header Authorization, or NULL. */
bool http_token_borne(const struct http_token *t, const char *line);

/* What is refused without asking a handler, as JSON: 405, 413 (bodies are of at
 * most `body` bytes) or 503. */
#define HTTP_RETRY_AFTER "2"
enum { HTTP_REFUSAL_MAX = 160 };
struct str http_refusal(int status, uint64_t body,
			char text[HTTP_REFUSAL_MAX]);

#endif
