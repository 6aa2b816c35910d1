#include "parse/page_parts.h"

enum {
	BARE = 40,	/* … of "Read more" alone */
	BEHIND = 6,	/* … of the article at most */
	ARTICLE = 600,	/* … before what readers wrote */
	LINE = 60,	/* characters of a line that is no paragraph */
	END = 100,	/* characters that may end an article as they are */
	LINKED = 30,	/* … of a paragraph beside its links */
	GAP = 3,	/* short blocks between two kept ones */
	LEDE = 60,	/* characters of a lede, at least */
	LEDE_AWAY = 40, /* blocks between the title and the text */
};

struct chooser {
	const struct dom *d;
	struct page_block *v;
	uint32_t n, root;
};

static bool is_inside(const struct chooser *c, uint32_t i)
{
	uint32_t node = c->v[i].node;

	return node >= c->root && node < c->d->v[c->root].end;
}

/* Low on links, so that it may belong to what stands around it. */
static bool is_plain(const struct page_block *b)
{
	return b->link * 3 < b->length;
}

static bool is_filling(const struct chooser *c, uint32_t i)
{
	const struct page_block *b = &c->v[i];

	return (is_plain(b) ||
		((b->tag == DOM_P || b->tag == DOM_DIV) && b->sentence &&
		 b->length - b->link >= LINKED)) &&
	       is_inside(c, i) && !c->v[i].aside &&
	       !page_is_heading(c->v[i].tag);
}

/* What stands between kept blocks: a few short ones in a row. */
static void keep_between(struct chooser *c)
{
	uint32_t last = c->n;

	for (uint32_t i = 0; i < c->n; i++) {
		if (!c->v[i].kept)
			continue;
		for (uint32_t k = last + 1; k < i && i - last - 1 <= GAP; k++)
			c->v[k].kept = is_filling(c, k);
		last = i;
	}
}

/* A heading belongs to what is kept after it. */
static void keep_headings(struct chooser *c)
{
	bool next = false;

	for (uint32_t i = c->n; i-- > 0;) {
		struct page_block *b = &c->v[i];

		if (b->tag == DOM_H1)
			next = false;
		else if (!page_is_heading(b->tag))
			next = b->kept;
		else
			b->kept = next && !b->aside && is_inside(c, i);
	}
}

/* Past the items of the list that block i begins. *ours: are these text rather
 * than links, and is what stands before them, or one of them, kept? */
static uint32_t list_end(const struct chooser *c, uint32_t i, bool *ours)
{
	uint32_t list = c->v[i].list, length = 0, link = 0;

	for (; i < c->n && c->v[i].list == list; i++) {
		length += c->v[i].length;
		link += c->v[i].link;
		*ours = *ours || c->v[i].kept;
	}
	*ours = *ours && link * 2 < length;
	return i;
}

/* A heading, or the head of a table. */
static bool is_lead_in(const struct page_block *b)
{
	return page_is_heading(b->tag) || (b->length < LINE && is_plain(b));
}

/* Lists of text belong to the paragraph or the heading before them. */
static void keep_lists(struct chooser *c)
{
	bool near = false;

	for (uint32_t i = 0; i < c->n; i++) {
		const struct page_block *b = &c->v[i];
		bool ours = near;
		uint32_t end;

		if (!b->list) {
			near = b->kept || (near && is_lead_in(b));
			continue;
		}
		end = list_end(c, i, &ours);
		for (; ours && i < end; i++)
			if (is_inside(c, i) && !c->v[i].aside)
				c->v[i].kept = true;
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

	while (first < c->n && !c->v[first].kept)
		first++;
	if (first == c->n)
		return;
	for (title = first; title && c->v[title].tag != DOM_H1;)
		title--;
	if (c->v[title].tag != DOM_H1 || first - title > LEDE_AWAY)
		return;
	for (uint32_t i = title + 1; i < first; i++)
		if (is_lede(&c->v[i]))
			c->v[i].kept = true;
}

static bool holds_root(const struct chooser *c, uint32_t i)
{
	return i < c->root && c->d->v[i].end >= c->d->v[c->root].end;
}

/* Paragraphs that stand beside the element chosen, or beside one around it, by
 * themselves or in one of their own: the lede, the first ones before a
 * paywall, the last ones after it. */
static void keep_beside(struct chooser *c)
{
	for (uint32_t i = 0; i < c->n; i++) {
		struct page_block *b = &c->v[i];
		uint32_t up = b->node;

		if (b->kept || b->tag != DOM_P || !is_lede(b))
			continue;
		while (up && c->d->v[up].tag != DOM_P)
			up = c->d->v[up].parent;
		up = c->d->v[up].parent;
		if (!holds_root(c, up))
			up = c->d->v[up].parent;
		if (up && c->d->v[up].tag != DOM_BODY && holds_root(c, up))
			b->kept = true;
	}
}

/* An article ends with a sentence, or an item of a list. */
static void trim_end(struct chooser *c)
{
	for (uint32_t i = c->n; i-- > 0;) {
		struct page_block *b = &c->v[i];

		if (b->kept && (b->sentence || b->list || b->length > END ||
				b->tag == DOM_PRE))
			return;
		b->kept = false;
	}
}

/* Behind a line that leads away from an article that is all but over stands
 * nothing of it. */
static void cut_end(struct chooser *c)
{
	uint64_t all = 0, behind = 0;
	uint32_t end = c->n;

	for (uint32_t i = 0; i < c->n; i++)
		if (c->v[i].kept)
			all += c->v[i].length;
	for (uint32_t i = c->n; i-- > 0;) {
		if (c->v[i].kept)
			behind += c->v[i].length;
		if (behind * BEHIND > all)
			break;
		if (c->v[i].aside && c->v[i].length < BARE && !c->v[i].link &&
		    page_leads_away(c->v[i].text) && is_inside(c, i))
			end = i;
	}
	for (uint32_t i = end; i < c->n; i++)
		c->v[i].kept = false;
}

/* Behind an article, what readers wrote of it. */
static void cut_comments(struct chooser *c)
{
	uint32_t ahead = 0, i;

	for (i = 0; i < c->n; i++) {
		const struct page_block *b = &c->v[i];

		if (ahead >= ARTICLE && page_is_head_of_comments(b))
			break;
		ahead += b->kept ? b->length : 0;
	}
	for (; i < c->n; i++)
		c->v[i].kept = false;
}

uint32_t page_keep(const struct dom *d, uint32_t root,
		   struct page_blocks *blocks)
{
	struct chooser c = {
		.d = d,
		.v = blocks->v,
		.n = blocks->n,
		.root = root,
	};
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c.n; i++)
		c.v[i].kept = c.v[i].worth > 0 && is_inside(&c, i);
	keep_lists(&c);
	keep_between(&c);
	keep_lede(&c);
	keep_beside(&c);
	keep_headings(&c);
	cut_comments(&c);
	cut_end(&c);
	trim_end(&c);
	for (uint32_t i = 0; i < c.n; i++)
		if (c.v[i].kept)
			kept += c.v[i].length;
	return kept;
}
