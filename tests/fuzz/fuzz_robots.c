/* fuzz_robots.c -- a line that is a target, and behind it any bytes as a
 * robots.txt. An answer comes; it is the same for the target with its letters
 * encoded; what no
 * rule forbids is allowed. */
#include <assert.h>
#include <ctype.h>
#include <stdint.h>

#include "ingest/robots.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool allows(struct str body, struct str target)
{
	struct robots *r = NULL;
	bool yes;

	assert(robots_parse(body, ROBOTS_AGENT, &r) == 0);
	assert(robots_delay(r) >= 0 && robots_delay(r) <= ROBOTS_DELAY_MAX);
	assert(robots_size(r) <= 8 * (size_t)ROBOTS_MAX);
	yes = robots_allows(r, target);
	robots_free(r);
	return yes;
}

/* Letters behind a percent sign may be part of an encoding. */
static void encode_letters(struct str s, struct buf *out)
{
	size_t percent = 0;

	for (size_t i = 0; i < s.n; i++) {
		percent = s.p[i] == '%' ? 3 : percent;
		if (!percent && isalpha((unsigned char)s.p[i]))
			buf_printf(out, "%%%02x", (unsigned char)s.p[i]);
		else
			buf_add_char(out, s.p[i]);
		percent -= percent > 0;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = { (const char *)data, size };
	struct str target = str_cut(&body, '\n');
	struct buf encoded;
	bool yes;

	if (!size || target.n > 1000 || str_is(target, "/robots.txt"))
		return 0;
	buf_init(&encoded, 4000);
	encode_letters(target, &encoded);
	yes = allows(body, target);
	assert(yes == allows(body, buf_view(&encoded)));
	assert(allows(STR("User-agent: vigie\nDisallow:\n"), target));
	buf_done(&encoded);
	return 0;
}
