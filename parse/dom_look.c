#include <string.h>
#include <strings.h>

#include "parse/dom.h"

struct str dom_attribute(const struct dom *d, uint32_t i, const char *name)
{
	const struct dom_node *node = &d->v[i];

	for (uint32_t k = 0; k < node->attribute_count; k++)
		if (str_is(node->attributes[k].name, name))
			return str_trim(node->attributes[k].value);
	return (struct str){ NULL, 0 };
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_in_word(char c)
{
	return is_small(c) || is_capital(c) || (c >= '0' && c <= '9');
}

bool dom_next_word(struct str *rest, struct str *word)
{
	const char *p = rest->p, *end = rest->p + rest->n;

	while (p < end && !is_in_word(*p))
		p++;
	word->p = p;
	while (p < end && is_in_word(*p) &&
	       !(p > word->p && is_small(p[-1]) && is_capital(*p)))
		p++;
	word->n = (size_t)(p - word->p);
	rest->p = p;
	rest->n = (size_t)(end - p);
	return word->n > 0;
}

bool dom_has_word(const struct dom *d, uint32_t i, const char *word)
{
	struct str in[] = { dom_attribute(d, i, "class"),
			    dom_attribute(d, i, "id") };
	size_t n = strlen(word);
	struct str got;

	for (size_t k = 0; k < 2; k++)
		while (in[k].p && dom_next_word(&in[k], &got))
			if (got.n == n && !strncasecmp(got.p, word, n))
				return true;
	return false;
}

bool dom_is_block(enum dom_tag tag)
{
	switch (tag) {
	case DOM_ADDRESS: case DOM_ARTICLE: case DOM_ASIDE:
	case DOM_BLOCKQUOTE: case DOM_BODY: case DOM_CAPTION:
	case DOM_CENTER: case DOM_DD: case DOM_DETAILS: case DOM_DIALOG:
	case DOM_DIV: case DOM_DL: case DOM_DT: case DOM_FIGCAPTION:
	case DOM_FIGURE: case DOM_FOOTER: case DOM_FORM: case DOM_H1:
	case DOM_H2: case DOM_H3: case DOM_H4: case DOM_H5: case DOM_H6:
	case DOM_HEAD: case DOM_HEADER: case DOM_HGROUP: case DOM_HR:
	case DOM_HTML: case DOM_LI: case DOM_MAIN: case DOM_MENU:
	case DOM_NAV: case DOM_OL: case DOM_OPTION: case DOM_P:
	case DOM_PRE: case DOM_SECTION: case DOM_SUMMARY: case DOM_TABLE:
	case DOM_TBODY: case DOM_TD: case DOM_TEMPLATE: case DOM_TFOOT:
	case DOM_TH: case DOM_THEAD: case DOM_TITLE: case DOM_TR:
	case DOM_UL:
		return true;
	default:
		return false;
	}
}

/* White space is owed until a word follows it, so none is written at the ends,
 * and a newline is worth more than a space. */
struct writer {
	struct buf *out;
	size_t start;
	char owed;
};

static void write_text(struct writer *w, struct str s)
{
	for (size_t i = 0, word; i < s.n; i = word) {
		word = i;
		while (word < s.n && (unsigned char)s.p[word] > ' ')
			word++;
		if (word == i) {
			w->owed = w->owed ? w->owed : ' ';
			word++;
			continue;
		}
		if (w->owed && w->out->n > w->start)
			buf_add_char(w->out, w->owed);
		w->owed = 0;
		buf_add(w->out, s.p + i, word - i);
	}
}

static bool is_break(enum dom_tag tag)
{
	return tag == DOM_BR || dom_is_block(tag);
}

void dom_text(const struct dom *d, uint32_t i, struct buf *out)
{
	struct writer w = { .out = out, .start = out->n };
	uint32_t end = d->v[i].end, up = i;

	for (uint32_t at = i; at < end; at++) {
		const struct dom_node *node = &d->v[at];

		/* What has ended between the last node and this one. */
		while (up != i && d->v[up].end <= at) {
			if (is_break(d->v[up].tag))
				w.owed = '\n';
			up = d->v[up].parent;
		}
		if (is_break(node->tag))
			w.owed = '\n';
		if (node->tag == DOM_TEXT)
			write_text(&w, node->text);
		else if (node->tag == DOM_SCRIPT || node->tag == DOM_STYLE)
			at = node->end - 1;
		else
			up = at;
	}
}
