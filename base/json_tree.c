#include "base/json_tree.h"

#include <stdint.h>
#include <string.h>

#include "base/run.h"
#include "base/unicode.h"

struct reader {
	const char *p, *end;
	size_t depth, tokens;
	struct buf text; /* of a string with escapes */
};

static bool is_at(const struct reader *r, char c)
{
	return r->p < r->end && *r->p == c;
}

static bool take(struct reader *r, char c)
{
	bool is_there = is_at(r, c);

	r->p += is_there;
	return is_there;
}

static void skip_space(struct reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' ||
				 *r->p == '\r' || *r->p == '\n'))
		r->p++;
}

/* Strings. */

static struct str take_run(struct reader *r)
{
	struct str run = { r->p, run_quoted(r->p, (size_t)(r->end - r->p)) };

	r->p += run.n;
	return run;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four digits: a 16-bit unit, or more than that for what are none. */
static uint32_t take_unit(struct reader *r)
{
	uint32_t unit = 0;

	if (r->end - r->p < 4)
		return UINT32_MAX;
	for (int i = 0; i < 4; i++) {
		int digit = hex(*r->p++);

		if (digit < 0)
			return UINT32_MAX;
		unit = unit << 4 | (uint32_t)digit;
	}
	return unit;
}

/* Behind \u. Neither NUL nor half a surrogate pair is a character. */
static bool take_character(struct reader *r)
{
	uint32_t c = take_unit(r), low;
	char utf8[4];

	if (c >= 0xD800 && c < 0xDC00) {
		if (!take(r, '\\') || !take(r, 'u'))
			return false;
		low = take_unit(r);
		if (low < 0xDC00 || low > 0xDFFF)
			return false;
		c = 0x10000 + ((c & 0x3FF) << 10) + (low & 0x3FF);
	} else if (!c || c > 0xFFFF || (c >= 0xDC00 && c <= 0xDFFF)) {
		return false;
	}
	buf_add(&r->text, utf8, unicode_encode(c, utf8));
	return true;
}

static bool take_escape(struct reader *r)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;

	if (take(r, 'u'))
		return take_character(r);
	if (r->p == r->end)
		return false;
	at = memchr(from, *r->p++, sizeof(from) - 1);
	if (at)
		buf_add_char(&r->text, to[at - from]);
	return at;
}

/* Valid until the next string. */
static bool take_string(struct reader *r, struct str *ret)
{
	r->tokens += 2;
	*ret = take_run(r);
	if (!is_at(r, '\\'))
		return take(r, '"');
	buf_clear(&r->text);
	buf_add_str(&r->text, *ret);
	while (take(r, '\\')) {
		if (!take_escape(r))
			return false;
		buf_add_str(&r->text, take_run(r));
	}
	*ret = buf_view(&r->text);
	return take(r, '"') && !buf_error(&r->text);
}

/* Values. */

static json_t *take_value(struct reader *r);

static json_t *take_text(struct reader *r)
{
	struct str s;

	return take_string(r, &s) ? json_stringn_nocheck(s.p, s.n) : NULL;
}

/* What a number is worth, jansson says. */
static json_t *take_number(struct reader *r)
{
	const char *from = r->p;

	while (r->p < r->end && *r->p && strchr("+-.0123456789eE", *r->p))
		r->p++;
	return json_loadb(from, (size_t)(r->p - from), JSON_DECODE_ANY, NULL);
}

static json_t *take_word(struct reader *r)
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

static bool take_member(struct reader *r, json_t *object)
{
	struct str name;

	skip_space(r);
	if (!take(r, '"'))
		return false;
	r->tokens += 2;
	name = take_run(r);
	if (!take(r, '"'))
		return false;
	skip_space(r);
	return take(r, ':') && !json_object_getn(object, name.p, name.n) &&
	       !json_object_setn_new_nocheck(object, name.p, name.n,
					     take_value(r));
}

static bool take_element(struct reader *r, json_t *list)
{
	return !json_array_append_new(list, take_value(r));
}

/* What stands between brackets. */
static bool take_all(struct reader *r, json_t *into, char close,
		     bool (*one)(struct reader *r, json_t *into))
{
	skip_space(r);
	if (take(r, close))
		return true;
	do {
		if (!one(r, into))
			return false;
		skip_space(r);
		r->tokens++;
	} while (take(r, ','));
	r->tokens--;
	return take(r, close);
}

static json_t *take_nested(struct reader *r)
{
	bool is_object = take(r, '{');
	bool is_list = !is_object && take(r, '[');
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

static json_t *take_value(struct reader *r)
{
	skip_space(r);
	if (r->tokens > JSON_TOKENS_MAX)
		return NULL;
	if (is_at(r, '{') || is_at(r, '['))
		return take_nested(r);
	return take(r, '"') ? take_text(r) : take_word(r);
}

json_t *json_tree(struct str s)
{
	struct reader r = { .p = s.p, .end = s.p + s.n };
	json_t *v;

	if (!s.n || unicode_valid(s) < s.n)
		return NULL;
	buf_init(&r.text, s.n);
	skip_space(&r);
	v = take_nested(&r);
	skip_space(&r);
	if (r.p < r.end || r.tokens > JSON_TOKENS_MAX) {
		json_decref(v);
		v = NULL;
	}
	buf_done(&r.text);
	return v;
}
