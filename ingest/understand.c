#include "ingest/understand.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/json.h"
#include "base/unicode.h"
#include "parse/charset.h"
#include "parse/date.h"
#include "ingest/identity.h"
#include "parse/text.h"

/* What is known of an article; unknown parts are empty. */
struct story {
	struct str title, text, target, url, author, source, published,
		language;
	json_t *rest; /* members that we do not know, or NULL */
	struct str json; /* the object as it was written */
};

/* The readers of a JSON value: 0 with *ret in the arena, -EINVAL when it is
 * not of a form that they read, -ENOMEM. */

static struct str string_of(const json_t *v)
{
	return (struct str){ json_string_value(v), json_string_length(v) };
}

static int read_line(const json_t *v, struct arena *a, struct str *ret)
{
	return json_is_string(v) ? text_line(string_of(v), a, ret) : -EINVAL;
}

static int read_body(const json_t *v, struct arena *a, struct str *ret)
{
	return json_is_string(v) ? text_clean(string_of(v), a, ret) : -EINVAL;
}

/* Join the names of a list by ", ". Each is scratch once it is added. */
static int join(const json_t *list, struct arena *a, struct buf *b)
{
	size_t i;
	const json_t *v;

	json_array_foreach(list, i, v) {
		struct arena scratch = *a;
		struct str name;
		int r = read_line(v, &scratch, &name);

		if (r)
			return r;
		if (b->n && name.n)
			buf_add_z(b, ", ");
		buf_add_str(b, name);
	}
	return buf_error(b);
}

/* One name or a list of them. */
static int read_names(const json_t *v, struct arena *a, struct str *ret)
{
	struct buf b;
	int r;

	if (!json_is_array(v))
		return read_line(v, a, ret);
	buf_init(&b, ARTICLE_META_MAX);
	r = join(v, a, &b);
	if (!r)
		*ret = arena_copy(a, buf_view(&b));
	if (!r && !ret->p)
		r = -ENOMEM;
	buf_done(&b);
	return r == -EMSGSIZE ? -EINVAL : r;
}

static int read_date(const json_t *v, struct arena *a, struct str *ret)
{
	char out[DATE_MAX];
	int r = -EINVAL;

	if (json_is_number(v))
		r = date_of_number(json_number_value(v), out);
	else if (json_is_string(v) && str_trim(string_of(v)).n)
		r = date_parse(string_of(v), out);
	else if (json_is_string(v))
		return 0;
	if (r)
		return r;
	*ret = arena_copy(a, str_of(out));
	return ret->p ? 0 : -ENOMEM;
}

/* What each part may be called, the first that says something wins; and
 * whether a value of another form is fatal. */
static const struct field {
	const char *names[4];
	size_t at;
	int (*read)(const json_t *v, struct arena *a, struct str *ret);
	bool strict;
} fields[] = {
	{ { "title", "headline" }, offsetof(struct story, title),
	  read_line, true },
	{ { "text", "body", "content" }, offsetof(struct story, text),
	  read_body, true },
	{ { "target" }, offsetof(struct story, target),
	  read_line, false },
	{ { "url", "link" }, offsetof(struct story, url),
	  read_line, false },
	{ { "author", "byline" }, offsetof(struct story, author),
	  read_names, false },
	{ { "source" }, offsetof(struct story, source),
	  read_line, false },
	{ { "published", "date" }, offsetof(struct story, published),
	  read_date, false },
	{ { "language", "lang" }, offsetof(struct story, language),
	  read_line, false },
};

static const char *kind_of(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "a list";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
		return "true";
	case JSON_FALSE:
		return "false";
	default:
		return "null";
	}
}

/* Move one part of the article out of s->rest. A null or blank member says
 * nothing, so the next name is asked; one of a form that we do not read stays
 * where it is, and so comes out under `input`. */
static int take_field(const struct field *f, struct story *s, struct arena *a,
		      struct err *e)
{
	struct str *part = (struct str *)(void *)((char *)s + f->at);

	for (size_t i = 0; f->names[i] && !part->n; i++) {
		const char *name = f->names[i];
		const json_t *v = json_object_get(s->rest, name);
		int r = !v || json_is_null(v) ? 0 : f->read(v, a, part);

		if (r == -EINVAL && f->strict)
			return err_set(e, STEP_REJECT,
				       "%s is %s; a string is expected", name,
				       kind_of(v));
		if (r)
			return r == -EINVAL ? 0 : r;
		if (v)
			json_object_del(s->rest, name);
	}
	return 0;
}

static int parse_object(struct str json, json_t **ret, struct err *e)
{
	if (str_starts(str_trim(json), STR("[")))
		return err_set(e, STEP_REJECT,
			       "a list begins here; one JSON object a line is "
			       "expected (jq -c '.[]' FILE makes that of it)");
	*ret = json_parse(json, e);
	return *ret ? 0 : STEP_REJECT;
}

/* The bytes of a piece as UTF-8, which may be longer than they were. */
static int decode(struct str bytes, struct arena *a, struct str *ret,
		  struct err *e)
{
	int r = bytes.n > RAW_MAX ? -EMSGSIZE
				  : charset_to_utf8(bytes, a, ret, e);

	if (r == -EMSGSIZE || (!r && ret->n > RAW_MAX))
		return err_set(e, STEP_REJECT,
			       "more than %d bytes for one article", RAW_MAX);
	return r;
}

static int read_json(const struct raw *raw, struct arena *a, struct story *s,
		     struct err *e)
{
	int r = decode(raw->bytes, a, &s->json, e);

	if (!r)
		r = parse_object(s->json, &s->rest, e);
	for (size_t i = 0; !r && i < sizeof(fields) / sizeof(*fields); i++)
		r = take_field(&fields[i], s, a, e);
	return r;
}

static int read_text(const struct raw *raw, struct arena *a, struct story *s,
		     struct err *e)
{
	struct text_parts parts;
	struct str utf8, clean;
	int r = decode(raw->bytes, a, &utf8, e);

	if (!r)
		r = text_clean(utf8, a, &clean);
	if (r)
		return r;
	text_split(clean, &parts);
	s->published = parts.date;
	s->title = parts.title;
	s->text = parts.body;
	return 0;
}

static int check(const struct story *s, struct err *e)
{
	size_t n = s->title.n + s->text.n + s->target.n;

	if (!s->title.n && !s->text.n)
		return err_set(e, STEP_REJECT,
			       "neither title nor text; an article needs one "
			       "of them");
	if (n > ARTICLE_TEXT_MAX)
		return err_set(e, STEP_REJECT,
			       "title, text and target are %zu bytes; at most "
			       "%d are allowed", n, ARTICLE_TEXT_MAX);
	return 0;
}

/* A name from outside (a path has no charset) as JSON can hold it; empty when
 * it is nothing that Windows-1252 has either. */
static struct str printable(const char *name, struct arena *a)
{
	struct str s = str_of(name), ret = { NULL, 0 };
	size_t at;

	if (unicode_valid(s) == s.n)
		return s;
	unicode_from_1252(s, a, &ret, &at);
	return ret;
}

static void add_text(struct buf *b, const char *name, struct str s)
{
	json_add_name(b, name);
	if (s.n)
		json_add_text(b, s);
	else
		buf_add_z(b, "null");
}

/* Is the member of this name, quotes and escapes included, left in the rest? */
static bool is_left(const struct story *s, struct str name)
{
	json_t *plain;
	bool left;

	if (!memchr(name.p, '\\', name.n))
		return json_object_getn(s->rest, name.p + 1, name.n - 2);
	plain = json_loadb(name.p, name.n, JSON_DECODE_ANY, NULL);
	left = plain && json_object_getn(s->rest, json_string_value(plain),
					 json_string_length(plain));
	json_decref(plain);
	return left;
}

/* As it was written: a number keeps its digits. White space that would end a
 * line, which no string can hold, is left out. */
static void add_as_written(struct buf *b, struct str s)
{
	while (s.p) {
		struct str part = str_cut(&s, '\r');

		while (part.p)
			buf_add_str(b, str_cut(&part, '\n'));
	}
}

static void add_rest(struct buf *b, const struct story *s)
{
	struct str rest = s->json, name, value;

	buf_add_char(b, '{');
	while (json_next_member(&rest, &name, &value)) {
		if (!is_left(s, name))
			continue;
		if (b->n && b->p[b->n - 1] != '{')
			buf_add_char(b, ',');
		add_as_written(b, name);
		buf_add_char(b, ':');
		add_as_written(b, value);
	}
	buf_add_char(b, '}');
}

/* `input`: the members we do not know; of a text, the file to find it by. */
static void add_input(struct buf *b, const struct story *s, struct str file)
{
	if (s->rest && json_object_size(s->rest)) {
		json_add_name(b, "input");
		add_rest(b, s);
	} else if (file.n) {
		json_add_name(b, "input");
		buf_add_char(b, '{');
		add_text(b, "file", file);
		buf_add_char(b, '}');
	}
}

static void add_meta(struct buf *b, const struct raw *raw,
		     const struct story *s, const char *id,
		     const char *fetched, struct arena scratch)
{
	struct str file = { NULL, 0 }, source = s->source;

	if (raw->kind == RAW_TEXT && raw->file)
		file = printable(raw->file, &scratch);
	if (!source.n && raw->name)
		source = printable(raw->name, &scratch);
	add_text(b, "id", str_of(id));
	add_text(b, "url", s->url);
	add_text(b, "title", s->title);
	if (s->target.n)
		add_text(b, "target", s->target);
	add_text(b, "source", source);
	add_text(b, "author", s->author);
	add_text(b, "published", s->published);
	add_text(b, "fetched", str_of(fetched));
	add_text(b, "language", s->language);
	buf_add_z(b, ",\"revision\":1,\"near_of\":null");
	add_input(b, s, file);
}

static int make_meta(const struct raw *raw, const struct story *s,
		     const char *fetched, struct arena *a, struct str *ret,
		     struct err *e)
{
	char id[IDENTITY_HEX];
	struct buf b;
	int r = identity(s->url, s->source, s->title, s->text, *a, id);

	if (r)
		return r;
	buf_init(&b, ARTICLE_META_MAX);
	add_meta(&b, raw, s, id, fetched, *a);
	r = buf_error(&b);
	if (!r) {
		*ret = arena_copy(a, buf_view(&b));
		r = ret->p ? 0 : -ENOMEM;
	}
	buf_done(&b);
	if (r == -EMSGSIZE)
		return err_set(e, STEP_REJECT,
			       "title, target, url, author and the fields for "
			       "`input` take more than %d bytes",
			       ARTICLE_META_MAX);
	return r;
}

int understand(const struct raw *raw, const char *fetched, struct arena *a,
	       struct article *ret, struct err *e)
{
	struct story s = { .title = STR(""), .text = STR(""),
			   .target = STR("") };
	struct str meta;
	int r = raw->kind != RAW_TEXT ? read_json(raw, a, &s, e)
				      : read_text(raw, a, &s, e);

	if (!r)
		r = check(&s, e);
	if (!r)
		r = make_meta(raw, &s, fetched, a, &meta, e);
	json_decref(s.rest);
	if (r == -ENOMEM)
		err_sys(e, r, "reading the article");
	if (r)
		return err_at(e, r, "%s: ", raw->place);
	ret->meta = meta;
	ret->title = s.title;
	ret->text = s.text;
	ret->target = s.target;
	return 0;
}
