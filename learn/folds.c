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

uint32_t folds_count(const uint32_t *fold, size_t n)
{
	uint32_t most = 0;

	for (size_t i = 0; i < n; i++)
		if (fold[i] >= most)
			most = fold[i] + 1;
	return most;
}

/* Time. */

struct moment {
	const char *date;
	size_t doc;
};

static int by_date(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;
	int c = strcmp(x->date, y->date);

	return c ? c : (x->doc > y->doc) - (x->doc < y->doc);
}

static int read_dates(const struct corpus *c, struct moment *v, struct err *e)
{
	for (size_t i = 0; i < c->n; i++) {
		if (!c->v[i].date || !c->v[i].date[0])
			return err_set(e, -EBADMSG,
				       "%s: has no date to split by: every "
				       "document needs one",
				       c->v[i].place);
		v[i] = (struct moment){ c->v[i].date, i };
	}
	qsort(v, c->n, sizeof(*v), by_date);
	return 0;
}

/* The first of the date that four fifths of the documents come up to; of the
 * next date when that one is the oldest. n when there is but one. */
static size_t find_cut(const struct moment *v, size_t n)
{
	size_t cut = n - (n + 4) / 5;

	while (cut && !strcmp(v[cut - 1].date, v[cut].date))
		cut--;
	while (cut < n && !strcmp(v[cut].date, v[0].date))
		cut++;
	return cut;
}

/* v[i] in time: a group is met first by its oldest. sides[g] is 1 + the side of
 * group g. */
static void take_sides(const struct moment *v, size_t n,
		       const uint64_t *groups, uint32_t *sides, uint32_t *fold,
		       struct folds_cut *cut)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t own = strcmp(v[i].date, cut->date) < 0;
		uint32_t *side = &sides[groups[v[i].doc]];

		if (!*side)
			*side = 1 + own;
		fold[v[i].doc] = *side - 1;
		cut->judged += *side == 1;
		cut->moved += *side != 1 + own;
	}
}

int folds_by_time(const struct corpus *c, const uint64_t *groups,
		  uint32_t *fold, struct folds_cut *ret, struct err *e)
{
	struct moment *v = calloc(c->n + 1, sizeof(*v));
	uint32_t *sides = calloc(c->n + 1, sizeof(*sides));
	size_t at = 0;
	int r = v && sides ? read_dates(c, v, e) : -ENOMEM;

	if (!r) {
		at = find_cut(v, c->n);
		if (at == c->n)
			r = err_set(e, -EBADMSG,
				    "all documents have the date %s: there is "
				    "no time to split by",
				    v[0].date);
	}
	if (!r) {
		*ret = (struct folds_cut){ .date = v[at].date };
		take_sides(v, c->n, groups, sides, fold, ret);
		if (!ret->judged)
			r = err_set(e, -EBADMSG,
				    "what is dated %s or later is copied from "
				    "older documents: nothing is left to judge",
				    ret->date);
	}
	free(v);
	free(sides);
	return r;
}
