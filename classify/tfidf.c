#include "classify/tfidf.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* A table by document frequency is right when terms of one block that are in as
 * many documents have one idf; where a bundle has it otherwise, 0 sends the
 * look-up to the term's own. */
static void fill_low(struct tfidf *t, const struct tfidf_slot *s,
		     unsigned char *differ)
{
	double idf = t->idf[s->term];
	uint32_t b = 0;
	size_t i;

	while (b + 1 < t->block_count && t->block[b].end <= s->term)
		b++;
	i = b * (size_t)TFIDF_LOW + s->df;
	if (t->low[i] != 0 && t->low[i] != idf)
		differ[i] = 1;
	t->low[i] = differ[i] ? 0 : idf;
}

int tfidf_ready(struct tfidf *t)
{
	size_t n = (size_t)t->block_count * TFIDF_LOW;
	unsigned char *differ = calloc(n + 1, 1);

	t->low = calloc(n + 1, sizeof(*t->low));
	for (uint64_t i = 0; differ && t->low && i <= t->slot_mask; i++)
		if (t->slots[i].term != TFIDF_NONE &&
		    t->slots[i].df < TFIDF_LOW)
			fill_low(t, &t->slots[i], differ);
	free(differ);
	return differ && t->low ? 0 : -ENOMEM;
}

void tfidf_done(struct tfidf *t)
{
	free(t->low);
	t->low = NULL;
}

uint32_t tfidf_find(const struct tfidf *t, uint64_t hash)
{
	return tfidf_look(t, hash)->term;
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

enum { LOGS = 64 };

/* The logarithms of small whole counts, worked out when they are first met. */
static double log_of(double n)
{
	static _Thread_local double known[LOGS];
	unsigned i = n < LOGS ? (unsigned)n : 0;

	if (!i || i != n)
		return log(n);
	if (known[i] == 0)
		known[i] = log(n);
	return known[i];
}

/* A light title may make counts below 1, whose logarithm would be a weight
 * against the term: they stay as they are. Values that were given may add up to
 * nothing, which is not there even once. */
static double weigh_count(enum tfidf_count_mode mode, double n)
{
	if (mode == TFIDF_ONCE)
		return n != 0;
	return mode == TFIDF_LOG && n > 1 ? 1 + log_of(n) : n;
}

/* The entries of one block, of length 1 together, times the block's weight.
 * Most terms are met once, which every mode counts as 1. */
static void weigh_block(const struct tfidf *t, const struct tfidf_block *b,
			struct counts c, struct feat *out)
{
	bool even = b->idf == 0 || b->supervised;
	double squares = 0, factor = b->weight;

	for (size_t i = 0; i < c.n; i++) {
		uint32_t term = c.v[i].term;
		double w = c.v[i].n;

		if (w != 1)
			w = weigh_count(b->count, w);
		if (!even)
			w *= c.idf ? c.idf[i] : t->idf[term];
		out[i] = (struct feat){ (int)term, w };
		squares += w * w;
	}
	if (b->norm && !b->supervised && squares > 0)
		factor /= sqrt(squares);
	for (size_t i = 0; i < c.n; i++)
		out[i].value *= factor;
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
	size_t n = c.n - from;

	if (!n || c.v[c.n - 1].term < end)
		return c.n; /* as most often: the last block */
	while (n) {
		size_t half = n / 2;
		bool below = c.v[from + half].term < end;

		from += below ? half + 1 : 0;
		n = below ? n - half - 1 : half;
	}
	return from;
}

size_t tfidf_weigh(const struct tfidf *t, struct counts c, struct feat *out)
{
	size_t from = 0;

	for (uint32_t k = 0; k < t->block_count; k++) {
		const struct tfidf_block *b = &t->block[k];
		size_t to = tfidf_block_end(c, from, b->end);

		weigh_block(t, b,
			    (struct counts){ c.v + from, to - from,
					     c.idf ? c.idf + from : NULL },
			    out + from);
		from = to;
	}
	out[from] = (struct feat){ -1, 0 };
	return from;
}
