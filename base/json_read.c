#include "base/json_read.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/run.h"
#include "base/unicode.h"

void json_read_begin(struct json_reader *r, struct str s, struct arena *a)
{
	*r = (struct json_reader){ .p = s.p, .end = s.p + s.n, .arena = a,
				   .size = s.n };
}

void json_read_end(struct json_reader *r)
{
	if (!r->arena)
		free(r->room);
}

/* No string is longer without its escapes, so all have room. */
static bool make_room(struct json_reader *r)
{
	if (!r->room)
		r->room = r->at = r->arena ? arena_room(r->arena, r->size)
					   : malloc(r->size);
	return r->room;
}

static struct str take_run(struct json_reader *r)
{
	struct str run = { r->p, run_quoted(r->p, (size_t)(r->end - r->p)) };

	r->p += run.n;
	return run;
}

static void put(struct json_reader *r, struct str s)
{
	memcpy(r->at, s.p, s.n);
	r->at += s.n;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four digits: a 16-bit unit, or more than that for what are none. */
static uint32_t take_unit(struct json_reader *r)
{
	uint32_t unit = 0;

	if (r->end - r->p < 4)
		return UINT32_MAX;
	for (int i = 0; i < 4; i++) {
		int digit = hex(*r->p++);

		if (digit < 0)
			return UINT32_MAX;
		unit = unit << 4 | (uint32_t)digit;
	}
	return unit;
}

/* Behind \u. Neither NUL nor half a surrogate pair is a character. */
static bool take_character(struct json_reader *r)
{
	uint32_t c = take_unit(r), low;

	if (c >= 0xD800 && c < 0xDC00) {
		if (!json_take(r, '\\') || !json_take(r, 'u'))
			return false;
		low = take_unit(r);
		if (low < 0xDC00 || low > 0xDFFF)
			return false;
		c = 0x10000 + ((c & 0x3FF) << 10) + (low & 0x3FF);
	} else if (!c || c > 0xFFFF || (c >= 0xDC00 && c <= 0xDFFF)) {
		return false;
	}
	r->at += unicode_encode(c, r->at);
	return true;
}

/* Behind the backslash. */
static bool take_escape(struct json_reader *r)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;

	if (json_take(r, 'u'))
		return take_character(r);
	if (r->p == r->end)
		return false;
	at = memchr(from, *r->p++, sizeof(from) - 1);
	if (at)
		*r->at++ = to[at - from];
	return at;
}

bool json_take_string(struct json_reader *r, struct str *ret)
{
	struct str run = take_run(r);
	char *start;

	r->tokens += 2;
	*ret = run;
	if (json_take(r, '"'))
		return true;
	if (!json_is_at(r, '\\') || !make_room(r))
		return false;
	start = r->at;
	put(r, run);
	while (json_take(r, '\\')) {
		if (!take_escape(r))
			return false;
		put(r, take_run(r));
	}
	*ret = (struct str){ start, (size_t)(r->at - start) };
	return json_take(r, '"');
}
