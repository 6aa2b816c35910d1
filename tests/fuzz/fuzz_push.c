/* fuzz_push.c -- any bytes as the body of a push, in every form. Every piece
 * lies within the body, behind the one before; an array that a JSON parser
 * takes is cut into just its elements; and the answer is JSON, whatever is
 * refused and quoted.
 *
 * Seeds: tests/fuzz/seeds/push. */
#include <assert.h>
#include <jansson.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/unicode.h"
#include "ingest/told.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
	struct str body;
	const char *last; /* end of the piece before */
	enum pieces_form form;
	json_t *array; /* the body, parsed, or NULL */
	size_t n;
};

static json_t *any(struct str s)
{
	return json_loadb(s.p, s.n, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES,
			  NULL);
}

static int take(void *self, const struct raw *raw, struct err *why)
{
	struct heard *h = self;
	struct str s = raw->bytes;
	json_t *value;

	assert(s.n && s.p >= h->last);
	assert(s.p + s.n <= h->body.p + h->body.n);
	assert(h->form != PIECES_LINES || !str_has(s, '\n'));
	h->last = s.p + s.n;
	if (h->array) {
		value = any(s);
		assert(value);
		assert(json_equal(value, json_array_get(h->array, h->n)));
		json_decref(value);
	}
	h->n++;
	if (s.n % 2)
		return 0;
	return err_set(why, STEP_REJECT, "%s: " STR_FMT, raw->place,
		       s.n > 900 ? 900 : (int)s.n, s.p);
}

static void is_answer(const struct told *t)
{
	struct buf b;
	json_t *j;

	buf_init(&b, 1 << 20);
	told_write(t, &b);
	assert(!buf_error(&b));
	j = json_parse(buf_view(&b), NULL);
	assert(j);
	assert(json_array_size(json_object_get(j, "refused")) == t->listed);
	assert((uint64_t)json_integer_value(json_object_get(j, "accepted")) ==
	       t->accepted);
	json_decref(j);
	buf_done(&b);
}

static void try_form(struct str body, enum pieces_form form)
{
	struct heard h = { .body = body, .last = body.p, .form = form };
	const struct push_taker taker = { .take = take, .self = &h };
	struct told t;
	struct err e = { "" };

	if (form == PIECES_ARRAY) {
		if (!str_starts(str_trim(body), STR("[")))
			return;
		h.array = any(body);
	}
	told_init(&t);
	assert(!told_take(&t, &taker, form, body, &e));
	assert(t.accepted <= h.n && t.accepted + t.refused >= h.n);
	assert(!h.array || h.n == json_array_size(h.array));
	is_answer(&t);
	told_done(&t);
	json_decref(h.array);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = { (const char *)data, size };

	try_form(body, PIECES_LINES);
	try_form(body, PIECES_ONE);
	try_form(body, PIECES_ARRAY);
	return 0;
}
