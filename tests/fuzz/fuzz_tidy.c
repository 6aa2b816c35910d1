/* fuzz_tidy.c -- any clean text, tidied. The cuts are in order, apart, within
 * the text and not empty; what is left is the text without them; unless a box
 * of comments is cut, that is at least half. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "parse/text.h"
#include "parse/tidy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena block;

static void check(struct str text, const struct tidy *t)
{
	size_t at = 0, left = 0;
	bool boxed = false;

	for (size_t i = 0; i <= t->cut_count; i++) {
		bool is_end = i == t->cut_count;
		size_t to = is_end ? text.n : t->cuts[i].start;

		assert(to >= at && to <= text.n);
		assert(left + (to - at) <= t->text.n);
		assert(!memcmp(t->text.p + left, text.p + at, to - at));
		left += to - at;
		if (is_end)
			break;
		assert(t->cuts[i].end > to && t->cuts[i].end <= text.n);
		assert(t->cuts[i].kind < TIDY_KINDS);
		boxed = t->cuts[i].kind == TIDY_COMMENTS;
		at = t->cuts[i].end;
	}
	assert(left == t->text.n);
	assert(boxed || t->text.n >= text.n - text.n / 2);
	assert(unicode_valid(t->text) == t->text.n);
	assert(unicode_valid(t->author) == t->author.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { (const char *)data, size }, text;
	struct arena a;
	struct tidy t;

	if (!block.p && arena_open(&block, 64 << 20))
		abort();
	a = block;
	s.n = unicode_valid(s);
	if (text_clean(s, &a, &text) || tidy(text, &a, &t))
		abort();
	check(text, &t);
	return 0;
}
