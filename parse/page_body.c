#include <errno.h>
#include <string.h>

#include "parse/page.h"
#include "parse/page_parts.h"

enum {
	ENOUGH = 250,	   /* characters of an article */
	ENOUGH_OF_PROSE = 5, /* … or a fifth of the page's prose */
	TIMES = 2,	   /* as much must be won by pruning less */
};

static int join(const struct page_blocks *blocks, struct arena *a,
		struct str *ret)
{
	size_t room = 0, n = 0;
	char *p;

	for (uint32_t i = 0; i < blocks->n; i++)
		if (blocks->v[i].kept)
			room += blocks->v[i].text.n + 1;
	p = arena_take(a, room);
	if (!p)
		return -ENOMEM;
	for (uint32_t i = 0; i < blocks->n; i++) {
		struct str s = blocks->v[i].text;

		if (!blocks->v[i].kept)
			continue;
		if (n)
			p[n++] = '\n';
		memcpy(p + n, s.p, s.n);
		n += s.n;
	}
	*ret = (struct str){ p, n };
	return 0;
}

/* One reading of a page: its blocks, and the characters of those kept. */
struct reading {
	struct page_blocks blocks;
	uint32_t kept;
};

static int read_with(const struct dom *d, const struct page_mass *m,
		     enum page_prune how, struct arena *a, struct reading *ret)
{
	const bool *pruned = page_prune(d, m, how, a);
	uint32_t root;
	int r;

	if (!pruned)
		return -ENOMEM;
	r = page_cut(d, pruned, a, &ret->blocks);
	if (r)
		return r;
	page_leave(&ret->blocks);
	r = page_root(d, &ret->blocks, *a, &root);
	if (!r)
		ret->kept = page_keep(d, root, &ret->blocks);
	return r;
}

static bool is_enough(const struct reading *got, const struct page_mass *m)
{
	return got->kept >= ENOUGH &&
	       got->kept >= m[0].prose / ENOUGH_OF_PROSE;
}

/* With less and less taken away before, until there is enough of an article;
 * what was read with more taken away is preferred. */
static int read_best(const struct dom *d, struct arena *a, struct reading *ret)
{
	const struct page_mass *m = page_weigh(d, a);

	if (!m)
		return -ENOMEM;
	for (int how = PAGE_PRUNE_ALL; how <= PAGE_PRUNE_LEAST; how++) {
		struct reading got;
		int r = read_with(d, m, (enum page_prune)how, a, &got);

		if (r)
			return r;
		if (how == PAGE_PRUNE_ALL || got.kept > TIMES * ret->kept)
			*ret = got;
		if (is_enough(ret, m))
			break;
	}
	return 0;
}

int page_body(const struct dom *d, const struct page *meta, struct arena *a,
	      struct str *ret)
{
	enum page_answer answer = PAGE_ANSWER_NONE;
	struct str said = meta->body_of_json;
	struct reading got;
	int r = read_best(d, a, &got);

	if (!r && meta->has_body_of_json)
		r = page_ask(&got.blocks, said, *a, &answer);
	if (r)
		return r;
	if (answer == PAGE_ANSWER_ELSEWHERE && said.n > TIMES * got.kept) {
		*ret = said;
		return 0;
	}
	return join(&got.blocks, a, ret);
}
