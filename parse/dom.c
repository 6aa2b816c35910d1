#include "parse/dom.h"

#include <errno.h>
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "parse/dom_sieve.h"

/* libxml2 keeps more open than the sieve does where end tags are misplaced, and
 * looks through all of it at each of them. */
enum { OPEN_MAX = 4 * DOM_DEPTH_MAX };

struct builder {
	struct arena *a;
	struct dom_node *v;
	uint32_t n;
	/* All text, names and values: decoded, they are never longer than they
	 * were written, so one piece is enough. */
	char *pool;
	size_t pool_n, pool_room;
	struct dom_attribute *attributes;
	size_t attribute_n, attribute_room;
	uint32_t open[DOM_DEPTH_MAX]; /* indices, open[0] is the root */
	uint32_t depth;
	bool no_memory, cut;
	htmlParserCtxtPtr ctxt;
};

#define NAME(z) { z, sizeof(z) - 1 }

static const struct str names[DOM_TAGS] = {
	[DOM_A] = NAME("a"), [DOM_ABBR] = NAME("abbr"),
	[DOM_ADDRESS] = NAME("address"), [DOM_ARTICLE] = NAME("article"),
	[DOM_ASIDE] = NAME("aside"), [DOM_AUDIO] = NAME("audio"),
	[DOM_B] = NAME("b"), [DOM_BASE] = NAME("base"),
	[DOM_BLOCKQUOTE] = NAME("blockquote"), [DOM_BODY] = NAME("body"),
	[DOM_BR] = NAME("br"), [DOM_BUTTON] = NAME("button"),
	[DOM_CANVAS] = NAME("canvas"), [DOM_CAPTION] = NAME("caption"),
	[DOM_CENTER] = NAME("center"), [DOM_CITE] = NAME("cite"),
	[DOM_CODE] = NAME("code"), [DOM_DD] = NAME("dd"),
	[DOM_DETAILS] = NAME("details"), [DOM_DIALOG] = NAME("dialog"),
	[DOM_DIV] = NAME("div"), [DOM_DL] = NAME("dl"), [DOM_DT] = NAME("dt"),
	[DOM_EM] = NAME("em"), [DOM_EMBED] = NAME("embed"),
	[DOM_FIGCAPTION] = NAME("figcaption"), [DOM_FIGURE] = NAME("figure"),
	[DOM_FONT] = NAME("font"), [DOM_FOOTER] = NAME("footer"),
	[DOM_FORM] = NAME("form"), [DOM_FRAME] = NAME("frame"),
	[DOM_H1] = NAME("h1"), [DOM_H2] = NAME("h2"), [DOM_H3] = NAME("h3"),
	[DOM_H4] = NAME("h4"), [DOM_H5] = NAME("h5"), [DOM_H6] = NAME("h6"),
	[DOM_HEAD] = NAME("head"), [DOM_HEADER] = NAME("header"),
	[DOM_HGROUP] = NAME("hgroup"), [DOM_HR] = NAME("hr"),
	[DOM_HTML] = NAME("html"), [DOM_I] = NAME("i"),
	[DOM_IFRAME] = NAME("iframe"), [DOM_IMG] = NAME("img"),
	[DOM_INPUT] = NAME("input"), [DOM_INS] = NAME("ins"),
	[DOM_LABEL] = NAME("label"), [DOM_LI] = NAME("li"),
	[DOM_LINK] = NAME("link"), [DOM_MAIN] = NAME("main"),
	[DOM_MARK] = NAME("mark"), [DOM_MENU] = NAME("menu"),
	[DOM_META] = NAME("meta"), [DOM_NAV] = NAME("nav"),
	[DOM_NOSCRIPT] = NAME("noscript"), [DOM_OBJECT] = NAME("object"),
	[DOM_OL] = NAME("ol"), [DOM_OPTION] = NAME("option"),
	[DOM_P] = NAME("p"), [DOM_PICTURE] = NAME("picture"),
	[DOM_PRE] = NAME("pre"), [DOM_Q] = NAME("q"), [DOM_S] = NAME("s"),
	[DOM_SCRIPT] = NAME("script"), [DOM_SECTION] = NAME("section"),
	[DOM_SELECT] = NAME("select"), [DOM_SMALL] = NAME("small"),
	[DOM_SPAN] = NAME("span"), [DOM_STRONG] = NAME("strong"),
	[DOM_STYLE] = NAME("style"), [DOM_SUB] = NAME("sub"),
	[DOM_SUMMARY] = NAME("summary"), [DOM_SUP] = NAME("sup"),
	[DOM_SVG] = NAME("svg"), [DOM_TABLE] = NAME("table"),
	[DOM_TBODY] = NAME("tbody"), [DOM_TD] = NAME("td"),
	[DOM_TEMPLATE] = NAME("template"), [DOM_TEXTAREA] = NAME("textarea"),
	[DOM_TFOOT] = NAME("tfoot"), [DOM_TH] = NAME("th"),
	[DOM_THEAD] = NAME("thead"), [DOM_TIME] = NAME("time"),
	[DOM_TITLE] = NAME("title"), [DOM_TR] = NAME("tr"), [DOM_U] = NAME("u"),
	[DOM_UL] = NAME("ul"), [DOM_VIDEO] = NAME("video"),
};

enum dom_tag dom_tag_of(struct str name)
{
	unsigned low = DOM_TEXT + 1, high = DOM_TAGS;

	while (low < high) {
		unsigned middle = (low + high) / 2;
		int order = str_cmp(names[middle], name);

		if (!order)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return DOM_OTHER;
}

/* Bytes into the pool; s.p is NULL when they do not fit, which only a mistake
 * of ours or libxml2's could bring about. */
static struct str keep(struct builder *b, const char *p, size_t n)
{
	struct str s = { b->pool + b->pool_n, n };

	if (n > b->pool_room - b->pool_n) {
		b->cut = true;
		return (struct str){ NULL, 0 };
	}
	memcpy(b->pool + b->pool_n, p, n);
	b->pool_n += n;
	return s;
}

static void stop(struct builder *b)
{
	b->cut = true;
	xmlStopParser(b->ctxt);
}

/* A new last node below what is open, or NULL. */
static struct dom_node *add(struct builder *b)
{
	struct dom_node *node;

	if (b->n == DOM_NODES_MAX) {
		stop(b);
		return NULL;
	}
	node = arena_extend(b->a, sizeof(*node));
	if (!node) {
		b->no_memory = true;
		stop(b);
		return NULL;
	}
	if (b->n) {
		node->parent = b->open[b->depth - 1];
		node->depth = b->depth;
	}
	node->end = ++b->n;
	return node;
}

static void add_attributes(struct builder *b, struct dom_node *node,
			   const xmlChar **pairs)
{
	node->attributes = b->attributes + b->attribute_n;
	for (; pairs && pairs[0]; pairs += 2) {
		const char *name = (const char *)pairs[0];
		const char *value = pairs[1] ? (const char *)pairs[1] : "";
		struct dom_attribute got;

		if (b->attribute_n == b->attribute_room)
			return;
		got.name = keep(b, name, strlen(name));
		got.value = keep(b, value, strlen(value));
		if (!got.name.p || !got.value.p)
			return;
		b->attributes[b->attribute_n++] = got;
		node->attribute_count++;
	}
}

static void on_start(void *data, const xmlChar *name, const xmlChar **pairs)
{
	struct builder *b = data;
	struct str is = str_of((const char *)name);
	enum dom_tag tag = dom_tag_of(is);
	struct dom_node *node = b->v;

	if (b->ctxt->nameNr > OPEN_MAX) {
		stop(b);
		return;
	}
	if (tag == DOM_HTML) {
		if (!node->attribute_count)
			add_attributes(b, node, pairs);
		return;
	}
	node = add(b);
	if (!node)
		return;
	node->tag = tag;
	node->text = tag ? names[tag] : keep(b, is.p, is.n);
	add_attributes(b, node, pairs);
	if (b->depth < DOM_DEPTH_MAX)
		b->open[b->depth++] = b->n - 1;
	else
		b->cut = true;
}

static bool is_named(const struct dom_node *node, const xmlChar *name)
{
	return str_is(node->text, (const char *)name);
}

static void on_end(void *data, const xmlChar *name)
{
	struct builder *b = data;
	uint32_t i = b->depth;

	while (i > 1 && !is_named(&b->v[b->open[i - 1]], name))
		i--;
	if (i <= 1)
		return;
	while (b->depth >= i)
		b->v[b->open[--b->depth]].end = b->n;
}

/* libxml2 hands out a run of text in pieces. */
static void on_text(void *data, const xmlChar *p, int n)
{
	struct builder *b = data;
	struct dom_node *last = &b->v[b->n - 1];
	bool joins = last->tag == DOM_TEXT &&
		     last->parent == b->open[b->depth - 1] &&
		     last->text.p + last->text.n == b->pool + b->pool_n;
	struct str s = keep(b, (const char *)p, (size_t)n);

	if (!s.p || !n)
		return;
	if (joins) {
		last->text.n += s.n;
		return;
	}
	last = add(b);
	if (!last)
		return;
	last->tag = DOM_TEXT;
	last->text = s;
}

static const xmlSAXHandler handler = {
	.startElement = on_start,
	.endElement = on_end,
	.characters = on_text,
	.ignorableWhitespace = on_text,
	.cdataBlock = on_text,
};

static int read(struct builder *b, struct str s)
{
	/* The parser of an empty page fails before it calls anything. */
	b->ctxt = s.n ? htmlCreateMemoryParserCtxt(s.p, (int)s.n) : NULL;
	if (!b->ctxt)
		return s.n ? -ENOMEM : 0;
	*b->ctxt->sax = handler;
	b->ctxt->userData = b;
	htmlCtxtUseOptions(b->ctxt, HTML_PARSE_RECOVER | HTML_PARSE_NODEFDTD |
					    HTML_PARSE_NOERROR |
					    HTML_PARSE_NOWARNING |
					    HTML_PARSE_NONET |
					    HTML_PARSE_IGNORE_ENC);
	xmlSwitchEncoding(b->ctxt, XML_CHAR_ENCODING_UTF8);
	htmlParseDocument(b->ctxt);
	if (b->ctxt->errNo == XML_ERR_NO_MEMORY)
		b->no_memory = true;
	htmlFreeParserCtxt(b->ctxt);
	return b->no_memory ? -ENOMEM : 0;
}

/* Room for all that can come, and the root. The array of nodes is last: it
 * grows. */
static int begin(struct builder *b, const struct dom_sieve *sieved)
{
	struct dom_node *root;

	b->pool_room = sieved->n;
	b->pool = arena_take(b->a, b->pool_room);
	b->attribute_room = sieved->attributes;
	b->attributes = arena_take_array(b->a, b->attribute_room,
					 sizeof(*b->attributes));
	b->v = arena_take(b->a, 0);
	root = b->pool && b->attributes && b->v ? add(b) : NULL;
	if (!root)
		return -ENOMEM;
	root->tag = DOM_HTML;
	root->text = names[DOM_HTML];
	b->depth = 1;
	return 0;
}

/* The page without NUL and without bytes that are no UTF-8, in out. */
static size_t scrub(struct str page, char *out)
{
	struct str rest = page;
	size_t n = 0;

	while (rest.p) {
		struct str s = str_cut(&rest, 0);

		while (s.n) {
			size_t run = unicode_valid(s);

			memcpy(out + n, s.p, run);
			n += run;
			run += run < s.n;
			s.p += run;
			s.n -= run;
		}
	}
	return n;
}

static int sieve_and_read(struct builder *b, struct str page, char *clean,
			  char *sieved)
{
	struct dom_sieve got;
	int r;

	if (unicode_valid(page) < page.n || memchr(page.p, 0, page.n)) {
		page.n = scrub(page, clean);
		page.p = clean;
	}
	dom_sieve(page, sieved, &got);
	b->cut = b->cut || got.cut;
	r = begin(b, &got);
	return r ? r : read(b, (struct str){ sieved, got.n });
}

int dom_parse(struct str utf8, struct arena *a, struct dom *ret)
{
	struct builder b = { .a = a };
	struct str page = { utf8.n ? utf8.p : "", utf8.n };
	char *room;
	int r;

	room = malloc(2 * page.n + 1);
	if (!room)
		return -ENOMEM;
	r = sieve_and_read(&b, page, room, room + page.n);
	free(room);
	if (r)
		return r;
	while (b.depth)
		b.v[b.open[--b.depth]].end = b.n;
	*ret = (struct dom){ .v = b.v, .n = b.n, .cut = b.cut };
	return 0;
}
