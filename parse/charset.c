#include "parse/charset.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/run.h"
#include "base/unicode.h"

static bool is_foreign(uint32_t c)
{
	return c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f';
}

static int no_text(size_t at, uint32_t c, struct err *e)
{
	return err_set(e, STEP_REJECT,
		       "no text: byte %zu is 0x%02X, a control character; if "
		       "it is a text all the same, save it as UTF-8",
		       at, (unsigned int)c);
}

static int check_controls(struct str s, struct err *e)
{
	for (size_t i = 0; i < s.n; i++) {
		i += run_uncontrolled(s.p + i, s.n - i);
		if (i < s.n && is_foreign((unsigned char)s.p[i]))
			return no_text(i, (unsigned char)s.p[i], e);
	}
	return 0;
}

static int from_utf8(struct str s, struct str *ret, struct err *e)
{
	struct str rest = { s.p + 3, s.n - 3 };
	size_t at = unicode_valid(rest);

	if (at < rest.n)
		return err_set(e, STEP_REJECT,
			       "byte %zu is 0x%02X, which is no UTF-8 there, "
			       "though the byte order mark says UTF-8",
			       at + 3, (unsigned char)rest.p[at]);
	*ret = rest;
	return 0;
}

static int from_1252(struct str s, struct arena *a, struct str *ret,
		     struct err *e)
{
	size_t at;
	int r = unicode_from_1252(s, a, ret, &at);

	if (r == -EILSEQ)
		return err_set(e, STEP_REJECT,
			       "byte %zu is 0x%02X, which neither UTF-8 nor "
			       "Windows-1252 has; save it as UTF-8",
			       at, (unsigned char)s.p[at]);
	return r;
}

/* The 16-bit unit at byte i; `low` is which of its two bytes counts least. */
static uint32_t unit(struct str s, size_t i, size_t low)
{
	return (uint32_t)(unsigned char)s.p[i + low] |
	       (uint32_t)(unsigned char)s.p[i + 1 - low] << 8;
}

static bool is_high(uint32_t c)
{
	return c >= 0xD800 && c < 0xDC00;
}

static bool is_low(uint32_t c)
{
	return c >= 0xDC00 && c < 0xE000;
}

static int from_utf16(struct str s, size_t low, struct arena *a,
		      struct str *ret, struct err *e)
{
	char *out = arena_take_array(a, s.n / 2, 3);
	size_t n = 0;

	if (!out)
		return -ENOMEM;
	if (s.n % 2)
		return err_set(e, STEP_REJECT, "UTF-16 of %zu bytes: the last "
			       "character is cut in two", s.n);
	for (size_t i = 2; i < s.n; i += 2) {
		uint32_t c = unit(s, i, low);

		if (is_foreign(c))
			return no_text(i, c, e);
		if (is_high(c) && i + 2 < s.n && is_low(unit(s, i + 2, low))) {
			i += 2;
			c = 0x10000 + ((c & 0x3FF) << 10) +
			    (unit(s, i, low) & 0x3FF);
		} else if (is_high(c) || is_low(c)) {
			return err_set(e, STEP_REJECT,
				       "UTF-16 with half a pair, 0x%04X, at "
				       "byte %zu", (unsigned int)c, i);
		}
		n += unicode_encode(c, out + n);
	}
	*ret = (struct str){ out, n };
	return 0;
}

int charset_to_utf8(struct str bytes, struct arena *a, struct str *ret,
		    struct err *e)
{
	int r;

	if (str_starts(bytes, STR("\xFF\xFE")))
		return from_utf16(bytes, 0, a, ret, e);
	if (str_starts(bytes, STR("\xFE\xFF")))
		return from_utf16(bytes, 1, a, ret, e);
	r = check_controls(bytes, e);
	if (r)
		return r;
	if (str_starts(bytes, STR("\xEF\xBB\xBF")))
		return from_utf8(bytes, ret, e);
	if (unicode_valid(bytes) < bytes.n)
		return from_1252(bytes, a, ret, e);
	*ret = bytes;
	return 0;
}
