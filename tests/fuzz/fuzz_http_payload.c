/* fuzz_http_payload.c -- an HTTP response of any bytes: read or refused with a
 * sentence, and no larger than it may be. */
#include <assert.h>
#include <stdint.h>

#include "ingest/http_payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str block = { (const char *)data, size };
	struct http_payload p;
	struct buf chunks, decoded;
	struct err e = { "" };
	int r;

	buf_init(&chunks, 1 << 20);
	buf_init(&decoded, 1 << 20);
	r = http_payload_read(block, &chunks, &decoded, &p, &e);
	assert(r == 0 || (r == STEP_REJECT && e.text[0]));
	if (!r)
		assert(p.status >= 100 && p.status < 1000 &&
		       p.bytes.n <= (size > 1 << 20 ? size : 1 << 20));
	buf_done(&chunks);
	buf_done(&decoded);
	return 0;
}
