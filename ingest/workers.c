#include "ingest/workers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct held {
	uint64_t batch, bytes;
	uint64_t *seqs;
	uint32_t count;
};

void workers_init(struct workers *w, uint64_t first_session)
{
	*w = (struct workers){ .last_session = first_session };
}

static void drop_oldest(struct worker *w, struct pending *handed_on)
{
	struct held *h = &w->held[0];

	for (uint32_t i = 0; handed_on && i < h->count; i++)
		pending_handed_on(handed_on, h->seqs[i]);
	w->held_records -= h->count;
	w->held_bytes -= h->bytes;
	free(h->seqs);
	memmove(h, h + 1, --w->held_count * sizeof(*h));
}

static void worker_done(struct worker *w)
{
	while (w->held_count)
		drop_oldest(w, NULL);
	free(w->held);
}

void workers_done(struct workers *w)
{
	while (w->n)
		worker_done(&w->v[--w->n]);
	free(w->v);
	*w = (struct workers){ 0 };
}

static struct worker *find(struct workers *w, const struct link_peer *peer)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->v[i].peer.n == peer->n &&
		    !memcmp(w->v[i].peer.id, peer->id, peer->n))
			return &w->v[i];
	return NULL;
}

static struct worker *add(struct workers *w, const struct link_peer *peer)
{
	struct worker *more;

	if (w->n == WORKERS_MAX)
		return NULL;
	more = realloc(w->v, (w->n + 1) * sizeof(*more));
	if (!more)
		return NULL;
	w->v = more;
	more += w->n++;
	*more = (struct worker){ .peer = *peer, .session = ++w->last_session };
	return more;
}

struct pending_loss workers_gone(struct workers *w, struct worker *one,
				 bool died, struct pending *p)
{
	struct pending_loss l = pending_worker_lost(p, one->session, died);

	worker_done(one);
	*one = w->v[--w->n];
	return l;
}

int workers_credit(struct workers *w, const struct link_peer *peer,
		   const struct credit *c, int64_t now_ms, struct pending *p)
{
	struct worker *one = find(w, peer);

	if (!one)
		one = add(w, peer);
	if (!one)
		return w->n == WORKERS_MAX ? -EMFILE : -ENOMEM;
	one->heard_ms = now_ms;
	one->gone_ms = 0;
	one->room_records = c->room_records;
	one->room_bytes = c->room_bytes;
	/* A credit from before our first batch names no session, or that of
	 * an earlier connection: its count of batches means nothing here. */
	if (c->session == one->session && c->done_batches <= one->batches)
		one->done = c->done_batches;
	while (one->held_count && one->held[0].batch <= one->done)
		drop_oldest(one, p);
	if (!c->room_records && !c->room_bytes)
		workers_gone(w, one, false, p);
	return 0;
}

bool worker_is_silent(const struct worker *w, int64_t now_ms,
		      int64_t patience_ms)
{
	return now_ms - w->heard_ms > patience_ms;
}

struct worker *workers_find(struct workers *w, uint64_t session)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->v[i].session == session)
			return &w->v[i];
	return NULL;
}

bool worker_has_room(const struct worker *w, uint64_t more_records,
		     uint64_t more_bytes)
{
	if (w->held_count >= WORKER_BATCHES)
		return false;
	if (!w->held_records && more_records == 1)
		return w->room_records > 0;
	return w->held_records + more_records <= w->room_records &&
	       w->held_bytes + more_bytes <= w->room_bytes;
}

struct worker *workers_next(struct workers *w, uint64_t bytes)
{
	for (size_t i = 0; i < w->n; i++) {
		size_t at = (w->turn + i) % w->n;

		if (!w->v[at].alone && worker_has_room(&w->v[at], 1, bytes)) {
			w->turn = at + 1;
			return &w->v[at];
		}
	}
	return NULL;
}

struct worker *workers_for_suspect(struct workers *w)
{
	struct worker *least = NULL;

	for (size_t i = 0; i < w->n; i++) {
		struct worker *one = &w->v[i];

		if (one->alone)
			return one->held_records || !one->room_records ? NULL
								       : one;
		if (!least || one->held_records < least->held_records)
			least = one;
	}
	if (!least)
		return NULL;
	least->alone = true;
	return workers_for_suspect(w);
}

void workers_release(struct workers *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (!w->v[i].held_records)
			w->v[i].alone = false;
}

int worker_took(struct worker *w, const uint64_t *seqs, uint32_t count,
		uint64_t bytes)
{
	struct held h = { w->batches + 1, bytes, malloc(count * sizeof(*seqs)),
			  count };
	struct held *more;

	if (!h.seqs)
		return -ENOMEM;
	if (w->held_count == w->held_room) {
		more = realloc(w->held, (w->held_room + 8) * sizeof(*more));
		if (!more) {
			free(h.seqs);
			return -ENOMEM;
		}
		w->held = more;
		w->held_room += 8;
	}
	memcpy(h.seqs, seqs, count * sizeof(*seqs));
	w->held[w->held_count++] = h;
	w->batches++;
	w->held_records += count;
	w->held_bytes += bytes;
	return 0;
}
