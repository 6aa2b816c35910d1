#include "parse/charset_parts.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/unicode.h"

enum {
	LOST_PER = 100, /* bytes beyond ASCII, of which one may be lost */
	ENOUGH = 4096,	/* mistakes, to tell that it is no UTF-8 */
	PER = 10, /* characters of UTF-8, of which one may be a mistake … */
	PER_DECLARED = 1, /* … when UTF-8 is what is declared */
};

static const struct mark {
	struct str bytes;
	enum charset_id id;
} marks[] = {
	{ { "\xEF\xBB\xBF", 3 }, CHARSET_UTF8 },
	{ { "\xFF\xFE\0\0", 4 }, CHARSET_UTF32LE }, /* before UTF-16LE */
	{ { "\0\0\xFE\xFF", 4 }, CHARSET_UTF32BE },
	{ { "\xFF\xFE", 2 }, CHARSET_UTF16LE },
	{ { "\xFE\xFF", 2 }, CHARSET_UTF16BE },
};

static const struct mark *mark_of(struct str s)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (str_starts(s, marks[i].bytes))
			return &marks[i];
	return NULL;
}

/* UTF-16 and UTF-32 without a mark: where the zeros of ASCII characters are,
 * such as those of markup and of newlines. Nothing else is full of zeros at
 * one place of every two or four. */
static enum charset_id wide_by_look(struct str s)
{
	size_t zeros[4] = { 0 }, n = s.n < CHARSET_LOOK ? s.n : CHARSET_LOOK;
	size_t all = 0;

	for (size_t i = 0; i < n; i++) {
		zeros[i % 4] += !s.p[i];
		all += !s.p[i];
	}
	if (s.n < 4 || all * 32 < n)
		return CHARSET_NONE;
	n /= 4;
	if (s.n % 4 == 0 && zeros[0] >= n && zeros[1] * 8 >= n * 7 &&
	    !zeros[3])
		return CHARSET_UTF32BE;
	if (s.n % 4 == 0 && zeros[3] >= n && zeros[2] * 8 >= n * 7 &&
	    !zeros[0])
		return CHARSET_UTF32LE;
	if ((zeros[0] + zeros[2]) * 50 >= all * 49)
		return CHARSET_UTF16BE;
	if ((zeros[1] + zeros[3]) * 50 >= all * 49)
		return CHARSET_UTF16LE;
	return CHARSET_NONE;
}

struct made_of {
	size_t high;  /* bytes beyond ASCII */
	size_t lead;  /* first bytes of well-formed characters of UTF-8 */
	size_t wrong; /* bytes that are in none; not those cut at the end */
	bool cut;     /* the last character is not whole */
	bool escapes; /* ESC is in it, as in ISO 2022 */
};

static bool is_cut_character(struct str rest)
{
	static const unsigned char length[16] = { [0xC] = 2, [0xD] = 2,
						  [0xE] = 3, [0xF] = 4 };
	size_t n = length[(unsigned char)rest.p[0] >> 4];

	for (size_t i = 1; i < rest.n; i++)
		if (((unsigned char)rest.p[i] & 0xC0) != 0x80)
			return false;
	return rest.n < n;
}

/* In blocks whose count fits a byte: the compiler then counts sixteen at a time,
 * and every document is gone through so. */
static size_t count_from(struct str s, unsigned char from)
{
	size_t n = 0;

	while (s.n) {
		size_t block = s.n < UINT8_MAX ? s.n : UINT8_MAX;
		uint8_t found = 0;

		for (size_t i = 0; i < block; i++)
			found = (uint8_t)(found + ((uint8_t)s.p[i] >= from));
		n += found;
		s.p += block;
		s.n -= block;
	}
	return n;
}

/* Once it is clear that it is no UTF-8, by more than one mistake in so many
 * characters, it is not looked at any further. */
static struct made_of look_at(struct str s, size_t per)
{
	struct made_of m = { .high = count_from(s, 0x80),
			     .escapes = str_has(s, '\x1B') };

	while (s.n && (m.wrong < ENOUGH || m.wrong * per <= m.lead)) {
		size_t n = unicode_valid(s);

		m.lead += count_from((struct str){ s.p, n }, 0xC0);
		s.p += n;
		s.n -= n;
		m.cut = s.n && is_cut_character(s);
		if (!s.n || m.cut)
			break;
		m.wrong++;
		s.p++;
		s.n--;
	}
	return m;
}

/* Well-formed, or so nearly that it can be nothing else: a character cut by
 * who shortened a summary, a line pasted in from elsewhere. */
static bool is_utf8(const struct made_of *m, bool declared)
{
	if (m->wrong)
		return m->wrong * (declared ? PER_DECLARED : PER) <= m->lead;
	return !m->cut || m->lead || declared;
}

/* An XML document of type text/… without a charset is ASCII (RFC 3023): if it
 * is, it says so. Else what is declared, if that has ASCII as its lower half. */
static const char *name_of_ascii(const char *type, enum charset_id declared,
				 const char *name)
{
	struct str t = str_of(type);
	const char *ignored;

	if (declared == CHARSET_NONE)
		name = "utf-8";
	if (str_starts(t, STR("text/")) && strstr(type, "xml") &&
	    charset_by_label(charset_label(STR(""), type), &ignored) ==
		    CHARSET_NONE)
		return "us-ascii";
	return name;
}

struct finding {
	enum charset_id id;
	const char *name;
	size_t skip;	 /* bytes of a mark */
	size_t lost_max; /* what may be lost, to be right */
	bool whole;	 /* the bytes are the text */
};

static bool find_early(struct str s, struct finding *f)
{
	const struct mark *m = mark_of(s);
	size_t skip = m ? m->bytes.n : 0;

	*f = (struct finding){ .id = m ? m->id : wide_by_look(s),
			       .skip = skip, .lost_max = SIZE_MAX };
	f->name = charset_name(f->id);
	if (f->id == CHARSET_UTF8) {
		s.p += skip;
		s.n -= skip;
		f->whole = unicode_valid(s) == s.n;
	}
	return f->id != CHARSET_NONE;
}

/* What is said of the bytes, as far as no converter is needed to know. */
static void find(struct str s, const char *type, struct made_of *m,
		 struct finding *f)
{
	enum charset_id declared;
	const char *name = NULL;

	if (find_early(s, f))
		return;
	declared = charset_by_label(charset_label(s, type), &name);
	*m = look_at(s, declared == CHARSET_UTF8 ? PER_DECLARED : PER);
	if (is_utf8(m, declared == CHARSET_UTF8) && !m->escapes) {
		*f = (struct finding){ CHARSET_UTF8, "utf-8", 0, SIZE_MAX,
				       !m->wrong && !m->cut };
		if (!m->high)
			f->name = name_of_ascii(type, declared, name);
		return;
	}
	if (declared >= CHARSET_UTF16LE && declared < CHARSET_FOREIGN)
		declared = CHARSET_NONE; /* it does not look so */
	if (declared == CHARSET_UTF8)
		declared = CHARSET_NONE; /* nor is it */
	*f = (struct finding){ declared, name, 0, m->high / LOST_PER, false };
}

static int convert(const struct finding *f, struct str s, struct arena *a,
		   struct charset *ret)
{
	struct arena before = *a;
	int r;

	if (f->id == CHARSET_NONE)
		return -EILSEQ;
	s.p += f->skip;
	s.n -= f->skip;
	if (f->whole) {
		*ret = (struct charset){ s, f->name, 0 };
		return 0;
	}
	r = charset_convert(f->id, s, f->lost_max, a, ret);
	if (r == -EILSEQ)
		*a = before;
	if (!r)
		ret->name = f->name;
	return r;
}

/* ISO 2022 is 7 bits wide: what uchardet does not know is ASCII with an odd
 * character in it. */
static void fall_back(struct str s, const struct made_of *m, struct finding *f)
{
	bool latin9 = charset_is_latin9(s);

	*f = (struct finding){ latin9 ? CHARSET_LATIN9 : CHARSET_1252, NULL, 0,
			       SIZE_MAX, false };
	if (is_utf8(m, false))
		*f = (struct finding){ CHARSET_UTF8, NULL, 0, SIZE_MAX,
				       !m->wrong && !m->cut };
	f->name = charset_name(f->id);
}

/* UTF-8 that was taken for Windows-1252, and made UTF-8 of. */

/* The byte that c is in Windows-1252, or in Latin-1; -1: none. */
static int byte_of(uint32_t c)
{
	static const uint16_t low[32] = {
		0x20AC, 0, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021,
		0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0, 0x17D, 0,
		0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
		0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0, 0x17E, 0x178,
	};

	if (c < 0x100)
		return (int)c;
	for (int i = 0; i < 32; i++)
		if (low[i] == c)
			return 128 + i;
	return -1;
}

/* Most texts end this at their first letter with an accent: what follows it is
 * no continuation. */
static bool is_twice(struct str s)
{
	const char *p = s.p, *end = s.p + s.n;
	size_t step, want = 0, found = 0;

	for (; p < end; p += step) {
		int c = byte_of(unicode_decode(p, end, &step));

		if (c < 0 || (want && (c & 0xC0) != 0x80) ||
		    (!want && c >= 0x80 && (c < 0xC2 || c > 0xF4)))
			return false;
		if (want)
			want--;
		else if (c >= 0x80)
			want = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
		found += c >= 0x80;
	}
	return found && !want;
}

static int undo_once(struct arena *a, struct str *s)
{
	char *out = arena_take(a, s->n);
	const char *p = s->p, *end = s->p + s->n;
	struct str once = { out, 0 };
	size_t step;

	if (!out)
		return -ENOMEM;
	for (; p < end; p += step)
		out[once.n++] = (char)byte_of(unicode_decode(p, end, &step));
	if (unicode_valid(once) == once.n)
		*s = once;
	return 0;
}

/* NUL stands in no text, and ends what parsers in C read. */
static int drop_nuls(struct arena *a, struct charset *c)
{
	struct str s = c->text;
	char *out = arena_take(a, 0);
	size_t n = 0;

	if (!str_has(s, '\0'))
		return 0;
	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] != '\0';
	if (!out || !arena_extend(a, n))
		return -ENOMEM;
	c->text = (struct str){ out, n };
	c->lost += s.n - n;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i])
			*out++ = s.p[i];
	return 0;
}

int charset_decode(struct str bytes, const char *type, struct arena *a,
		   struct charset *ret)
{
	struct made_of m = { 0 };
	struct finding f;
	int r;

	find(bytes, type, &m, &f);
	r = convert(&f, bytes, a, ret);
	if (r == -EILSEQ) {
		f.id = charset_guess(bytes, &f.name);
		f.lost_max = m.high / LOST_PER;
		r = convert(&f, bytes, a, ret);
	}
	if (r == -EILSEQ) {
		fall_back(bytes, &m, &f);
		r = convert(&f, bytes, a, ret);
	}
	if (!r && f.id == CHARSET_UTF8 && m.high && is_twice(ret->text))
		r = undo_once(a, &ret->text);
	return r ? r : drop_nuls(a, ret);
}

/* Will it be converted by what is ours alone? */
static bool is_ours(const struct finding *f, struct str s)
{
	bool latin9 = f->id == CHARSET_LATIN9;
	size_t lost = 0;

	if (f->lost_max == SIZE_MAX)
		return true;
	if (!latin9 && f->id != CHARSET_1252)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (latin9)
			lost += c >= 0x80 && c < 0xA0;
		else
			lost += c == 0x81 || c == 0x8D || c == 0x8F ||
				c == 0x90 || c == 0x9D;
	}
	return lost <= f->lost_max;
}

void charset_prepare(struct str bytes, const char *type)
{
	struct made_of m = { 0 };
	struct finding f;

	if (bytes.p) {
		find(bytes, type, &m, &f);
		if (is_ours(&f, bytes))
			return;
	}
	for (int id = CHARSET_FOREIGN; charset_name(id); id++)
		charset_open(id);
}
