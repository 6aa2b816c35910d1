#include "ingest/poll.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "ingest/schedule.h"

int poll_init(struct poll *p, const char *url)
{
	*p = (struct poll){ .url = strdup(url), .shown = poll_show(url) };
	if (p->url && p->shown)
		return 0;
	poll_done(p);
	return -ENOMEM;
}

void poll_done(struct poll *p)
{
	free(p->url);
	free(p->shown);
	free(p->address);
	free(p->moved);
	free(p->etag);
	free(p->modified);
	free(p->title);
	free(p->error);
	free(p->items);
	*p = (struct poll){ .url = NULL };
}

char *poll_show(const char *url)
{
	const char *host = strstr(url, "://"), *at;
	char *ret = strdup(url);
	size_t n;

	if (!host || !ret)
		return ret;
	host += 3;
	n = strcspn(host, "/?#");
	for (at = host + n; at > host && at[-1] != '@';)
		at--;
	memmove(ret + (host - url), at, strlen(at) + 1);
	return ret;
}

const char *poll_address(const struct poll *p)
{
	return p->address ? p->address : p->url;
}

/* Put a copy of s (NULL: nothing) into *at. */
static int put(char **at, const char *s)
{
	char *copy = s ? strdup(s) : NULL;

	if (s && !copy)
		return -ENOMEM;
	free(*at);
	*at = copy;
	return 0;
}

static void drop(char **at)
{
	free(*at);
	*at = NULL;
}

int poll_bad(struct poll *p, const char *sentence, int64_t now_ms)
{
	int r = put(&p->error, sentence);

	if (r)
		return r;
	p->asked_ms = now_ms;
	p->failures++;
	p->moves = 0;
	/* What was learnt may have become wrong: ask where we were told to. */
	if (p->failures >= POLL_LOST && p->address) {
		drop(&p->address);
		drop(&p->etag);
		drop(&p->modified);
	}
	return 0;
}

/* An answer that is no document, and for which web.h has no sentence. */
static int hear_odd(struct poll *p, int status, int64_t now_ms)
{
	char sentence[sizeof(((struct err *)0)->text)];

	snprintf(sentence, sizeof(sentence),
		 status == 304 ? "%.600s: HTTP %d, not modified, though nothing "
				 "was said of an earlier state"
			       : "%.600s: HTTP %d, with which no feed comes",
		 p->shown, status);
	return poll_bad(p, sentence, now_ms);
}

static void be_good(struct poll *p, int64_t now_ms)
{
	drop(&p->error);
	p->failures = 0;
	p->asked_ms = p->good_ms = now_ms;
}

/* Of a 304 those that are given, for the others stand as they were. */
static int refresh(struct poll *p, const struct web_answer *a)
{
	int r = a->etag ? put(&p->etag, a->etag) : 0;

	if (!r && a->last_modified)
		r = put(&p->modified, a->last_modified);
	return r;
}

/* A permanent redirect is believed once it has led to the feed several times
 * in a row. */
static int follow(struct poll *p, const char *moved)
{
	int r = 0;

	if (!moved || !strcmp(moved, poll_address(p))) {
		drop(&p->moved);
		p->moves = 0;
		return 0;
	}
	if (!p->moved || strcmp(p->moved, moved)) {
		r = put(&p->moved, moved);
		p->moves = 0;
	}
	if (r || ++p->moves < POLL_MOVES)
		return r;
	free(p->address);
	p->address = p->moved;
	p->moved = NULL;
	p->moves = 0;
	p->settled = true;
	return 0;
}

int poll_hear(struct poll *p, const struct web_answer *a, int64_t now_ms,
	      enum poll_meaning *ret)
{
	bool told = p->etag || p->modified;
	int r;

	*ret = POLL_FAILED;
	if (a->result != WEB_ANSWER)
		return poll_bad(p, a->sentence ? a->sentence : p->shown,
				now_ms);
	if (a->status == 200 || a->status == 203) {
		*ret = POLL_DOCUMENT;
		return 0;
	}
	if (a->status == 304 && told) {
		*ret = POLL_UNCHANGED;
		be_good(p, now_ms);
		r = follow(p, a->moved);
		return r ? r : refresh(p, a);
	}
	/* Of a feed that a page names, the page may name another. */
	p->gone = a->status == 410 && !p->address;
	if (p->gone)
		*ret = POLL_GONE;
	if (a->status == 410 && p->address)
		p->failures = POLL_LOST;
	return a->sentence ? poll_bad(p, a->sentence, now_ms)
			   : hear_odd(p, a->status, now_ms);
}

/* Anybody writes it, and what is remembered has little room: the start says
 * enough. No character is cut in two. */
int poll_title(struct poll *p, struct str title)
{
	size_t n = title.n < POLL_TITLE_MAX ? title.n : POLL_TITLE_MAX;
	char *copy;

	while (n && n < title.n && ((unsigned char)title.p[n] & 0xC0) == 0x80)
		n--;
	copy = strndup(title.p, n);

	if (!copy)
		return -ENOMEM;
	free(p->title);
	p->title = copy;
	return 0;
}

int poll_good(struct poll *p, const struct web_answer *a, struct str title,
	      int64_t ttl, int64_t sy, int64_t now_ms)
{
	int r = title.n ? poll_title(p, title) : 0;

	if (!r)
		r = put(&p->etag, a->etag);
	if (!r)
		r = put(&p->modified, a->last_modified);
	if (!r)
		r = follow(p, a->moved);
	if (r)
		return r;
	p->ttl = ttl > 0 ? ttl : 0;
	p->sy = sy > 0 ? sy : 0;
	be_good(p, now_ms);
	return 0;
}

int poll_found(struct poll *p, struct str address)
{
	char *copy = strndup(address.p, address.n);

	if (!copy)
		return -ENOMEM;
	free(p->address);
	p->address = copy;
	drop(&p->etag);
	drop(&p->modified);
	return 0;
}

void poll_plan(struct poll *p, const struct web_settings *set, int64_t every,
	       const struct web_answer *a, int64_t now_ms)
{
	const struct schedule s = {
		.every = every ? every : set->every,
		.at_most = set->at_most,
		.ttl_minutes = p->ttl,
		.sy_minutes = p->sy,
		.max_age_ms = a ? a->max_age_ms : -1,
		.retry_after_ms = a ? a->retry_after_ms : -1,
		.failures = p->failures,
		.seed = hash_xx(str_of(p->url), (uint64_t)now_ms),
	};

	p->next_ms = p->gone ? 0 : now_ms + schedule_pause(&s);
}

int64_t poll_wait(const struct poll *p, int64_t now_ms)
{
	const int64_t most = SCHEDULE_REST_MAX + SCHEDULE_REST_MAX / 20;
	int64_t since = p->asked_ms > now_ms ? p->asked_ms : now_ms;
	int64_t ms = p->next_ms - since;

	if (p->gone)
		return -1;
	return ms < 0 ? 0 : ms > most ? most : ms;
}

static const struct poll_item *find(const struct poll_item *v, size_t n,
				    uint64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].id == id)
			return &v[i];
	return NULL;
}

/* How many are kept, of a feed that shows n at a time. */
static size_t room_for(size_t n)
{
	size_t room = 4 * n;

	if (room < POLL_ITEMS_LEAST)
		room = POLL_ITEMS_LEAST;
	return room < POLL_ITEMS_MAX ? room : POLL_ITEMS_MAX;
}

/* Lists are short enough to be searched from end to end: 2,000 times 2,000 are
 * two milliseconds, once a poll that changed. */
int poll_settle(struct poll *p, const struct poll_item *items, size_t n,
		bool *fresh)
{
	size_t room = room_for(n), gone = 0, k = 0, skip;
	struct poll_item *v = calloc(room, sizeof(*v));

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct poll_item *had = find(p->items, p->item_count,
						   items[i].id);

		fresh[i] = !had || had->content != items[i].content;
	}
	for (size_t i = 0; i < p->item_count; i++)
		gone += !find(items, n, p->items[i].id);
	skip = gone + n > room ? gone + n - room : 0;
	for (size_t i = 0; i < p->item_count; i++) {
		if (find(items, n, p->items[i].id))
			continue;
		if (skip)
			skip--;
		else
			v[k++] = p->items[i];
	}
	memcpy(v + k, items, n * sizeof(*v));
	free(p->items);
	p->items = v;
	p->item_count = k + n;
	return 0;
}
