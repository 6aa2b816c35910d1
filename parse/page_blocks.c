#include <errno.h>
#include <string.h>

#include "base/unicode.h"
#include "parse/page_parts.h"

enum {
	CELL_LONG = 100, /* bytes of a cell that is a paragraph of its own */
	CELL_NODES = 50, /* more are looked at in no cell */
	LEDE_LONG = 60,	 /* characters of a heading that is one in name only */
};

/* Bytes of blocks go into one piece, which holds all text of the page. */
struct cutter {
	const struct dom *d;
	const bool *pruned;
	struct arena *a;
	struct page_blocks *ret;
	char *text;
	size_t n, start; /* written; of that, before this block */
	char owed;	 /* white space before the next word */
	uint32_t node, link;
	uint32_t cell;	 /* the last small cell, or 0 */
	int breaks;	   /* <br> since the last word */
};

static bool is_cell(enum dom_tag tag)
{
	return tag == DOM_TD || tag == DOM_TH;
}

/* Cells of a table are words of their row unless they hold a paragraph. */
static bool is_small_cell(const struct dom *d, uint32_t i)
{
	size_t bytes = 0, blocks = 0;

	for (uint32_t k = i + 1; k < d->v[i].end; k++) {
		if (k - i > CELL_NODES || bytes > CELL_LONG)
			return false;
		blocks += dom_is_block(d->v[k].tag);
		if (blocks > 1 || d->v[k].tag == DOM_BR)
			return false;
		if (d->v[k].tag == DOM_TEXT)
			bytes += str_trim(d->v[k].text).n;
	}
	return bytes < CELL_LONG;
}

static enum dom_tag kind_of(const struct dom *d, uint32_t i)
{
	while (i && !dom_is_block(d->v[i].tag))
		i = d->v[i].parent;
	if (is_cell(d->v[d->v[i].parent].tag))
		i = d->v[i].parent;
	return is_cell(d->v[i].tag) && is_small_cell(d, i) ? DOM_TR :
							     d->v[i].tag;
}

/* A lede is often marked up as a heading. */
static bool is_heading_only_by_name(const struct page_block *b)
{
	return page_is_heading(b->tag) && b->tag != DOM_H1 && b->sentence &&
	       b->length >= LEDE_LONG && b->link * 2 < b->length;
}

/* Characters of prose, less what speaks against it. */
static int32_t worth_of(const struct page_block *b)
{
	int32_t worth = (int32_t)b->length - 2 * (int32_t)b->link;

	if (page_is_heading(b->tag))
		return 0;
	if (!b->sentence)
		worth -= b->tag == DOM_P ? 40 : 80;
	if (b->tag != DOM_P)
		worth -= 20;
	return worth;
}

/* The outermost list of which what begins in node i is an item, or the table of
 * which it is a row; 0 for none. */
static uint32_t list_of(const struct dom *d, uint32_t i, enum dom_tag kind)
{
	uint32_t list = 0;

	for (; i; i = d->v[i].parent)
		switch (d->v[i].tag) {
		case DOM_UL: case DOM_OL: case DOM_DL:
			list = i;
			break;
		case DOM_TABLE:
			return !list && kind == DOM_TR ? i : list;
		case DOM_LI: case DOM_DD: case DOM_DT: case DOM_P:
			break;
		default:
			if (list && dom_is_block(d->v[i].tag))
				return list;
			if (d->v[i].tag == DOM_ARTICLE ||
			    d->v[i].tag == DOM_SECTION)
				return 0;
		}
	return list;
}

static int flush(struct cutter *c)
{
	struct page_block *b;

	c->owed = 0;
	c->breaks = 0;
	if (page_is_void((struct str){ c->text + c->start, c->n - c->start })) {
		c->start = c->n;
		c->link = 0;
		return 0;
	}
	b = arena_extend(c->a, sizeof(*b));
	if (!b)
		return -ENOMEM;
	c->ret->n++;
	b->text = (struct str){ c->text + c->start, c->n - c->start };
	b->node = c->node;
	b->tag = kind_of(c->d, c->node);
	b->list = list_of(c->d, c->node, b->tag);
	b->length = page_characters(b->text);
	b->link = c->link;
	b->sentence = page_is_sentence(b->text);
	if (is_heading_only_by_name(b))
		b->tag = DOM_P;
	b->worth = worth_of(b);
	c->start = c->n;
	c->link = 0;
	return 0;
}

static bool in_link(const struct dom *d, uint32_t i)
{
	for (; i && !dom_is_block(d->v[i].tag); i = d->v[i].parent)
		if (page_is_link(d, i))
			return true;
	return page_is_link(d, d->v[i].parent);
}

/* No-break spaces too part words; they stay as they are inside a text. */
static void add_text(struct cutter *c, uint32_t at)
{
	struct str s = c->d->v[at].text;
	size_t before = c->n, space, seen;

	for (size_t i = 0, word; i < s.n; i = word) {
		word = i;
		while (word < s.n && (unsigned char)s.p[word] > ' ')
			word++;
		if (word == i) {
			c->owed = c->owed ? c->owed : ' ';
			word++;
			continue;
		}
		space = c->owed && c->n > c->start;
		seen = page_copy_seen(c->text + c->n + space, s.p + i,
				      word - i);
		if (!seen)
			continue;
		if (c->n == c->start)
			c->node = c->d->v[at].parent;
		if (space)
			c->text[c->n] = c->owed;
		c->n += space + seen;
		c->owed = 0;
		c->breaks = 0;
	}
	if (c->n > before && in_link(c->d, c->d->v[at].parent))
		c->link += page_characters((struct str){ c->text + before,
						    c->n - before });
}

/* A new line begins or ends at node i. */
static int edge(struct cutter *c, uint32_t i, bool begins)
{
	enum dom_tag tag = c->d->v[i].tag;

	if (begins && is_cell(tag) && is_small_cell(c->d, i))
		c->cell = i;
	if (c->cell && i >= c->cell && i < c->d->v[c->cell].end) {
		c->owed = ' ';
		return 0;
	}
	if (tag == DOM_BR) {
		c->owed = '\n';
		return ++c->breaks > 1 ? flush(c) : 0;
	}
	return dom_is_block(tag) ? flush(c) : 0;
}

static int walk(struct cutter *c)
{
	const struct dom *d = c->d;
	uint32_t up = 0;
	int r = 0;

	for (uint32_t i = 1; i < d->n && !r; i++) {
		while (up && d->v[up].end <= i && !r) {
			if (d->v[up].tag != DOM_BR)
				r = edge(c, up, false);
			up = d->v[up].parent;
		}
		if (r)
			break;
		if (d->v[i].tag == DOM_TEXT) {
			add_text(c, i);
			continue;
		}
		r = edge(c, i, true);
		if (c->pruned[i])
			i = d->v[i].end - 1;
		else
			up = i;
	}
	return r ? r : flush(c);
}

int page_cut(const struct dom *d, const bool *pruned, struct arena *a,
	     struct page_blocks *ret)
{
	struct cutter c = { .d = d, .pruned = pruned, .a = a, .ret = ret };
	size_t room = 0;

	for (uint32_t i = 0; i < d->n; i++)
		if (d->v[i].tag == DOM_TEXT)
			room += d->v[i].text.n + 1;
	c.text = arena_take(a, room);
	ret->v = arena_take(a, 0);
	ret->n = 0;
	if (!c.text || !ret->v)
		return -ENOMEM;
	return walk(&c);
}
