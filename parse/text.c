#include "parse/text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "base/run.h"
#include "base/unicode.h"
#include "parse/date.h"

/* What stands for c in a clean text; 0 for nothing. */
static uint32_t clean_char(uint32_t c)
{
	switch (c) {
	case '\t':
	case '\n':
		return c;
	case '\r':
	case '\f':
	case '\v':
	case 0x85:   /* next line */
	case 0x2028: /* line separator */
	case 0x2029: /* paragraph separator */
		return '\n';
	case 0xFEFF: /* byte order mark */
		return 0;
	default:
		return c < 0x20 || (c >= 0x7F && c < 0xA0) ? 0 : c;
	}
}

/* The characters of s, cleaned, into out, which holds s.n bytes: a clean
 * character is never longer than what it stands for. */
static size_t scrub(struct str s, char *out)
{
	const char *p = s.p, *end = p ? p + s.n : p;
	size_t n = 0, step;

	for (; p < end; p += step) {
		uint32_t c;

		step = run_clean(p, (size_t)(end - p));
		memcpy(out + n, p, step);
		n += step;
		p += step;
		if (p == end)
			break;
		c = unicode_decode(p, end, &step);
		if (c == '\r' && p + 1 < end && p[1] == '\n')
			continue;
		c = clean_char(c);
		if (c)
			n += unicode_encode(c, out + n);
	}
	return n;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static size_t squeeze(char *p, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		if (!is_blank(p[i]))
			p[to++] = p[i];
		else if (to && p[to - 1] != ' ')
			p[to++] = ' ';
	}
	return to;
}

/* White space that no text begins or ends with, the zero-width one too. */
static bool is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == 0xA0 ||
	       c == 0x1680 || (c >= 0x2000 && c <= 0x200B) || c == 0x202F ||
	       c == 0x205F || c == 0x3000;
}

/* The last character of s, which is not empty; *n is its length. */
static uint32_t last_char(struct str s, size_t *n)
{
	const char *end = s.p + s.n, *p = end - 1;

	while (((unsigned char)*p & 0xC0) == 0x80)
		p--;
	return unicode_decode(p, end, n);
}

static struct str trim(struct str s)
{
	size_t n;

	while (s.n && is_space(unicode_decode(s.p, s.p + s.n, &n)))
		s.p += n, s.n -= n;
	while (s.n && is_space(last_char(s, &n)))
		s.n -= n;
	return s;
}

/* Form C comes after the scrubbing, which may bring a letter and its accent
 * together. */
static int finish(struct str s, struct arena *a, struct str *ret)
{
	int r = unicode_nfc(s, a, &s);

	if (!r)
		*ret = trim(s);
	return r;
}

int text_clean(struct str s, struct arena *a, struct str *ret)
{
	char *p = arena_take(a, s.n);

	if (!p)
		return -ENOMEM;
	return finish((struct str){ p, scrub(s, p) }, a, ret);
}

int text_line(struct str s, struct arena *a, struct str *ret)
{
	char *p = arena_take(a, s.n);

	if (!p)
		return -ENOMEM;
	return finish((struct str){ p, squeeze(p, scrub(s, p)) }, a, ret);
}

/* Cut "date 2022-11" off the head of *s. Pages in the field begin so. */
static struct str cut_date(struct str *s)
{
	const struct str none = { "", 0 }, word = STR("date ");
	struct str date;
	char out[DATE_MAX];

	if (!str_starts(*s, word))
		return none;
	date = (struct str){ s->p + word.n, s->n - word.n };
	while (date.n && date.p[0] == ' ')
		date.p++, date.n--;
	for (size_t i = 0; i < date.n; i++)
		if (is_blank(date.p[i]))
			date.n = i;
	if ((date.n != strlen("2022-11") && date.n != strlen("2025-12-24")) ||
	    date_parse(date, out))
		return none;
	s->n -= (size_t)(date.p + date.n - s->p);
	s->p = date.p + date.n;
	*s = trim(*s);
	return date;
}

static size_t characters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

static bool is_title(struct str line)
{
	size_t n;
	uint32_t first;

	if (!line.n || characters(line) > TEXT_TITLE_MAX)
		return false;
	if (str_ends(line, STR(".")) && !str_ends(line, STR("...")))
		return false;
	first = unicode_decode(line.p, line.p + line.n, &n);
	return utf8proc_category((utf8proc_int32_t)first) !=
	       UTF8PROC_CATEGORY_LL;
}

void text_split(struct str clean, struct text_parts *ret)
{
	struct str body = trim(clean), date = cut_date(&body), rest = body;
	struct str title = trim(str_cut(&rest, '\n'));

	rest = trim(rest);
	if (rest.n && is_title(title))
		body = rest;
	else
		title = (struct str){ "", 0 };
	*ret = (struct text_parts){ date, title, body };
}
