/* From occurrences to counts: each is looked up, those that are known are sorted
 * by their terms, and those of one term added up. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "classify/tfidf.h"

enum {
	FEW = 24, /* keys that are sorted by insertion */
	DIGIT_MAX = 8, /* bits of a term that are sorted by at once */
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

/* The terms of hashes, most of whose slots are on their way since the block
 * listed them. */
static void find(const struct tfidf *t, struct occurrences o)
{
	for (size_t i = 0; i < o.n; i++) {
		const struct tfidf_slot *s = tfidf_look(t, o.v[i].hash);

		o.v[i].term = s->term;
		o.v[i].at = s->df;
	}
}

/* Those of one block in one field; what counts nothing is not met. */
static void meet(const struct tfidf *t, struct occurrences o, double each,
		 struct met *m)
{
	const char *rows = t->rows;
	uint64_t *key = m->key;
	size_t n = m->n, row = t->row;

	if (!o.found)
		find(t, o);
	if (each == 0)
		return;
	for (size_t i = 0; i < o.n; i++) {
		uint32_t term = o.v[i].term;
		bool known = term != TFIDF_NONE;

		m->v[n] = (struct one){ &o.v[i], each * o.v[i].n };
		key[n] = (uint64_t)term << 32 | (uint32_t)n;
		n += known;
		if (rows)
			__builtin_prefetch(rows + (known ? term : 0) * row);
	}
	m->n = n;
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
static void deal(const uint64_t *v, size_t n, unsigned shift, unsigned bits,
		 uint64_t *out)
{
	uint32_t to[1 << DIGIT_MAX], at = 0;
	uint64_t mask = ((uint64_t)1 << bits) - 1;

	memset(to, 0, (mask + 1) * sizeof(*to));
	for (size_t i = 0; i < n; i++)
		to[v[i] >> shift & mask]++;
	for (size_t d = 0; d <= mask; d++) {
		uint32_t here = to[d];

		to[d] = at;
		at += here;
	}
	for (size_t i = 0; i < n; i++)
		out[to[v[i] >> shift & mask]++] = v[i];
}

/* By radix: keys come in the order of the text, so that only the terms' bits
 * are looked at. No branch depends on them, and time grows as the keys do. */
static void sort(struct met *m)
{
	unsigned left = m->n > FEW ? bits_of(m->key, m->n) : 0;
	unsigned deals = (left + DIGIT_MAX - 1) / DIGIT_MAX, shift = 32;

	if (m->n <= FEW)
		sort_few(m->key, m->n);
	for (; deals; deals--) {
		unsigned bits = (left + deals - 1) / deals;
		uint64_t *sorted = m->other;

		deal(m->key, m->n, shift, bits, sorted);
		m->other = m->key;
		m->key = sorted;
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

/* Make one count of what is the same term's. */
static size_t add_up(const struct tfidf *t, const struct met *m,
		     struct count *out, double *idf)
{
	size_t distinct = 0;
	uint32_t b = 0, last = TFIDF_NONE;

	for (size_t i = 0; i < m->n; i++) {
		const struct one *one = &m->v[(uint32_t)m->key[i]];
		uint32_t term = (uint32_t)(m->key[i] >> 32);

		if (term == last) {
			out[distinct - 1].n += one->n;
		} else {
			while (b + 1 < t->block_count &&
			       t->block[b].end <= term)
				b++;
			idf[distinct] = idf_of(t, b, term, one->o->at);
			out[distinct++] = (struct count){ term, one->n };
			last = term;
		}
		one->o->at = (uint32_t)distinct - 1;
	}
	return distinct;
}

int tfidf_count(const struct tfidf *t, struct reading read[FIELD_COUNT],
		struct arena *a, struct counts *ret)
{
	size_t room = 1;
	struct arena scratch;
	struct count *v;
	struct met m = { .n = 0 };
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
	for (int f = 0; f < FIELD_COUNT; f++)
		for (uint32_t b = 0; b < t->block_count; b++)
			meet(t, read[f].block[b],
			     f == FIELD_TITLE ? t->title_weight : 1, &m);
	sort(&m);
	*ret = (struct counts){ v, add_up(t, &m, v, idf), idf };
	return 0;
}
