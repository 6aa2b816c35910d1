#include <string.h>

#include "parse/page_parts.h"

/* What an element may hold of the page's prose and still be taken away, in
 * percent: what holds more is the article, whatever it is called. */
enum {
	SHARE_ASIDE = 25,
	SHARE_REST = 60,
	REST = 1500, /* characters of prose that are an article */
	SHARE_COMMENT = 90,
	SHARE_HIDDEN = 50,
	CAPTION_MAX = 500, /* characters */
	LINKS_MIN = 200,   /* characters that need not be links */
};

struct pruner {
	const struct dom *d;
	const struct page_mass *m;
	enum page_prune how;
};

static bool is_under(const struct pruner *p, uint32_t i, unsigned percent)
{
	return (uint64_t)p->m[i].prose * 100 <
	       (uint64_t)p->m[0].prose * percent + 1;
}

/* It holds little, or what is left without it is an article all the same. */
static bool is_beside(const struct pruner *p, uint32_t i)
{
	return is_under(p, i, SHARE_ASIDE) ||
	       (is_under(p, i, SHARE_REST) &&
		p->m[0].prose - p->m[i].prose >= REST);
}

static bool is_hidden(const struct dom *d, uint32_t i)
{
	struct str style;

	if (dom_attribute(d, i, "hidden").p ||
	    str_is(dom_attribute(d, i, "aria-hidden"), "true"))
		return true;
	style = dom_attribute(d, i, "style");
	while (style.p) {
		struct str rule = str_trim(str_cut(&style, ';'));
		struct str name = str_trim(str_cut(&rule, ':'));

		if (rule.p && str_is(name, "display") &&
		    str_starts(str_trim(rule), STR("none")))
			return true;
	}
	return false;
}

static bool has_inside(const struct dom *d, uint32_t i)
{
	for (uint32_t k = i + 1; k < d->v[i].end; k++)
		if (d->v[k].tag == DOM_TABLE || d->v[k].tag == DOM_BLOCKQUOTE ||
		    d->v[k].tag == DOM_PRE)
			return true;
	return false;
}

/* By what it is. */
static bool is_out_by_tag(const struct pruner *p, uint32_t i)
{
	switch (p->d->v[i].tag) {
	case DOM_SCRIPT: case DOM_STYLE: case DOM_TEMPLATE: case DOM_TITLE:
	case DOM_TEXTAREA: case DOM_SELECT: case DOM_OPTION: case DOM_HEAD:
	case DOM_IFRAME: case DOM_SVG: case DOM_CANVAS: case DOM_VIDEO:
	case DOM_AUDIO: case DOM_OBJECT: case DOM_BUTTON: case DOM_LABEL:
		return true;
	case DOM_NAV: case DOM_ASIDE: case DOM_FOOTER: case DOM_FORM:
	case DOM_DIALOG: case DOM_MENU: case DOM_NOSCRIPT:
		return is_under(p, i, SHARE_ASIDE) && !p->m[i].h1;
	case DOM_FIGURE:
		return is_under(p, i, SHARE_ASIDE) && !p->m[i].h1 &&
		       !has_inside(p->d, i);
	case DOM_FIGCAPTION:
		return true;
	default:
		return is_hidden(p->d, i) && is_under(p, i, SHARE_HIDDEN);
	}
}

/* Does the word before it in one name make it say what an element has, or what
 * the article is filed under: "has-sidebar", "no-comments", "tag-twitter"? */
static bool is_of_another(struct str before, struct str word)
{
	static const char *const says[] = { "has", "no", "with", "without",
					    "not", "tag", "category" };

	if (!before.p || before.p + before.n + 1 != word.p ||
	    (word.p[-1] != '-' && word.p[-1] != '_'))
		return false;
	for (size_t i = 0; i < sizeof(says) / sizeof(*says); i++)
		if (str_is(before, says[i]))
			return true;
	return false;
}

static enum page_word word_of(const struct dom *d, uint32_t i)
{
	struct str in[] = { dom_attribute(d, i, "class"),
			    dom_attribute(d, i, "id") };
	enum page_word worst = PAGE_WORD_NONE, kind;
	struct str word, before = { NULL, 0 };

	for (size_t k = 0; k < 2; k++)
		while (in[k].p && dom_next_word(&in[k], &word)) {
			kind = is_of_another(before, word) ?
				       PAGE_WORD_NONE :
				       page_word_of(word);
			before = word;
			if (kind == PAGE_WORD_COMMENT)
				return kind;
			worst = kind ? kind : worst;
		}
	return worst;
}

/* Part of a line of text, where a class is about looks. */
static bool is_in_line(const struct dom *d, uint32_t i)
{
	if (dom_is_block(d->v[i].tag))
		return false;
	while (!dom_is_block(d->v[i].tag))
		i = d->v[i].parent;
	return d->v[i].tag == DOM_P || d->v[i].tag == DOM_BLOCKQUOTE ||
	       d->v[i].tag == DOM_LI || d->v[i].tag == DOM_DD ||
	       d->v[i].tag == DOM_PRE ||
	       (d->v[i].tag >= DOM_H1 && d->v[i].tag <= DOM_H6);
}

/* By what it is called. */
static bool is_out_by_name(const struct pruner *p, uint32_t i)
{
	if (p->how == PAGE_PRUNE_LEAST || is_in_line(p->d, i) || p->m[i].h1)
		return false;
	switch (word_of(p->d, i)) {
	case PAGE_WORD_COMMENT:
		return is_under(p, i, SHARE_COMMENT);
	case PAGE_WORD_LINKS:
		return p->how == PAGE_PRUNE_ALL &&
		       is_under(p, i, SHARE_ASIDE) &&
		       (p->m[i].link * 2 > p->m[i].text ||
			p->m[i].text < LINKS_MIN);
	case PAGE_WORD_ASIDE:
		return p->how == PAGE_PRUNE_ALL &&
		       p->d->v[i].tag != DOM_BLOCKQUOTE && is_beside(p, i);
	case PAGE_WORD_CAPTION:
		return p->how == PAGE_PRUNE_ALL && p->m[i].text < CAPTION_MAX;
	default:
		return false;
	}
}

bool *page_prune(const struct dom *d, const struct page_mass *m,
		 enum page_prune how, struct arena *a)
{
	bool *pruned = arena_take_array(a, d->n, sizeof(*pruned));
	struct pruner p = { .d = d, .m = m, .how = how };

	if (!pruned)
		return NULL;
	for (uint32_t i = 1; i < d->n; i++) {
		if (d->v[i].tag == DOM_TEXT)
			continue;
		pruned[i] = m[i].text == 0 ? d->v[i].tag != DOM_BR &&
						     d->v[i].tag != DOM_HR :
			    is_out_by_tag(&p, i) ||
				    (d->v[i].tag != DOM_BODY &&
				     is_out_by_name(&p, i));
		if (pruned[i])
			i = d->v[i].end - 1;
	}
	return pruned;
}
