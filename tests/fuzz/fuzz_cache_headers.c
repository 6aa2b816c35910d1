/* fuzz_cache_headers.c -- any lines as the head of an answer. What comes out is
 * not said, or a span of some thousand years at most. */
#include <assert.h>
#include <stdint.h>

#include "ingest/cache_headers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Later than any date of four digits, in milliseconds. */
#define FAR (INT64_C(253402300800) * 1000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data, size };
	struct cache_headers c;
	int64_t span;

	if (!size)
		return 0;
	assert(cache_headers_date(rest) >= -1);
	cache_headers_init(&c);
	do {
		struct str line = str_cut(&rest, '\n');
		struct str name = str_cut(&line, ':');

		if (line.p)
			cache_headers_add(&c, name, line);
	} while (rest.p);
	span = cache_headers_max_age(&c, INT64_C(1700000000000));
	assert(span >= -1 && span <= FAR);
	assert(span <= 0 || c.max_age >= 0 || c.expires >= 0);
	span = cache_headers_retry_after(&c, INT64_C(1700000000000));
	assert(span >= -1 && span <= FAR);
	return 0;
}
