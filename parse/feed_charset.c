#include <string.h>
#include <strings.h>

#include "base/run.h"
#include "parse/feed_parts.h"

/* What a feed of ASCII says that it is written in. For the reading it does not
 * matter; readers of feeds have always said it by RFC 3023: of text/…, what
 * HTTP says, or us-ascii; of application/…xml and of files, what HTTP says, or
 * the XML declaration, or utf-8. */

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		i += run_printable(s.p + i, s.n - i);
		if (i < s.n && (s.p[i] & 0x80))
			return false;
	}
	return true;
}

static bool starts_like(const char *z, const char *head)
{
	return !strncasecmp(z, head, strlen(head));
}

/* A word of letters, digits, - and _, in small letters into the arena, as far
 * as it goes; empty when the arena is full. */
static struct str label(const char *p, const char *end, struct arena *a)
{
	size_t n = 0;
	struct str s;

	while (p < end && (*p == ' ' || *p == '"' || *p == '\''))
		p++;
	while (p + n < end && p[n] && !strchr("\"' ;?>\t\r\n", p[n]))
		n++;
	s = arena_copy(a, (struct str){ p, n });
	for (size_t i = 0; s.p && i < n; i++)
		if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			((char *)s.p)[i] = (char)(s.p[i] - 'A' + 'a');
	return s.p ? s : STR("");
}

static const char *find(struct str s, const char *z)
{
	size_t n = strlen(z);

	for (size_t i = 0; i + n <= s.n; i++)
		if (!strncasecmp(s.p + i, z, n))
			return s.p + i + n;
	return NULL;
}

static struct str of_http(const char *type, struct arena *a)
{
	struct str s = str_of(type);
	const char *at = find(s, "charset=");

	return at ? label(at, s.p + s.n, a) : STR("");
}

static struct str of_declaration(struct str utf8, struct arena *a)
{
	struct str s = str_trim(utf8);
	const char *at, *end;

	if (!str_starts(s, STR("<?xml")))
		return STR("");
	end = memchr(s.p, '>', s.n);
	if (!end)
		return STR("");
	s.n = (size_t)(end - s.p);
	at = find(s, "encoding=");
	return at ? label(at, end, a) : STR("");
}

const char *feed_encoding(struct str utf8, const char *type,
			  const char *charset, struct arena *a)
{
	struct str name = STR("");

	if (!is_ascii(utf8) || (charset && starts_like(charset, "utf-16")) ||
	    (charset && starts_like(charset, "utf-32"))) {
		if (!charset)
			return "utf-8";
		/* What is read by its superset is called as it is known. */
		return strcmp(charset, "cp949") ? charset : "euc-kr";
	}
	if (type)
		name = of_http(type, a);
	if (!name.n && (!type || !starts_like(type, "text/")))
		name = of_declaration(utf8, a);
	if (!name.n)
		return type && starts_like(type, "text/") ? "us-ascii" :
							    "utf-8";
	return str_is(name, "gb2312") ? "gb18030" : name.p;
}
