#include "sink/letter.h"

#include <errno.h>
#include <string.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/unicode.h"

enum {
	DEAD_MAX = 1 << 20, /* bytes of the members of "dead" */
	CUT = 16 << 20,     /* what is kept of a raw that does not fit */
};

/* How much of an article its letter holds; the first that fits is taken. */
enum form { AS_TEXT, AS_RAW, AS_PIECE };

/* Members that may be spliced into a line, as an object; NULL for what may
 * not. Asked of letters only, which are few. */
static json_t *parse_members(struct str s)
{
	struct buf b;
	json_t *v = NULL;

	if (s.n && memchr(s.p, '\n', s.n))
		return NULL;
	buf_init(&b, s.n + 2);
	buf_add_char(&b, '{');
	buf_add_str(&b, s);
	buf_add_char(&b, '}');
	if (!buf_error(&b))
		v = json_parse(buf_view(&b), NULL);
	buf_done(&b);
	return v;
}

/* The letter itself. */

static void add_dead(struct buf *out, struct str members)
{
	json_t *v = members.n && members.n <= DEAD_MAX ? parse_members(members)
						       : NULL;

	buf_add_z(out, "\"dead\":{");
	if (v)
		buf_add_str(out, members);
	else
		letter_refuse(out, "given up for a reason that cannot be read",
			      NULL);
	buf_add_char(out, '}');
	json_decref(v);
}

static void add_base64(struct buf *out, const char *name, struct str s)
{
	json_add_name(out, name);
	buf_add_char(out, '"');
	base64_add(out, s);
	buf_add_char(out, '"');
}

/* One part of the article, unless its metadata have it or it has none. */
static void add_part(struct buf *out, const json_t *meta, const char *name,
		     struct str s)
{
	if (!s.n || json_object_get(meta, name) || unicode_valid(s) != s.n)
		return;
	json_add_name(out, name);
	json_add_text(out, s);
}

/* json_add_name() puts no comma behind a brace. */
static void add_article(struct buf *out, const struct article *a,
			enum form form)
{
	bool whole = form != AS_PIECE;
	json_t *meta = whole ? parse_members(a->meta) : NULL;

	json_add_name(out, "article");
	buf_add_char(out, '{');
	if (meta)
		buf_add_str(out, a->meta);
	else if (whole)
		add_base64(out, "metadata", a->meta);
	if (whole)
		add_part(out, meta, "title", a->title);
	if (form == AS_TEXT)
		add_part(out, meta, "text", a->text);
	if (whole)
		add_part(out, meta, "target", a->target);
	buf_add_char(out, '}');
	json_decref(meta);
}

static int add_letter(struct buf *out, struct origin o, uint64_t seq,
		      const struct article *a, enum form form)
{
	size_t from = out->n;
	struct str raw = a->text;

	if (form == AS_PIECE && raw.n > CUT)
		raw.n = CUT;
	record_begin(out, o, seq);
	add_dead(out, a->verdict);
	add_article(out, a, form);
	if (form != AS_TEXT)
		add_base64(out, "raw", raw);
	if (raw.n < a->text.n) {
		json_add_name(out, "cut");
		buf_printf(out, "%zu", a->text.n);
	}
	return record_seal(out, from);
}

int letter_line(struct buf *out, struct origin o, uint64_t seq,
		const struct article *a)
{
	bool raw = a->flags & ARTICLE_RAW ||
		   unicode_valid(a->text) != a->text.n;
	enum form form = raw ? AS_RAW : AS_TEXT;
	size_t from = out->n;
	int r;

	while ((r = add_letter(out, o, seq, a, form)) == -EMSGSIZE &&
	       form < AS_PIECE) {
		out->n = from;
		out->error = 0;
		form++;
	}
	return r;
}

void letter_refuse(struct buf *verdict, const char *reason, const char *at)
{
	buf_add_z(verdict, "\"stage\":\"sink\",\"reason\":");
	json_add_text(verdict, str_of(reason));
	buf_add_z(verdict, ",\"signal\":null,\"attempts\":1,\"model\":null,"
			   "\"at\":");
	if (at)
		json_add_text(verdict, str_of(at));
	else
		buf_add_z(verdict, "null");
}

/* What is said of it. */

static void add_word(struct buf *out, const json_t *v, const char *name,
		     const char *behind)
{
	const char *word = json_string_value(json_object_get(v, name));

	buf_printf(out, "%s%s", word ? word : "?", behind);
}

void letter_say(struct buf *out, const struct article *a)
{
	json_t *meta = parse_members(a->meta);
	json_t *dead = parse_members(a->verdict);

	add_word(out, meta, a->flags & ARTICLE_RAW ? "place" : "id", ": ");
	add_word(out, dead, "stage", ": ");
	add_word(out, dead, "reason", "");
	json_decref(meta);
	json_decref(dead);
}
