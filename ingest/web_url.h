/* web_url.h -- an address to fetch, taken apart by libcurl, which connects: so
 * what is checked is what is asked for. Owns its strings. */
#ifndef VIGIE_WEB_URL_H
#define VIGIE_WEB_URL_H

#include <stdbool.h>

#include "base/err.h"

enum { WEB_URL_MAX = 8192 };

struct web_url {
	char *text;   /* absolute, without name, password and fragment */
	char *login;  /* the same with them: not to be told; NULL: none given */
	char *scheme; /* "http" or "https" */
	char *host;   /* lower case, ASCII, no brackets, no final dot */
	char *port;
	char *target; /* path and query */
	char *user, *password; /* as they are, not encoded; NULL */
};

/* ref, absolute or, unless from is NULL, as seen from there. Name and password
 * count in an absolute one that nobody led to; from another they are taken over
 * where the host is the same and it does not go from https to http.
 * 0; STEP_REJECT with the sentence (without password) when it is no web
 * address; -ENOMEM. */
int web_url_parse(const struct web_url *from, const char *ref,
		  struct web_url *ret, struct err *e);
void web_url_done(struct web_url *u);
/* Does it go from https to http? */
bool web_url_is_downgrade(const struct web_url *from,
			  const struct web_url *to);

#endif
