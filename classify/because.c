#include "classify/because.h"

#include <errno.h>

/* A word must carry this part of the heaviest word's share to be shown. */
static const double floor_of_best = 0.25;

int because_words(const struct model *m, const struct judgement *j,
		  uint32_t column, struct arena *a, struct spans *ret)
{
	double *share;

	*ret = (struct spans){ NULL, 0 };
	if (m->columns[column].kernel)
		return 0;
	share = arena_room_array(a, j->counts.n + 1, sizeof(*share));
	if (!share)
		return -ENOMEM;
	judge_shares(m, j, column, share);
	return spread_words(m, j, share, a, ret);
}

static bool is_heavier(const struct span *x, const struct span *y)
{
	if (x->weight != y->weight)
		return x->weight > y->weight;
	return spread_by_place(x, y) < 0;
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

/* Leave those that carry enough. */
static size_t keep_heavy(struct span *v, size_t n)
{
	double best = 0, least;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		best = v[i].weight > best ? v[i].weight : best;
	least = floor_of_best * best;
	for (size_t i = 0; i < n; i++)
		if (v[i].weight >= least && v[i].weight > 0)
			v[kept++] = v[i];
	return kept;
}

/* Make one of neighbours; how many are left. */
static size_t join(const struct judgement *j, struct span *v, size_t n)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		struct span *last = left ? &v[left - 1] : NULL;

		if (last && neighbours(j, last, &v[i])) {
			last->weight += v[i].weight;
			if (v[i].end > last->end)
				last->end = v[i].end;
		} else {
			v[left++] = v[i];
		}
	}
	return left;
}

/* The heaviest to the front, in their order; how many, BECAUSE_MOST at most. */
static size_t choose(struct span *v, size_t n)
{
	size_t chosen = 0;

	for (size_t i = 0; i < n; i++) {
		struct span s = v[i];
		size_t at = chosen;

		if (at == BECAUSE_MOST && !is_heavier(&s, &v[at - 1]))
			continue;
		at -= at == BECAUSE_MOST;
		chosen = at + 1;
		for (; at && is_heavier(&s, &v[at - 1]); at--)
			v[at] = v[at - 1];
		v[at] = s;
	}
	return chosen;
}

struct spans because_best(const struct judgement *j, struct spans w)
{
	size_t n = keep_heavy(w.v, w.n);

	spread_settle(w.v, n);
	n = join(j, w.v, n);
	return (struct spans){ w.v, choose(w.v, n) };
}
