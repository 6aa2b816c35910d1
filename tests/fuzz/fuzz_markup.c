/* fuzz_markup.c -- any text as HTML. Its plain text is well-formed, no longer
 * than it was, without control characters and space at its ends; escaped, it is
 * read as itself. */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/unicode.h"
#include "parse/markup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct buf plain_of(struct str html)
{
	struct buf b;

	buf_init(&b, html.n + 1);
	markup_text(&b, html);
	assert(!buf_error(&b));
	return b;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { (const char *)data, size };
	struct buf plain, escaped, again;

	s.n = unicode_valid(s);
	markup_is_likely(s);
	markup_is_certain(s);
	plain = plain_of(s);
	assert(unicode_valid(buf_view(&plain)) == plain.n);
	assert(str_trim(buf_view(&plain)).n == plain.n);
	buf_init(&escaped, 6 * plain.n + 1);
	markup_escape(&escaped, buf_view(&plain));
	again = plain_of(buf_view(&escaped));
	/* But for the white space of <pre>. */
	assert(again.n <= plain.n);
	for (size_t i = 0, j = 0; i < plain.n; i++) {
		if (is_space(plain.p[i]))
			continue;
		while (j < again.n && is_space(again.p[j]))
			j++;
		assert(j < again.n && again.p[j++] == plain.p[i]);
	}
	buf_done(&plain);
	buf_done(&escaped);
	buf_done(&again);
	return 0;
}
