#include "ingest/understand.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/json.h"
#include "base/unicode.h"
#include "ingest/ingest.h"
#include "parse/charset.h"
#include "parse/date.h"
#include "parse/language.h"
#include "parse/text.h"

/* An object while it is read. */
struct object {
	struct str json; /* as it was written */
	json_t *rest;	 /* the members that were not taken */
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

enum { LANGUAGE_ENOUGH = 512 }; /* bytes */

enum {
	STRICT = 1,  /* a value of another form is fatal */
	STAYS = 2,   /* it comes out under `input` as well */
	FOREIGN = 4, /* our parsers do not say it */
};

/* What each part may be called, the first that says something wins. Our own
 * parsers use the first names alone. */
static const struct field {
	const char *names[4];
	size_t at;
	int (*read)(const json_t *v, struct arena *a, struct str *ret);
	int how;
} fields[] = {
	{ { "title", "headline" }, offsetof(struct story, title),
	  read_line, STRICT },
	{ { "text", "body", "content" }, offsetof(struct story, text),
	  read_body, STRICT },
	{ { "target" }, offsetof(struct story, target),
	  read_line, FOREIGN },
	{ { "url", "link" }, offsetof(struct story, url),
	  read_line, 0 },
	{ { "author", "byline" }, offsetof(struct story, author),
	  read_names, 0 },
	{ { "source" }, offsetof(struct story, source),
	  read_line, 0 },
	{ { "published", "date" }, offsetof(struct story, published),
	  read_date, 0 },
	{ { "language", "lang" }, offsetof(struct story, declared),
	  read_line, 0 },
};

/* What only our parsers say. */
static const struct field site = { { "site" }, offsetof(struct story, site),
				   read_line, STAYS };

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

/* Move one part of the article out of o->rest. A null or blank member says
 * nothing, so the next name is asked; one of a form that we do not read stays
 * where it is, and so comes out under `input`. */
static int take_field(const struct field *f, size_t names, struct object *o,
		      struct story *s, struct arena *a, struct err *e)
{
	struct str *part = (struct str *)(void *)((char *)s + f->at);

	for (size_t i = 0; i < names && f->names[i] && !part->n; i++) {
		const char *name = f->names[i];
		const json_t *v = json_object_get(o->rest, name);
		int r = !v || json_is_null(v) ? 0 : f->read(v, a, part);

		if (r == -EINVAL && (f->how & STRICT))
			return err_set(e, STEP_REJECT,
				       "%s is %s; a string is expected", name,
				       kind_of(v));
		if (r)
			return r == -EINVAL ? 0 : r;
		if (v && !(f->how & STAYS))
			json_object_del(o->rest, name);
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

/* Is the member of this name, quotes and escapes included, left in the rest? */
static bool is_left(const struct object *o, struct str name)
{
	json_t *plain;
	bool left;

	if (!memchr(name.p, '\\', name.n))
		return json_object_getn(o->rest, name.p + 1, name.n - 2);
	plain = json_loadb(name.p, name.n, JSON_DECODE_ANY, NULL);
	left = plain && json_object_getn(o->rest, json_string_value(plain),
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

static void add_rest(struct buf *b, const struct object *o)
{
	struct str rest = o->json, name, value;

	buf_add_char(b, '{');
	while (json_next_member(&rest, &name, &value)) {
		if (!is_left(o, name))
			continue;
		if (b->n && b->p[b->n - 1] != '{')
			buf_add_char(b, ',');
		add_as_written(b, name);
		buf_add_char(b, ':');
		add_as_written(b, value);
	}
	buf_add_char(b, '}');
}

/* `input`, as b has it; which is done then. */
static int take_input(struct buf *b, struct arena *a, struct story *s,
		      struct err *e)
{
	int r = buf_error(b);

	if (!r) {
		s->input = arena_copy(a, buf_view(b));
		r = s->input.p ? 0 : -ENOMEM;
	}
	buf_done(b);
	return r == -EMSGSIZE ? story_too_large(e) : r;
}

/* The members we do not know. */
static int take_rest(const struct object *o, struct arena *a, struct story *s,
		     struct err *e)
{
	struct buf b;

	if (!json_object_size(o->rest))
		return 0;
	buf_init(&b, ARTICLE_META_MAX);
	add_rest(&b, o);
	return take_input(&b, a, s, e);
}

static int take_fields(const struct raw *raw, struct object *o,
		       struct story *s, struct arena *a, struct err *e)
{
	bool parsed = raw->kind == RAW_PARSED;
	int r = 0;

	for (size_t i = 0; !r && i < sizeof(fields) / sizeof(*fields); i++)
		if (!parsed || !(fields[i].how & FOREIGN))
			r = take_field(&fields[i], parsed ? 1 : SIZE_MAX, o, s,
				       a, e);
	if (!r && parsed)
		r = take_field(&site, 1, o, s, a, e);
	return r ? r : take_rest(o, a, s, e);
}

static int read_json(const struct raw *raw, struct arena *a, struct story *s,
		     struct err *e)
{
	struct object o = { .rest = NULL };
	int r = decode(raw->bytes, a, &o.json, e);

	if (!r)
		r = parse_object(o.json, &o.rest, e);
	if (!r)
		r = take_fields(raw, &o, s, a, e);
	json_decref(o.rest);
	return r;
}

/* Of a text, `input` says by which file to find it. */
static int take_file(const struct raw *raw, struct arena *a, struct story *s,
		     struct err *e)
{
	struct str file = raw->file ? printable(raw->file, a) : STR("");
	struct buf b;

	if (!file.n)
		return 0;
	buf_init(&b, ARTICLE_META_MAX);
	buf_add_z(&b, "{\"file\":");
	json_add_text(&b, file);
	buf_add_char(&b, '}');
	return take_input(&b, a, s, e);
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
	return take_file(raw, a, s, e);
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

/* Cut out what is no part of the article; what the cut lines say counts where
 * nothing else says it. A text of nothing but such lines stays. */
static int tidy_up(const struct understand_options *o, struct arena *a,
		   struct story *s)
{
	struct str was = s->text;
	struct tidy t;
	int r = tidy(was, a, &t);

	if (r || !t.cut_count || (!t.text.n && !s->title.n))
		return r;
	s->text = t.text;
	if (!s->author.n)
		s->author = t.author;
	if (!s->published.n)
		s->published = t.date;
	return o->keep_raw ? story_cut(s, was, &t, a) : 0;
}

static bool is_to_be_tidied(const struct raw *raw, int which)
{
	return which == INGEST_TIDY_ALL ||
	       (which == INGEST_TIDY_TEXTS && raw->kind != RAW_JSON);
}

static int name_it(const struct raw *raw, struct arena scratch,
		   struct story *s)
{
	struct str source = s->source.n ? s->source : s->site;
	int r = identity(s->url, source, s->title, s->text, scratch, s->id);

	for (size_t i = 0; i < RAW_ALIASES && !r; i++)
		if (raw->alias[i].n)
			r = identity_alias(raw->alias[i], scratch,
					   s->alias[s->aliases++]);
	return r;
}

/* A few lines are enough to know a language by; all is looked at where they
 * do not say it. */
static const char *language_in(struct str text)
{
	struct str start = text;
	const char *found;

	if (start.n > LANGUAGE_ENOUGH)
		start.n = LANGUAGE_ENOUGH;
	while (start.n < text.n && start.n &&
	       ((unsigned char)text.p[start.n] & 0xC0) == 0x80)
		start.n--;
	found = language_of(start);
	return found || start.n == text.n ? found : language_of(text);
}

static int read_piece(const struct raw *raw,
		      const struct understand_options *o, struct arena *a,
		      struct story *s, struct err *e)
{
	int r = raw->kind == RAW_TEXT ? read_text(raw, a, s, e)
				      : read_json(raw, a, s, e);

	if (!r)
		r = check(s, e);
	if (!r && s->text.n && is_to_be_tidied(raw, o->tidy))
		r = tidy_up(o, a, s);
	if (!r)
		r = story_language(s, language_in(s->text.n ? s->text
							    : s->title), a);
	if (!r && raw->name)
		s->name = printable(raw->name, a);
	return r ? r : name_it(raw, *a, s);
}

int understand_story(const struct raw *raw,
		     const struct understand_options *o, struct arena *a,
		     struct story *ret, struct err *e)
{
	struct story s = { .place = raw->place,
			   .title = STR(""),
			   .text = STR(""),
			   .target = STR(""),
			   .revision = 1 };
	int r = read_piece(raw, o, a, &s, e);

	if (r == -ENOMEM)
		err_sys(e, r, "reading the article");
	if (r)
		return err_at(e, r, "%s: ", raw->place);
	*ret = s;
	return 0;
}

int understand(const struct raw *raw, const char *fetched, struct arena *a,
	       struct article *ret, struct err *e)
{
	const struct understand_options o = { .tidy = INGEST_TIDY_TEXTS };
	struct story s;
	int r = understand_story(raw, &o, a, &s, e);

	return r ? r : story_article(&s, fetched, a, ret, e);
}
