#include "base/str.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct str str_of(const char *z)
{
	return (struct str){ z, z ? strlen(z) : 0 };
}

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_is(struct str a, const char *z)
{
	return str_eq(a, str_of(z));
}

bool str_starts(struct str a, struct str head)
{
	return a.n >= head.n && str_eq((struct str){ a.p, head.n }, head);
}

bool str_ends(struct str a, struct str tail)
{
	if (tail.n == 0 || a.n < tail.n)
		return tail.n == 0;
	return str_eq((struct str){ a.p + (a.n - tail.n), tail.n }, tail);
}

bool str_has(struct str a, char c)
{
	return a.n && memchr(a.p, c, a.n);
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str a)
{
	while (a.n && is_space(a.p[0]))
		a.p++, a.n--;
	while (a.n && is_space(a.p[a.n - 1]))
		a.n--;
	return a;
}

struct str str_cut(struct str *rest, char c)
{
	struct str part = *rest;
	const char *at = rest->n ? memchr(rest->p, c, rest->n) : NULL;

	if (!at) {
		*rest = (struct str){ NULL, 0 };
		return part;
	}
	part.n = (size_t)(at - part.p);
	rest->p = at + 1;
	rest->n -= part.n + 1;
	return part;
}

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
}

void buf_over(struct buf *b, void *p, size_t n)
{
	*b = (struct buf){ .p = p, .room = n - 1, .max = n - 1 };
}

void buf_done(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ .max = b->max };
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->error = 0;
}

/* Memory for `room` bytes and the NUL, which are more than there are. */
static void extend(struct buf *b, size_t room)
{
	char *p = realloc(b->p, room + 1);

	if (!p) {
		b->error = -ENOMEM;
		return;
	}
	b->p = p;
	b->room = room;
}

/* Room for n bytes more. */
static char *reserve(struct buf *b, size_t n)
{
	size_t room = b->room < 64 ? 64 : b->room;

	if (!b->error && (n > b->max || b->n > b->max - n))
		b->error = -EMSGSIZE;
	while (!b->error && room < b->n + n)
		room += room / 2;
	if (room > b->max)
		room = b->max;
	if (!b->error && (room > b->room || !b->p))
		extend(b, room);
	return b->error ? NULL : b->p + b->n;
}

void buf_reserve(struct buf *b, size_t n)
{
	if (!b->error && n > b->max)
		b->error = -EMSGSIZE;
	if (!b->error && n > b->room)
		extend(b, n);
}

void *buf_grow(struct buf *b, size_t n)
{
	char *p = reserve(b, n);

	if (p)
		b->n += n;
	return p;
}

void buf_add_u64(struct buf *b, uint64_t x)
{
	char digits[20];
	size_t n = sizeof(digits);

	do
		digits[--n] = (char)('0' + x % 10);
	while (x /= 10);
	buf_add(b, digits + n, sizeof(digits) - n);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	char *at;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	/* It refuses what is longer than INT_MAX. */
	if (n < 0 && !b->error)
		b->error = -EMSGSIZE;
	at = n < 0 ? NULL : reserve(b, (size_t)n);
	if (at) {
		vsnprintf(at, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

void buf_insert(struct buf *b, size_t at, struct str s)
{
	size_t behind = b->n - at;
	char *p;

	if (!s.n || !buf_grow(b, s.n))
		return;
	p = b->p + at;
	memmove(p + s.n, p, behind);
	memcpy(p, s.p, s.n);
}

struct str buf_view(const struct buf *b)
{
	return (struct str){ b->p ? b->p : "", b->n };
}

int buf_error(const struct buf *b)
{
	return b->error;
}

char *buf_steal(struct buf *b)
{
	char *p = b->p;

	*b = (struct buf){ .max = b->max };
	return p;
}
