#include "parse/fold.h"

#include <string.h>
#include <utf8proc.h>

#include "base/unicode.h"

/* Bytes of s that can be read at most, so that white space without end costs
 * nothing and at[] holds. */
enum { READ_MAX = 8 * FOLD_MAX };

/* What stands for the signs that have no decomposition of use to us. */
static const struct {
	uint32_t c;
	const char *z;
} signs[] = {
	{ 0x00A9, "(c)" }, { 0x00AB, "\"" },  { 0x00BB, ">" },
	{ 0x00DF, "ss" },  { 0x00E6, "ae" },  { 0x00C6, "ae" },
	{ 0x00F8, "o" },   { 0x00D8, "o" },   { 0x0131, "i" },
	{ 0x0142, "l" },   { 0x0141, "l" },   { 0x0152, "oe" },
	{ 0x0153, "oe" },  { 0x2010, "-" },   { 0x2011, "-" },
	{ 0x2012, "-" },   { 0x2013, "-" },   { 0x2014, "-" },
	{ 0x2015, "-" },   { 0x2018, "'" },   { 0x2019, "'" },
	{ 0x201A, "'" },   { 0x201B, "'" },   { 0x201C, "\"" },
	{ 0x201D, "\"" },  { 0x201E, "\"" },  { 0x2026, "..." },
	{ 0x2032, "'" },   { 0x2039, "\"" },  { 0x203A, ">" },
	{ 0x2192, ">" },   { 0x2212, "-" },   { 0x25B6, ">" },
	{ 0x25B8, ">" },   { 0x25BA, ">" },   { 0x27A4, ">" },
	{ 0x2794, ">" },   { 0x00B4, "'" },   { 0x00BA, "o" },
	{ 0x00AA, "a" },
};

static const char *sign(uint32_t c)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (signs[i].c == c)
			return signs[i].z;
	return NULL;
}

static bool is_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 ||
	       (c >= 0x2000 && c <= 0x200B) || c == 0x202F || c == 0x205F ||
	       c == 0x3000 || c == 0xFEFF || c == 0x00AD || c == 0x200E;
}

static bool is_letter_or_digit(uint32_t c)
{
	utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);

	return (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO) ||
	       k == UTF8PROC_CATEGORY_ND;
}

/* The letter without its accent, as UTF-8. */
static size_t plain(uint32_t c, char out[8])
{
	utf8proc_int32_t to[8];
	int last = UTF8PROC_BOUNDCLASS_START;
	utf8proc_ssize_t n = utf8proc_decompose_char(
		(utf8proc_int32_t)c, to, 8,
		UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK,
		&last);

	if (n < 1 || n > 8)
		return 0;
	return unicode_encode((uint32_t)to[0], out);
}

static size_t spell(uint32_t c, char out[8])
{
	const char *z;
	size_t n = 0;

	if (c >= 'A' && c <= 'Z')
		c += 'a' - 'A';
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	z = sign(c);
	if (!z && is_letter_or_digit(c))
		return plain(c, out);
	if (!z)
		z = "*";
	while (z[n]) {
		out[n] = z[n];
		n++;
	}
	return n;
}

static void add(struct fold *f, const char *p, size_t n, size_t from)
{
	for (size_t i = 0; i < n; i++)
		f->at[f->n + i] = (uint16_t)from;
	memcpy(f->z + f->n, p, n);
	f->n += n;
}

void fold(struct str s, struct fold *ret)
{
	const char *p = s.n ? s.p : "", *start = p, *end = p + s.n;
	const char *stop = s.n > READ_MAX ? p + READ_MAX : end;
	size_t step, n;
	char out[8];

	ret->n = 0;
	for (; p < stop; p += step) {
		uint32_t c = unicode_decode(p, end, &step);
		bool is_gap = is_space(c);

		if (is_gap && (!ret->n || ret->z[ret->n - 1] == ' '))
			continue;
		n = is_gap ? 1 : spell(c, out);
		if (ret->n + n > FOLD_MAX)
			break;
		add(ret, is_gap ? " " : out, n,
		    (size_t)(p - start));
	}
	ret->whole = p >= end;
	ret->at[ret->n] = (uint16_t)(p - start);
	ret->z[ret->n] = '\0';
}

struct str fold_view(const struct fold *f)
{
	return (struct str){ f->z, f->n };
}

size_t fold_find(struct str s, const char *z)
{
	size_t n = strlen(z);

	for (size_t i = 0; i + n <= s.n; i++) {
		const char *at = memchr(s.p + i, z[0], s.n - n + 1 - i);

		if (!at)
			break;
		i = (size_t)(at - s.p);
		if (!memcmp(at, z, n))
			return i;
	}
	return s.n;
}
