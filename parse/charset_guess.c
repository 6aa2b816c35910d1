#include "parse/charset_parts.h"

#include <stdint.h>
#include <string.h>
#include <uchardet.h>

/* uchardet is wrong about short Western texts, of which it makes Turkish or
 * Hungarian ones. What it says of another alphabet is believed where the bytes
 * stand as words of one do; what it says of another Latin charset, where the
 * text would hold what no Western one does. */

enum {
	SAMPLE = 1 << 16, /* bytes that uchardet sees */
	LEAD = 64,	  /* … of them before the first that is not ASCII */
};

static bool is_high(char c)
{
	return (unsigned char)c >= 0x80;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* From where it begins to matter: markup alone tells nothing. */
static struct str sample(struct str s)
{
	size_t at = 0;

	while (at < s.n && !is_high(s.p[at]) && s.p[at] != '\x1B')
		at++;
	at -= at < LEAD ? at : LEAD;
	s.p += at;
	s.n -= at;
	if (s.n > SAMPLE)
		s.n = SAMPLE;
	return s;
}

struct high {
	size_t n, paired; /* bytes from 0x80 on; with another beside them */
	size_t odd;	  /* what they would be in no Western text */
};

/* The upper half of Windows-1252 as it stands in words: 0 for a letter of a
 * Western language (œ Œ Š š Ž ž Ÿ, ª º, the apostrophes and hyphens that stand
 * in words, and À to ÿ), 1 for what no word has within, 2 for letters of
 * Icelandic alone: ð þ ý. */
static int oddness(unsigned char c)
{
	static const char familiar[] =
		"\x8A\x8C\x8E\x91\x92\x96\x97\x9A\x9C\x9E\x9F\xA0\xAA\xAD\xB4"
		"\xB7\xBA\xAB\xBB\x93\x94\x85";
	static const char icelandic[] = "\xD0\xDD\xDE\xF0\xFD\xFE";

	if (strchr(icelandic, (char)c))
		return 2;
	if (c == 0xD7 || c == 0xF7)
		return 1;
	return c < 0xC0 && !strchr(familiar, (char)c);
}

/* Portuguese has õ before e alone, French never; Hungarian has it anywhere. */
static bool is_stray_tilde(const char *p, const char *end)
{
	unsigned char c = (unsigned char)*p;

	return (c == 0xF5 || c == 0xD5) && p + 1 < end && p[1] != 'e' &&
	       p[1] != 'E';
}

static bool is_in_word(const char *start, const char *p, const char *end)
{
	return p > start && p + 1 < end && (is_letter(p[-1]) || is_high(p[-1])) &&
	       (is_letter(p[1]) || is_high(p[1]));
}

static struct high look(struct str s)
{
	const char *end = s.p + s.n;
	struct high h = { 0 };

	for (const char *p = s.p; p < end; p++) {
		int odd;

		if (!is_high(*p))
			continue;
		odd = oddness((unsigned char)*p);
		h.n++;
		h.paired += (p > s.p && is_high(p[-1])) ||
			    (p + 1 < end && is_high(p[1]));
		h.odd += odd == 2 || is_stray_tilde(p, end) ||
			 (odd && is_in_word(s.p, p, end));
	}
	return h;
}

static bool is_believed(enum charset_id id, struct high h)
{
	switch (charset_script(id)) {
	case CHARSET_ESCAPED:
		return true;
	case CHARSET_OTHER:
		return h.paired * 2 > h.n;
	default:
		return h.odd && h.odd * 33 >= h.n;
	}
}

/* GB2312 lies within GB18030: the narrower name, when it will do. */
static const char *narrow(enum charset_id id, struct str s, const char *name)
{
	if (strcmp(charset_name(id), "gb18030"))
		return name;
	for (size_t i = 0; i < s.n; i++)
		if (is_high(s.p[i])) {
			unsigned char lead = (unsigned char)s.p[i++];

			if (lead < 0xA1 || lead > 0xF7 || i == s.n ||
			    (unsigned char)s.p[i] < 0xA1)
				return name;
		}
	return "gb2312";
}

enum charset_id charset_guess(struct str bytes, const char **name)
{
	struct str s = sample(bytes);
	uchardet_t u = s.n ? uchardet_new() : NULL;
	enum charset_id id = CHARSET_NONE;

	if (!u)
		return CHARSET_NONE;
	if (!uchardet_handle_data(u, s.p, s.n)) {
		uchardet_data_end(u);
		id = charset_by_label(str_of(uchardet_get_charset(u)), name);
	}
	uchardet_delete(u);
	if (id < CHARSET_FOREIGN || !is_believed(id, look(s)))
		return CHARSET_NONE;
	*name = narrow(id, s, *name);
	return id;
}

/* 0xA4 is the euro sign there, and in Windows-1252 a sign for any currency that
 * nobody writes; 0xBC and 0xBD are OE and oe, and there fractions, behind which
 * no word goes on. What Windows-1252 alone has must be absent. */
bool charset_is_latin9(struct str bytes)
{
	const char *end = bytes.p + bytes.n;
	size_t found = 0;

	for (const char *p = bytes.p; p < end; p++) {
		unsigned char c = (unsigned char)*p;

		if (c >= 0x80 && c < 0xA0)
			return false;
		if (c == 0xA4)
			found++;
		if ((c == 0xBC || c == 0xBD) && p + 1 < end &&
		    (p[1] >= 'a' && p[1] <= 'z') &&
		    (p == bytes.p || !(p[-1] >= '0' && p[-1] <= '9')))
			found++;
	}
	return found > 0;
}
