/* meta_kit.h -- what a page says of itself, for tests. */
#ifndef VIGIE_TESTS_META_KIT_H
#define VIGIE_TESTS_META_KIT_H

#include "parse/page.h"
#include "tests/check_main.h"

static char block[64 << 20];

static inline struct page read_at(const char *html, const char *base)
{
	struct arena a = { block, block + sizeof(block) };
	struct page p = { .has_body_of_json = false };
	struct dom d;

	ck_assert_int_eq(dom_parse(str_of(html), &a, &d), 0);
	ck_assert_int_eq(page_meta(&d, base, &a, &p), 0);
	return p;
}

static inline struct page read_page(const char *html)
{
	return read_at(html, "https://www.port.example/2022/quai.html");
}

static inline void is(struct str got, const char *want)
{
	ck_assert_msg(str_is(got, want), "'" STR_FMT "' for '%s'",
		      STR_ARG(got), want);
}

#define LD(json) "<script type='application/ld+json'>" json "</script>"

#endif
