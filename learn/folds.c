#include "learn/folds.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

struct deal {
	uint64_t order, group;
	size_t doc;
};

static int by_order(const void *a, const void *b)
{
	const struct deal *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return (x->doc > y->doc) - (x->doc < y->doc);
}

/* A label is a topic with its stance. */
static size_t label_of(uint32_t topic, unsigned char byte)
{
	return (size_t)topic * 256 + byte;
}

struct table {
	uint32_t folds;
	uint32_t *labels; /* [topics * 256][folds] */
	uint32_t *sizes;  /* [folds] */
};

static uint64_t burden(const struct table *t, const struct corpus *c,
		       const struct deal *first, const struct deal *end,
		       uint32_t fold)
{
	uint64_t sum = 0;

	for (; first < end; first++)
		for (uint32_t k = 0; k < c->topic_count; k++) {
			unsigned char b = c->v[first->doc].labels[k];

			if (b)
				sum += t->labels[label_of(k, b) * t->folds +
						 fold];
		}
	return (sum << 32) + t->sizes[fold];
}

static void put(struct table *t, const struct corpus *c,
		const struct deal *first, const struct deal *end,
		uint32_t fold, uint32_t *out)
{
	for (; first < end; first++) {
		out[first->doc] = fold;
		t->sizes[fold]++;
		for (uint32_t k = 0; k < c->topic_count; k++)
			t->labels[label_of(k, c->v[first->doc].labels[k]) *
					  t->folds +
				  fold]++;
	}
}

static void deal_groups(struct table *t, const struct corpus *c,
			const struct deal *v, uint32_t *out)
{
	for (size_t i = 0, next; i < c->n; i = next) {
		uint32_t best = 0;

		for (next = i + 1; next < c->n; next++)
			if (v[next].group != v[i].group)
				break;
		for (uint32_t f = 1; f < t->folds; f++)
			if (burden(t, c, v + i, v + next, f) <
			    burden(t, c, v + i, v + next, best))
				best = f;
		put(t, c, v + i, v + next, best, out);
	}
}

int folds_deal(const struct corpus *c, const uint64_t *groups, uint32_t folds,
	       uint64_t seed, uint32_t *fold)
{
	struct deal *v = calloc(c->n + 1, sizeof(*v));
	struct table t = {
		.folds = folds,
		.labels = calloc((size_t)c->topic_count * 256 * folds,
				 sizeof(*t.labels)),
		.sizes = calloc(folds, sizeof(*t.sizes)),
	};
	int r = -ENOMEM;

	if (v && t.labels && t.sizes) {
		for (size_t i = 0; i < c->n; i++) {
			struct str key = { (const char *)&groups[i],
					   sizeof(groups[i]) };

			v[i] = (struct deal){ hash_xx(key, seed), groups[i],
					      i };
		}
		qsort(v, c->n, sizeof(*v), by_order);
		deal_groups(&t, c, v, fold);
		r = 0;
	}
	free(v);
	free(t.labels);
	free(t.sizes);
	return r;
}

uint32_t folds_by_hand(const struct corpus *c, uint32_t most, uint32_t *fold)
{
	const char *hands[256];
	uint32_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		uint32_t h = 0;

		if (!c->v[i].hand)
			return 0;
		while (h < n && strcmp(hands[h], c->v[i].hand))
			h++;
		if (h == n && (n == most || n == 256))
			return 0;
		if (h == n)
			hands[n++] = c->v[i].hand;
		fold[i] = h;
	}
	return n < 2 ? 0 : n;
}
