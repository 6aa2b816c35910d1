/* fuzz_article.c -- the readers of what travels: a batch, a credit, an ack. What
 * they accept is written again to the same bytes, so nothing in a message
 * escapes them, and every view lies within it. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/article.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void within(struct str part, struct str whole)
{
	assert(part.n <= whole.n);
	assert(part.p >= whole.p);
	assert(part.p + part.n <= whole.p + whole.n);
}

static void same(const struct buf *b, struct str s)
{
	assert(!buf_error(b));
	assert(str_eq(buf_view(b), s));
}

static void try_batch(struct str s)
{
	struct batch_reader r;
	struct article a;
	struct err e = { "" };
	struct buf again;
	uint32_t n = 0;
	int result = batch_open(&r, s, &e);

	assert((result == 0) == (e.text[0] == '\0'));
	if (result)
		return;
	buf_init(&again, WIRE_BATCH_MAX);
	batch_begin(&again, &r.head);
	while (!(result = batch_next(&r, &a, &e))) {
		within(a.meta, s);
		within(a.title, s);
		within(a.text, s);
		within(a.target, s);
		within(a.keys, s);
		within(a.verdict, s);
		batch_add(&again, &a);
		n++;
	}
	assert(n <= WIRE_COUNT_MAX);
	assert((result == STEP_END) == (e.text[0] == '\0'));
	batch_end(&again, n);
	if (result == STEP_END)
		same(&again, s);
	buf_done(&again);
}

static void try_credit(struct str s)
{
	struct credit c;
	struct err e = { "" };
	struct buf again;

	if (credit_read(s, &c, &e)) {
		assert(e.text[0]);
		return;
	}
	buf_init(&again, 64);
	credit_write(&again, &c);
	same(&again, s);
	buf_done(&again);
}

static void try_ack(struct str s)
{
	struct ack a;
	struct err e = { "" };
	struct buf again;

	if (ack_read(s, &a, &e)) {
		assert(e.text[0]);
		return;
	}
	within(a.bits, s);
	buf_init(&again, WIRE_BATCH_MAX);
	ack_write(&again, &a);
	same(&again, s);
	buf_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { (const char *)data, size };

	try_batch(s);
	try_credit(s);
	try_ack(s);
	return 0;
}
