#include "ingest/hosts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum {
	TABLE_MIN = 256, /* a power of two */
	SWEEP_MIN = 4096, /* so many hosts may be there for nothing */
};

struct host {
	struct host *next; /* in its row of the table */
	struct hosts_entry *first, *last;
	uint64_t hash;
	int64_t due;	 /* not before */
	uint64_t turn;	 /* among those that are due together */
	size_t at;	 /* in the heap, from 1; 0: not there */
	int64_t until;	 /* it rests, since 1970 */
	int64_t rest;	 /* how long the last rest was that we chose */
	bool busy;
	size_t n;
	char name[];
};

struct hosts {
	struct host **table;
	size_t rows, n;
	size_t sweep;	    /* when n is this, look for idle ones */
	struct host **heap; /* who waits and is not busy; [1] is due first */
	size_t waiting, room;
	uint64_t turns;
};

int hosts_new(struct hosts **ret)
{
	struct hosts *h = calloc(1, sizeof(*h));

	if (!h)
		return -ENOMEM;
	h->rows = TABLE_MIN;
	h->sweep = SWEEP_MIN;
	h->table = calloc(h->rows, sizeof(struct host *));
	if (!h->table) {
		hosts_free(h);
		return -ENOMEM;
	}
	*ret = h;
	return 0;
}

void hosts_free(struct hosts *h)
{
	if (!h)
		return;
	for (size_t i = 0; h->table && i < h->rows; i++)
		while (h->table[i]) {
			struct host *host = h->table[i];

			h->table[i] = host->next;
			free(host);
		}
	free(h->table);
	free(h->heap);
	free(h);
}

/* The table. */

static struct host *find(const struct hosts *h, struct str name)
{
	uint64_t hash = hash_xx(name, 0);
	struct host *host = h->table[hash & (h->rows - 1)];

	while (host && (host->hash != hash ||
			!str_eq((struct str){ host->name, host->n }, name)))
		host = host->next;
	return host;
}

static void put(struct hosts *h, struct host *host)
{
	struct host **row = &h->table[host->hash & (h->rows - 1)];

	host->next = *row;
	*row = host;
}

/* Nothing would be forgotten with it. */
static bool is_idle(const struct host *host, int64_t now, int64_t wall)
{
	return !host->first && !host->busy && host->due <= now &&
	       host->until <= wall;
}

void hosts_tidy(struct hosts *h, int64_t now, int64_t wall)
{
	if (h->n < h->sweep)
		return;
	for (size_t i = 0; i < h->rows; i++) {
		struct host **at = &h->table[i];

		while (*at) {
			struct host *host = *at;

			if (!is_idle(host, now, wall)) {
				at = &host->next;
				continue;
			}
			*at = host->next;
			free(host);
			h->n--;
		}
	}
	h->sweep = h->n * 2 > SWEEP_MIN ? h->n * 2 : SWEEP_MIN;
}

/* Without memory for a larger table the rows become longer, no more. */
static void grow(struct hosts *h)
{
	struct hosts more = { .rows = h->rows * 2 };

	more.table = calloc(more.rows, sizeof(struct host *));
	if (!more.table)
		return;
	for (size_t i = 0; i < h->rows; i++)
		while (h->table[i]) {
			struct host *host = h->table[i];

			h->table[i] = host->next;
			put(&more, host);
		}
	free(h->table);
	h->table = more.table;
	h->rows = more.rows;
}

/* The heap has room for all hosts, so that nothing that waits can fail. */
static int make_room(struct hosts *h)
{
	size_t room = h->room ? h->room * 2 : TABLE_MIN;
	struct host **heap;

	if (h->n + 2 < h->room)
		return 0;
	heap = realloc(h->heap, room * sizeof(struct host *));
	if (!heap)
		return -ENOMEM;
	h->heap = heap;
	h->room = room;
	return 0;
}

static struct host *find_or_make(struct hosts *h, struct str name)
{
	struct host *host = find(h, name);

	if (host || make_room(h))
		return host;
	host = calloc(1, sizeof(*host) + name.n + 1);
	if (!host)
		return NULL;
	memcpy(host->name, name.p, name.n);
	host->n = name.n;
	host->hash = hash_xx(name, 0);
	host->due = INT64_MIN;
	if (h->n >= h->rows)
		grow(h);
	put(h, host);
	h->n++;
	return host;
}

/* The heap. */

static bool before(const struct host *a, const struct host *b)
{
	return a->due < b->due || (a->due == b->due && a->turn < b->turn);
}

static void place(struct hosts *h, struct host *host, size_t at)
{
	h->heap[at] = host;
	host->at = at;
}

static void rise(struct hosts *h, struct host *host, size_t at)
{
	for (; at > 1 && before(host, h->heap[at / 2]); at /= 2)
		place(h, h->heap[at / 2], at);
	place(h, host, at);
}

static void sink_down(struct hosts *h, struct host *host, size_t at)
{
	for (size_t below; (below = at * 2) <= h->waiting; at = below) {
		if (below < h->waiting &&
		    before(h->heap[below + 1], h->heap[below]))
			below++;
		if (!before(h->heap[below], host))
			break;
		place(h, h->heap[below], at);
	}
	place(h, host, at);
}

static void wait_for_turn(struct hosts *h, struct host *host, int64_t now)
{
	if (host->busy || host->at || !host->first)
		return;
	host->due = host->due > now ? host->due : now;
	host->turn = h->turns++;
	rise(h, host, ++h->waiting);
}

static void wait_no_more(struct hosts *h, struct host *host)
{
	struct host *last = h->heap[h->waiting--];
	size_t at = host->at;

	host->at = 0;
	if (last == host)
		return;
	if (at > 1 && before(last, h->heap[at / 2]))
		rise(h, last, at);
	else
		sink_down(h, last, at);
}

/* Queues. */

static void link_first(struct host *host, struct hosts_entry *e)
{
	e->before = NULL;
	e->next = host->first;
	*(host->first ? &host->first->before : &host->last) = e;
	host->first = e;
}

static void link_last(struct host *host, struct hosts_entry *e)
{
	e->next = NULL;
	e->before = host->last;
	*(host->last ? &host->last->next : &host->first) = e;
	host->last = e;
}

static void unlink_entry(struct host *host, struct hosts_entry *e)
{
	*(e->before ? &e->before->next : &host->first) = e->next;
	*(e->next ? &e->next->before : &host->last) = e->before;
	e->next = e->before = NULL;
}

int hosts_queue(struct hosts *h, struct str name, struct hosts_entry *e,
		bool first, int64_t now)
{
	struct host *host = find_or_make(h, name);

	if (!host)
		return -ENOMEM;
	e->host = host;
	if (first)
		link_first(host, e);
	else
		link_last(host, e);
	wait_for_turn(h, host, now);
	return 0;
}

void hosts_leave(struct hosts *h, struct hosts_entry *e)
{
	struct host *host = e->host;

	unlink_entry(host, e);
	e->host = NULL;
	if (!host->first && host->at)
		wait_no_more(h, host);
}

struct hosts_entry *hosts_take(struct hosts *h, int64_t now)
{
	struct host *host = h->waiting ? h->heap[1] : NULL;
	struct hosts_entry *e;

	if (!host || host->due > now)
		return NULL;
	wait_no_more(h, host);
	e = host->first;
	unlink_entry(host, e);
	host->busy = true;
	return e;
}

void hosts_done(struct hosts *h, struct hosts_entry *e, int64_t next,
		int64_t now)
{
	struct host *host = e->host;

	e->host = NULL;
	host->busy = false;
	host->due = next;
	wait_for_turn(h, host, now);
}

int64_t hosts_due(const struct hosts *h)
{
	return h->waiting ? h->heap[1]->due : -1;
}

/* Rests. */

static int64_t choose_rest(struct host *host)
{
	int64_t rest = host->rest ? host->rest * 2 : HOSTS_REST_MIN;

	host->rest = rest < HOSTS_REST_MAX ? rest : HOSTS_REST_MAX;
	return host->rest;
}

int64_t hosts_rest(struct hosts *h, struct str name, int64_t told_ms,
		   int64_t wall)
{
	struct host *host = find_or_make(h, name);
	int64_t rest;

	if (!host) /* its next answer will say it again */
		return told_ms < 0 ? HOSTS_REST_MIN : told_ms;
	rest = told_ms < 0 ? choose_rest(host) : told_ms;
	rest = rest < HOSTS_TOLD_MAX ? rest : HOSTS_TOLD_MAX;
	host->until = wall + rest;
	return rest;
}

void hosts_good(struct hosts *h, struct str name)
{
	struct host *host = find(h, name);

	if (host)
		host->rest = host->until = 0;
}

void hosts_rest_set(struct hosts *h, struct str name, int64_t until,
		    int64_t wall)
{
	struct host *host = find(h, name);

	if (!host && until > wall)
		host = find_or_make(h, name);
	if (host)
		host->until = until < wall + HOSTS_TOLD_MAX
				      ? until
				      : wall + HOSTS_TOLD_MAX;
}

int64_t hosts_rest_until(const struct hosts *h, struct str name, int64_t wall)
{
	const struct host *host = find(h, name);

	return host && host->until > wall ? host->until : 0;
}
