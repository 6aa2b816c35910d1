/* web.h -- what is fetched from the web: many requests at once, politely. Its
 * HTTP is libcurl's, behind web_transfer.h. No thread of ours: its descriptor
 * is waited for with the room's, and web_turn() does what is due.
 *
 *  - http and https only, also after a redirect; certificates are verified
 *  - an address that is not public (loopback, private, link-local, metadata
 *    services, IPv4 in IPv6 …) is refused when it is connected to, whatever
 *    name led there, unless web.private allows it. For the same reason the
 *    proxies that the environment names are not used: a proxy would connect
 *    where we cannot look
 *  - one connection a host at a time, and a gap between two requests, in the
 *    order in which they were made. A host is a name, whatever the port
 *  - a host that said 429 or 503 is left alone as long as it asks (a week at
 *    most), or for ten minutes, then twice as long each time up to a day. A
 *    request to a host that rests is not sent: it fails, with retry_after_ms
 *  - redirects are followed, WEB_HOPS_MAX at most, each with all of the above.
 *    Also from https to http, but then without validators
 *  - a name and password in an address are sent (basic), to the same host and
 *    not from https to http, and never told: not in url, not in a sentence
 *  - bodies are bounded after they are decoded (gzip, br, deflate), heads too
 *  - no cookies */
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
	WEB_FAILED,   /* network, TLS, timeout, a host that rests: asking again
		       * may help */
};

struct web_answer {
	enum web_result result;
	int status;	  /* 200, 304 (only if asked), 410 …; else 0 */
	struct str body;  /* decoded */
	/* Where the answer came from, after redirects; without name, password
	 * and fragment. When there is none, where it was sought last. */
	const char *url;
	/* Where the permanent redirects (301, 308) lead that came before any
	 * other: to be asked from now on; NULL: as before. Never from https to
	 * http. With name and password if they were given and the host is the
	 * same: not to be told. */
	const char *moved;
	const char *type; /* Content-Type, or NULL */
	/* Byte for byte as they came, or NULL. */
	const char *etag, *last_modified;
	int64_t max_age_ms;	/* Cache-Control or Expires; -1: not said */
	/* -1: not said; a date is made a span. Of 429, 503 and a host that
	 * rests always set: when the next request may be sent. */
	int64_t retry_after_ms;
	/* Unless it is an answer with a status under 400: what happened, with
	 * the URL, and what to do; else NULL. */
	const char *sentence;
};

struct web_request {
	const char *url;
	const char *agent; /* NULL: that of the settings */
	/* Sent as If-None-Match and If-Modified-Since, byte for byte; NULL. */
	const char *etag, *last_modified;
	const char *accept; /* NULL: anything */
	/* Only where the host's robots.txt allows it (fetched once a day; RFC
	 * 9309), unless web.robots is false; a Crawl-delay there widens the
	 * gap. */
	bool robots;
	/* Called once, from web_turn(); the answer is borrowed for the call. */
	void (*done)(void *self, const struct web_answer *a);
	void *self;
};

struct web;
struct web_job;

enum { WEB_HOPS_MAX = 10 };

/* 0; -EINVAL with the sentence when ca_file cannot be used; -ENOMEM, -errno.
 * The settings are borrowed as long as it is open. */
int web_open(const struct web_settings *s, struct web **ret, struct err *e);
void web_free(struct web *w); /* done() is not called any more */
/* Ask. The request is copied. The job is void once done() was called. 0;
 * -ENOMEM. */
int web_get(struct web *w, const struct web_request *q, struct web_job **ret);
/* done() will not be called. Not for the job whose done() runs. */
void web_cancel(struct web_job *job);

int web_fd(const struct web *w);	/* to wait on; -1: w is NULL */
int64_t web_pause(const struct web *w); /* ms until web_turn() is due; -1 */
/* Without waiting. One done() at most is called, which may ask for more and
 * cancel other jobs; of what else is over the next turn tells, at once due.
 * 0; -errno (our trouble, no site's). */
int web_turn(struct web *w, struct err *e);

/* When may this host (its name, as in a URL) be asked again, as milliseconds
 * since 1970 (0: now)? Set from what was remembered, and read to be
 * remembered. */
void web_host_set(struct web *w, struct str host, int64_t until_ms);
int64_t web_host_until(const struct web *w, struct str host);

struct web_stats {
	uint64_t requests, answers, not_modified, refused, failed, bytes;
	uint64_t waiting; /* requests that have no connection yet */
};

struct web_stats web_stats(const struct web *w);

#endif
