/* cache_headers.h -- what the head of an HTTP answer says about when to ask
 * again: Cache-Control, Expires, Age (RFC 9111), Retry-After (RFC 9110). Pure;
 * borrows nothing. */
#ifndef VIGIE_CACHE_HEADERS_H
#define VIGIE_CACHE_HEADERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* All in seconds; dates since 1970. -1: not said, or not understood. */
struct cache_headers {
	int64_t max_age, age, retry_after;
	int64_t date, expires, retry_at;
	bool again; /* no-store or no-cache: ask as often as you like */
};

void cache_headers_init(struct cache_headers *c);
/* One field of the head; those of other names are passed over. */
void cache_headers_add(struct cache_headers *c, struct str name,
		       struct str value);
/* How long the answer is good for, in milliseconds: max-age, else Expires;
 * what it has aged in caches is taken off. 0: no time at all. -1: not said. A
 * date is measured from the server's Date, so that a clock that is wrong does no harm;
 * without one, from now_ms (since 1970). */
int64_t cache_headers_max_age(const struct cache_headers *c, int64_t now_ms);
/* The span or the date of Retry-After, in milliseconds from now; -1. */
int64_t cache_headers_retry_after(const struct cache_headers *c,
				  int64_t now_ms);

/* A date as HTTP has them, in GMT: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday,
 * 06-Nov-94 08:49:37 GMT" (years from 70 on are of the last century), "Sun Nov
 * 6 08:49:37 1994". Seconds since 1970; -1. The name of the day and the zone
 * are not looked at. */
int64_t cache_headers_date(struct str s);

#endif
