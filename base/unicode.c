#include "base/unicode.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/run.h"

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

size_t unicode_valid(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t i = 0, n;

	while (i < s.n) {
		if (p[i] < 0x80)
			i += run_ascii(s.p + i, s.n - i);
		if (i == s.n)
			break;
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
	unsigned char highest = 0;

	/* To the end, which the compiler makes many bytes a step of. */
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		highest = c > highest ? c : highest;
	}
	return highest < 0xCC;
}

/* From U+0300 on: starters that are in form C and second in no composition,
 * in the scripts and signs that news are full of. Typographic quotes alone would
 * else have most of an article taken apart and put together again. */
static const struct {
	uint32_t first, last;
} settled[] = {
	{ 0x0400, 0x0482 },   /* Cyrillic */
	{ 0x05D0, 0x05EA },   /* Hebrew */
	{ 0x0620, 0x064A },   /* Arabic */
	{ 0x2010, 0x2027 },   /* dashes, quotes, ellipsis */
	{ 0x2030, 0x205E },   /* more of those */
	{ 0x20A0, 0x20BF },   /* currencies */
	{ 0x3001, 0x3029 },   /* CJK punctuation */
	{ 0x3041, 0x3096 },   /* Hiragana */
	{ 0x30A1, 0x30FE },   /* Katakana */
	{ 0x4E00, 0x9FFF },   /* Han */
	{ 0xAC00, 0xD7A3 },   /* Hangul syllables */
	{ 0xFF01, 0xFF65 },   /* full-width forms */
	{ 0x1F300, 0x1FAFF }, /* pictures */
};

static bool is_settled(uint32_t c)
{
	for (size_t i = 0; i < sizeof(settled) / sizeof(*settled); i++)
		if (c <= settled[i].last)
			return c < 0x300 || c >= settled[i].first;
	return false;
}

/* A text all of whose characters are settled is in form C. */
static bool stays(struct str s)
{
	const char *end = s.p + s.n;
	size_t n;

	for (const char *p = s.p; p < end; p += n) {
		n = 1;
		if ((unsigned char)*p >= 0xCC &&
		    !is_settled(unicode_decode(p, end, &n)))
			return false;
	}
	return true;
}

static bool is_starter(int32_t c)
{
	return utf8proc_get_property(c)->combining_class == 0;
}

static void sort_insert(int32_t *c, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		int32_t mark = c[i];
		size_t j = i;

		for (; j && utf8proc_get_property(c[j - 1])->combining_class >
				    utf8proc_get_property(mark)->combining_class;
		     j--)
			c[j] = c[j - 1];
		c[j] = mark;
	}
}

static void sort_count(int32_t *c, size_t n, int32_t *spare)
{
	size_t at[257] = { 0 };

	for (size_t i = 0; i < n; i++)
		at[utf8proc_get_property(c[i])->combining_class + 1]++;
	for (size_t i = 1; i < 257; i++)
		at[i] += at[i - 1];
	for (size_t i = 0; i < n; i++)
		spare[at[utf8proc_get_property(c[i])->combining_class]++] = c[i];
	memcpy(c, spare, n * sizeof(*c));
}

/* The Canonical Ordering Algorithm (the Unicode Standard, D109): each run of
 * combining marks, stably by class. utf8proc_map() sorts by exchange, which
 * took 50 s over 320 kB of alternating marks, a hang for a whole article. */
static void order(int32_t *c, size_t n, int32_t *spare)
{
	for (size_t from = 0, to; from < n; from = to + 1) {
		for (to = from; to < n && !is_starter(c[to]);)
			to++;
		if (to - from > 32)
			sort_count(c + from, to - from, spare);
		else
			sort_insert(c + from, to - from);
	}
}

/* Decompose s into out, which holds max, or count only. */
static size_t decompose(struct str s, int32_t *out, size_t max)
{
	size_t n = 0, len;
	int boundary = 0;

	for (const char *p = s.p, *end = s.p + s.n; p < end; p += len) {
		uint32_t c = unicode_decode(p, end, &len);

		n += (size_t)utf8proc_decompose_char(
			(int32_t)c, out ? out + n : NULL,
			out ? (utf8proc_ssize_t)(max - n) : 0,
			UTF8PROC_STABLE | UTF8PROC_COMPOSE, &boundary);
	}
	return n;
}

static void exchange(int32_t *c, size_t n, int32_t from, int32_t to)
{
	for (size_t i = 0; i < n; i++)
		if (c[i] == from)
			c[i] = to;
}

/* utf8proc 2.8 takes U+11A7 for a trailing consonant and swallows it behind a
 * syllable, where TIndex > 0 is wanted (the Unicode Standard, 3.12). It stays
 * hidden behind a surrogate, which no well-formed text has. */
static utf8proc_ssize_t compose(int32_t *c, size_t n)
{
	utf8proc_ssize_t left;

	exchange(c, n, 0x11A7, 0xD800);
	left = utf8proc_normalize_utf32(c, (utf8proc_ssize_t)n,
					UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (left < 0)
		return left;
	exchange(c, (size_t)left, 0xD800, 0x11A7);
	return utf8proc_reencode(c, left, 0);
}

int unicode_nfc(struct str s, struct arena *a, struct str *ret)
{
	size_t max = stays_low(s) || stays(s) ? 0 : decompose(s, NULL, 0);
	struct str out = s;
	utf8proc_ssize_t n;
	int32_t *c;

	if (!max) {
		*ret = s;
		return 0;
	}
	/* What order() spares, and the NUL that utf8proc_reencode() adds. */
	c = malloc((2 * max + 1) * sizeof(*c));
	if (!c)
		return -ENOMEM;
	decompose(s, c, max);
	order(c, max, c + max);
	n = compose(c, max);
	if (n >= 0 && !str_eq(s, (struct str){ (char *)c, (size_t)n }))
		out = arena_copy(a, (struct str){ (char *)c, (size_t)n });
	free(c);
	if (n < 0 || !out.p)
		return -ENOMEM;
	*ret = out;
	return 0;
}
