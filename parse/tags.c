#include "parse/tags.h"

#include <string.h>
#include <strings.h>

/* How it stays linear: a search that may fail is cut off at TAGS_TAG_MAX, or
 * its failure is remembered, since what is not found from here is not found
 * from further on either. */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

void tags_init(struct tags *t, struct str s)
{
	*t = (struct tags){ .s = s };
}

static struct str part(const struct tags *t, size_t from, size_t to)
{
	return (struct str){ t->s.p + from, to - from };
}

static bool has(const struct tags *t, size_t at, const char *z)
{
	size_t n = strlen(z);

	return t->s.n - at >= n && !memcmp(t->s.p + at, z, n);
}

/* Where z is, from `at` on; t->s.n when nowhere, which *never remembers. By its
 * last byte, a >: text has few of them. */
static size_t find(const struct tags *t, size_t at, const char *z, bool *never)
{
	size_t n = strlen(z), last = at + n - 1;

	while (!*never && last < t->s.n) {
		const char *p = memchr(t->s.p + last, '>', t->s.n - last);

		if (!p)
			break;
		last = (size_t)(p - t->s.p);
		if (has(t, last + 1 - n, z))
			return last + 1 - n;
		last++;
	}
	*never = true;
	return t->s.n;
}

/* The next >, looked for once. */
static size_t bracket(struct tags *t, size_t at)
{
	const char *p;

	if (at >= t->s.n)
		return t->s.n;
	if (t->bracket < at) {
		p = memchr(t->s.p + at, '>', t->s.n - at);
		t->bracket = p ? (size_t)(p - t->s.p) : t->s.n;
	}
	return t->bracket;
}

/* The > that ends the tag whose attributes begin at `at`: not one in quotes,
 * unless the quotes are never closed. */
static size_t tag_end(struct tags *t, size_t at)
{
	size_t max = t->s.n - at > TAGS_TAG_MAX ? at + TAGS_TAG_MAX : t->s.n;
	size_t first = bracket(t, at);
	bool value = false; /* behind a = */

	if (first == t->s.n)
		return first;
	for (size_t i = at; i < max; i++) {
		char c = t->s.p[i];

		if (c == '>')
			return i;
		if (value && (c == '"' || c == '\'')) {
			const char *close = memchr(t->s.p + i + 1, c,
						   max - i - 1);

			if (!close)
				return first;
			i = (size_t)(close - t->s.p);
		}
		value = c == '=' || (value && is_space(c));
	}
	return max < t->s.n ? bracket(t, max) : first;
}

static size_t name_end(const struct tags *t, size_t at)
{
	while (at < t->s.n && !is_space(t->s.p[at]) && t->s.p[at] != '>' &&
	       t->s.p[at] != '/' && t->s.p[at] != '<')
		at++;
	return at;
}

/* false: no tag. */
static bool take_tag(struct tags *t, struct tags_piece *ret)
{
	bool close = has(t, t->at, "</");
	size_t name = t->at + 1 + close, body, end;

	if (name >= t->s.n || !is_letter(t->s.p[name]))
		return false;
	body = name_end(t, name);
	end = tag_end(t, body);
	if (end == t->s.n)
		return false;
	*ret = (struct tags_piece){ .kind = close ? TAGS_CLOSE : TAGS_OPEN,
				    .name = part(t, name, body) };
	ret->body = part(t, body, end);
	ret->empty = str_ends(ret->body, STR("/"));
	if (ret->empty)
		ret->body.n--;
	if (ret->body.n > TAGS_TAG_MAX)
		ret->body.n = 0;
	t->at = end + 1;
	return true;
}

/* <!-- …-->, and <!-- … > when it is never closed. */
static bool skip_comment(struct tags *t)
{
	size_t end = find(t, t->at + 2, "-->", &t->no_comment_end);

	if (end < t->s.n) {
		t->at = end + 3;
		return true;
	}
	end = bracket(t, t->at + 1);
	t->at = end < t->s.n ? end + 1 : end;
	return true;
}

static bool skip_instruction(struct tags *t)
{
	size_t end = find(t, t->at + 2, "?>", &t->no_instruction_end);

	if (end == t->s.n)
		end = bracket(t, t->at + 1);
	else
		end++;
	if (end == t->s.n)
		return false;
	t->at = end + 1;
	return true;
}

static bool take_cdata(struct tags *t, struct tags_piece *ret)
{
	size_t start = t->at + strlen("<![CDATA[");
	size_t end = find(t, start, "]]>", &t->no_cdata_end);

	if (end == t->s.n)
		return false;
	*ret = (struct tags_piece){ .kind = TAGS_CDATA,
				    .body = part(t, start, end) };
	t->at = end + 3;
	return true;
}

/* The internal subset of a document type is passed over: nothing of it is
 * believed, entities least. */
static bool take_doctype(struct tags *t, struct tags_piece *ret)
{
	size_t end = bracket(t, t->at + 1), start = t->at + 2, subset;
	const char *open;

	if (end == t->s.n)
		return false;
	open = memchr(t->s.p + start, '[', end - start);
	*ret = (struct tags_piece){ .kind = TAGS_DOCTYPE };
	ret->body = part(t, start, open ? (size_t)(open - t->s.p) : end);
	if (open) {
		subset = find(t, (size_t)(open - t->s.p), "]>",
			      &t->no_subset_end);
		end = subset < t->s.n ? subset + 1 : end;
	}
	t->at = end + 1;
	return true;
}

/* What begins at a <: a piece, or something passed over (skipped). Returns
 * false when it begins nothing. */
static bool take_markup(struct tags *t, struct tags_piece *ret, bool *skipped)
{
	*skipped = true;
	if (has(t, t->at, "<!--"))
		return skip_comment(t);
	if (has(t, t->at, "<?"))
		return skip_instruction(t);
	*skipped = false;
	if (has(t, t->at, "<![CDATA["))
		return take_cdata(t, ret);
	if (has(t, t->at, "<!"))
		return take_doctype(t, ret);
	return take_tag(t, ret);
}

static void take_text(struct tags *t, struct tags_piece *ret)
{
	size_t start = t->at;
	const char *next = memchr(t->s.p + start + 1, '<', t->s.n - start - 1);

	t->at = next ? (size_t)(next - t->s.p) : t->s.n;
	*ret = (struct tags_piece){ .kind = TAGS_TEXT,
				    .body = part(t, start, t->at) };
}

bool tags_next(struct tags *t, struct tags_piece *ret)
{
	bool skipped;

	while (t->at < t->s.n) {
		if (t->s.p[t->at] != '<' || !take_markup(t, ret, &skipped)) {
			take_text(t, ret);
			return true;
		}
		if (!skipped)
			return true;
	}
	return false;
}

struct str tags_skip_to_close(struct tags *t, const char *name)
{
	size_t n = strlen(name), start = t->at, at = start;

	for (; at < t->s.n; at++) {
		const char *p = memchr(t->s.p + at, '<', t->s.n - at);

		at = p ? (size_t)(p - t->s.p) : t->s.n;
		if (t->s.n - at > n + 1 && t->s.p[at + 1] == '/' &&
		    !strncasecmp(t->s.p + at + 2, name, n))
			break;
	}
	t->at = at < t->s.n ? at : t->s.n;
	return part(t, start, t->at);
}

static void skip(struct str *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

static struct str quoted(struct str *body)
{
	const char *end = memchr(body->p + 1, body->p[0], body->n - 1);
	size_t n = end ? (size_t)(end - body->p) - 1 : body->n - 1;
	struct str value = { body->p + 1, n };

	skip(body, n + 1 + (end != NULL));
	return value;
}

static struct str bare(struct str *body)
{
	size_t n = 0;
	struct str value;

	while (n < body->n && !is_space(body->p[n]))
		n++;
	value = (struct str){ body->p, n };
	skip(body, n);
	return value;
}

static void skip_spaces(struct str *s, bool and_slashes)
{
	while (s->n && (is_space(s->p[0]) || (and_slashes && s->p[0] == '/')))
		skip(s, 1);
}

bool tags_attribute(struct str *body, struct str *name, struct str *value)
{
	size_t n = 0;

	skip_spaces(body, true);
	if (!body->n)
		return false;
	while (n < body->n && !is_space(body->p[n]) &&
	       (body->p[n] != '=' || !n) && (body->p[n] != '/' || !n))
		n++;
	*name = (struct str){ body->p, n };
	skip(body, n);
	skip_spaces(body, false);
	*value = (struct str){ "", 0 };
	if (!body->n || body->p[0] != '=')
		return true;
	skip(body, 1);
	skip_spaces(body, false);
	if (body->n)
		*value = body->p[0] == '"' || body->p[0] == '\'' ?
				 quoted(body) : bare(body);
	return true;
}
