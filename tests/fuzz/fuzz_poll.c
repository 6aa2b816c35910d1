/* fuzz_poll.c -- any bytes as what was remembered of a feed. What is taken is
 * written and read back as the same; a next poll is never further away than a
 * week and a bit.
 *
 * Seeds: tests/fuzz/seeds/poll. */
#include <assert.h>
#include <stdint.h>

#include "ingest/poll.h"
#include "ingest/schedule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct poll one, two;
	struct buf first, second;

	assert(!poll_init(&one, "https://a.example/") &&
	       !poll_init(&two, "https://a.example/"));
	buf_init(&first, 1 << 24);
	buf_init(&second, 1 << 24);
	if (size <= POLL_TEXT_MAX && !poll_read(&one, text)) {
		assert(!poll_write(&one, NULL, 0, false, &first));
		assert(!poll_read(&two, buf_view(&first)));
		assert(!poll_write(&two, NULL, 0, false, &second));
		assert(str_eq(buf_view(&first), buf_view(&second)));
	}
	assert(poll_wait(&one, INT64_C(1700000000000)) <=
	       2 * SCHEDULE_REST_MAX);
	buf_done(&first);
	buf_done(&second);
	poll_done(&one);
	poll_done(&two);
	return 0;
}
