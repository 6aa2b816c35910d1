/* dom.h -- an HTML page as a tree in one array: whoever looks for something
 * walks it with an index. The only place that knows libxml2's HTML parser, of
 * which it uses the events alone: no entity, no address is ever followed. A
 * page that is too much (see the ceilings) is read as far as it goes. Pure; one
 * thread an arena.
 *
 *  dom_sieve.c	in front of libxml2: keeps out what makes it slow
 *  dom.c	its events into the array
 *  dom_look.c	questions about a node: attributes, class words, text */
#ifndef VIGIE_DOM_H
#define VIGIE_DOM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum {
	DOM_BYTES_MAX = 4 << 20,  /* of a page, without what is left out */
	DOM_NODES_MAX = 1 << 16,  /* elements and runs of text */
	DOM_DEPTH_MAX = 200,	  /* what is deeper hangs there */
	DOM_TAG_MAX = 16 << 10,	  /* bytes of one tag; longer ones are cut */
	DOM_ATTRIBUTES_MAX = 64,  /* of one tag; more are left out, and all
				   * that dom_sieve.c does not list */
};

/* The elements that somebody asks for by name, in the order of their names; all
 * others are DOM_OTHER. */
enum dom_tag {
	DOM_OTHER, DOM_TEXT, DOM_A, DOM_ABBR, DOM_ADDRESS, DOM_ARTICLE,
	DOM_ASIDE, DOM_AUDIO, DOM_B, DOM_BASE, DOM_BLOCKQUOTE, DOM_BODY,
	DOM_BR, DOM_BUTTON, DOM_CANVAS, DOM_CAPTION, DOM_CENTER, DOM_CITE,
	DOM_CODE, DOM_DD, DOM_DETAILS, DOM_DIALOG, DOM_DIV, DOM_DL, DOM_DT,
	DOM_EM, DOM_EMBED, DOM_FIGCAPTION, DOM_FIGURE, DOM_FONT, DOM_FOOTER,
	DOM_FORM, DOM_FRAME, DOM_H1, DOM_H2, DOM_H3, DOM_H4, DOM_H5, DOM_H6,
	DOM_HEAD, DOM_HEADER, DOM_HGROUP, DOM_HR, DOM_HTML, DOM_I,
	DOM_IFRAME, DOM_IMG, DOM_INPUT, DOM_INS, DOM_LABEL, DOM_LI, DOM_LINK,
	DOM_MAIN, DOM_MARK, DOM_MENU, DOM_META, DOM_NAV, DOM_NOSCRIPT,
	DOM_OBJECT, DOM_OL, DOM_OPTION, DOM_P, DOM_PICTURE, DOM_PRE, DOM_Q,
	DOM_S, DOM_SCRIPT, DOM_SECTION, DOM_SELECT, DOM_SMALL, DOM_SPAN,
	DOM_STRONG, DOM_STYLE, DOM_SUB, DOM_SUMMARY, DOM_SUP, DOM_SVG,
	DOM_TABLE, DOM_TBODY, DOM_TD, DOM_TEMPLATE, DOM_TEXTAREA, DOM_TFOOT,
	DOM_TH, DOM_THEAD, DOM_TIME, DOM_TITLE, DOM_TR, DOM_U, DOM_UL,
	DOM_VIDEO,
	DOM_TAGS,
};

struct dom_attribute {
	struct str name, value; /* name in small letters; references decoded */
};

/* In the order in which they begin, so the descendants of node i are those from
 * i + 1 to v[i].end - 1, and its first child, if it has one, is i + 1. */
struct dom_node {
	enum dom_tag tag;
	uint32_t parent; /* of the root: itself */
	uint32_t end;	 /* one past its last descendant */
	uint32_t depth;
	struct str text; /* DOM_TEXT: decoded, white space as it was; else
			  * the name. A script whose type is ld+json has one
			  * such child as it was written; other scripts,
			  * styles and iframes are empty */
	const struct dom_attribute *attributes;
	uint32_t attribute_count;
};

struct dom {
	const struct dom_node *v; /* v[0] is the root, which is always there */
	uint32_t n;
	bool cut; /* a ceiling was reached */
};

/* Read a page, which is UTF-8 (bytes that are none are left out), into the
 * arena: some 100 bytes a node and the text once. Returns 0 or -ENOMEM. */
int dom_parse(struct str utf8, struct arena *a, struct dom *ret);
/* The value of an attribute of node i, trimmed; .p is NULL for none. */
struct str dom_attribute(const struct dom *d, uint32_t i, const char *name);
/* The text of node i and below, without scripts and styles; breaks and ends of
 * blocks are one newline, other white space one space. Appended to out. */
void dom_text(const struct dom *d, uint32_t i, struct buf *out);
/* Does its class or id hold this word (a whole one, split at what is neither
 * letter nor digit and where small letters go over into capitals)? */
bool dom_has_word(const struct dom *d, uint32_t i, const char *word);
/* Cut the next such word off *rest, as it is written; false after the last. */
bool dom_next_word(struct str *rest, struct str *word);
/* Does it begin a new line where it stands in a text? */
bool dom_is_block(enum dom_tag tag);
/* DOM_OTHER for a name (in small letters) that is not in the list. */
enum dom_tag dom_tag_of(struct str name);

#endif
