#include "classify/because.h"

#include <errno.h>
#include <stdlib.h>

/* A word must carry this part of the heaviest word's share to be shown. */
static const double floor_of_best = 0.25;

static ptrdiff_t find_count(struct counts c, uint32_t term)
{
	size_t lo = 0, hi = c.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c.v[mid].term == term)
			return (ptrdiff_t)mid;
		if (c.v[mid].term < term)
			lo = mid + 1;
		else
			hi = mid;
	}
	return -1;
}

/* Words of an n-gram stand in the sequence; an extra stands alone. */
static size_t words_of(const struct occurrence *o)
{
	return o->block == BLOCK_WORDS ? o->words : 1;
}

static void share(const struct occurrence *o, struct tokens k, double part,
		  double *weight)
{
	part /= (double)words_of(o);
	for (uint32_t i = o->first; i <= o->last; i++)
		if (i == o->first || !k.v[i].extra)
			weight[i] += part;
}

static void weigh_field(const struct model *m, const struct judgement *j,
			enum judge_field f, uint32_t column, double *weight)
{
	double each = f == FIELD_TITLE ? m->tfidf.set.title_weight : 1;

	for (size_t i = 0; i < j->terms[f].n; i++) {
		const struct occurrence *o = &j->terms[f].v[i];
		uint32_t term = tfidf_find(&m->tfidf, o->hash);
		ptrdiff_t at = term == TFIDF_NONE
				       ? -1
				       : find_count(j->counts, term);
		double w;

		if (at < 0)
			continue;
		w = m->weights[(size_t)term * m->column_count + column];
		share(o, j->tokens[f],
		      w * j->x[at].value * each / j->counts.v[at].n, weight);
	}
}

int because_words(const struct model *m, const struct judgement *j,
		  uint32_t column, struct arena *a, struct spans *ret)
{
	size_t n = j->tokens[FIELD_TITLE].n + j->tokens[FIELD_TEXT].n;
	struct span *v = arena_take_array(a, n + 1, sizeof(*v));
	struct arena scratch = *a;
	size_t out = 0;

	if (!v)
		return -ENOMEM;
	for (int f = 0; f < FIELD_COUNT && !m->columns[column].kernel; f++) {
		struct tokens k = j->tokens[f];
		struct arena here = scratch;
		double *w = arena_take_array(&here, k.n + 1, sizeof(*w));

		if (!w)
			return -ENOMEM;
		weigh_field(m, j, (enum judge_field)f, column, w);
		for (size_t i = 0; i < k.n; i++)
			if (w[i] != 0)
				v[out++] = (struct span){
					(enum judge_field)f, k.v[i].start,
					k.v[i].end, w[i]
				};
	}
	*ret = (struct spans){ v, out };
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->end < y->end) - (x->end > y->end);
}

static int by_weight(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return by_place(a, b);
}

/* At most white space, a hyphen or an apostrophe lies between. */
static bool neighbours(const struct judgement *j, const struct span *x,
		       const struct span *y)
{
	const char *p = j->field[x->field].p;

	if (x->field != y->field)
		return false;
	if (y->start <= x->end)
		return true; /* a part within its compound */
	if (y->start - x->end > 4)
		return false;
	for (uint32_t i = x->end; i < y->start; i++)
		if (p[i] != ' ' && p[i] != '-' && p[i] != '\'' &&
		    (unsigned char)p[i] < 0x80)
			return false;
	return true;
}

struct spans because_best(const struct judgement *j, struct spans w)
{
	double best = 0;
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < w.n; i++)
		if (w.v[i].weight > best)
			best = w.v[i].weight;
	for (size_t i = 0; i < w.n; i++)
		if (w.v[i].weight > 0 && w.v[i].weight >= floor_of_best * best)
			w.v[kept++] = w.v[i];
	qsort(w.v, kept, sizeof(*w.v), by_place);
	for (size_t i = 0; i < kept; i++) {
		if (n && neighbours(j, &w.v[n - 1], &w.v[i])) {
			w.v[n - 1].weight += w.v[i].weight;
			if (w.v[i].end > w.v[n - 1].end)
				w.v[n - 1].end = w.v[i].end;
		} else {
			w.v[n++] = w.v[i];
		}
	}
	qsort(w.v, n, sizeof(*w.v), by_weight);
	return (struct spans){ w.v, n < BECAUSE_MOST ? n : BECAUSE_MOST };
}
