/* A vector that somebody else has made: "name:value name:value". */
#include "classify/block.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The value of "name:value", and how long the name is; 0 when it is none, or
 * nothing: what counts nothing is not there. */
static float given_value(struct str w, size_t *name)
{
	char number[32], *end;
	size_t colon = w.n;
	float value;

	while (colon && w.p[colon - 1] != ':')
		colon--;
	if (colon < 2 || w.n - colon >= sizeof(number) || w.n == colon)
		return 0;
	memcpy(number, w.p + colon, w.n - colon);
	number[w.n - colon] = '\0';
	value = strtof(number, &end);
	*name = colon - 1;
	return *end || !isfinite(value) ? 0 : value;
}

static int list_given(struct block_lister *l)
{
	for (size_t i = 0; i < l->k.n; i++) {
		struct str w = l->k.v[i].s;
		size_t name = 0;
		float value = given_value(w, &name);
		struct occurrence *o;

		if (value == 0)
			continue;
		o = block_add(l);
		if (!o)
			return -ENOMEM;
		*o = (struct occurrence){
			.hash = block_key(l, (struct str){ w.p, name }),
			.first = (uint32_t)i,
			.last = (uint32_t)i,
			.size = (uint16_t)name,
			.n = value,
		};
	}
	return 0;
}

static void name_given(const struct occurrence *o, struct tokens k,
		       struct buf *out)
{
	buf_add(out, k.v[o->first].s.p, o->size);
}

const struct block_kind block_given = { list_given, name_given };
