#include "learn/html.h"

#include <string.h>

#include "base/unicode.h"

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

static void add_char(struct buf *b, char c)
{
	switch (c) {
	case '&':
		buf_add_z(b, "&amp;");
		break;
	case '<':
		buf_add_z(b, "&lt;");
		break;
	case '>':
		buf_add_z(b, "&gt;");
		break;
	case '"':
		buf_add_z(b, "&quot;");
		break;
	case '\'':
		buf_add_z(b, "&#39;");
		break;
	default:
		buf_add_char(b, (unsigned char)c < 0x20 || c == 0x7F ? ' ' : c);
	}
}

static bool is_noncharacter(struct str s)
{
	return s.n >= 3 && (!memcmp(s.p, "\xEF\xBF\xBE", 3) ||
			    !memcmp(s.p, "\xEF\xBF\xBF", 3));
}

/* s is well-formed UTF-8. */
static void add_valid(struct buf *b, struct str s)
{
	while (s.n) {
		size_t step = 1;

		if (is_noncharacter(s)) {
			buf_add_z(b, REPLACEMENT);
			step = 3;
		} else {
			add_char(b, *s.p);
		}
		s.p += step;
		s.n -= step;
	}
}

void html_add_text(struct buf *b, struct str s)
{
	for (;;) {
		size_t good = unicode_valid(s);

		add_valid(b, (struct str){ s.p, good });
		if (good == s.n)
			return;
		buf_add_z(b, REPLACEMENT);
		s.p += good + 1;
		s.n -= good + 1;
	}
}

void html_add_z(struct buf *b, const char *z)
{
	html_add_text(b, str_of(z));
}

void html_add_tag(struct buf *b, const char *open, const char *z,
		  const char *close)
{
	buf_add_z(b, open);
	html_add_z(b, z);
	buf_add_z(b, close);
}
