#include "classify/tfidf.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

uint32_t tfidf_find(const struct tfidf *t, uint64_t hash)
{
	uint64_t i = hash & t->slot_mask;

	while (t->slots[i].term != TFIDF_NONE) {
		if (t->slots[i].hash == hash)
			return t->slots[i].term;
		i = (i + 1) & t->slot_mask;
	}
	return TFIDF_NONE;
}

void tfidf_put(struct tfidf_slot *slots, uint64_t mask, struct tfidf_slot slot)
{
	uint64_t i = slot.hash & mask;

	while (slots[i].term != TFIDF_NONE)
		i = (i + 1) & mask;
	slots[i] = slot;
}

double tfidf_idf(uint64_t n, uint64_t df)
{
	return log((1 + (double)n) / (1 + (double)df)) + 1;
}

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

/* An occurrence of a known term, on its way to be counted. */
struct met {
	uint32_t term, order; /* the how-manieth it is in the text */
	struct occurrence *o;
	double n;
};

static int by_term_and_order(const void *a, const void *b)
{
	const struct met *x = a, *y = b;

	if (x->term != y->term)
		return x->term < y->term ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/* Find the terms of one block in one field; those that count nothing are not
 * met. */
static size_t meet(const struct tfidf *t, struct occurrences o, double each,
		   size_t n, struct met *v)
{
	for (size_t i = 0; i < o.n; i++) {
		o.v[i].term = tfidf_find(t, o.v[i].hash);
		if (o.v[i].term != TFIDF_NONE && each != 0) {
			v[n] = (struct met){ o.v[i].term, (uint32_t)n,
					     &o.v[i], each * o.v[i].n };
			n++;
		}
	}
	return n;
}

/* Make one count of what is the same term's. */
static size_t add_up(const struct met *v, size_t n, struct count *out)
{
	size_t distinct = 0;

	for (size_t i = 0; i < n; i++) {
		if (distinct && out[distinct - 1].term == v[i].term)
			out[distinct - 1].n += v[i].n;
		else
			out[distinct++] =
				(struct count){ v[i].term, v[i].n };
		v[i].o->at = (uint32_t)distinct - 1;
	}
	return distinct;
}

int tfidf_count(const struct tfidf *t, struct reading read[FIELD_COUNT],
		struct arena *a, struct counts *ret)
{
	size_t room = 1, n = 0;
	struct arena scratch;
	struct count *v;
	struct met *m;

	for (int f = 0; f < FIELD_COUNT; f++)
		for (uint32_t b = 0; b < t->block_count; b++)
			room += read[f].block[b].n;
	v = arena_take_array(a, room, sizeof(*v));
	scratch = *a;
	m = arena_take_array(&scratch, room, sizeof(*m));
	if (!v || !m)
		return -ENOMEM;
	for (int f = 0; f < FIELD_COUNT; f++)
		for (uint32_t b = 0; b < t->block_count; b++)
			n = meet(t, read[f].block[b],
				 f == FIELD_TITLE ? t->title_weight : 1, n, m);
	qsort(m, n, sizeof(*m), by_term_and_order);
	*ret = (struct counts){ v, add_up(m, n, v) };
	return 0;
}

/* A light title may make counts below 1, whose logarithm would be a weight
 * against the term: they stay as they are. Values that were given may add up to
 * nothing, which is not there even once. */
static double weigh(const struct tfidf *t, const struct tfidf_block *b,
		    const struct count *c)
{
	double w = c->n;

	if (b->count == TFIDF_ONCE)
		w = w != 0;
	else if (b->count == TFIDF_LOG && w > 1)
		w = 1 + log(w);
	return b->idf != 0 && !b->supervised ? w * t->idf[c->term] : w;
}

/* The entries of one block to length 1, then times the block's weight. */
static void finish_block(const struct tfidf_block *b, struct feat *v, size_t n)
{
	double squares = 0, factor = b->weight;

	for (size_t i = 0; i < n; i++)
		squares += v[i].value * v[i].value;
	if (b->norm && !b->supervised && squares > 0)
		factor /= sqrt(squares);
	for (size_t i = 0; i < n; i++)
		v[i].value *= factor;
}

size_t tfidf_length(const struct feat *x)
{
	size_t n = 0;

	while (x[n].index >= 0)
		n++;
	return n;
}

size_t tfidf_block_end(struct counts c, size_t from, uint32_t end)
{
	while (from < c.n && c.v[from].term < end)
		from++;
	return from;
}

size_t tfidf_weigh(const struct tfidf *t, struct counts c, struct feat *out)
{
	size_t from = 0;

	for (uint32_t k = 0; k < t->block_count; k++) {
		const struct tfidf_block *b = &t->block[k];
		size_t to = tfidf_block_end(c, from, b->end);

		for (size_t i = from; i < to; i++)
			out[i] = (struct feat){ (int)c.v[i].term,
						weigh(t, b, &c.v[i]) };
		finish_block(b, out + from, to - from);
		from = to;
	}
	out[from] = (struct feat){ -1, 0 };
	return from;
}
