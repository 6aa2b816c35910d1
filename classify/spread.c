#include "classify/spread.h"

#include <errno.h>
#include <string.h>

struct spreader {
	const struct model *m;
	const struct judgement *j;
	const double *share;
};

/* The words of an n-gram stand in the sequence; an extra, which does not,
 * stands alone, so that the first and the last always count. */
static uint32_t words_of(const struct occurrence *o, struct tokens k)
{
	uint32_t n = o->last - o->first + 1;

	for (uint32_t i = o->first + 1; i < o->last; i++)
		n -= k.v[i].extra;
	return n;
}

static void deal(const struct occurrence *o, struct tokens k, double part,
		 double *weight)
{
	part /= words_of(o, k);
	weight[o->first] += part;
	weight[o->last] += part;
	for (uint32_t i = o->first + 1; i < o->last; i++)
		if (!k.v[i].extra)
			weight[i] += part;
}

/* Runs of characters come a dozen a word: what they give it is added up in
 * `sum`, since in memory each addition would wait for the store before it. */
static void deal_block(const struct spreader *s, enum field f, uint32_t b,
		       double *weight)
{
	const struct judgement *j = s->j;
	struct occurrences o = j->read[f].block[b];
	struct tokens k = j->read[f].cut[s->m->features.block[b].cut];
	double each = f == FIELD_TITLE ? s->m->tfidf.title_weight : 1;
	double part, sum = weight[0];
	uint32_t word = 0;

	for (size_t i = 0; i < o.n && each != 0; i++) {
		const struct occurrence *x = &o.v[i];

		if (x->term == TFIDF_NONE || j->counts.v[x->at].n == 0)
			continue;
		part = s->share[x->at] * each * x->n / j->counts.v[x->at].n;
		if (x->first == word && x->last == word) {
			sum += part;
			continue;
		}
		weight[word] = sum;
		if (x->first == x->last)
			weight[x->first] += part;
		else
			deal(x, k, part, weight);
		word = x->first;
		sum = weight[word];
	}
	weight[word] = sum;
}

/* The words of one field by one cut: every block that is cut so adds to
 * them. */
static int deal_cut(const struct spreader *s, enum field f, uint32_t cut,
		    struct arena scratch, struct spans *ret)
{
	struct tokens k = s->j->read[f].cut[cut];
	double *weight = arena_take_array(&scratch, k.n + 1, sizeof(*weight));

	if (!weight)
		return -ENOMEM;
	for (uint32_t b = 0; b < s->m->features.block_count; b++)
		if (s->m->features.block[b].cut == cut)
			deal_block(s, f, b, weight);
	/* Which have got nothing cannot be foreseen: each is put there, and
	 * stays if the next is put behind it. */
	for (size_t i = 0; i < k.n; i++) {
		ret->v[ret->n] = (struct span){ f, k.v[i].start, k.v[i].end,
						weight[i] };
		ret->n += weight[i] != 0;
	}
	return 0;
}

static int by_place(const struct span *x, const struct span *y)
{
	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->end < y->end) - (x->end > y->end);
}

int spread_by_place(const void *a, const void *b)
{
	return by_place(a, b);
}

void spread_settle(struct span *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct span s = v[i];
		size_t at = i;

		for (; at && by_place(&v[at - 1], &s) > 0; at--)
			v[at] = v[at - 1];
		v[at] = s;
	}
}

/* What a cut has made of a field, from `from` on, and what those before it
 * have, from `field` on, into one order; what is in the same place, into
 * one. */
static int merge(struct spans *s, size_t field, size_t from,
		 struct arena scratch)
{
	size_t n = from - field, behind = s->n;
	struct span *first = arena_room_array(&scratch, n + 1, sizeof(*first));
	struct span *end = first + n, *next;

	if (!first)
		return -ENOMEM;
	spread_settle(s->v + from, behind - from);
	if (n)
		memcpy(first, s->v + field, n * sizeof(*first));
	s->n = field;
	while (first < end || from < behind) {
		struct span *last = s->n > field ? &s->v[s->n - 1] : NULL;

		if (from == behind ||
		    (first < end && by_place(first, &s->v[from]) <= 0))
			next = first++;
		else
			next = &s->v[from++];
		if (last && !by_place(last, next))
			last->weight += next->weight;
		else
			s->v[s->n++] = *next;
	}
	return 0;
}

static int deal_field(const struct spreader *s, enum field f,
		      struct arena scratch, struct spans *ret)
{
	uint32_t cuts = s->m->features.cut_count;
	size_t begun = ret->n, from;
	int r = 0;

	for (uint32_t c = 0; c < cuts && !r; c++) {
		if (!s->j->read[f].cut[c].n)
			continue;
		from = ret->n;
		r = deal_cut(s, f, c, scratch, ret);
		if (!r && cuts > 1)
			r = merge(ret, begun, from, scratch);
	}
	return r;
}

int spread_words(const struct model *m, const struct judgement *j,
		 const double *share, struct arena *a, struct spans *ret)
{
	struct spreader s = { m, j, share };
	size_t room = 1;
	int r = 0;

	for (int f = 0; f < FIELD_COUNT; f++)
		for (uint32_t c = 0; c < m->features.cut_count; c++)
			room += j->read[f].cut[c].n;
	*ret = (struct spans){ arena_room_array(a, room, sizeof(*ret->v)), 0 };
	if (!ret->v)
		return -ENOMEM;
	for (int f = 0; f < FIELD_COUNT && !r; f++)
		r = deal_field(&s, (enum field)f, *a, ret);
	return r;
}
