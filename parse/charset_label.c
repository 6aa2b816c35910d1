#include "parse/charset_parts.h"

#include <string.h>

/* What is written in labels, by the WHATWG Encoding Standard and a little more:
 * a proper name, what the bytes are read as when that is another charset, and
 * all that people write for it. */
struct label {
	const char *name, *as, *words;
};

static const struct label labels[] = {
	{ "utf-8", NULL,
	  "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8"
	  " unicode20utf8 x-unicode20utf8" },
	{ "windows-1252", NULL,
	  "windows-1252 cp1252 x-cp1252" },
	{ "iso-8859-1", "windows-1252",
	  "iso-8859-1 iso8859-1 iso88591 iso_8859-1"
	  " iso_8859-1:1987 iso-ir-100 l1 latin1 latin-1"
	  " cp819 ibm819 csisolatin1" },
	{ "us-ascii", "windows-1252",
	  "us-ascii ascii ansi_x3.4-1968 iso646-us" },
	{ "iso-8859-15", NULL,
	  "iso-8859-15 iso8859-15 iso885915 iso_8859-15"
	  " csisolatin9 l9 latin9 latin-9" },
	{ "utf-16le", NULL,
	  "utf-16le utf-16 ucs-2 iso-10646-ucs-2 csunicode"
	  " unicode unicodefeff" },
	{ "utf-16be", NULL,
	  "utf-16be unicodefffe" },
	{ "utf-32le", NULL,
	  "utf-32le" },
	{ "utf-32be", NULL,
	  "utf-32be utf-32 ucs-4" },
	{ "big5", NULL,
	  "big5 big5-hkscs cn-big5 csbig5 x-x-big5" },
	{ "euc-jp", NULL,
	  "euc-jp x-euc-jp cseucpkdfmtjapanese" },
	{ "euc-kr", NULL,
	  "euc-kr" },
	{ "cp949", "euc-kr",
	  "cp949 ks_c_5601-1987 ks_c_5601-1989 ksc5601"
	  " ksc_5601 cseuckr csksc56011987 iso-ir-149"
	  " korean windows-949 uhc" },
	{ "euc-tw", NULL,
	  "euc-tw" },
	{ "gb18030", NULL,
	  "gb18030 gb2312 gb_2312 gb_2312-80 gbk x-gbk"
	  " chinese csgb2312 csiso58gb231280 iso-ir-58"
	  " euc-cn cp936" },
	{ "ibm852", NULL,
	  "ibm852 cp852" },
	{ "ibm855", NULL,
	  "ibm855 cp855" },
	{ "ibm866", NULL,
	  "ibm866 cp866 866 csibm866" },
	{ "iso-2022-jp", NULL,
	  "iso-2022-jp csiso2022jp" },
	{ "iso-2022-kr", NULL,
	  "iso-2022-kr csiso2022kr" },
	{ "iso-8859-2", NULL,
	  "iso-8859-2 iso8859-2 iso88592 iso_8859-2"
	  " iso_8859-2:1987 iso-ir-101 l2 latin2"
	  " csisolatin2" },
	{ "iso-8859-3", NULL,
	  "iso-8859-3 iso8859-3 iso88593 iso_8859-3"
	  " iso_8859-3:1988 iso-ir-109 l3 latin3"
	  " csisolatin3" },
	{ "iso-8859-4", NULL,
	  "iso-8859-4 iso8859-4 iso88594 iso_8859-4"
	  " iso_8859-4:1988 iso-ir-110 l4 latin4"
	  " csisolatin4" },
	{ "iso-8859-5", NULL,
	  "iso-8859-5 iso8859-5 iso88595 iso_8859-5"
	  " iso_8859-5:1988 iso-ir-144 cyrillic"
	  " csisolatincyrillic" },
	{ "iso-8859-6", NULL,
	  "iso-8859-6 iso8859-6 iso88596 iso_8859-6"
	  " iso_8859-6:1987 iso-ir-127 arabic asmo-708"
	  " csisolatinarabic ecma-114" },
	{ "iso-8859-7", NULL,
	  "iso-8859-7 iso8859-7 iso88597 iso_8859-7"
	  " iso_8859-7:1987 iso-ir-126 greek greek8"
	  " csisolatingreek ecma-118 elot_928 sun_eu_greek" },
	{ "iso-8859-8", NULL,
	  "iso-8859-8 iso8859-8 iso88598 iso_8859-8"
	  " iso_8859-8:1988 iso-ir-138 hebrew visual"
	  " csisolatinhebrew iso-8859-8-i iso-8859-8-e"
	  " logical csiso88598i csiso88598e" },
	{ "iso-8859-10", NULL,
	  "iso-8859-10 iso8859-10 iso885910 iso-ir-157 l6"
	  " latin6 csisolatin6" },
	{ "iso-8859-13", NULL,
	  "iso-8859-13 iso8859-13 iso885913" },
	{ "iso-8859-14", NULL,
	  "iso-8859-14 iso8859-14 iso885914" },
	{ "iso-8859-16", NULL,
	  "iso-8859-16 iso8859-16 iso885916" },
	{ "koi8-r", NULL,
	  "koi8-r koi8 koi koi8_r cskoi8r" },
	{ "koi8-u", NULL,
	  "koi8-u koi8-ru" },
	{ "macintosh", NULL,
	  "macintosh mac x-mac-roman csmacintosh" },
	{ "mac-cyrillic", NULL,
	  "mac-cyrillic x-mac-cyrillic x-mac-ukrainian" },
	{ "mac-centraleurope", NULL,
	  "mac-centraleurope x-mac-ce" },
	{ "shift_jis", NULL,
	  "shift_jis shift-jis sjis x-sjis ms932 ms_kanji"
	  " windows-31j csshiftjis cp932" },
	{ "viscii", NULL,
	  "viscii" },
	{ "windows-874", NULL,
	  "windows-874 cp874" },
	{ "iso-8859-11", "windows-874",
	  "iso-8859-11 iso8859-11 iso885911" },
	{ "tis-620", "windows-874",
	  "tis-620 dos-874" },
	{ "windows-1250", NULL,
	  "windows-1250 cp1250 x-cp1250" },
	{ "windows-1251", NULL,
	  "windows-1251 cp1251 x-cp1251" },
	{ "windows-1253", NULL,
	  "windows-1253 cp1253 x-cp1253" },
	{ "windows-1254", NULL,
	  "windows-1254 cp1254 x-cp1254" },
	{ "iso-8859-9", "windows-1254",
	  "iso-8859-9 iso8859-9 iso88599 iso_8859-9"
	  " iso_8859-9:1989 iso-ir-148 l5 latin5"
	  " csisolatin5" },
	{ "windows-1255", NULL,
	  "windows-1255 cp1255 x-cp1255" },
	{ "windows-1256", NULL,
	  "windows-1256 cp1256 x-cp1256" },
	{ "windows-1257", NULL,
	  "windows-1257 cp1257 x-cp1257" },
	{ "windows-1258", NULL,
	  "windows-1258 cp1258 x-cp1258" },
};

enum { LABEL_MAX = 32 };

static enum charset_id by_name(const char *name)
{
	int id = 0;

	while (charset_name(id) && strcmp(charset_name(id), name))
		id++;
	return charset_name(id) ? (enum charset_id)id : CHARSET_NONE;
}

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool holds(const char *words, struct str word)
{
	struct str rest = str_of(words);

	while (rest.n)
		if (str_eq(str_cut(&rest, ' '), word))
			return true;
	return false;
}

enum charset_id charset_by_label(struct str label, const char **name)
{
	char word[LABEL_MAX];
	struct str s = str_trim(label);

	if (!s.n || s.n > sizeof(word))
		return CHARSET_NONE;
	for (size_t i = 0; i < s.n; i++)
		word[i] = small(s.p[i]);
	s.p = word;
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (holds(labels[i].words, s)) {
			*name = labels[i].name;
			return by_name(labels[i].as ? labels[i].as
						    : labels[i].name);
		}
	return CHARSET_NONE;
}

/* Where word (in small letters) begins in s, in any case; s.n: nowhere. */
static size_t find(struct str s, struct str word)
{
	for (size_t i = 0; i + word.n <= s.n; i++) {
		size_t n = 0;

		while (n < word.n && small(s.p[i + n]) == word.p[n])
			n++;
		if (n == word.n)
			return i;
	}
	return s.n;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct str after(struct str s, size_t n)
{
	return (struct str){ s.p + n, s.n - n };
}

/* The value behind `word=` in s, with or without quotes; empty: none. */
static struct str value_of(struct str s, struct str word)
{
	size_t at = find(s, word), n = 0;
	char quote = 0;

	if (at == s.n)
		return STR("");
	s = str_trim(after(s, at + word.n));
	if (!s.n || s.p[0] != '=')
		return STR("");
	s = str_trim(after(s, 1));
	if (s.n && (s.p[0] == '"' || s.p[0] == '\'')) {
		quote = s.p[0];
		s = after(s, 1);
	}
	while (n < s.n && (quote ? s.p[n] != quote
				 : !is_space(s.p[n]) && !strchr(";\"'>?/",
								s.p[n])))
		n++;
	return (struct str){ s.p, n };
}

/* The tag that begins at s, as far as its end. */
static struct str tag(struct str s)
{
	const char *end = s.n ? memchr(s.p, '>', s.n) : NULL;

	return (struct str){ s.p, end ? (size_t)(end - s.p) : s.n };
}

static struct str of_xml(struct str head)
{
	struct str s = str_trim(head);

	if (!str_starts(s, STR("<?xml")))
		return STR("");
	return value_of(tag(s), STR("encoding"));
}

/* Both <meta charset=X> and <meta content="text/html; charset=X">. */
static struct str of_meta(struct str head)
{
	struct str found = STR("");

	while (!found.n && head.n) {
		head = after(head, find(head, STR("<meta")));
		found = value_of(tag(head), STR("charset"));
		head = after(head, head.n ? 1 : 0);
	}
	return found;
}

struct str charset_label(struct str bytes, const char *type)
{
	struct str head = bytes, found;
	const char *name;

	if (head.n > CHARSET_LOOK)
		head.n = CHARSET_LOOK;
	found = value_of(str_of(type), STR("charset"));
	if (charset_by_label(found, &name) == CHARSET_NONE)
		found = of_xml(head);
	if (charset_by_label(found, &name) == CHARSET_NONE)
		found = of_meta(head);
	return found;
}
