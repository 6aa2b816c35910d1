#include "base/json_tree.h"

#include <stdint.h>
#include <string.h>

#include "base/json_read.h"
#include "base/unicode.h"

enum { DIGITS = 18 }; /* that any integer has room for */

static json_t *take_text(struct json_reader *r)
{
	struct str s;

	return json_take_string(r, &s) ? json_stringn_nocheck(s.p, s.n) : NULL;
}

static bool is_end_of_number(const struct json_reader *r)
{
	return r->p == r->end || !*r->p || !strchr("+-.0123456789eE", *r->p);
}

/* What a number is worth, jansson says; but of a few digits it is plain. */
static json_t *take_number(struct json_reader *r)
{
	const char *from = r->p;
	bool minus = json_take(r, '-');
	const char *first = r->p;
	json_int_t n = 0;

	while (r->p < r->end && *r->p >= '0' && *r->p <= '9' &&
	       r->p - first < DIGITS)
		n = 10 * n + (*r->p++ - '0');
	if (is_end_of_number(r) && r->p > first &&
	    (*first != '0' || r->p == first + 1))
		return json_integer(minus ? -n : n);
	while (!is_end_of_number(r))
		r->p++;
	return json_loadb(from, (size_t)(r->p - from), JSON_DECODE_ANY, NULL);
}

static json_t *take_word(struct json_reader *r)
{
	static const char *const words[] = { "null", "true", "false" };
	size_t left = (size_t)(r->end - r->p);

	for (size_t i = 0; i < 3; i++) {
		size_t n = strlen(words[i]);

		if (left < n || memcmp(r->p, words[i], n))
			continue;
		r->p += n;
		return i ? json_boolean(i == 1) : json_null();
	}
	return take_number(r);
}

static bool take_member(struct json_reader *r, json_t *object)
{
	struct str name;

	json_take_space(r);
	if (!json_take(r, '"') || !json_take_string(r, &name))
		return false;
	json_take_space(r);
	return json_take(r, ':') &&
	       !json_object_getn(object, name.p, name.n) &&
	       !json_object_setn_new_nocheck(object, name.p, name.n,
					     json_take_value(r));
}

static bool take_element(struct json_reader *r, json_t *list)
{
	return !json_array_append_new(list, json_take_value(r));
}

/* What stands between brackets. */
static bool take_all(struct json_reader *r, json_t *into, char close,
		     bool (*one)(struct json_reader *r, json_t *into))
{
	json_take_space(r);
	if (json_take(r, close))
		return true;
	do {
		if (!one(r, into))
			return false;
		json_take_space(r);
		r->tokens++;
	} while (json_take(r, ','));
	r->tokens--;
	return json_take(r, close);
}

static json_t *take_nested(struct json_reader *r)
{
	bool is_object = json_take(r, '{');
	bool is_list = !is_object && json_take(r, '[');
	json_t *v = is_object ? json_object() : is_list ? json_array() : NULL;
	bool good = v && ++r->depth <= JSON_DEPTH_MAX;

	r->tokens++;
	good = good && take_all(r, v, is_object ? '}' : ']',
				is_object ? take_member : take_element);
	if (!good) {
		json_decref(v);
		return NULL;
	}
	r->depth--;
	return v;
}

json_t *json_take_value(struct json_reader *r)
{
	json_take_space(r);
	if (r->tokens > JSON_TOKENS_MAX)
		return NULL;
	if (json_is_at(r, '{') || json_is_at(r, '['))
		return take_nested(r);
	return json_take(r, '"') ? take_text(r) : take_word(r);
}

json_t *json_tree(struct str s)
{
	struct json_reader r;
	json_t *v;

	if (!s.n || unicode_valid(s) < s.n)
		return NULL;
	json_read_begin(&r, s, NULL);
	json_take_space(&r);
	v = take_nested(&r);
	json_take_space(&r);
	if (r.p < r.end || r.tokens > JSON_TOKENS_MAX) {
		json_decref(v);
		v = NULL;
	}
	json_read_end(&r);
	return v;
}
