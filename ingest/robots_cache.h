/* robots_cache.h -- the robots.txt of the sites that were asked, kept for a
 * day; of the least used ones first to go when there are many. Knows nothing of
 * how they are fetched. One thread. */
#ifndef VIGIE_ROBOTS_CACHE_H
#define VIGIE_ROBOTS_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "ingest/robots.h"

enum {
	ROBOTS_CACHE_MAX = 1024,	   /* sites */
	ROBOTS_CACHE_BYTES = 16 << 20,	   /* of rules */
	ROBOTS_CACHE_DAY = 24 * 3600000,   /* milliseconds, for an answer */
	ROBOTS_CACHE_RETRY = 10 * 60000,   /* … for none */
};

enum robots_state {
	ROBOTS_UNKNOWN,	 /* to be fetched: who reads this sees to it */
	ROBOTS_FETCHING, /* never forgotten meanwhile */
	ROBOTS_RULES,	 /* of rules, or all is allowed where that is NULL */
	ROBOTS_NONE,	 /* no answer: nothing is allowed for now */
};

struct robots_site {
	enum robots_state state;
	struct robots *rules;
	void *self; /* of whoever fetches */
	/* The cache's. */
	int64_t until;
	uint64_t hash, used;
	size_t n;
	char origin[];
};

struct robots_cache;

int robots_cache_new(struct robots_cache **ret);
void robots_cache_free(struct robots_cache *c);
/* The site of this origin ("https://host:port"), made if it is not there. It
 * stays until the next call, longer while it is fetched. NULL: no memory. now:
 * milliseconds of a clock that never goes back. */
struct robots_site *robots_cache_get(struct robots_cache *c, struct str origin,
				     int64_t now);
/* It was fetched: rules, which become the cache's, or NULL with there saying
 * whether the site answered that it has none. */
void robots_cache_set(struct robots_cache *c, struct robots_site *site,
		      struct robots *rules, bool there, int64_t now);

#endif
