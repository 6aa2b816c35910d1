#include "base/json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/json_read.h"
#include "base/json_tree.h"
#include "base/run.h"

static void add_escape(struct buf *b, unsigned char c)
{
	switch (c) {
	case '"':
		buf_add_z(b, "\\\"");
		break;
	case '\\':
		buf_add_z(b, "\\\\");
		break;
	case '\n':
		buf_add_z(b, "\\n");
		break;
	case '\t':
		buf_add_z(b, "\\t");
		break;
	case '\r':
		buf_add_z(b, "\\r");
		break;
	default:
		buf_printf(b, "\\u%04x", c);
	}
}

void json_add_text(struct buf *b, struct str s)
{
	if (!s.n)
		return buf_add_z(b, "\"\"");
	buf_add_char(b, '"');
	for (;;) {
		size_t n = run_quoted(s.p, s.n);

		buf_add(b, s.p, n);
		if (n == s.n)
			break;
		add_escape(b, (unsigned char)s.p[n]);
		s.p += n + 1;
		s.n -= n + 1;
	}
	buf_add_char(b, '"');
}

void json_add_name(struct buf *b, const char *name)
{
	if (b->n && b->p[b->n - 1] != '{' && b->p[b->n - 1] != '[')
		buf_add_char(b, ',');
	buf_add_char(b, '"');
	buf_add_z(b, name);
	buf_add_z(b, "\":");
}

void json_add_real(struct buf *b, double x, int digits)
{
	char out[DECIMAL_MAX];
	size_t n = decimal_write(x, digits, out);

	if (n)
		buf_add(b, out, n);
	else if (isfinite(x))
		buf_printf(b, "%.*g", digits, x);
	else
		buf_add_z(b, "null");
}

static int add_chunk(const char *p, size_t n, void *b)
{
	buf_add(b, p, n);
	return buf_error(b) ? -1 : 0;
}

void json_add_value(struct buf *b, const json_t *value)
{
	if (json_dump_callback(value, add_chunk, b,
			       JSON_COMPACT | JSON_ENCODE_ANY) &&
	    !b->error)
		b->error = -ENOMEM;
}

struct shape {
	size_t depth, deepest, tokens;
};

/* Brackets and commas outside strings: an upper bound of what the parser
 * will allocate, without parsing. */
static struct shape shape_of(struct str s)
{
	struct shape f = { 0, 0, 0 };
	bool quoted = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted, f.tokens++;
		else if (quoted)
			continue;
		else if (c == '{' || c == '[')
			f.tokens++, f.depth++;
		else if (c == ',')
			f.tokens++;
		else if ((c == '}' || c == ']') && f.depth)
			f.depth--;
		if (f.depth > f.deepest)
			f.deepest = f.depth;
	}
	return f;
}

/* By jansson, which finds out why not. */
static json_t *parse_slowly(struct str s, struct err *e)
{
	struct shape f = shape_of(s);
	const char *nul = s.n ? memchr(s.p, '\0', s.n) : NULL;
	json_error_t why;
	json_t *v;

	/* jansson 2.14 skips one that follows a number. */
	if (nul) {
		err_set(e, -EBADMSG, "no JSON: a NUL at byte %zu",
			(size_t)(nul - s.p) + 1);
		return NULL;
	}
	if (f.deepest > JSON_DEPTH_MAX) {
		err_set(e, -EBADMSG,
			"JSON is nested %zu levels deep; %d are allowed",
			f.deepest, JSON_DEPTH_MAX);
		return NULL;
	}
	if (f.tokens > JSON_TOKENS_MAX) {
		err_set(e, -EBADMSG, "JSON has %zu tokens; %d are allowed",
			f.tokens, JSON_TOKENS_MAX);
		return NULL;
	}
	v = json_loadb(s.n ? s.p : "", s.n, JSON_REJECT_DUPLICATES, &why);
	if (!v && why.line > 1)
		err_set(e, -EBADMSG, "no JSON: %s at line %d, column %d",
			why.text, why.line, why.column);
	else if (!v)
		err_set(e, -EBADMSG, "no JSON: %s at column %d", why.text,
			why.column);
	return v;
}

json_t *json_parse(struct str s, struct err *e)
{
	json_t *v = json_tree(s);

	return v ? v : parse_slowly(s, e);
}

static void skip_space(struct str *s)
{
	while (s->n && strchr(" \t\r\n", s->p[0]))
		s->p++, s->n--;
}

/* The bytes that the string, the list, the object or the bare word at the
 * beginning of s takes. */
static size_t value_size(struct str s)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (quoted)
			i += run_quoted(s.p + i + 1, s.n - i - 1);
		else if (c == '{' || c == '[')
			depth++;
		else if (depth && (c == '}' || c == ']'))
			depth--;
		else if (!depth && strchr(",:}] \t\r\n", c))
			return i;
	}
	return s.n;
}

static struct str cut_value(struct str *rest)
{
	struct str value = { rest->p, value_size(*rest) };

	rest->p += value.n;
	rest->n -= value.n;
	skip_space(rest);
	return value;
}

bool json_next_member(struct str *rest, struct str *name, struct str *value)
{
	skip_space(rest);
	if (!rest->n || rest->p[0] == '}')
		return false;
	rest->p++, rest->n--; /* the brace or the comma before it */
	skip_space(rest);
	if (!rest->n || rest->p[0] != '"')
		return false;
	*name = cut_value(rest);
	rest->p++, rest->n--; /* the colon */
	skip_space(rest);
	*value = cut_value(rest);
	return true;
}
