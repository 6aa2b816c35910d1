/* fuzz_date.c -- any bytes as a date. What is read is written in a form that is
 * read again as itself, and what date_parse() knows, date_parse_feed() does. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parse/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { (const char *)data, size };
	char strict[DATE_MAX], feed[DATE_MAX], again[DATE_MAX];
	int r = date_parse(s, strict);

	if (!r) {
		assert(!date_parse(str_of(strict), again));
		assert(!strcmp(strict, again));
	}
	if (!date_parse_feed(s, feed)) {
		assert(strlen(feed) == DATE_MAX - 1);
		assert(!date_parse(str_of(feed), again));
		assert(!strcmp(feed, again));
		assert(r || !strncmp(strict, feed, strlen(strict)));
	}
	return 0;
}
