#include "ingest/understand.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/json.h"
#include "base/json_members.h"
#include "base/unicode.h"
#include "ingest/ingest.h"
#include "parse/charset.h"
#include "parse/date.h"
#include "parse/language.h"
#include "parse/text.h"

/* The readers of a JSON value: 0 with *ret in the arena, -EINVAL when it is
 * not of a form that they read, -ENOMEM. */

static int read_line(const struct json_member *m, struct arena *a,
		     struct str *ret)
{
	return json_member_is_text(m) ? text_line(m->text, a, ret) : -EINVAL;
}

static int read_body(const struct json_member *m, struct arena *a,
		     struct str *ret)
{
	return json_member_is_text(m) ? text_clean(m->text, a, ret) : -EINVAL;
}

/* Join the names of a list by ", ". Each is scratch once it is added. */
static int join(const json_t *list, struct arena *a, struct buf *b)
{
	size_t i;
	const json_t *v;

	json_array_foreach(list, i, v) {
		struct arena scratch = *a;
		struct str name = { json_string_value(v),
				    json_string_length(v) };
		int r = name.p ? text_line(name, &scratch, &name) : -EINVAL;

		if (r)
			return r;
		if (b->n && name.n)
			buf_add_z(b, ", ");
		buf_add_str(b, name);
	}
	return buf_error(b);
}

/* One name or a list of them. */
static int read_names(const struct json_member *m, struct arena *a,
		      struct str *ret)
{
	json_t *list;
	struct buf b;
	int r;

	if (m->value.p[0] != '[')
		return read_line(m, a, ret);
	list = json_member_value(m);
	buf_init(&b, ARTICLE_META_MAX);
	r = list ? join(list, a, &b) : -ENOMEM;
	if (!r)
		*ret = arena_copy(a, buf_view(&b));
	if (!r && !ret->p)
		r = -ENOMEM;
	buf_done(&b);
	json_decref(list);
	return r == -EMSGSIZE ? -EINVAL : r;
}

static int date_of_value(const struct json_member *m, char out[DATE_MAX])
{
	json_t *v = json_member_value(m);
	int r = !v		    ? -ENOMEM
		: json_is_number(v) ? date_of_number(json_number_value(v), out)
				    : -EINVAL;

	json_decref(v);
	return r;
}

static int read_date(const struct json_member *m, struct arena *a,
		     struct str *ret)
{
	bool is_text = json_member_is_text(m);
	char out[DATE_MAX];
	int r;

	if (is_text && !str_trim(m->text).n)
		return 0;
	r = is_text ? date_parse(m->text, out) : date_of_value(m, out);
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
	int (*read)(const struct json_member *m, struct arena *a,
		    struct str *ret);
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

static const char *kind_of(const struct json_member *m)
{
	switch (m->value.p[0]) {
	case '{':
		return "an object";
	case '[':
		return "a list";
	case '"':
		return "a string";
	case 't':
		return "true";
	case 'f':
		return "false";
	case 'n':
		return "null";
	default:
		return "a number";
	}
}

/* Take one part of the article. A null or blank member says nothing, so the
 * next name is asked; one of a form that we do not read stays where it is, and
 * so comes out under `input`. */
static int take_field(const struct field *f, size_t names,
		      const struct json_members *o, struct story *s,
		      struct arena *a, struct err *e)
{
	struct str *part = (struct str *)(void *)((char *)s + f->at);

	for (size_t i = 0; i < names && f->names[i] && !part->n; i++) {
		struct json_member *m = json_members_get(o, f->names[i]);
		int r = !m || str_is(m->value, "null") ? 0
						       : f->read(m, a, part);

		if (r == -EINVAL && (f->how & STRICT))
			return err_set(e, STEP_REJECT,
				       "%s is %s; a string is expected",
				       f->names[i], kind_of(m));
		if (r)
			return r == -EINVAL ? 0 : r;
		if (m)
			m->taken |= !(f->how & STAYS);
	}
	return 0;
}

static int find_members(struct str json, struct arena *a,
			struct json_members *ret, struct err *e)
{
	if (str_starts(str_trim(json), STR("[")))
		return err_set(e, STEP_REJECT,
			       "a list begins here; one JSON object a line is "
			       "expected (jq -c '.[]' FILE makes that of it)");
	return json_members(json, a, ret, e);
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

/* As it was written: a number keeps its digits. White space that would end a
 * line, which no string can hold, is left out. */
static void add_as_written(struct buf *b, struct str s)
{
	if (s.p[0] == '"') {
		buf_add_str(b, s);
		return;
	}
	while (s.p) {
		struct str part = str_cut(&s, '\r');

		while (part.p)
			buf_add_str(b, str_cut(&part, '\n'));
	}
}

static void add_rest(struct buf *b, const struct json_members *o)
{
	buf_add_char(b, '{');
	for (size_t i = 0; i < o->n; i++) {
		if (o->v[i].taken)
			continue;
		if (b->p[b->n - 1] != '{')
			buf_add_char(b, ',');
		add_as_written(b, o->v[i].written);
		buf_add_char(b, ':');
		add_as_written(b, o->v[i].value);
	}
	buf_add_char(b, '}');
}

/* `input`, as b has it. */
static int take_input(const struct buf *b, struct arena *a, struct story *s,
		      struct err *e)
{
	int r = story_keep(b, a, &s->input);

	return r == -EMSGSIZE ? story_too_large(e) : r;
}

static bool are_taken(const struct json_members *o)
{
	for (size_t i = 0; i < o->n; i++)
		if (!o->v[i].taken)
			return false;
	return true;
}

/* The members we do not know. */
static int take_rest(const struct json_members *o, struct arena *a,
		     struct story *s, struct err *e)
{
	struct buf b;
	int r;

	if (are_taken(o))
		return 0;
	r = story_begin(&b, *a);
	if (r)
		return r;
	add_rest(&b, o);
	return take_input(&b, a, s, e);
}

static int take_fields(const struct raw *raw, const struct json_members *o,
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
	struct json_members o;
	struct str json;
	int r = decode(raw->bytes, a, &json, e);

	if (r)
		return r;
	o.v = o.few;
	r = find_members(json, a, &o, e);
	if (!r)
		r = take_fields(raw, &o, s, a, e);
	json_members_done(&o);
	return r;
}

/* Of a text, `input` says by which file to find it. */
static int take_file(const struct raw *raw, struct arena *a, struct story *s,
		     struct err *e)
{
	struct str file = raw->file ? printable(raw->file, a) : STR("");
	struct buf b;
	int r;

	if (!file.n)
		return 0;
	r = story_begin(&b, *a);
	if (r)
		return r;
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
