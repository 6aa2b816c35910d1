#include <errno.h>

#include "parse/page_parts.h"

enum {
	DESCEND = 85,	   /* percent of the worth that one child must hold */
	NAMED = 30,	   /* percent of the worth, of what is so called */
	NAMED_TOO = 10,	   /* … that a second one must hold of the first's */
	PART = 200,	   /* worth of a part of an article */
	PART_SHARE = 3,	   /* … in percent of the rest */
};

struct finder {
	const struct dom *d;
	uint32_t *worth; /* of what is worth something in and below a node */
	uint32_t root;
};

/* The deepest element below `at` that holds nearly all that is worth something
 * there. */
static uint32_t descend(const struct finder *f, uint32_t at)
{
	uint32_t best = at;

	for (;; at = best) {
		uint32_t end = f->d->v[at].end;

		for (uint32_t i = at + 1; i < end; i = f->d->v[i].end)
			if (best == at || f->worth[i] > f->worth[best])
				best = i;
		if (best == at || f->d->v[best].tag == DOM_P ||
		    !dom_is_block(f->d->v[best].tag) ||
		    (uint64_t)f->worth[best] * 100 <
			    (uint64_t)f->worth[at] * DESCEND)
			return at;
	}
}

static void weigh(struct finder *f, const struct page_blocks *blocks)
{
	for (uint32_t i = 0; i < blocks->n; i++)
		if (blocks->v[i].worth > 0)
			f->worth[blocks->v[i].node] +=
				(uint32_t)blocks->v[i].worth;
	for (uint32_t i = f->d->n; --i > 0;)
		f->worth[f->d->v[i].parent] += f->worth[i];
}

static bool is_body(const struct finder *f, uint32_t i, uint32_t least)
{
	return f->worth[i] >= PART && f->worth[i] >= least &&
	       page_is_named_body(f->d, i);
}

static bool holds(const struct dom *d, uint32_t i, uint32_t k)
{
	return i <= k && d->v[k].end <= d->v[i].end;
}

/* What the site itself calls the text of the article, if it holds a good part
 * of what is below the root: else the root. When there are more of them, what
 * holds them all. */
static uint32_t named_body(const struct finder *f)
{
	uint32_t end = f->d->v[f->root].end, best = f->root, up;
	uint32_t least = f->worth[f->root] / 100 * NAMED;

	for (uint32_t i = f->root + 1; i < end; i++)
		if ((best == f->root || f->worth[i] >= f->worth[best]) &&
		    is_body(f, i, least))
			best = i;
	if (best == f->root)
		return best;
	up = best;
	least = f->worth[best] / 100 * NAMED_TOO;
	for (uint32_t i = f->root + 1; i < end; i++)
		if (!holds(f->d, i, best) && is_body(f, i, least))
			while (!holds(f->d, up, i))
				up = f->d->v[up].parent;
	return up;
}

/* Do two elements look like parts of one thing? */
static bool is_alike(const struct dom *d, uint32_t i, uint32_t k)
{
	struct str a = dom_attribute(d, i, "class");
	struct str b = dom_attribute(d, k, "class");

	return d->v[i].tag == d->v[k].tag && str_eq(a, b) &&
	       (a.n || d->v[i].tag == DOM_SECTION);
}

/* An article in parts: up again, past elements with siblings that look like
 * them and hold prose too. */
static void widen(struct finder *f)
{
	uint32_t at = f->root, worth = f->worth[f->root];

	for (; at && f->d->v[at].tag != DOM_BODY; at = f->d->v[at].parent) {
		uint32_t up = f->d->v[at].parent, end = f->d->v[up].end;

		for (uint32_t i = up + 1; i < end; i = f->d->v[i].end)
			if (i != at && f->worth[i] >= PART &&
			    (uint64_t)f->worth[i] * 100 >=
				    (uint64_t)worth * PART_SHARE &&
			    is_alike(f->d, i, at)) {
				f->root = up;
				break;
			}
	}
}

int page_root(const struct dom *d, const struct page_blocks *blocks,
	      struct arena scratch, uint32_t *ret)
{
	struct finder f = { .d = d };

	f.worth = arena_take_array(&scratch, d->n, sizeof(*f.worth));
	if (!f.worth)
		return -ENOMEM;
	weigh(&f, blocks);
	f.root = descend(&f, 0);
	f.root = descend(&f, named_body(&f));
	widen(&f);
	*ret = f.root;
	return 0;
}
