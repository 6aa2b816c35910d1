/* A dead letter turned back into what ingest reads. */
#include <errno.h>
#include <string.h>

#include "base/base64.h"
#include "base/unicode.h"
#include "commands/dlq.h"

/* What understand() reads, of which a record has one name each. */
static const char *const fields[] = { "title",	   "text",   "target",
				      "url",	   "author", "source",
				      "published", "language" };

enum { FIELDS = sizeof(fields) / sizeof(*fields) };

struct str dlq_written(struct str object, const char *name)
{
	struct str key, value;

	while (json_next_member(&object, &key, &value))
		if (key.n == strlen(name) + 2 &&
		    !memcmp(key.p + 1, name, key.n - 2))
			return value;
	return (struct str){ NULL, 0 };
}

static void add_written(struct buf *out, const char *name, struct str value)
{
	if (!value.n || str_is(value, "null"))
		return;
	json_add_name(out, name);
	buf_add_str(out, value);
}

static bool is_field(struct str key, const json_t *article)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (key.n == strlen(fields[i]) + 2 &&
		    !memcmp(key.p + 1, fields[i], key.n - 2))
			return !json_is_null(json_object_get(article,
							     fields[i])) &&
			       json_object_get(article, fields[i]);
	return false;
}

/* What came beside the fields; one of their name stays out where the field
 * itself says something. */
static void add_input(struct buf *out, struct str input, const json_t *article)
{
	struct str key, value;

	while (json_next_member(&input, &key, &value)) {
		if (is_field(key, article))
			continue;
		if (out->p[out->n - 1] != '{')
			buf_add_char(out, ',');
		buf_add_str(out, key);
		buf_add_char(out, ':');
		buf_add_str(out, value);
	}
}

/* A text that is no UTF-8, with U+FFFD for each byte that is none. */
static void add_mended(struct buf *out, struct str s)
{
	struct buf b;

	buf_init(&b, 4 * (size_t)RECORD_LINE_MAX);
	while (s.n) {
		size_t n = unicode_valid(s);

		buf_add(&b, s.p, n);
		s.p += n;
		s.n -= n;
		if (!s.n)
			break;
		buf_add_z(&b, "\xef\xbf\xbd");
		s.p++;
		s.n--;
	}
	json_add_text(out, buf_view(&b));
	if (buf_error(&b) && !out->error)
		out->error = buf_error(&b);
	buf_done(&b);
}

static int check_whole(const json_t *letter, const json_t *article,
		       struct err *e)
{
	if (json_object_get(letter, "cut"))
		return err_set(e, STEP_REJECT,
			       "only the beginning of it was kept");
	if (json_object_get(letter, "raw") || json_object_get(article, "text"))
		return 0;
	if (json_object_get(article, "metadata"))
		return err_set(e, STEP_REJECT, "its text was not kept");
	return 0;
}

/* One JSON object on one line: a line end within it is white space. */
static void add_piece(struct buf *out, struct str raw)
{
	raw = str_trim(raw);
	for (size_t i = 0; i < raw.n; i++)
		buf_add_char(out, raw.p[i] == '\n' || raw.p[i] == '\r'
					  ? ' '
					  : raw.p[i]);
}

/* As the source named it, where the record says so: the other may be what the
 * words said, which they will say again. */
static struct str written_field(struct str members, const char *name)
{
	struct str declared = { NULL, 0 };

	if (!strcmp(name, "language"))
		declared = dlq_written(members, "language_declared");
	return declared.n ? declared : dlq_written(members, name);
}

/* An article with its fields; raw is its text where that is no UTF-8. */
static void add_article(struct buf *out, struct str members,
			const json_t *article, const struct buf *raw)
{
	buf_add_char(out, '{');
	for (size_t i = 0; i < FIELDS; i++)
		add_written(out, fields[i],
			    written_field(members, fields[i]));
	if (raw) {
		json_add_name(out, "text");
		add_mended(out, buf_view(raw));
	}
	if (json_is_object(json_object_get(article, "input")))
		add_input(out, dlq_written(members, "input"), article);
	buf_add_char(out, '}');
}

/* What raw is: a piece of JSON, as it came; a text of its own; or, where the
 * article has an id, the text of that one. */
static int add_raw(struct buf *out, struct str members, const json_t *article,
		   const struct buf *raw, struct err *e)
{
	struct str s = buf_view(raw);

	if (json_object_get(article, "id")) {
		add_article(out, members, article, raw);
		return 0;
	}
	if (str_starts(str_trim(s), STR("{"))) {
		add_piece(out, s);
		return 0;
	}
	if (unicode_valid(s) != s.n || memchr(s.p, '\0', s.n))
		return err_set(e, STEP_REJECT,
			       "it is no JSON, nor UTF-8 text; `vigie dlq "
			       "show` prints it as it came");
	add_article(out, members, article, raw);
	return 0;
}

int dlq_article(struct str line, const json_t *letter, struct buf *out,
		struct err *e)
{
	const json_t *article = json_object_get(letter, "article");
	const char *base64 = json_string_value(json_object_get(letter, "raw"));
	struct str members = dlq_written(line, "article");
	struct buf raw;
	int r = check_whole(letter, article, e);

	if (r)
		return r;
	buf_init(&raw, RECORD_LINE_MAX);
	if (base64)
		r = base64_decode(&raw, str_of(base64));
	if (r == -EINVAL)
		r = err_set(e, STEP_REJECT, "what it holds is no base64");
	else if (!r && raw.n)
		r = add_raw(out, members, article, &raw, e);
	else if (!r)
		add_article(out, members, article, NULL);
	buf_done(&raw);
	buf_add_char(out, '\n');
	return r ? r : buf_error(out);
}
