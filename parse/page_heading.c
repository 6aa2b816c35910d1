/* The heading that readers see over an article, and the title of the window. */
#include <string.h>

#include "parse/fold.h"
#include "parse/page_found.h"
#include "parse/url.h"

enum {
	HEADING_MAX = 400, /* bytes */
	HEADING_MIN = 12,  /* of one that says much */
	HEADINGS_MAX = 20, /* looked at */
};

/* The heading: an h1 that the title says too, or the first that says much. */
static bool is_of_title(const struct page_found *f, struct str heading)
{
	const struct str titles[] = {
		f->title_tag, f->said[PAGE_TITLE][PAGE_BY_GRAPH],
		f->said[PAGE_TITLE][PAGE_BY_ARTICLE],
	};
	struct fold h, t;

	fold(heading, &h);
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++) {
		fold(titles[i], &t);
		if (h.n && fold_find(fold_view(&t), h.z) < t.n)
			return true;
	}
	return false;
}

/* Is it a link to the home page, as the site's name over every page is? */
static bool leads_home(const struct page_found *f, uint32_t i)
{
	for (uint32_t k = i + 1; k < f->d->v[i].end && k < i + 40; k++) {
		struct str href;
		struct url u;

		if (f->d->v[k].tag != DOM_A)
			continue;
		href = dom_attribute(f->d, k, "href");
		url_split(href, &u);
		return str_is(href, "/") ||
		       (u.host.n && (!u.path.n || str_is(u.path, "/")) &&
			!u.query.n);
	}
	return false;
}

/* Where a heading of this kind is that the title says too; else the first; d->n
 * when there is none. */
static uint32_t find_of(struct page_found *f, enum dom_tag tag, uint32_t *count)
{
	const struct dom *d = f->d;
	uint32_t first = d->n, homes = 0;

	*count = 0;
	for (uint32_t i = 0; i < d->n && *count + homes < HEADINGS_MAX; i++) {
		struct str s;

		if (d->v[i].tag != tag)
			continue;
		s = page_text_of(f, i, HEADING_MAX);
		if (leads_home(f, i)) {
			homes++;
			if (is_of_title(f, s))
				page_say(f, PAGE_SITE, PAGE_BY_CHANCE, s);
			continue;
		}
		*count += s.n > 0;
		if (!s.n || (first < d->n && !is_of_title(f, s)))
			continue;
		f->heading = s;
		if (is_of_title(f, s))
			return i;
		first = i;
	}
	return first;
}

/* An h1, or a lower one that the title says too. */
uint32_t page_find_heading(struct page_found *f)
{
	static const enum dom_tag lower[] = { DOM_H2, DOM_H3 };
	uint32_t at = find_of(f, DOM_H1, &f->heading_count), ignored;
	struct str heading = f->heading;

	if (at < f->d->n && heading.n > HEADING_MIN &&
	    (f->heading_count == 1 || is_of_title(f, heading)))
		return at;
	for (size_t i = 0; i < sizeof(lower) / sizeof(*lower); i++) {
		uint32_t low = find_of(f, lower[i], &ignored);

		if (low < f->d->n && f->heading.n > HEADING_MIN &&
		    is_of_title(f, f->heading)) {
			f->heading_count = 0;
			return low;
		}
	}
	f->heading = at < f->d->n ? heading : (struct str){ "", 0 };
	return at;
}

void page_read_title(struct page_found *f)
{
	for (uint32_t i = 0; i < f->d->n; i++) {
		if (f->d->v[i].tag == DOM_SVG) {
			i = f->d->v[i].end - 1;
			continue;
		}
		if (f->d->v[i].tag != DOM_TITLE)
			continue;
		f->title_tag = page_text_of(f, i, PAGE_SAID_MAX);
		if (f->title_tag.n)
			return;
	}
}
