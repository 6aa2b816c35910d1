/* json_read.h -- the letters of JSON: for json_tree.c and json_members.c, which
 * read a plain text without jansson's lexer, which asks for one byte at a time.
 * What is not plain, or no JSON at all, is not read: jansson's word and
 * sentence count. */
#ifndef VIGIE_JSON_READ_H
#define VIGIE_JSON_READ_H

#include <jansson.h>

#include "base/arena.h"

/* Levels of nesting; quotes, commas and opening brackets outside strings. */
enum { JSON_DEPTH_MAX = 64, JSON_TOKENS_MAX = 1 << 20 };

struct json_reader {
	const char *p, *end;
	size_t depth, tokens;
	/* Where strings that have escapes are put without them: as much room as
	 * the text has bytes, taken when the first one comes. */
	struct arena *arena; /* NULL: from malloc() */
	size_t size;
	char *room, *at;
};

/* Read s, which is well-formed UTF-8. */
void json_read_begin(struct json_reader *r, struct str s, struct arena *a);
/* Give back what malloc() gave. */
void json_read_end(struct json_reader *r);

static inline bool json_is_at(const struct json_reader *r, char c)
{
	return r->p < r->end && *r->p == c;
}

static inline bool json_take(struct json_reader *r, char c)
{
	bool is_there = json_is_at(r, c);

	r->p += is_there;
	return is_there;
}

static inline void json_take_space(struct json_reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' ||
				 *r->p == '\r' || *r->p == '\n'))
		r->p++;
}

/* A string, behind its first quote; it lies in the text or in the room. False:
 * it is none, or there is no memory. */
bool json_take_string(struct json_reader *r, struct str *ret);

/* Any value, of which as many levels are around it as r->depth says. NULL as
 * json_tree(). */
json_t *json_take_value(struct json_reader *r);

#endif
