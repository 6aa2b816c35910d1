/* page_parts.h -- the steps by which a page's tree becomes its article, for
 * page_body.c alone and its tests. Each is linear in the page.
 *
 *  page_mass.c	  how much text, links and prose every element holds
 *  page_prune.c  which elements are no article: by what they are, what they
 *		  are called (page_words.c), and how little they hold
 *  page_phrases.c how lines begin that are about the page
 *  page_signs.c  the signs of a line: which are seen, how it ends
 *  page_blocks.c what is left, cut into paragraphs, each with its worth
 *  page_leave.c  which of these are about the page or about other pages
 *  page_root.c	  the element that holds the article
 *  page_keep.c	  which paragraphs are kept, and what belongs to them
 *  page_oracle.c what JSON-LD says that the article is
 *  page_body.c	  all of this, again with less pruned if that was too much */
#ifndef VIGIE_PAGE_PARTS_H
#define VIGIE_PAGE_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "parse/dom.h"

/* Characters other than white space of an element and all below it. */
struct page_mass {
	uint32_t text;
	uint32_t link;	/* of text, what is in links */
	uint32_t prose; /* of text, what is in paragraphs and in no link */
	uint32_t h1;	/* of text, what is in an h1 */
};

/* One for each node of d, or NULL when the arena is full. */
struct page_mass *page_weigh(const struct dom *d, struct arena *a);

/* Does element i lead away? Anchors and links within the page do not. */
bool page_is_link(const struct dom *d, uint32_t i);

/* What the words of class and id say of an element. */
enum page_word {
	PAGE_WORD_NONE,
	PAGE_WORD_ASIDE,   /* share, related, newsletter, … */
	PAGE_WORD_LINKS,   /* menu, tags, …: when it is links */
	PAGE_WORD_COMMENT, /* what readers wrote */
	PAGE_WORD_CAPTION, /* of a picture: a line or two */
};

enum page_word page_word_of(struct str word);

/* Does the element's name say that it is the text of an article:
 * "entry-content", "articleBody"? */
bool page_is_named_body(const struct dom *d, uint32_t i);

/* Does a short line say what stands at an advertisement or a picture ("Photo:
 * …"), who wrote this and when ("By A. B."), or lead to something else ("Read
 * more: …", "Subscribe …")? */
bool page_is_label(struct str line);
bool page_is_byline(struct str line);
bool page_leads_away(struct str line);
/* … or stand above what readers wrote: "12 Comments", "Ein Gedanke zu …"? */
bool page_heads_comments(struct str line);

/* Characters of UTF-8. */
uint32_t page_characters(struct str s);
/* Does it end in . ! ? … or the like, quotes and brackets aside? */
bool page_is_sentence(struct str s);
/* No-break and zero-width spaces alone, as editors leave between paragraphs? */
bool page_is_void(struct str s);
/* Copy n bytes without the signs that nobody sees: soft hyphens, spaces of no
 * width, byte order marks. Returns the bytes written. */
size_t page_copy_seen(char *to, const char *p, size_t n);

/* How much is taken away before the rest is read. */
enum page_prune {
	PAGE_PRUNE_ALL,	 /* by element and by name */
	PAGE_PRUNE_LESS, /* by element, and comments */
	PAGE_PRUNE_LEAST, /* by element alone */
};

/* A byte for each node: is it, with all below it, no article? NULL when the
 * arena is full. */
bool *page_prune(const struct dom *d, const struct page_mass *m,
		 enum page_prune how, struct arena *a);

/* A paragraph: text between two places where a new line begins. */
struct page_block {
	struct str text;   /* white space is one space, a <br> a newline */
	uint32_t node;	   /* the element that it begins in */
	uint32_t list;	   /* the list or table of which it is an item, or 0 */
	enum dom_tag tag;  /* what kind: DOM_P, DOM_H2, DOM_LI, DOM_TR, … */
	uint32_t length;   /* characters */
	uint32_t link;	   /* of these in links */
	bool sentence;	   /* ends like one */
	int32_t worth;	   /* above 0: likely prose */
	bool aside;	   /* about the page or about other pages */
	bool kept;
};

struct page_blocks {
	struct page_block *v;
	uint32_t n;
};

/* The blocks of what is not pruned, in their order. Returns 0 or -ENOMEM. */
int page_cut(const struct dom *d, const bool *pruned, struct arena *a,
	     struct page_blocks *ret);

static inline bool page_is_heading(enum dom_tag tag)
{
	return tag >= DOM_H1 && tag <= DOM_H6;
}

/* Take their worth from blocks that are about the page or about other pages. */
void page_leave(struct page_blocks *blocks);
/* Does it stand above what readers wrote? */
bool page_is_head_of_comments(const struct page_block *b);
/* The element that holds the article: by the worth of its blocks, its name, and
 * what looks like it. Returns 0 or -ENOMEM. */
int page_root(const struct dom *d, const struct page_blocks *blocks,
	      struct arena scratch, uint32_t *ret);
/* Mark the blocks to keep: those of worth below the root, and what belongs to
 * them. Returns their characters. */
uint32_t page_keep(const struct dom *d, uint32_t root,
		   struct page_blocks *blocks);

enum page_answer {
	PAGE_ANSWER_NONE,	/* it is short, or says something else */
	PAGE_ANSWER_FOUND,	/* what it holds is kept, what is behind not */
	PAGE_ANSWER_ELSEWHERE,	/* the page holds next to nothing of it */
};

/* Ask what the page says to machines that its text is (JSON-LD's articleBody)
 * which blocks are the article. Returns 0 or -ENOMEM. */
int page_ask(struct page_blocks *blocks, struct str body, struct arena scratch,
	     enum page_answer *ret);

#endif
