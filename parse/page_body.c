#include <errno.h>
#include <string.h>

#include "parse/page.h"
#include "parse/page_parts.h"

enum {
	DESCEND = 85,	   /* percent of the worth that one child must hold */
	NAMED = 30,	   /* percent of the worth, of what is so called */
	NAMED_TOO = 10,	   /* … that a second one must hold of the first's */
	PART = 200,	   /* worth of a part of an article */
	PART_SHARE = 3,	   /* … in percent of the rest */
	ENOUGH = 250,	   /* characters of an article */
	ENOUGH_OF_PROSE = 5, /* … or a fifth of the page's prose */
	TIMES = 2,	   /* as much must be won by pruning less */
	TEASER = 250,	   /* characters below a heading that is a link */
	LABEL = 120,	   /* characters of "Photo: …" */
	LEAD = 200,	   /* … of "Read more: …" */
	LINE = 60,	   /* characters of a line that is no paragraph */
	END = 100,	   /* characters that may end an article as they are */
	GAP = 3,	   /* short blocks between two kept ones */
	LEDE = 60,	   /* characters of a lede, at least */
	LEDE_AWAY = 40,	   /* blocks between the title and the text */
};

struct chooser {
	const struct dom *d;
	struct page_blocks blocks;
	uint32_t *worth; /* of what is worth something in and below a node */
	uint32_t root;
};

static bool is_heading(enum dom_tag tag)
{
	return tag >= DOM_H1 && tag <= DOM_H6;
}

/* The deepest element below `at` that holds nearly all that is worth something
 * there. */
static uint32_t descend(const struct chooser *c, uint32_t at)
{
	uint32_t best = at;

	for (;; at = best) {
		uint32_t end = c->d->v[at].end;

		for (uint32_t i = at + 1; i < end; i = c->d->v[i].end)
			if (best == at || c->worth[i] > c->worth[best])
				best = i;
		if (best == at || c->d->v[best].tag == DOM_P ||
		    !dom_is_block(c->d->v[best].tag) ||
		    (uint64_t)c->worth[best] * 100 <
			    (uint64_t)c->worth[at] * DESCEND)
			return at;
	}
}

static void weigh(struct chooser *c)
{
	for (uint32_t i = 0; i < c->blocks.n; i++)
		if (c->blocks.v[i].worth > 0)
			c->worth[c->blocks.v[i].node] +=
				(uint32_t)c->blocks.v[i].worth;
	for (uint32_t i = c->d->n; --i > 0;)
		c->worth[c->d->v[i].parent] += c->worth[i];
}

static bool is_body(const struct chooser *c, uint32_t i, uint32_t least)
{
	return c->worth[i] >= ENOUGH && c->worth[i] >= least &&
	       page_is_named_body(c->d, i);
}

static bool holds(const struct dom *d, uint32_t i, uint32_t k)
{
	return i <= k && d->v[k].end <= d->v[i].end;
}

/* What the site itself calls the text of the article, if it holds a good part
 * of what is below the root: else the root. When there are more of them, what
 * holds them all. */
static uint32_t named_body(const struct chooser *c)
{
	uint32_t end = c->d->v[c->root].end, best = c->root, up;
	uint32_t least = c->worth[c->root] / 100 * NAMED;

	for (uint32_t i = c->root + 1; i < end; i++)
		if ((best == c->root || c->worth[i] >= c->worth[best]) &&
		    is_body(c, i, least))
			best = i;
	if (best == c->root)
		return best;
	up = best;
	least = c->worth[best] / 100 * NAMED_TOO;
	for (uint32_t i = c->root + 1; i < end; i++)
		if (!holds(c->d, i, best) && is_body(c, i, least))
			while (!holds(c->d, up, i))
				up = c->d->v[up].parent;
	return up;
}

static void find_root(struct chooser *c)
{
	weigh(c);
	c->root = descend(c, 0);
	c->root = descend(c, named_body(c));
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
static void widen(struct chooser *c)
{
	uint32_t at = c->root, worth = c->worth[c->root];

	for (; at && c->d->v[at].tag != DOM_BODY; at = c->d->v[at].parent) {
		uint32_t up = c->d->v[at].parent, end = c->d->v[up].end;

		for (uint32_t i = up + 1; i < end; i = c->d->v[i].end)
			if (i != at && c->worth[i] >= PART &&
			    (uint64_t)c->worth[i] * 100 >=
				    (uint64_t)worth * PART_SHARE &&
			    is_alike(c->d, i, at)) {
				c->root = up;
				break;
			}
	}
}

static bool is_inside(const struct chooser *c, uint32_t i)
{
	uint32_t node = c->blocks.v[i].node;

	return node >= c->root && node < c->d->v[c->root].end;
}

/* Low on links, so that it may belong to what stands around it. */
static bool is_plain(const struct page_block *b)
{
	return b->link * 3 < b->length;
}

/* What stands between kept blocks: a few short ones in a row. */
static void keep_between(struct chooser *c)
{
	uint32_t last = c->blocks.n;

	for (uint32_t i = 0; i < c->blocks.n; i++) {
		if (!c->blocks.v[i].kept)
			continue;
		for (uint32_t k = last + 1; k < i && i - last - 1 <= GAP; k++)
			if (is_plain(&c->blocks.v[k]) && is_inside(c, k) && !c->blocks.v[k].aside &&
			    !is_heading(c->blocks.v[k].tag))
				c->blocks.v[k].kept = true;
		last = i;
	}
}

/* A heading belongs to what is kept after it. */
static void keep_headings(struct chooser *c)
{
	bool next = false;

	for (uint32_t i = c->blocks.n; i-- > 0;) {
		struct page_block *b = &c->blocks.v[i];

		if (b->tag == DOM_H1)
			next = false;
		else if (!is_heading(b->tag))
			next = b->kept;
		else
			b->kept = next && !b->aside && is_inside(c, i);
	}
}

/* Past the items of the list that block i begins. *ours: are these text rather
 * than links, and is there something before them, or one of them, that is kept? */
static uint32_t list_end(const struct chooser *c, uint32_t i, bool *ours)
{
	uint32_t list = c->blocks.v[i].list, length = 0, link = 0;

	for (; i < c->blocks.n && c->blocks.v[i].list == list; i++) {
		length += c->blocks.v[i].length;
		link += c->blocks.v[i].link;
		*ours = *ours || c->blocks.v[i].kept;
	}
	*ours = *ours && link * 2 < length;
	return i;
}

/* A heading, or the head of a table. */
static bool is_lead_in(const struct page_block *b)
{
	return is_heading(b->tag) || (b->length < LINE && is_plain(b));
}

/* Lists of text belong to the paragraph or the heading before them. */
static void keep_lists(struct chooser *c)
{
	bool near = false;

	for (uint32_t i = 0; i < c->blocks.n; i++) {
		const struct page_block *b = &c->blocks.v[i];
		bool ours = near;
		uint32_t end;

		if (!b->list) {
			near = b->kept || (near && is_lead_in(b));
			continue;
		}
		end = list_end(c, i, &ours);
		for (; ours && i < end; i++)
			if (is_inside(c, i) && !c->blocks.v[i].aside)
				c->blocks.v[i].kept = true;
		i = end - 1;
	}
}

static bool is_lede(const struct page_block *b)
{
	return b->worth > 0 && b->length >= LEDE && b->link * 4 < b->length;
}

/* What the article begins with may stand with its title, apart from the rest:
 * sentences between the last h1 and the first kept block. */
static void keep_lede(struct chooser *c)
{
	uint32_t first = 0, title;

	while (first < c->blocks.n && !c->blocks.v[first].kept)
		first++;
	if (first == c->blocks.n)
		return;
	for (title = first; title && c->blocks.v[title].tag != DOM_H1;)
		title--;
	if (c->blocks.v[title].tag != DOM_H1 || first - title > LEDE_AWAY)
		return;
	for (uint32_t i = title + 1; i < first; i++)
		if (is_lede(&c->blocks.v[i]))
			c->blocks.v[i].kept = true;
}

/* Paragraphs that stand beside the element chosen, or beside one around it:
 * the first ones before a paywall, the last ones after it. */
static void keep_beside(struct chooser *c)
{
	for (uint32_t i = 0; i < c->blocks.n; i++) {
		struct page_block *b = &c->blocks.v[i];
		uint32_t up = b->node;

		if (b->kept || b->tag != DOM_P || !is_lede(b))
			continue;
		while (up && c->d->v[up].tag != DOM_P)
			up = c->d->v[up].parent;
		up = c->d->v[up].parent;
		if (up && c->d->v[up].tag != DOM_BODY && up < c->root &&
		    c->d->v[up].end >= c->d->v[c->root].end)
			b->kept = true;
	}
}

static bool is_linked_heading(const struct page_block *b)
{
	return is_heading(b->tag) && b->tag != DOM_H1 &&
	       b->link * 10 >= b->length * 8;
}

/* Of other articles: headings that are links, each with a line or two. One
 * alone may be the title of this article. */
static void leave_teasers(struct chooser *c)
{
	uint32_t last = UINT32_MAX;

	for (uint32_t i = 0; i < c->blocks.n; i++) {
		bool heads = is_linked_heading(&c->blocks.v[i]);

		if (!heads && c->blocks.v[i].length > TEASER)
			last = UINT32_MAX;
		if (!heads)
			continue;
		for (uint32_t k = last; k < i; k++)
			c->blocks.v[k].worth = 0;
		if (last != UINT32_MAX && i + 1 < c->blocks.n &&
		    c->blocks.v[i + 1].length <= TEASER)
			c->blocks.v[i + 1].worth = 0;
		last = i;
	}
}

/* About the page or about other pages? The shorter a line and the less it is
 * like a sentence, the easier it is taken for that. */
static bool is_aside(const struct page_block *b)
{
	if (b->tag == DOM_H1)
		return false;
	if (b->length < LEAD && page_leads_away(b->text) &&
	    (!b->sentence || b->link * 3 > b->length))
		return true;
	if (b->length < LABEL && (!b->sentence || b->length < LINE) &&
	    page_is_label(b->text))
		return true;
	return b->length < LABEL && b->worth <= 0 && page_is_byline(b->text);
}

static void leave_lines(struct chooser *c)
{
	for (uint32_t i = 0; i < c->blocks.n; i++) {
		struct page_block *b = &c->blocks.v[i];

		b->aside = is_aside(b);
		if (b->aside && b->worth > 0)
			b->worth = 0;
	}
}

/* An article ends with a sentence, or an item of a list. */
static void trim_end(struct chooser *c)
{
	for (uint32_t i = c->blocks.n; i-- > 0;) {
		struct page_block *b = &c->blocks.v[i];

		if (b->kept && (b->sentence || b->list || b->length > END ||
				b->tag == DOM_PRE))
			return;
		b->kept = false;
	}
}

static uint32_t choose(struct chooser *c)
{
	uint32_t kept = 0;

	leave_lines(c);
	leave_teasers(c);
	find_root(c);
	widen(c);
	for (uint32_t i = 0; i < c->blocks.n; i++)
		c->blocks.v[i].kept =
			c->blocks.v[i].worth > 0 && is_inside(c, i);
	keep_lists(c);
	keep_between(c);
	keep_lede(c);
	keep_beside(c);
	keep_headings(c);
	trim_end(c);
	for (uint32_t i = 0; i < c->blocks.n; i++)
		if (c->blocks.v[i].kept)
			kept += c->blocks.v[i].length;
	return kept;
}

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

static int attempt(struct chooser *c, const struct page_mass *m,
		   enum page_prune how, struct arena *a, uint32_t *kept)
{
	const bool *pruned = page_prune(c->d, m, how, a);
	int r;

	c->worth = arena_take_array(a, c->d->n, sizeof(*c->worth));
	if (!pruned || !c->worth)
		return -ENOMEM;
	r = page_cut(c->d, pruned, a, &c->blocks);
	if (!r)
		*kept = choose(c);
	return r;
}

static bool is_enough(uint32_t kept, const struct page_mass *m)
{
	return kept >= ENOUGH && kept >= m[0].prose / ENOUGH_OF_PROSE;
}

int page_body(const struct dom *d, const struct page *meta, struct arena *a,
	      struct str *ret)
{
	const struct page_mass *m = page_weigh(d, a);
	struct chooser best = { .d = d }, c = { .d = d };
	uint32_t most = 0, kept = 0;

	if (!m)
		return -ENOMEM;
	for (int how = PAGE_PRUNE_ALL; how <= PAGE_PRUNE_LEAST; how++) {
		int r = attempt(&c, m, (enum page_prune)how, a, &kept);

		if (r)
			return r;
		if (how == PAGE_PRUNE_ALL || kept > TIMES * most) {
			best = c;
			most = kept;
		}
		if (is_enough(most, m))
			break;
	}
	if (meta->has_body_of_json) {
		enum page_answer answer;
		int r = page_ask(&best.blocks, meta->body_of_json, *a, &answer);

		if (r)
			return r;
		if (answer == PAGE_ANSWER_ELSEWHERE &&
		    meta->body_of_json.n > TIMES * most) {
			*ret = meta->body_of_json;
			return 0;
		}
	}
	return join(&best.blocks, a, ret);
}
