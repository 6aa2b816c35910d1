/* web.h -- what is fetched from the web: many requests at once, politely. The
 * only place of the room that knows libcurl. No thread of ours: its descriptor
 * is waited for with the room's, and web_turn() does what is due.
 *
 *  - http and https only, also after a redirect; certificates are verified
 *  - an address that is not public (loopback, private, link-local, metadata
 *    services, IPv4 in IPv6 …) is refused when it is connected to, whatever
 *    name led there, unless web.private allows it
 *  - one connection a host at a time, and a gap between two requests
 *  - a host that said 429 or 503 is left alone as long as it asks
 *  - bodies are bounded after they are decoded (gzip, br, deflate) */
#ifndef VIGIE_WEB_H
#define VIGIE_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/err.h"
#include "base/str.h"

struct web_settings {
	const char *agent;	/* User-Agent; NULL: vigie/VERSION */
	int64_t body;		/* bytes of one answer, at most */
	int64_t timeout;	/* milliseconds for one answer */
	int64_t gap;		/* milliseconds between two requests to a host */
	int64_t connections;	/* at once */
	bool private;		/* addresses that are not public, too */
	bool robots;		/* pages only where robots.txt allows */
	const char *ca_file;	/* PEM; NULL: the system's */
	/* Of polling (poll.h, schedule.h), all in milliseconds. */
	int64_t every, at_most; /* between two polls of a feed, at least/most */
};

/* A table for conf.h: the map "web" of ingest. */
extern const struct conf_key web_keys[];

enum web_result {
	WEB_ANSWER,   /* an HTTP answer, of whatever status */
	WEB_REFUSED,  /* by us: scheme, address, too large, robots.txt, …; asking
		       * again will not help */
	WEB_FAILED,   /* network, TLS, timeout: asking again may help */
};

struct web_answer {
	enum web_result result;
	int status;	  /* 200, 304 … */
	struct str body;  /* decoded */
	const char *url;  /* where the answer came from, after redirects */
	/* Where all redirects up to a permanent one (301, 308) at the start
	 * lead: to be asked from now on; NULL: as before. */
	const char *moved;
	const char *type; /* Content-Type, or NULL */
	/* Byte for byte as they came, or NULL. */
	const char *etag, *last_modified;
	int64_t max_age_ms;	/* Cache-Control or Expires; -1: not said */
	int64_t retry_after_ms; /* -1: not said; a date is made a span */
	const char *sentence;	/* not WEB_ANSWER: what happened, with the URL */
};

struct web_request {
	const char *url;
	const char *agent; /* NULL: that of the settings */
	/* Sent as If-None-Match and If-Modified-Since, byte for byte; NULL. */
	const char *etag, *last_modified;
	const char *accept; /* NULL: anything */
	bool robots; /* ask robots.txt of the host first (fetched once a day) */
	/* Called once, from web_turn(); the answer is borrowed for the call. */
	void (*done)(void *self, const struct web_answer *a);
	void *self;
};

struct web;
struct web_job;

/* now: milliseconds since 1970, for Expires and Retry-After dates. */
int web_open(const struct web_settings *s, struct web **ret, struct err *e);
void web_free(struct web *w); /* done() is not called any more */
/* Ask. The request is copied. The job is void once done() was called. 0;
 * -ENOMEM. */
int web_get(struct web *w, const struct web_request *r, struct web_job **ret);
void web_cancel(struct web_job *job); /* done() will not be called */

int web_fd(const struct web *w);	/* to wait on; -1: w is NULL */
int64_t web_pause(const struct web *w); /* ms until web_turn() is due; -1 */
int web_turn(struct web *w, struct err *e);

/* When may this host be asked again, as milliseconds since 1970 (0: now)? Set
 * from what was remembered, and read to be remembered. */
void web_host_set(struct web *w, struct str host, int64_t until_ms);
int64_t web_host_until(const struct web *w, struct str host);

struct web_stats {
	uint64_t requests, answers, not_modified, refused, failed, bytes;
	uint64_t waiting; /* requests that have no connection yet */
};

struct web_stats web_stats(const struct web *w);

#endif
