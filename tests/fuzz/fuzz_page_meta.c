/* fuzz_page_meta.c -- what any page says of itself: well-formed, bounded, dates
 * as date.h writes them, a language of two or three letters. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "parse/date.h"
#include "parse/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena block;

static void is_date(struct str s)
{
	char out[DATE_MAX];

	if (!s.n)
		return;
	assert(!date_parse(s, out));
	assert(str_is(s, out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { (const char *)data, size };
	struct page p = { .has_body_of_json = false };
	struct arena a;
	struct dom d;

	if (!block.p && arena_open(&block, 256 << 20))
		abort();
	a = block;
	if (dom_parse(s, &a, &d) ||
	    page_meta(&d, size % 2 ? "https://a.example/b" : NULL, &a, &p))
		abort();
	is_date(p.published);
	is_date(p.modified);
	assert(p.language.n <= 3 && p.author.n <= 300);
	assert(unicode_valid(p.title) == p.title.n);
	assert(unicode_valid(p.author) == p.author.n);
	assert(unicode_valid(p.summary) == p.summary.n);
	assert(p.has_body_of_json == (p.body_of_json.n > 0));
	return 0;
}
