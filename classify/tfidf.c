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

static size_t known(const struct tfidf *t, struct occurrences o, double each,
		    struct count *out)
{
	size_t n = 0;

	for (size_t i = 0; each != 0 && i < o.n; i++) {
		uint32_t term = tfidf_find(t, o.v[i].hash);

		if (term != TFIDF_NONE)
			out[n++] = (struct count){ term, each };
	}
	return n;
}

int tfidf_count(const struct tfidf *t, struct occurrences title,
		struct occurrences text, struct arena *a, struct counts *ret)
{
	size_t room = title.n + text.n, n, distinct = 0;
	struct count *v = arena_take_array(a, room + 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	n = known(t, title, t->set.title_weight, v);
	n += known(t, text, 1, v + n);
	qsort(v, n, sizeof(*v), by_term);
	for (size_t i = 0; i < n; i++) {
		if (distinct && v[distinct - 1].term == v[i].term)
			v[distinct - 1].n += v[i].n;
		else
			v[distinct++] = v[i];
	}
	*ret = (struct counts){ v, distinct };
	return 0;
}

/* A light title may make counts below 1, whose logarithm would be a weight
 * against the term: they stay as they are. */
static double weigh(const struct tfidf *t, const struct count *c)
{
	double w = t->set.sublinear && c->n > 1 ? 1 + log(c->n) : c->n;

	return t->set.idf ? w * t->idf[c->term] : w;
}

/* The entries of one block to length 1, then times the block's weight. */
static void finish_block(const struct tfidf *t, enum feature_block b,
			 struct feat *v, size_t n)
{
	double squares = 0, factor = t->set.weight[b];

	for (size_t i = 0; i < n; i++)
		squares += v[i].value * v[i].value;
	if (t->set.norm && squares > 0)
		factor /= sqrt(squares);
	for (size_t i = 0; i < n; i++)
		v[i].value *= factor;
}

size_t tfidf_weigh(const struct tfidf *t, struct counts c, struct feat *out)
{
	size_t from = 0, i = 0;

	for (int b = 0; b < BLOCK_COUNT; b++) {
		for (; i < c.n && c.v[i].term < t->block_end[b]; i++)
			out[i] = (struct feat){ (int)c.v[i].term,
						weigh(t, &c.v[i]) };
		finish_block(t, (enum feature_block)b, out + from, i - from);
		from = i;
	}
	out[i] = (struct feat){ -1, 0 };
	return i;
}
