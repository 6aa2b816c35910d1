#include <string.h>

#include "parse/page_parts.h"

uint32_t page_characters(struct str s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

bool page_is_sentence(struct str s)
{
	static const char *const ends[] = {
		".", "!", "?", ":", ";", "\u2026", "\u3002", "\uFF01", "\uFF1F",
	};
	static const char *const quotes[] = {
		"\"", "'", ")", "]", "\u201D", "\u2019", "\u00BB", "\u201C",
		" ", "\u00A0", "\u300D",
	};
	size_t i = 0;

	while (i < sizeof(quotes) / sizeof(*quotes)) {
		struct str quote = str_of(quotes[i++]);

		if (str_ends(s, quote)) {
			s.n -= quote.n;
			i = 0;
		}
	}
	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (str_ends(s, str_of(ends[i])))
			return true;
	return false;
}

bool page_is_void(struct str s)
{
	static const char *const blanks[] = {
		" ", "\n", "\u00A0", "\u200B", "\uFEFF",
	};
	size_t i = 0;

	while (i < sizeof(blanks) / sizeof(*blanks)) {
		struct str blank = str_of(blanks[i++]);

		if (s.n && str_starts(s, blank)) {
			s.p += blank.n;
			s.n -= blank.n;
			i = 0;
		}
	}
	return !s.n;
}

/* Bytes of a sign at p that nobody sees: a soft hyphen, a space of no width, a
 * byte order mark. 0 for any other. */
static size_t unseen(const char *p, size_t n)
{
	static const char *const signs[] = { "\u00AD", "\u200B", "\uFEFF" };

	if ((unsigned char)*p < 0xC2)
		return 0;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		size_t length = strlen(signs[i]);

		if (length <= n && !memcmp(p, signs[i], length))
			return length;
	}
	return 0;
}

size_t page_copy_seen(char *to, const char *p, size_t n)
{
	size_t written = 0;

	for (size_t i = 0, skip; i < n; i += skip ? skip : 1) {
		skip = unseen(p + i, n - i);
		if (!skip)
			to[written++] = p[i];
	}
	return written;
}
