#include "learn/read_sink.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/unicode.h"

static const size_t file_max = (size_t)4 << 30;
static const size_t shown_max = 200;

/* What a file has put into a sentence must not begin a line of its own. */
static void tame(char *p)
{
	for (; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
}

void read_complain(struct read_sink *s, size_t line, size_t column,
		   const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tame(text);
	buf_add_z(&s->report, s->path);
	if (line)
		buf_printf(&s->report, ":%zu", line);
	if (line && column)
		buf_printf(&s->report, ":%zu", column);
	buf_printf(&s->report, ": %s\n", text);
	s->count++;
}

struct str read_shown(struct str s)
{
	if (s.n <= shown_max)
		return s;
	s.n = shown_max;
	s.n = unicode_valid(s);
	return s;
}

bool read_is_text(struct read_sink *s, size_t line, size_t column,
		  const char *what, struct str text)
{
	size_t good = unicode_valid(text);
	const char *nul = good ? memchr(text.p, '\0', good) : NULL;

	if (nul)
		good = (size_t)(nul - text.p);
	if (good == text.n)
		return true;
	read_complain(s, line, column, "byte %zu of the %s is %s", good + 1,
		      what, nul ? "NUL, which is no text" : "no UTF-8");
	return false;
}

struct str read_unmarked(struct str bytes)
{
	static const struct str mark = { "\xEF\xBB\xBF", 3 };

	if (str_starts(bytes, mark))
		bytes = (struct str){ bytes.p + mark.n, bytes.n - mark.n };
	return bytes;
}

int read_bytes(struct read_sink *s, const char *path, struct str *ret,
	       struct err *e)
{
	int r = file_read(path, file_max, ret, e);

	if (!r)
		s->bytes(s->arg, *ret);
	return r;
}
