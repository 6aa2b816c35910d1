#include "base/unicode.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* The length of the well-formed sequence at p, 0 when it is none. The bounds
 * are table 3-7 of the Unicode Standard. */
static size_t sequence(const unsigned char *p, size_t left)
{
	unsigned char lo = 0x80, hi = 0xBF;
	size_t n;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xC2 || p[0] > 0xF4)
		return 0;
	n = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	if (left < n)
		return 0;
	if (p[0] == 0xE0)
		lo = 0xA0;
	else if (p[0] == 0xED)
		hi = 0x9F;
	else if (p[0] == 0xF0)
		lo = 0x90;
	else if (p[0] == 0xF4)
		hi = 0x8F;
	if (p[1] < lo || p[1] > hi)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	return n;
}

static size_t ascii_run(const unsigned char *p, size_t n)
{
	size_t i = 0;
	uint64_t word;

	for (; i + 8 <= n; i += 8) {
		memcpy(&word, p + i, 8);
		if (word & 0x8080808080808080u)
			break;
	}
	while (i < n && p[i] < 0x80)
		i++;
	return i;
}

size_t unicode_valid(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t i = 0, n;

	while ((i += ascii_run(p + i, s.n - i)) < s.n) {
		n = sequence(p + i, s.n - i);
		if (!n)
			break;
		i += n;
	}
	return i;
}

uint32_t unicode_decode(const char *at, const char *end, size_t *n)
{
	const unsigned char *p = (const unsigned char *)at;

	(void)end; /* well-formed: the lead byte promises the rest */
	if (p[0] < 0x80)
		return *n = 1, p[0];
	if (p[0] < 0xE0)
		return *n = 2, (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
	if (p[0] < 0xF0)
		return *n = 3, (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 |
			       (p[2] & 0x3Fu);
	return *n = 4, (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 |
		       (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
}

size_t unicode_encode(uint32_t c, char out[4])
{
	return (size_t)utf8proc_encode_char((utf8proc_int32_t)c,
					    (utf8proc_uint8_t *)out);
}

/* What Windows-1252 has at 80..9F; 0 where it has nothing. */
static const uint16_t high[32] = {
	0x20AC, 0,	0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
	0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,	0x017D, 0,
	0,	0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
	0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,	0x017E, 0x0178,
};

int unicode_from_1252(struct str s, struct arena *a, struct str *ret,
		      size_t *at)
{
	char *out = arena_take_array(a, s.n + 1, 3);
	size_t n = 0;

	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char byte = (unsigned char)s.p[i];
		uint32_t c = byte;

		if (byte >= 0x80 && byte < 0xA0)
			c = high[byte - 0x80];
		if (!c && byte) {
			*at = i;
			return -EILSEQ;
		}
		n += unicode_encode(c, out + n);
	}
	*ret = (struct str){ out, n };
	return 0;
}

/* Every code point below U+0300 is a starter that composes with nothing
 * before it, so a text that stays below is in form C as it stands. */
static bool stays_low(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0xCC)
			return false;
	return true;
}

int unicode_nfc(struct str s, struct arena *a, struct str *ret)
{
	utf8proc_uint8_t *out = NULL;
	utf8proc_ssize_t n;

	if (stays_low(s)) {
		*ret = s;
		return 0;
	}
	n = utf8proc_map((const utf8proc_uint8_t *)s.p,
			 (utf8proc_ssize_t)s.n, &out,
			 UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (n < 0)
		return -ENOMEM;
	*ret = arena_copy(a, (struct str){ (char *)out, (size_t)n });
	free(out);
	return ret->p ? 0 : -ENOMEM;
}
