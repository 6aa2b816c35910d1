#include "ingest/harvest.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "ingest/parser.h"
#include "ingest/tame.h"

enum {
	LOOK = 4096, /* bytes that tell what a document is */
	URL_MAX = 16 << 10,
};

static bool begins(struct str s, const char *head)
{
	size_t n = strlen(head);

	return s.n >= n && !strncasecmp(s.p, head, n);
}

/* A tag of this name, whatever follows it. */
static bool is_tag(struct str s, const char *tag)
{
	size_t n = strlen(tag);

	return begins(s, tag) &&
	       (s.n == n || strchr(" \t\r\n\f/>:", s.p[n]));
}

/* Behind the first `end`; empty when there is none. */
static struct str behind(struct str s, const char *end)
{
	size_t n = strlen(end);

	while (s.n && !begins(s, end))
		s = (struct str){ s.p + 1, s.n - 1 };
	return s.n < n ? (struct str){ s.p, 0 }
		       : (struct str){ s.p + n, s.n - n };
}

/* The first tag: behind byte order mark, white space, declaration, comments. */
static struct str first_tag(struct str s)
{
	if (s.n > LOOK)
		s.n = LOOK;
	if (begins(s, "\xEF\xBB\xBF"))
		s = (struct str){ s.p + 3, s.n - 3 };
	for (;;) {
		s = str_trim(s);
		if (begins(s, "<!--"))
			s = behind(s, "-->");
		else if (begins(s, "<?"))
			s = behind(s, ">");
		else
			return s;
	}
}

static bool is_one_of(struct str type, const char *const *names)
{
	for (; *names; names++)
		if (type.n == strlen(*names) && begins(type, *names))
			return true;
	return false;
}

enum harvest_kind harvest_kind(struct str type, struct str bytes)
{
	static const char *const feeds[] = { "application/rss+xml",
					     "application/atom+xml",
					     "application/rdf+xml",
					     "application/feed+json", NULL };
	static const char *const pages[] = { "text/html",
					     "application/xhtml+xml", NULL };
	struct str tag = first_tag(bytes);

	if (is_tag(tag, "<rss") || is_tag(tag, "<feed") ||
	    is_tag(tag, "<rdf"))
		return HARVEST_FEED;
	if (is_tag(tag, "<!doctype html") || is_tag(tag, "<html"))
		return HARVEST_PAGE;
	type = str_trim(str_cut(&type, ';'));
	if (is_one_of(type, feeds))
		return HARVEST_FEED;
	return is_one_of(type, pages) ? HARVEST_PAGE : HARVEST_NONE;
}

void harvest_init(struct harvest *h, const struct source_tools *tools)
{
	*h = (struct harvest){ .tools = tools };
	buf_init(&h->answer, DOCUMENT_ANSWER_MAX);
	buf_init(&h->line, RAW_MAX);
	buf_init(&h->alias, URL_MAX + 16);
	buf_init(&h->fetched_at, 256);
	buf_init(&h->file, 8192);
	buf_init(&h->url, URL_MAX);
}

void harvest_done(struct harvest *h)
{
	buf_done(&h->answer);
	buf_done(&h->line);
	buf_done(&h->alias);
	buf_done(&h->fetched_at);
	buf_done(&h->file);
	buf_done(&h->url);
}

static void keep(struct buf *b, struct str s)
{
	buf_clear(b);
	if (s.n)
		tame(s, b->max, b);
}

/* Characters, without decoding what was decoded. */
static size_t characters(const char *p, size_t n)
{
	size_t all = 0;

	for (size_t i = 0; i < n; i++)
		all += ((unsigned char)p[i] & 0xc0) != 0x80;
	return all;
}

static bool is_short(struct str line, size_t least)
{
	json_t *v = json_parse(line, NULL);
	const json_t *text = json_object_get(v, "text");
	bool ret = !text || characters(json_string_value(text),
				       json_string_length(text)) < least;

	json_decref(v);
	return ret;
}

int harvest_begin(struct harvest *h, const struct harvest_find *f,
		  struct err *e)
{
	const struct document d = {
		.kind = f->kind == HARVEST_FEED ? DOCUMENT_FEED
						: DOCUMENT_PAGE,
		.bytes = f->bytes, .type = f->type, .url = f->url,
	};
	int r;

	h->rest = (struct str){ NULL, 0 };
	h->pieces = 0;
	if (!h->tools || !h->tools->parser)
		return err_set(e, STEP_REJECT,
			       "an HTML page, and nothing here reads pages");
	r = parser_ask(h->tools->parser, &d, &h->answer, e);
	if (r)
		return r;
	keep(&h->fetched_at, f->fetched_at);
	keep(&h->file, f->file);
	keep(&h->url, f->url ? str_of(f->url) : STR(""));
	h->is_page = f->kind == HARVEST_PAGE;
	h->rest = buf_view(&h->answer);
	str_cut(&h->rest, '\n'); /* the head */
	if (!harvest_more(h))
		return STEP_END;
	if (h->is_page) {
		struct str all = h->rest;

		if (is_short(str_cut(&all, '\n'), f->least))
			h->rest = (struct str){ NULL, 0 };
	}
	return harvest_more(h) ? 0 : STEP_END;
}

bool harvest_more(const struct harvest *h)
{
	return str_trim(h->rest).n;
}

static int set_new(json_t *object, const char *name, const struct buf *value)
{
	const json_t *had = json_object_get(object, name);

	if (!value->n || json_string_length(had))
		return 0;
	return json_object_set_new(object, name,
				   json_stringn(value->p, value->n))
		       ? -ENOMEM
		       : 0;
}

/* The line with what we know of it beside. */
static int complete(struct harvest *h, json_t *object)
{
	int r = h->is_page ? set_new(object, "url", &h->url) : 0;

	if (!r)
		r = set_new(object, "fetched_at", &h->fetched_at);
	if (!r)
		r = set_new(object, "file", &h->file);
	buf_clear(&h->line);
	if (!r)
		json_add_value(&h->line, object);
	return r ? r : buf_error(&h->line);
}

/* Another name of the article: the address that it was found under. */
static void name_it(struct harvest *h, const json_t *object, struct raw *ret)
{
	const json_t *url = json_object_get(object, "url");
	struct str s = h->is_page ? buf_view(&h->url)
				  : (struct str){ json_string_value(url),
						  json_string_length(url) };

	ret->once = true;
	if (!s.n || s.n > URL_MAX)
		return;
	buf_clear(&h->alias);
	buf_add_z(&h->alias, "link\n");
	buf_add_str(&h->alias, s);
	ret->alias[0] = buf_view(&h->alias);
}

int harvest_next(struct harvest *h, struct raw *ret, struct err *e)
{
	struct str line;
	json_t *object;
	int r;

	do
		line = str_trim(str_cut(&h->rest, '\n'));
	while (!line.n && h->rest.p);
	if (!line.n)
		return STEP_END;
	h->pieces++;
	object = json_parse(line, e);
	if (!json_is_object(object)) {
		json_decref(object);
		return err_set(e, STEP_REJECT,
			       "made the parser speak nonsense; refused");
	}
	r = complete(h, object);
	if (r == -EMSGSIZE)
		r = err_set(e, STEP_REJECT, "more than %d bytes for one "
			    "article", RAW_MAX);
	ret->kind = RAW_PARSED;
	ret->bytes = buf_view(&h->line);
	name_it(h, object, ret);
	json_decref(object);
	return r;
}

int harvest_saved_page(struct harvest *h, struct raw *ret, struct err *e)
{
	const struct harvest_find f = {
		.kind = HARVEST_PAGE, .bytes = ret->bytes, .least = 1,
		.file = ret->file ? str_of(ret->file) : STR(""),
	};
	int r = harvest_begin(h, &f, e);

	ret->bytes = STR("");
	if (r == STEP_END)
		r = err_set(e, STEP_REJECT, "no article in this page");
	if (!r)
		r = harvest_next(h, ret, e);
	if (r)
		err_at(e, r, "%s: ", ret->place);
	return r;
}
