/* fuzz_json.c -- any bytes as JSON. What is accepted is written again, parsed
 * again and equal; what json_tree() reads is what jansson reads; any well-formed
 * text is written as a string and comes back. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_tree.h"
#include "base/unicode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void value(struct str s)
{
	struct err e = { "" };
	json_t *v = json_parse(s, &e), *back;
	struct buf b;

	assert((v == NULL) == (e.text[0] != '\0'));
	if (!v)
		return;
	assert(unicode_valid(s) == s.n);
	buf_init(&b, 64 << 20);
	json_add_value(&b, v);
	assert(!buf_error(&b));
	back = json_parse(buf_view(&b), &e);
	assert(back && json_equal(v, back));
	json_decref(back);
	json_decref(v);
	buf_done(&b);
}

/* With the members in one order, too. */
static void tree(struct str s)
{
	size_t how = JSON_COMPACT | JSON_REAL_PRECISION(17);
	json_t *v = json_tree(s), *truth;
	char *a, *b;

	if (!v)
		return;
	truth = json_loadb(s.p, s.n, JSON_REJECT_DUPLICATES, NULL);
	assert(truth && json_equal(v, truth));
	a = json_dumps(v, how);
	b = json_dumps(truth, how);
	assert(a && b && !strcmp(a, b));
	free(a);
	free(b);
	json_decref(truth);
	json_decref(v);
}

/* An object whose members are the text and a number of its first bytes. */
static void text(struct str s)
{
	double x = 0;
	struct buf b;
	json_t *v, *got;

	s.n = unicode_valid(s);
	memcpy(&x, s.p, s.n < sizeof(x) ? s.n : sizeof(x));
	buf_init(&b, 64 << 20);
	buf_add_char(&b, '{');
	json_add_name(&b, "x");
	json_add_real(&b, x, 17);
	json_add_name(&b, "s");
	json_add_text(&b, s);
	buf_add_char(&b, '}');
	assert(!buf_error(&b));
	v = json_loadb(b.p, b.n, JSON_ALLOW_NUL, NULL);
	assert(v);
	got = json_object_get(v, "s");
	assert(str_eq(s, (struct str){ json_string_value(got),
				       json_string_length(got) }));
	got = json_object_get(v, "x");
	assert(x - x != 0 ? json_is_null(got) : json_number_value(got) == x);
	json_decref(v);
	buf_done(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { (const char *)data, size };

	value(s);
	tree(s);
	if (size)
		text(s);
	return 0;
}
