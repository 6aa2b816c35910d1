#include "classify/because.h"

#include <errno.h>
#include <stdlib.h>

/* A word must carry this part of the heaviest word's share to be shown. */
static const double floor_of_best = 0.25;

int because_words(const struct model *m, const struct judgement *j,
		  uint32_t column, struct arena *a, struct spans *ret)
{
	double *share;

	*ret = (struct spans){ NULL, 0 };
	if (m->columns[column].kernel)
		return 0;
	share = arena_take_array(a, j->counts.n + 1, sizeof(*share));
	if (!share)
		return -ENOMEM;
	spread_shares(m, j, column, share);
	return spread_words(m, j, share, a, ret);
}

static int by_weight(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return spread_by_place(a, b);
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
	if (best <= 0) /* of a column with a kernel there may be no array */
		return (struct spans){ w.v, 0 };
	for (size_t i = 0; i < w.n; i++)
		if (w.v[i].weight > 0 && w.v[i].weight >= floor_of_best * best)
			w.v[kept++] = w.v[i];
	qsort(w.v, kept, sizeof(*w.v), spread_by_place);
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
