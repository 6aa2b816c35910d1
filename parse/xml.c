#include "parse/xml.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "parse/references.h"
#include "parse/url.h"

struct space {
	struct str prefix, uri;
};

struct element {
	struct str written; /* its name in the document */
	struct xml_name name;
	char local[XML_NAME_MAX];
	struct str base, language;
	uint32_t spaces;   /* declared before it */
	struct arena kept; /* as it was before it */
};

struct xml {
	struct tags tags;
	struct str all;
	struct element open[XML_DEPTH_MAX + 1]; /* [0] is the document */
	/* Of their names as written, in small letters: looked through for every
	 * end tag, and so are those of the prefixes for every start. */
	uint32_t hashes[XML_DEPTH_MAX + 1];
	uint32_t depth, deeper;
	uint32_t pieces; /* read so far, see XML_PIECES_MAX */
	uint32_t closing; /* elements to close before anything else */
	bool pending_close; /* <a/> */
	struct space spaces[XML_SPACES_MAX];
	uint32_t prefixes[XML_SPACES_MAX];
	uint32_t space_count;
	struct xml_attribute attributes[XML_ATTRIBUTES_MAX];
	char names[XML_ATTRIBUTES_MAX][XML_NAME_MAX];
	struct buf values; /* of the attributes at hand */
	struct buf text;
	/* What elements keep as long as they are open: bases, name spaces. It
	 * is given back when they close. */
	struct arena kept;
};

enum {
	KEPT = 192 << 10,
};

struct xml *xml_open(struct str utf8, struct str base, struct arena *a)
{
	struct xml *x = arena_take(a, sizeof(*x));
	char *kept = arena_take(a, KEPT);

	if (!x || !kept)
		return NULL;
	x->kept = (struct arena){ kept, kept + KEPT };
	x->all = utf8;
	tags_init(&x->tags, utf8);
	buf_init(&x->values, TAGS_TAG_MAX);
	buf_init(&x->text, 0); /* as long as its text */
	x->open[0].base = base;
	x->open[0].language = STR("");
	return x;
}

void xml_done(struct xml *x)
{
	if (!x)
		return;
	buf_done(&x->values);
	buf_done(&x->text);
}

bool xml_is_cut(const struct xml *x)
{
	return x->pieces >= XML_PIECES_MAX;
}

uint32_t xml_depth(const struct xml *x)
{
	return x->depth;
}

struct str xml_base(const struct xml *x)
{
	return x->open[x->depth].base;
}

struct str xml_language(const struct xml *x)
{
	return x->open[x->depth].language;
}

struct str xml_attribute(const struct xml_event *e, const char *name)
{
	for (uint32_t i = 0; i < e->attribute_count; i++)
		if (!e->attributes[i].name.prefix.n &&
		    str_is(e->attributes[i].name.local, name))
			return e->attributes[i].value;
	return (struct str){ NULL, 0 };
}

void xml_place(const struct xml *x, size_t *line, size_t *column)
{
	const char *start = x->all.p;

	*line = 1;
	for (size_t i = 0; i < x->tags.at; i++) {
		if (x->all.p[i] != '\n')
			continue;
		++*line;
		start = x->all.p + i + 1;
	}
	*column = (size_t)(x->all.p + x->tags.at - start) + 1;
}

static uint32_t hash(struct str s)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ ((unsigned char)s.p[i] | 0x20)) * 16777619u;
	return h;
}

static struct str small(struct str s, char out[XML_NAME_MAX])
{
	size_t n = s.n < XML_NAME_MAX ? s.n : XML_NAME_MAX;

	for (size_t i = 0; i < n; i++)
		out[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ?
				 (char)(s.p[i] - 'A' + 'a') : s.p[i];
	return (struct str){ out, n };
}

/* Where "a:b" is cut; without a colon there is no prefix. */
static void split(struct str written, struct str *prefix, struct str *local)
{
	const char *colon = memchr(written.p, ':', written.n);
	size_t n = colon ? (size_t)(colon - written.p) : 0;

	*prefix = (struct str){ written.p, n };
	*local = (struct str){ written.p + n + (colon != NULL),
			       written.n - n - (colon != NULL) };
}

static struct str space_of(const struct xml *x, struct str prefix)
{
	uint32_t h = hash(prefix);

	for (uint32_t i = x->space_count; i > 0; i--)
		if (x->prefixes[i - 1] == h &&
		    str_eq(x->spaces[i - 1].prefix, prefix))
			return x->spaces[i - 1].uri;
	return STR("");
}

/* The bytes of an attribute's value, decoded, in x->values. They do not move:
 * the buffer has room for a whole tag. */
static struct str value_of(struct xml *x, struct str written)
{
	size_t start = x->values.n;

	references_decode(&x->values, written, REFERENCES_XML);
	return str_trim((struct str){ x->values.p + start,
				      x->values.n - start });
}

static void declare(struct xml *x, struct str prefix, struct str uri)
{
	struct str kept = arena_copy(&x->kept, uri);

	if (!kept.p || x->space_count == XML_SPACES_MAX)
		return;
	x->prefixes[x->space_count] = hash(prefix);
	x->spaces[x->space_count++] = (struct space){ prefix, kept };
}

/* xmlns="", xmlns:a="", xml:base, xml:lang. For what is too long, or finds no
 * room: as if it were not there. */
static void heed(struct xml *x, struct element *e, struct str prefix,
		 struct str local, struct str value)
{
	struct str kept;

	if (str_is(prefix, "xmlns")) {
		declare(x, local, value);
	} else if (!prefix.n && str_is(local, "xmlns")) {
		declare(x, STR(""), value);
	} else if (str_is(prefix, "xml") && str_is(local, "base")) {
		if (value.n <= XML_BASE_MAX &&
		    !url_resolve(e->base, value, &x->kept, &kept) &&
		    kept.n <= XML_BASE_MAX)
			e->base = kept;
	} else if (str_is(prefix, "xml") && str_is(local, "lang")) {
		kept = arena_copy(&x->kept, value);
		if (kept.p)
			e->language = kept;
	}
}

/* Those that declare are heeded first: they hold for the tag that they are in,
 * wherever they stand there. */
static int read_attributes(struct xml *x, struct element *e, struct str body,
			   uint32_t *count)
{
	struct str written, value, prefix, local;

	*count = 0;
	if (!body.n)
		return 0;
	buf_clear(&x->values);
	if (!buf_grow(&x->values, TAGS_TAG_MAX))
		return -ENOMEM;
	buf_clear(&x->values);
	while (*count < XML_ATTRIBUTES_MAX &&
	       tags_attribute(&body, &written, &value)) {
		struct xml_attribute *a = &x->attributes[*count];

		split(written, &prefix, &local);
		a->value = value_of(x, value);
		a->name.prefix = prefix;
		a->name.local = small(local, x->names[*count]);
		heed(x, e, prefix, local, a->value);
		++*count;
	}
	for (uint32_t i = 0; i < *count; i++)
		x->attributes[i].name.space =
			x->attributes[i].name.prefix.n ?
				space_of(x, x->attributes[i].name.prefix) :
				STR("");
	return 0;
}

static int open_element(struct xml *x, const struct tags_piece *p,
			struct xml_event *ret)
{
	struct element *around = &x->open[x->depth], *e = around + 1;
	struct str local;
	int r;

	e->written = p->name;
	e->base = around->base;
	e->language = around->language;
	e->spaces = x->space_count;
	e->kept = x->kept;
	r = read_attributes(x, e, p->body, &ret->attribute_count);
	if (r)
		return r;
	split(p->name, &e->name.prefix, &local);
	e->name.local = small(local, e->local);
	e->name.space = space_of(x, e->name.prefix);
	x->pieces += ret->attribute_count;
	x->depth++;
	x->hashes[x->depth] = hash(p->name);
	x->pending_close = p->empty;
	ret->kind = XML_OPEN;
	ret->name = e->name;
	ret->attributes = x->attributes;
	return 0;
}

static void close_one(struct xml *x, struct xml_event *ret)
{
	struct element *e = &x->open[x->depth];

	ret->kind = XML_CLOSE;
	ret->name = e->name;
	x->depth--;
	x->space_count = e->spaces;
	x->kept = e->kept;
}

static bool same_name(struct str a, struct str b)
{
	return a.n == b.n && !strncasecmp(a.p, b.p, a.n);
}

/* How many elements this end tag closes: those within, which were forgotten,
 * with it; none when nothing of that name is open. */
static uint32_t closes(struct xml *x, struct str name)
{
	uint32_t h = hash(name);

	for (uint32_t d = x->depth; d > 0; d--)
		if (x->hashes[d] == h && same_name(x->open[d].written, name))
			return x->depth - d + 1;
	return 0;
}

/* A tag that the end of the document has cut: the last text begins with it. */
static bool is_cut_tag(const struct xml *x, struct str s)
{
	return x->tags.at == x->all.n && s.n > 1 && s.p[0] == '<' &&
	       (s.p[1] == '/' || (s.p[1] >= 'a' && s.p[1] <= 'z') ||
		(s.p[1] >= 'A' && s.p[1] <= 'Z'));
}

/* Of a section that is not closed, the brackets alone are none of it. */
static int take_text(struct xml *x, const struct tags_piece *p,
		     struct xml_event *ret)
{
	struct str s = p->body, open = STR("<![CDATA[");

	if (p->kind == TAGS_TEXT && str_starts(s, open))
		s = (struct str){ s.p + open.n, s.n - open.n };
	else if (p->kind == TAGS_TEXT && is_cut_tag(x, s))
		s.n = 0;
	ret->kind = XML_TEXT;
	if (p->kind == TAGS_CDATA || !s.n || !memchr(s.p, '&', s.n)) {
		ret->text = s;
		return 0;
	}
	buf_clear(&x->text);
	x->text.max = s.n;
	references_decode(&x->text, s, REFERENCES_XML);
	ret->text = buf_view(&x->text);
	return buf_error(&x->text);
}

/* false: the piece is no event. */
static int take_piece(struct xml *x, const struct tags_piece *p,
		      struct xml_event *ret, bool *is_event)
{
	*is_event = true;
	switch (p->kind) {
	case TAGS_TEXT:
	case TAGS_CDATA:
		return take_text(x, p, ret);
	case TAGS_DOCTYPE:
		ret->kind = XML_DOCTYPE;
		ret->text = p->body;
		return 0;
	case TAGS_OPEN:
		if (x->depth < XML_DEPTH_MAX)
			return open_element(x, p, ret);
		x->deeper += !p->empty;
		break;
	case TAGS_CLOSE:
		if (x->deeper) {
			x->deeper--;
			break;
		}
		x->closing = closes(x, p->name);
		break;
	}
	*is_event = false;
	return 0;
}

static bool next_piece(struct xml *x, struct tags_piece *ret)
{
	if (xml_is_cut(x) || !tags_next(&x->tags, ret))
		return false;
	x->pieces += ret->kind == TAGS_OPEN ? 4 : 1;
	return true;
}

int xml_next(struct xml *x, struct xml_event *ret)
{
	struct tags_piece p;
	bool is_event = false;
	int r = 0;

	*ret = (struct xml_event){ .kind = XML_DONE };
	while (!r && !is_event) {
		if (x->pending_close) {
			x->pending_close = false;
			x->closing = 1;
		}
		if (x->closing) {
			x->closing--;
			close_one(x, ret);
			return 0;
		}
		if (next_piece(x, &p)) {
			r = take_piece(x, &p, ret, &is_event);
		} else {
			x->deeper = 0;
			x->closing = x->depth;
			is_event = !x->depth;
		}
	}
	return r;
}

int xml_each(struct str utf8, struct str base, struct arena *a,
	     int (*each)(void *self, const struct xml_event *e,
			 uint32_t depth),
	     void *self, bool *cut)
{
	struct xml *x = xml_open(utf8, base, a);
	struct xml_event ev;
	int r;

	if (!x)
		return -ENOMEM;
	do {
		r = xml_next(x, &ev);
		if (!r)
			r = each(self, &ev, xml_depth(x));
	} while (!r && ev.kind != XML_DONE);
	*cut = *cut || r == STEP_END || xml_is_cut(x);
	xml_done(x);
	return r == STEP_END ? 0 : r;
}
