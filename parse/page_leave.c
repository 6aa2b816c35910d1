#include "parse/page_parts.h"

enum {
	TEASER = 250, /* characters below a heading that is a link */
	LABEL = 120,  /* characters of "Photo: …" */
	LEAD = 200,   /* … of "Read more: …" */
	LINE = 60,    /* characters of a line that is no paragraph */
};

static bool is_linked_heading(const struct page_block *b)
{
	return page_is_heading(b->tag) && b->tag != DOM_H1 &&
	       b->link * 10 >= b->length * 8;
}

/* Of other articles: headings that are links, each with a line or two. One
 * alone may be the title of this article. */
static void leave_teasers(struct page_block *v, uint32_t n)
{
	uint32_t last = UINT32_MAX;

	for (uint32_t i = 0; i < n; i++) {
		bool heads = is_linked_heading(&v[i]);

		if (!heads && v[i].length > TEASER)
			last = UINT32_MAX;
		if (!heads)
			continue;
		for (uint32_t k = last; k < i; k++)
			v[k].worth = 0;
		if (last != UINT32_MAX && i + 1 < n &&
		    v[i + 1].length <= TEASER)
			v[i + 1].worth = 0;
		last = i;
	}
}

/* Who wrote a quoted tweet, and when: "— A. B. (@ab) May 3, 2019". */
static bool is_of_tweet(const struct page_block *b)
{
	return b->length < LABEL && b->link && str_has(b->text, '@') &&
	       str_starts(b->text, STR("\u2014"));
}

bool page_is_head_of_comments(const struct page_block *b)
{
	return b->length < LINE && !b->sentence && page_heads_comments(b->text);
}

/* About the page or about other pages? The shorter a line and the less it is
 * like a sentence, the easier it is taken for that. */
static bool is_aside(const struct page_block *b)
{
	if (b->tag == DOM_H1)
		return false;
	if (is_of_tweet(b) || page_is_head_of_comments(b))
		return true;
	if (b->length < LEAD && page_leads_away(b->text) &&
	    (!b->sentence || b->link * 3 > b->length ||
	     (b->length < LINE && str_ends(b->text, STR(":")))))
		return true;
	if (b->length < LABEL && (!b->sentence || b->length < LINE) &&
	    page_is_label(b->text))
		return true;
	return b->length < LABEL && b->worth <= 0 && page_is_byline(b->text);
}

void page_leave(struct page_blocks *blocks)
{
	for (uint32_t i = 0; i < blocks->n; i++) {
		struct page_block *b = &blocks->v[i];

		b->aside = is_aside(b);
		if (b->aside && b->worth > 0)
			b->worth = 0;
	}
	leave_teasers(blocks->v, blocks->n);
}
