#include "parse/charset_parts.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "base/unicode.h"

struct row {
	const char *name;  /* as WHATWG writes it, where it does */
	const char *iconv; /* NULL: ours */
	enum charset_script script;
};

/* No name from outside ever goes to iconv_open(), which makes a path of it. */
static const struct row rows[] = {
	[CHARSET_UTF8] = { "utf-8", NULL, CHARSET_LATIN },
	[CHARSET_1252] = { "windows-1252", NULL, CHARSET_LATIN },
	[CHARSET_LATIN9] = { "iso-8859-15", NULL, CHARSET_LATIN },
	[CHARSET_UTF16LE] = { "utf-16le", NULL, CHARSET_OTHER },
	[CHARSET_UTF16BE] = { "utf-16be", NULL, CHARSET_OTHER },
	[CHARSET_UTF32LE] = { "utf-32le", NULL, CHARSET_OTHER },
	[CHARSET_UTF32BE] = { "utf-32be", NULL, CHARSET_OTHER },
	{ "big5", "BIG5-HKSCS", CHARSET_OTHER },
	{ "euc-jp", "EUC-JP-MS", CHARSET_OTHER },
	{ "euc-kr", "UHC", CHARSET_OTHER },
	{ "euc-tw", "EUC-TW", CHARSET_OTHER },
	{ "gb18030", "GB18030", CHARSET_OTHER },
	{ "ibm852", "IBM852", CHARSET_LATIN },
	{ "ibm855", "IBM855", CHARSET_OTHER },
	{ "ibm866", "IBM866", CHARSET_OTHER },
	{ "iso-2022-jp", "ISO-2022-JP", CHARSET_ESCAPED },
	{ "iso-2022-kr", "ISO-2022-KR", CHARSET_ESCAPED },
	{ "iso-8859-2", "ISO-8859-2", CHARSET_LATIN },
	{ "iso-8859-3", "ISO-8859-3", CHARSET_LATIN },
	{ "iso-8859-4", "ISO-8859-4", CHARSET_LATIN },
	{ "iso-8859-5", "ISO-8859-5", CHARSET_OTHER },
	{ "iso-8859-6", "ISO-8859-6", CHARSET_OTHER },
	{ "iso-8859-7", "ISO-8859-7", CHARSET_OTHER },
	{ "iso-8859-8", "ISO-8859-8", CHARSET_OTHER },
	{ "iso-8859-10", "ISO-8859-10", CHARSET_LATIN },
	{ "iso-8859-13", "ISO-8859-13", CHARSET_LATIN },
	{ "iso-8859-14", "ISO-8859-14", CHARSET_LATIN },
	{ "iso-8859-16", "ISO-8859-16", CHARSET_LATIN },
	{ "koi8-r", "KOI8-R", CHARSET_OTHER },
	{ "koi8-u", "KOI8-U", CHARSET_OTHER },
	{ "macintosh", "MACINTOSH", CHARSET_LATIN },
	{ "mac-cyrillic", "MAC-CYRILLIC", CHARSET_OTHER },
	{ "mac-centraleurope", "MAC-CENTRALEUROPE", CHARSET_LATIN },
	{ "shift_jis", "CP932", CHARSET_OTHER },
	{ "viscii", "VISCII", CHARSET_LATIN },
	{ "windows-874", "CP874", CHARSET_OTHER },
	{ "windows-1250", "CP1250", CHARSET_LATIN },
	{ "windows-1251", "CP1251", CHARSET_OTHER },
	{ "windows-1253", "CP1253", CHARSET_OTHER },
	{ "windows-1254", "CP1254", CHARSET_LATIN },
	{ "windows-1255", "CP1255", CHARSET_OTHER },
	{ "windows-1256", "CP1256", CHARSET_OTHER },
	{ "windows-1257", "CP1257", CHARSET_LATIN },
	{ "windows-1258", "CP1258", CHARSET_LATIN },
};

enum { ROWS = sizeof(rows) / sizeof(*rows), STEP = 1 << 14 };

/* The converters that were opened, as long as the process: what they are made
 * of must be in memory before the process is shut in. */
static struct {
	iconv_t v;
	bool open;
} converters[ROWS];

const char *charset_name(enum charset_id id)
{
	return id >= 0 && id < (int)ROWS ? rows[id].name : NULL;
}

enum charset_script charset_script(enum charset_id id)
{
	return rows[id].script;
}

bool charset_open(enum charset_id id)
{
	if (!rows[id].iconv)
		return true;
	if (!converters[id].open) {
		converters[id].v = iconv_open("UTF-8", rows[id].iconv);
		converters[id].open = (intptr_t)converters[id].v != -1;
	}
	return converters[id].open;
}

/* What is written, right behind what the arena has given: it grows as it
 * needs, so that no page is touched for the worst case. */
struct pen {
	struct arena *a;
	char *p;
	size_t n, room, lost, lost_max;
};

static bool room_for(struct pen *w, size_t n)
{
	if (w->room - w->n >= n)
		return true;
	if (!arena_extend(w->a, STEP))
		return false;
	w->room += STEP;
	return true;
}

static bool put(struct pen *w, uint32_t c)
{
	if (!room_for(w, 4))
		return false;
	if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) {
		c = 0xFFFD;
		w->lost++;
	}
	w->n += unicode_encode(c, w->p + w->n);
	return true;
}

static bool put_lost(struct pen *w)
{
	return put(w, 0xD800);
}

/* Well-formed stretches as they are, a mark for each byte between them. */
static int from_utf8(struct pen *w, struct str s)
{
	while (s.n) {
		size_t n = unicode_valid(s), done = 0;

		while (done < n) {
			size_t step = n - done < STEP ? n - done : STEP;

			if (!room_for(w, step))
				return -ENOMEM;
			memcpy(w->p + w->n, s.p + done, step);
			w->n += step;
			done += step;
		}
		if (n == s.n)
			break;
		if (!put_lost(w))
			return -ENOMEM;
		if (w->lost > w->lost_max)
			return -EILSEQ;
		s.p += n + 1;
		s.n -= n + 1;
	}
	return 0;
}

/* The upper half of Windows-1252, or of iso-8859-15, which differs in eight
 * places; 0xD800 for what is none. */
static void upper_half(bool latin9, uint32_t v[128])
{
	static const uint16_t ninth[][2] = {
		{ 0xA4, 0x20AC }, { 0xA6, 0x160 }, { 0xA8, 0x161 },
		{ 0xB4, 0x17D },  { 0xB8, 0x17E }, { 0xBC, 0x152 },
		{ 0xBD, 0x153 },  { 0xBE, 0x178 },
	};
	char block[64];

	for (uint32_t i = 0; i < 128; i++) {
		char c = (char)(i + 128);
		struct arena a = { block, block + sizeof(block) };
		struct str one;
		size_t at;

		v[i] = 0xD800;
		if (!unicode_from_1252((struct str){ &c, 1 }, &a, &one, &at))
			v[i] = unicode_decode(one.p, one.p + one.n, &at);
		if (latin9 && i < 32)
			v[i] = 0xD800;
	}
	for (size_t i = 0; latin9 && i < 8; i++)
		v[ninth[i][0] - 128] = ninth[i][1];
}

/* The bytes that stand for each byte. */
struct spelling {
	char utf8[3];
	unsigned char n;
	bool lost;
};

static void spell(bool latin9, struct spelling v[256])
{
	uint32_t upper[128];

	upper_half(latin9, upper);
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i < 128 ? i : upper[i - 128];
		char out[4];

		v[i].lost = c == 0xD800;
		v[i].n = (unsigned char)unicode_encode(v[i].lost ? 0xFFFD : c,
						       out);
		memcpy(v[i].utf8, out, sizeof(v[i].utf8));
	}
}

static int from_western(struct pen *w, struct str s, bool latin9)
{
	struct spelling by[256];

	spell(latin9, by);
	for (size_t i = 0; i < s.n;) {
		size_t end = s.n - i < STEP / 4 ? s.n : i + STEP / 4;
		char *at;

		if (!room_for(w, STEP))
			return -ENOMEM;
		at = w->p + w->n;
		for (; i < end; i++) {
			const struct spelling *c = &by[(unsigned char)s.p[i]];

			memcpy(at, c->utf8, sizeof(c->utf8));
			at += c->n;
			w->lost += c->lost;
		}
		w->n = (size_t)(at - w->p);
		if (w->lost > w->lost_max)
			return -EILSEQ;
	}
	return 0;
}

/* A number of n bytes, the least or the greatest first. */
static uint32_t number(const char *p, size_t n, bool little)
{
	uint32_t c = 0;

	for (size_t i = 0; i < n; i++)
		c = c << 8 | (unsigned char)p[little ? n - 1 - i : i];
	return c;
}

static bool is_pair(uint32_t high, uint32_t low)
{
	return high >> 10 == 0xD800 >> 10 && low >> 10 == 0xDC00 >> 10;
}

static int from_units(struct pen *w, struct str s, size_t size, bool little)
{
	size_t i = 0;

	for (; i + size <= s.n; i += size) {
		uint32_t c = number(s.p + i, size, little), low = 0;

		if (size == 2 && i + 4 <= s.n)
			low = number(s.p + i + 2, 2, little);
		if (is_pair(c, low)) {
			c = 0x10000 + ((c & 0x3FF) << 10) + (low & 0x3FF);
			i += 2;
		}
		if (!put(w, c))
			return -ENOMEM;
		if (w->lost > w->lost_max)
			return -EILSEQ;
	}
	return i < s.n && !put_lost(w) ? -ENOMEM : 0;
}

/* What iconv() stopped at. */
static int step_over(struct pen *w, char **in, size_t *left)
{
	if (errno == E2BIG)
		return room_for(w, STEP) ? 0 : -ENOMEM;
	if (!put_lost(w))
		return -ENOMEM;
	if (errno == EINVAL)
		*left = 0; /* cut at the end */
	if (*left) {
		++*in;
		--*left;
	}
	return w->lost > w->lost_max ? -EILSEQ : 0;
}

static int from_foreign(struct pen *w, struct str s, iconv_t cd)
{
	char *in = (char *)s.p;
	size_t left = s.n;
	int r = room_for(w, STEP) ? 0 : -ENOMEM;

	iconv(cd, NULL, NULL, NULL, NULL);
	while (!r && left) {
		char *out = w->p + w->n;
		size_t room = w->room - w->n;
		size_t got = iconv(cd, &in, &left, &out, &room);

		w->n = (size_t)(out - w->p);
		if (got == (size_t)-1)
			r = step_over(w, &in, &left);
	}
	if (!r && room_for(w, 64)) { /* what it holds back: combining marks */
		char *out = w->p + w->n;
		size_t room = w->room - w->n;

		iconv(cd, NULL, NULL, &out, &room);
		w->n = (size_t)(out - w->p);
	}
	return r;
}

/* Control characters from U+0080 on: nobody writes them, wrong charsets do. */
static size_t count_controls(struct str s)
{
	const char *p = s.p, *end = s.p + s.n;
	size_t n = 0;

	while (p && (p = memchr(p, 0xC2, (size_t)(end - p)))) {
		p++;
		n += p < end && (unsigned char)*p < 0xA0;
	}
	return n;
}

static int write_all(enum charset_id id, struct str s, struct pen *w)
{
	switch (id) {
	case CHARSET_UTF8:
		return from_utf8(w, s);
	case CHARSET_1252:
	case CHARSET_LATIN9:
		return from_western(w, s, id == CHARSET_LATIN9);
	case CHARSET_UTF16LE:
	case CHARSET_UTF16BE:
		return from_units(w, s, 2, id == CHARSET_UTF16LE);
	case CHARSET_UTF32LE:
	case CHARSET_UTF32BE:
		return from_units(w, s, 4, id == CHARSET_UTF32LE);
	default:
		return charset_open(id) ? from_foreign(w, s, converters[id].v)
					: -EILSEQ;
	}
}

int charset_convert(enum charset_id id, struct str bytes, size_t lost_max,
		    struct arena *a, struct charset *ret)
{
	struct pen w = { .a = a, .lost_max = lost_max };
	struct str text;
	int r;

	w.p = arena_take(a, 0);
	if (!w.p)
		return -ENOMEM;
	r = write_all(id, bytes, &w);
	if (r)
		return r;
	text = (struct str){ w.p, w.n };
	if (id >= CHARSET_FOREIGN && w.lost + count_controls(text) > lost_max)
		return -EILSEQ;
	*ret = (struct charset){ text, rows[id].name, w.lost };
	return 0;
}
