#include "sink/done.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { RING = WIRE_WINDOW_MAX / 8 };

/* Bit seq % WIRE_WINDOW_MAX stands for seq, low <= seq < high, where
 * high - low <= WIRE_WINDOW_MAX; all other bits are zero. */
struct window {
	struct origin origin;
	uint64_t used; /* when, by the set's own count; 0: free */
	uint64_t low, high;
	unsigned char done[RING], hand[RING];
};

struct done {
	uint64_t clock;
	unsigned char bits[RING]; /* of the last ack */
	struct window v[DONE_ORIGINS];
};

static size_t at(uint64_t seq)
{
	return (size_t)(seq % WIRE_WINDOW_MAX);
}

static bool is_set(const unsigned char *ring, uint64_t seq)
{
	return ring[at(seq) / 8] >> at(seq) % 8 & 1;
}

static void set(unsigned char *ring, uint64_t seq)
{
	ring[at(seq) / 8] |= (unsigned char)(1 << at(seq) % 8);
}

static void clear(unsigned char *ring, uint64_t seq)
{
	ring[at(seq) / 8] &= (unsigned char)~(1 << at(seq) % 8);
}

/* Beyond the window from low? So is the last number of all, in order that
 * high can always be one more. */
static bool is_past(uint64_t low, uint64_t seq)
{
	return seq >= low &&
	       (seq - low >= WIRE_WINDOW_MAX || seq == UINT64_MAX);
}

static bool has(const struct window *w, uint64_t seq)
{
	return seq < w->low || (!is_past(w->low, seq) && is_set(w->done, seq));
}

static const struct window *find(const struct done *d, struct origin o)
{
	for (size_t i = 0; i < DONE_ORIGINS; i++)
		if (d->v[i].used && !origin_cmp(d->v[i].origin, o))
			return &d->v[i];
	return NULL;
}

/* The window of o, made when there is none. */
static struct window *use(struct done *d, struct origin o)
{
	struct window *w = (struct window *)find(d, o);

	if (!w) {
		w = &d->v[0];
		for (size_t i = 1; i < DONE_ORIGINS; i++)
			if (d->v[i].used < w->used)
				w = &d->v[i];
		*w = (struct window){ .origin = o };
	}
	w->used = ++d->clock;
	return w;
}

int done_new(struct done **ret)
{
	struct done *d = calloc(1, sizeof(*d));

	if (!d)
		return -ENOMEM;
	*ret = d;
	return 0;
}

void done_free(struct done *d)
{
	free(d);
}

bool done_has(const struct done *d, struct origin o, uint64_t seq)
{
	const struct window *w = find(d, o);

	return w && has(w, seq);
}

bool done_known(const struct done *d, struct origin o, uint64_t seq)
{
	const struct window *w = find(d, o);

	return w && (has(w, seq) ||
		     (!is_past(w->low, seq) && is_set(w->hand, seq)));
}

uint64_t done_low(const struct done *d, struct origin o)
{
	const struct window *w = find(d, o);

	return w ? w->low : 0;
}

/* Move low to where it is told, then over what follows without a gap. */
static void rise(struct window *w, uint64_t low)
{
	uint64_t forget = low - w->low;

	if (forget > WIRE_WINDOW_MAX)
		forget = WIRE_WINDOW_MAX;
	for (uint64_t i = 0; i < forget; i++) {
		clear(w->done, w->low + i);
		clear(w->hand, w->low + i);
	}
	w->low = low;
	for (; w->low < w->high && is_set(w->done, w->low); w->low++)
		clear(w->done, w->low);
	if (w->high < w->low)
		w->high = w->low;
}

static void add(struct window *w, uint64_t seq)
{
	if (seq < w->low || is_past(w->low, seq))
		return;
	set(w->done, seq);
	clear(w->hand, seq);
	if (w->high <= seq)
		w->high = seq + 1;
	rise(w, w->low);
}

int done_check(const struct done *d, struct origin o, uint64_t seq,
	       struct err *e)
{
	uint64_t low = done_low(d, o);
	char hex[WIRE_ORIGIN_HEX];

	if (!is_past(low, seq))
		return 0;
	origin_hex(o, hex);
	return err_set(e, -EPROTO,
		       "seq %llu of origin %s lies outside the window of %d "
		       "from %llu",
		       (unsigned long long)seq, hex, WIRE_WINDOW_MAX,
		       (unsigned long long)low);
}

void done_take(struct done *d, struct origin o, uint64_t seq)
{
	struct window *w = use(d, o);

	assert(!is_past(w->low, seq));
	if (!has(w, seq))
		set(w->hand, seq);
}

int done_add(struct done *d, struct origin o, uint64_t seq, struct err *e)
{
	int r = done_check(d, o, seq, e);

	if (!r)
		add(use(d, o), seq);
	return r;
}

void done_raise(struct done *d, struct origin o, uint64_t low)
{
	struct window *w = use(d, o);

	if (low > w->low)
		rise(w, low);
}

void done_found(struct done *d, struct origin o, uint64_t seq)
{
	struct window *w = use(d, o);

	if (is_past(w->low, seq) && seq - w->low >= WIRE_WINDOW_MAX)
		rise(w, seq - WIRE_WINDOW_MAX + 1);
	add(w, seq);
}

void done_copy(struct done *d, const struct done *from)
{
	*d = *from;
}

/* What is in both starts at the lesser low and ends at the lesser high. */
static void meet(struct window *w, const struct window *with)
{
	struct window both = { .origin = w->origin, .used = w->used };
	uint64_t high = w->high < with->high ? w->high : with->high;

	both.low = w->low < with->low ? w->low : with->low;
	both.high = high;
	for (uint64_t seq = both.low; seq < high; seq++)
		if (has(w, seq) && has(with, seq))
			set(both.done, seq);
	rise(&both, both.low);
	*w = both;
}

void done_meet(struct done *d, const struct done *with)
{
	for (size_t i = 0; i < DONE_ORIGINS; i++) {
		struct window *w = &d->v[i];
		const struct window *other = find(with, w->origin);

		if (w->used && other)
			meet(w, other);
		else
			w->used = 0;
	}
}

void done_ack(struct done *d, struct origin o, struct ack *ret)
{
	const struct window *w = find(d, o);
	size_t n = 0;

	ret->origin = o;
	ret->low = w ? w->low : 0;
	for (uint64_t i = 0; w && i < w->high - w->low; i++) {
		if (i % 8 == 0)
			d->bits[i / 8] = 0;
		if (!is_set(w->done, w->low + i))
			continue;
		d->bits[i / 8] |= (unsigned char)(1 << i % 8);
		n = (size_t)(i / 8) + 1;
	}
	ret->bits = (struct str){ (const char *)d->bits, n };
}

/* An ack whose bits pass the window is none that done_ack() made; of it what
 * lies within is believed. */
void done_hear(struct done *d, const struct ack *a)
{
	size_t n = a->bits.n < RING ? a->bits.n : RING;

	done_raise(d, a->origin, a->low);
	for (size_t i = 0; i < 8 * n; i++)
		if (a->bits.p[i / 8] >> i % 8 & 1)
			done_found(d, a->origin, a->low + i);
}

void done_join(struct done *d, struct done *with)
{
	struct origin o;
	struct ack a;

	for (size_t i = 0; done_origin(with, i, &o); i++) {
		done_ack(with, o, &a);
		done_hear(d, &a);
	}
}

/* A place is the number of those that were used before. */
bool done_origin(const struct done *d, size_t i, struct origin *ret)
{
	uint64_t before = 0;
	size_t next = 0;

	for (size_t turn = 0; turn <= i; turn++) {
		next = DONE_ORIGINS;
		for (size_t k = 0; k < DONE_ORIGINS; k++)
			if (d->v[k].used > before &&
			    (next == DONE_ORIGINS ||
			     d->v[k].used < d->v[next].used))
				next = k;
		if (next == DONE_ORIGINS)
			return false;
		before = d->v[next].used;
	}
	*ret = d->v[next].origin;
	return true;
}

uint64_t done_count(const struct done *d)
{
	uint64_t n = 0;

	for (size_t i = 0; i < DONE_ORIGINS; i++) {
		const struct window *w = &d->v[i];

		if (!w->used)
			continue;
		n += w->low;
		for (uint64_t seq = w->low; seq < w->high; seq++)
			n += is_set(w->done, seq);
	}
	return n;
}
