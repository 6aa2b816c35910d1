/* fuzz_unicode.c -- any bytes as UTF-8 and as Windows-1252. What is well-formed
 * is decoded and encoded to itself; form C is well-formed, is utf8proc's own
 * (but for the one letter that it swallows), and is its own form C. */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/unicode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena block;

static void round_trip(struct str s)
{
	char out[4];
	size_t n;

	for (const char *p = s.p, *end = s.p + s.n; p < end; p += n) {
		uint32_t c = unicode_decode(p, end, &n);

		assert(c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF));
		assert(n <= (size_t)(end - p));
		assert(unicode_encode(c, out) == n);
		assert(!memcmp(out, p, n));
	}
}

static void as_theirs(struct str s, struct str ours)
{
	utf8proc_uint8_t *out;
	utf8proc_ssize_t n;

	for (size_t i = 0; i + 3 <= s.n; i++)
		if (!memcmp(s.p + i, "\u11A7", 3))
			return;
	n = utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n,
			 &out, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	assert(n >= 0);
	assert(str_eq(ours, (struct str){ (char *)out, (size_t)n }));
	free(out);
}

static void normal_form(struct str s)
{
	struct arena a = block;
	struct str once, twice;

	assert(!unicode_nfc(s, &a, &once));
	assert(unicode_valid(once) == once.n);
	assert(!unicode_nfc(once, &a, &twice));
	assert(twice.p == once.p && twice.n == once.n);
	if (s.n)
		as_theirs(s, once);
}

static void windows(struct str s)
{
	struct arena a = block;
	struct str out;
	size_t at = s.n;

	if (unicode_from_1252(s, &a, &out, &at)) {
		assert(at < s.n && (unsigned char)s.p[at] >= 0x81);
		return;
	}
	assert(at == s.n);
	assert(out.n >= s.n && out.n <= 3 * s.n);
	assert(unicode_valid(out) == out.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { (const char *)data, size };
	size_t n = unicode_valid(s);

	if (!block.p && arena_open(&block, 64 << 20))
		abort();
	assert(n <= size);
	round_trip((struct str){ s.p, n });
	normal_form((struct str){ s.p, n });
	windows(s);
	return 0;
}
