/* From occurrences to counts: each is looked up, those that are known are sorted
 * by their terms, and those of one term added up. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "classify/tfidf.h"

enum {
	FEW = 24, /* keys that are sorted by insertion alone */
	MANY = 1000, /* from here on, by radix alone */
	DIGIT_MAX = 11, /* bits of a term that are sorted by at once */
};

static int by_term(const void *a, const void *b)
{
	uint32_t x = ((const struct count *)a)->term;
	uint32_t y = ((const struct count *)b)->term;

	return (x > y) - (x < y);
}

size_t tfidf_merge(struct count *v, size_t n)
{
	size_t distinct = 0;

	if (n)
		qsort(v, n, sizeof(*v), by_term);
	for (size_t i = 0; i < n; i++) {
		if (distinct && v[distinct - 1].term == v[i].term)
			v[distinct - 1].n += v[i].n;
		else
			v[distinct++] = v[i];
	}
	return distinct;
}

/* The occurrences of known terms, in the order of the text, and keys to sort:
 * the term above, the place among them below. */
struct met {
	struct one {
		struct occurrence *o;
		double n;
	} *v;
	uint64_t *key, *other; /* other is as large, for sorting */
	size_t n;
};

/* One occurrence whose term is known by now. */
static inline void meet(const struct tfidf *t, struct occurrence *o,
			double each, struct met *m)
{
	bool known = o->term != TFIDF_NONE;

	m->v[m->n] = (struct one){ o, each * o->n };
	m->key[m->n] = (uint64_t)o->term << 32 | (uint32_t)m->n;
	m->n += known;
	if (t->rows)
		__builtin_prefetch(t->rows + (known ? o->term : 0) * t->row);
}

/* Those of one block in one field; what counts nothing is not met. Most of the
 * slots are on their way since the block listed them. */
static void meet_all(const struct tfidf *t, struct occurrences o, double each,
		     struct met *m)
{
	struct met all = *m;

	for (size_t i = 0; i < o.n && !o.found; i++) {
		const struct tfidf_slot *s = tfidf_look(t, o.v[i].hash);

		o.v[i].term = s->term;
		o.v[i].at = s->df;
		meet(t, &o.v[i], each, &all);
	}
	for (size_t i = 0; i < o.n && o.found; i++)
		meet(t, &o.v[i], each, &all);
	if (each != 0)
		*m = all;
}

static void sort_few(uint64_t *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint64_t x = v[i];
		size_t at = i;

		for (; at && v[at - 1] > x; at--)
			v[at] = v[at - 1];
		v[at] = x;
	}
}

/* How many bits of terms tell them apart. */
static unsigned bits_of(const uint64_t *v, size_t n)
{
	uint64_t differ = 0;

	for (size_t i = 1; i < n; i++)
		differ |= v[i] ^ v[0];
	differ >>= 32;
	return differ ? 64 - (unsigned)__builtin_clzll(differ) : 0;
}

/* Into the order of so many bits, those that are equal as they come. */
static void deal(struct met *m, unsigned shift, unsigned bits)
{
	const uint64_t *v = m->key;
	uint64_t *out = m->other, mask = ((uint64_t)1 << bits) - 1;
	uint32_t to[1 << DIGIT_MAX], at = 0;

	memset(to, 0, (mask + 1) * sizeof(*to));
	for (size_t i = 0; i < m->n; i++)
		to[v[i] >> shift & mask]++;
	for (size_t d = 0; d <= mask; d++) {
		uint32_t here = to[d];

		to[d] = at;
		at += here;
	}
	for (size_t i = 0; i < m->n; i++)
		out[to[v[i] >> shift & mask]++] = v[i];
	m->other = m->key;
	m->key = out;
}

/* Dealt out once by their highest bits, to twice as many places as there are
 * keys, most are where they belong and the others near it: insertion does the
 * rest. */
static void sort_some(struct met *m)
{
	unsigned left = m->n > FEW ? bits_of(m->key, m->n) : 0;
	unsigned bits = 64 - (unsigned)__builtin_clzll(m->n | 1) + 1;

	if (bits > left)
		bits = left;
	if (bits)
		deal(m, 32 + left - bits, bits);
	sort_few(m->key, m->n);
}

/* By radix: keys come in the order of the text, so that only the terms' bits
 * are looked at. However they lie, time grows as their number does. */
static void sort_many(struct met *m)
{
	unsigned left = bits_of(m->key, m->n), shift = 32;
	unsigned deals = (left + DIGIT_MAX - 1) / DIGIT_MAX;

	for (; deals; deals--) {
		unsigned bits = (left + deals - 1) / deals;

		deal(m, shift, bits);
		shift += bits;
		left -= bits;
	}
}

static double idf_of(const struct tfidf *t, uint32_t b, uint32_t term,
		     uint32_t df)
{
	double low = t->low && df < TFIDF_LOW
			     ? t->low[b * (size_t)TFIDF_LOW + df]
			     : 0;

	return low != 0 ? low : t->idf[term];
}

/* Make one count of what is the same term's, behind those of the blocks
 * before. Whether it is the same cannot be foreseen: nothing branches on it. */
static void add_up(const struct tfidf *t, uint32_t b, const struct met *m,
		   struct count *out, double *idf, size_t *n)
{
	uint32_t last = TFIDF_NONE;
	size_t distinct = *n;
	double sum = 0;

	for (size_t i = 0; i < m->n; i++) {
		const struct one *one = &m->v[(uint32_t)m->key[i]];
		uint32_t term = (uint32_t)(m->key[i] >> 32);
		bool same = term == last;

		sum = one->n + (same ? sum : 0);
		distinct += !same;
		out[distinct - 1] = (struct count){ term, sum };
		idf[distinct - 1] = idf_of(t, b, term, one->o->at);
		one->o->at = (uint32_t)distinct - 1;
		last = term;
	}
	*n = distinct;
}

int tfidf_count(const struct tfidf *t, struct reading read[FIELD_COUNT],
		struct arena *a, struct counts *ret)
{
	size_t room = 1, n = 0;
	struct arena scratch;
	struct count *v;
	struct met m;
	double *idf;

	for (int f = 0; f < FIELD_COUNT; f++)
		for (uint32_t b = 0; b < t->block_count; b++)
			room += read[f].block[b].n;
	v = arena_room(a, room * sizeof(*v));
	idf = arena_room(a, room * sizeof(*idf));
	scratch = *a;
	m.v = arena_room(&scratch, room * sizeof(*m.v));
	m.key = arena_room(&scratch, room * sizeof(*m.key));
	m.other = arena_room(&scratch, room * sizeof(*m.other));
	if (!v || !idf || !m.v || !m.key || !m.other)
		return -ENOMEM;
	for (uint32_t b = 0; b < t->block_count; b++) {
		m.n = 0;
		for (int f = 0; f < FIELD_COUNT; f++)
			meet_all(t, read[f].block[b],
				 f == FIELD_TITLE ? t->title_weight : 1, &m);
		(m.n > MANY ? sort_many : sort_some)(&m);
		add_up(t, b, &m, v, idf, &n);
	}
	*ret = (struct counts){ v, n, idf };
	return 0;
}
