#include "classify/spread.h"

#include <errno.h>
#include <stdlib.h>

void spread_shares(const struct model *m, const struct judgement *j,
		   uint32_t column, double *share)
{
	size_t i = 0;

	for (uint32_t b = 0; b < m->tfidf.block_count; b++) {
		size_t end = tfidf_block_end(j->counts, i,
					     m->tfidf.block[b].end);

		for (; i < end; i++)
			share[i] = judge_share(m, j, i, b, column);
	}
}

struct spreader {
	const struct model *m;
	const struct judgement *j;
	const double *share;
};

/* The words of an n-gram stand in the sequence; an extra stands alone. */
static uint32_t words_of(const struct occurrence *o, struct tokens k)
{
	uint32_t n = 1;

	for (uint32_t i = o->first + 1; i <= o->last; i++)
		n += !k.v[i].extra;
	return n;
}

static void deal(const struct occurrence *o, struct tokens k, double part,
		 double *weight)
{
	part /= words_of(o, k);
	for (uint32_t i = o->first; i <= o->last; i++)
		if (i == o->first || !k.v[i].extra)
			weight[i] += part;
}

static void deal_block(const struct spreader *s, enum field f, uint32_t b,
		       double *weight)
{
	const struct judgement *j = s->j;
	const struct reading *r = &j->read[f];
	double each = f == FIELD_TITLE ? s->m->tfidf.title_weight : 1;

	for (size_t i = 0; i < r->block[b].n; i++) {
		const struct occurrence *o = &r->block[b].v[i];
		const struct count *c;

		if (o->term == TFIDF_NONE || each == 0)
			continue;
		c = &j->counts.v[o->at];
		if (c->n == 0)
			continue;
		deal(o, r->cut[s->m->features.block[b].cut],
		     s->share[o->at] * each * o->n / c->n, weight);
	}
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
	for (size_t i = 0; i < k.n; i++)
		if (weight[i] != 0)
			ret->v[ret->n++] = (struct span){
				f, k.v[i].start, k.v[i].end, weight[i]
			};
	return 0;
}

int spread_by_place(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->end < y->end) - (x->end > y->end);
}

static void merge_cuts(struct spans *s)
{
	size_t n = 0;

	qsort(s->v, s->n, sizeof(*s->v), spread_by_place);
	for (size_t i = 0; i < s->n; i++) {
		struct span *last = n ? &s->v[n - 1] : NULL;

		if (last && !spread_by_place(last, &s->v[i]))
			last->weight += s->v[i].weight;
		else
			s->v[n++] = s->v[i];
	}
	s->n = n;
}

int spread_words(const struct model *m, const struct judgement *j,
		 const double *share, struct arena *a, struct spans *ret)
{
	struct spreader s = { m, j, share };
	uint32_t cuts = m->features.cut_count;
	size_t room = 1;
	int r = 0;

	for (int f = 0; f < FIELD_COUNT; f++)
		for (uint32_t c = 0; c < cuts; c++)
			room += j->read[f].cut[c].n;
	*ret = (struct spans){ arena_take_array(a, room, sizeof(*ret->v)), 0 };
	if (!ret->v)
		return -ENOMEM;
	for (int f = 0; f < FIELD_COUNT; f++)
		for (uint32_t c = 0; c < cuts && !r; c++)
			r = deal_cut(&s, (enum field)f, c, *a, ret);
	if (cuts > 1)
		merge_cuts(ret);
	return r;
}
