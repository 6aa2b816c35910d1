#include "parse/page_parts.h"

enum { IN_LINK = 1, IN_PARAGRAPH = 2, IN_H1 = 4 };
enum { LONG_RUN = 80 }; /* characters: prose wherever it stands */

static bool is_unread(enum dom_tag tag)
{
	return tag == DOM_SCRIPT || tag == DOM_STYLE || tag == DOM_TITLE ||
	       tag == DOM_TEMPLATE || tag == DOM_TEXTAREA || tag == DOM_SELECT;
}

static uint32_t characters(struct str s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += (unsigned char)s.p[i] > ' ' &&
		     ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

bool page_is_link(const struct dom *d, uint32_t i)
{
	struct str to;

	if (d->v[i].tag != DOM_A)
		return false;
	to = dom_attribute(d, i, "href");
	return to.p && !(to.n > 1 && to.p[0] == '#');
}

/* Where a node stands, from where its parent does. */
static unsigned char place_of(const struct dom *d, uint32_t i,
			      unsigned char parent)
{
	enum dom_tag tag = d->v[i].tag;

	if (page_is_link(d, i))
		return parent | IN_LINK;
	if (tag == DOM_P || tag == DOM_BLOCKQUOTE || tag == DOM_PRE)
		return parent | IN_PARAGRAPH;
	if (tag == DOM_H1)
		return parent | IN_H1;
	if (dom_is_block(tag))
		return parent & (unsigned char)~IN_PARAGRAPH;
	return parent;
}

static struct page_mass mass_of(struct str text, unsigned char place)
{
	uint32_t n = characters(text);
	struct page_mass m = { .text = n };

	if (place & IN_H1)
		m.h1 = n;
	if (place & IN_LINK)
		m.link = n;
	else if (place & IN_PARAGRAPH || n >= LONG_RUN)
		m.prose = n;
	return m;
}

struct page_mass *page_weigh(const struct dom *d, struct arena *a)
{
	struct page_mass *m = arena_take_array(a, d->n, sizeof(*m));
	unsigned char *place = arena_take(a, d->n);

	if (!m || !place)
		return NULL;
	for (uint32_t i = 0; i < d->n; i++) {
		const struct dom_node *node = &d->v[i];

		place[i] = place_of(d, i, place[node->parent]);
		if (node->tag == DOM_TEXT)
			m[i] = mass_of(node->text, place[i]);
		else if (is_unread(node->tag))
			i = node->end - 1;
	}
	for (uint32_t i = d->n; --i > 0;) {
		struct page_mass *up = &m[d->v[i].parent];

		up->text += m[i].text;
		up->link += m[i].link;
		up->prose += m[i].prose;
		up->h1 += m[i].h1;
	}
	return m;
}
