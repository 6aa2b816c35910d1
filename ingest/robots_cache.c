#include "ingest/robots_cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* A list that is walked: a thousand hashes cost less than the request that is
 * to follow. */
struct robots_cache {
	struct robots_site **v;
	size_t n, room;
	size_t bytes; /* of rules */
	uint64_t uses;
};

int robots_cache_new(struct robots_cache **ret)
{
	struct robots_cache *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	*ret = c;
	return 0;
}

static void forget_rules(struct robots_cache *c, struct robots_site *site)
{
	if (site->rules)
		c->bytes -= robots_size(site->rules);
	robots_free(site->rules);
	site->rules = NULL;
}

void robots_cache_free(struct robots_cache *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++) {
		robots_free(c->v[i]->rules);
		free(c->v[i]);
	}
	free(c->v);
	free(c);
}

/* The place of the one that was used longest ago; c->n: all are fetched. */
static size_t least_used(const struct robots_cache *c)
{
	size_t least = c->n;

	for (size_t i = 0; i < c->n; i++)
		if (c->v[i]->state != ROBOTS_FETCHING &&
		    (least == c->n || c->v[i]->used < c->v[least]->used))
			least = i;
	return least;
}

static void make_place(struct robots_cache *c, size_t sites, size_t bytes)
{
	while (c->n > sites || c->bytes > bytes) {
		size_t i = least_used(c);

		if (i == c->n)
			return;
		forget_rules(c, c->v[i]);
		free(c->v[i]);
		c->v[i] = c->v[--c->n];
	}
}

static struct robots_site *find(const struct robots_cache *c,
				struct str origin)
{
	uint64_t hash = hash_xx(origin, 0);

	for (size_t i = 0; i < c->n; i++) {
		struct robots_site *site = c->v[i];

		if (site->hash == hash &&
		    str_eq((struct str){ site->origin, site->n }, origin))
			return site;
	}
	return NULL;
}

static int grow(struct robots_cache *c)
{
	size_t room = c->room ? c->room * 2 : 64;
	struct robots_site **v;

	if (c->n < c->room)
		return 0;
	v = realloc(c->v, room * sizeof(struct robots_site *));
	if (!v)
		return -ENOMEM;
	c->v = v;
	c->room = room;
	return 0;
}

static struct robots_site *make(struct robots_cache *c, struct str origin)
{
	struct robots_site *site;

	make_place(c, ROBOTS_CACHE_MAX - 1, ROBOTS_CACHE_BYTES);
	if (grow(c))
		return NULL;
	site = calloc(1, sizeof(*site) + origin.n + 1);
	if (!site)
		return NULL;
	memcpy(site->origin, origin.p, origin.n);
	site->n = origin.n;
	site->hash = hash_xx(origin, 0);
	c->v[c->n++] = site;
	return site;
}

struct robots_site *robots_cache_get(struct robots_cache *c, struct str origin,
				     int64_t now)
{
	struct robots_site *site = find(c, origin);

	if (!site)
		site = make(c, origin);
	if (!site)
		return NULL;
	site->used = ++c->uses;
	if (site->state != ROBOTS_FETCHING && site->until <= now)
		site->state = ROBOTS_UNKNOWN;
	return site;
}

void robots_cache_set(struct robots_cache *c, struct robots_site *site,
		      struct robots *rules, bool there, int64_t now)
{
	bool answered = rules || there;

	forget_rules(c, site);
	site->rules = rules;
	c->bytes += rules ? robots_size(rules) : 0;
	site->state = answered ? ROBOTS_RULES : ROBOTS_NONE;
	site->until = now + (answered ? ROBOTS_CACHE_DAY : ROBOTS_CACHE_RETRY);
}
