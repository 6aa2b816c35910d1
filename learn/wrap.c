#include "learn/wrap.h"

#include <stdarg.h>
#include <string.h>

void wrap_label(struct wrap *p, size_t indent, const char *label)
{
	size_t n = strlen(label);

	fprintf(p->out, "%-*s", (int)indent, label);
	*p = (struct wrap){ p->out, n > indent ? n : indent, indent,
			    n == 0 || n < indent };
}

void wrap_word(struct wrap *p, const char *z, size_t n)
{
	size_t width = 0;

	for (size_t i = 0; i < n; i++)
		width += ((unsigned char)z[i] & 0xC0) != 0x80;
	if (!p->fresh && p->column + 1 + width > WRAP_WIDTH) {
		fprintf(p->out, "\n%*s", (int)p->indent, "");
		p->column = p->indent;
	} else if (!p->fresh) {
		fputc(' ', p->out);
		p->column++;
	}
	for (size_t i = 0; i < n; i++)
		fputc((unsigned char)z[i] < 0x20 || z[i] == 0x7F ? ' ' : z[i],
		      p->out);
	p->column += width;
	p->fresh = false;
}

void wrap_add(struct wrap *p, const char *z)
{
	while (*z) {
		size_t n = strcspn(z, " \n");

		if (n)
			wrap_word(p, z, n);
		z += n + strspn(z + n, " \n");
	}
}

void wrap_printf(struct wrap *p, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	wrap_add(p, text);
}

void wrap_end(struct wrap *p)
{
	fputc('\n', p->out);
}
