/* fuzz_json.c -- any bytes as JSON. What is accepted is written again, parsed
 * again and equal; what json_tree() and json_members() read is what jansson reads; any
 * well-formed text is written as a string and comes back. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_members.h"
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

static void member(const struct json_member *m, const char *name, json_t *want)
{
	json_t *v = json_member_value(m);

	assert(str_is(m->name, name));
	assert(v && json_equal(v, want));
	if (json_member_is_text(m))
		assert(str_eq(m->text,
			      (struct str){ json_string_value(v),
					    json_string_length(v) }));
	json_decref(v);
}

/* All and only what json_parse() reads. */
static void members(struct str s)
{
	static struct arena block;
	struct err e = { "" };
	struct json_members all;
	struct arena a;
	json_t *truth, *v;
	const char *name;
	size_t i = 0;
	int r;

	if (unicode_valid(s) < s.n || (!block.p && arena_open(&block, 64 << 20)))
		return;
	a = block;
	r = json_members(s, &a, &all, &e);
	truth = json_parse(s, &(struct err){ "" });
	assert((r == 0) == json_is_object(truth));
	assert((r == 0) == !e.text[0]);
	if (!r) {
		assert(all.n == json_object_size(truth));
		json_object_foreach(truth, name, v)
			member(&all.v[i++], name, v);
	}
	json_members_done(&all);
	json_decref(truth);
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
	members(s);
	if (size)
		text(s);
	return 0;
}
