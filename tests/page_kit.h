/* page_kit.h -- the text of a page's article, for tests. */
#ifndef VIGIE_TESTS_PAGE_KIT_H
#define VIGIE_TESTS_PAGE_KIT_H

#include "parse/page.h"
#include "tests/check_main.h"

enum { PAGE_ROOM = 64 << 20 };

/* Sentences that are an article's: 20 words each. */
#define ONE                                                                   \
	"The ferry left the harbour before the storm came in, and nobody on " \
	"board thought of the lamp in the tower."
#define TWO                                                                 \
	"Two days later the keeper wrote to the council that oil would last " \
	"until Sunday, if the nights stayed short."
#define THREE                                                                \
	"The council met on Friday, heard the letter, and voted nine to four " \
	"for a second boat before the winter."
#define FOUR                                                               \
	"What the boat will cost is open, but the yard at the river mouth " \
	"has promised a price by the end of May."

/* With what JSON-LD says, or NULL. */
static inline void page_kit_reads(const char *html, const char *json,
				  const char *want)
{
	struct page meta = { .has_body_of_json = json != NULL };
	struct str got = { NULL, 0 };
	struct arena a, kept;
	struct dom d;

	if (json)
		meta.body_of_json = str_of(json);
	ck_assert_int_eq(arena_open(&a, PAGE_ROOM), 0);
	kept = a;
	ck_assert_int_eq(dom_parse(str_of(html), &a, &d), 0);
	ck_assert_int_eq(page_body(&d, &meta, &a, &got), 0);
	ck_assert_str_eq(arena_copy(&a, got).p, want);
	arena_close(kept);
}

static inline void page_kit_text(const char *html, const char *want)
{
	page_kit_reads(html, NULL, want);
}

#endif
