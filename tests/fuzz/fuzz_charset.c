/* fuzz_charset.c -- any bytes, behind a line that is their Content-Type, into
 * UTF-8: which they always are then. What was UTF-8 stays what it is, or is
 * undone, which makes it shorter. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "parse/charset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena block;

/* A copy of exactly the size, so that a read past its end is seen. */
static char *copy(struct str s, size_t more)
{
	char *p = calloc(s.n + more + !(s.n + more), 1);

	assert(p);
	if (s.n)
		memcpy(p, s.p, s.n);
	return p;
}

static void decode(struct str bytes, const char *type)
{
	struct arena a = block;
	struct charset c;

	charset_prepare(bytes, type);
	assert(!charset_decode(bytes, type, &a, &c));
	assert(c.name && *c.name);
	assert(unicode_valid(c.text) == c.text.n);
	assert(c.text.n <= 3 * bytes.n + 64);
	assert(c.lost <= bytes.n);
	if (!strcmp(c.name, "utf-8") && !c.lost)
		assert(c.text.n <= bytes.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data, size };
	struct str line = str_cut(&rest, '\n');
	char *type = copy(line, 1), *bytes = copy(rest, 0);

	if (!block.p && arena_open(&block, 64 << 20))
		abort();
	decode((struct str){ bytes, rest.n }, *type ? type : NULL);
	free(type);
	free(bytes);
	return 0;
}
