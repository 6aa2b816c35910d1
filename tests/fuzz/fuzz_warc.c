/* fuzz_warc.c -- a crawl archive of any bytes: it ends, whatever it holds, and
 * costs no more reading than twice its length and some. The same from a pipe,
 * a few bytes at a time, ends as well. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "ingest/warc.h"
#include "ingest/warc_find.h"
#include "tests/warc_kit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(struct warc_find *f, const struct warc_record *r)
{
	struct harvest_find found;
	struct err e = { "" };
	int code = warc_find(f, r, &found, &e);

	assert(code >= 0);
	assert(code != STEP_REJECT || e.text[0]);
	assert(code || found.bytes.n <= WARC_BLOCK_MAX);
}

static uint64_t read_all(struct kit_input *in)
{
	const struct members_input input = kit_members(in);
	struct warc_record record;
	struct warc_find f;
	struct warc *w;
	uint64_t n = 0;
	int r;

	assert(!warc_open(&input, (struct members_at){ 0, 0 }, 0, &w));
	warc_find_init(&f);
	do {
		struct err e = { "" };

		r = warc_next(w, &record, &e);
		assert(r >= 0);
		assert(r != STEP_REJECT || e.text[0]);
		if (!r) {
			assert(record.complete || record.why[0]);
			look(&f, &record);
		}
		n += r != STEP_WAIT;
		assert(n <= in->bytes.n + 1);
	} while (r != STEP_END);
	warc_find_done(&f);
	warc_free(w);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kit_input in = { .bytes = { (const char *)data, size } };
	struct kit_input pipe = { .bytes = in.bytes, .step = 7,
				  .waits = true, .pipe = true };

	read_all(&in);
	read_all(&pipe);
	return 0;
}
