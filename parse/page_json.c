/* JSON-LD: which of the things that a page describes is its article. */
#include <string.h>

#include "base/json.h"
#include "parse/fold.h"
#include "parse/page_found.h"

enum {
	SCRIPTS_MAX = 16,
	DEPTH_MAX = 8,	    /* of lists and graphs */
	THINGS_MAX = 512,   /* looked at in a page */
	AUTHORS_MAX = 12,
	LOOKUPS_MAX = 64,
	MEMBERS_MAX = 1 << 16,
	MENDED_MAX = 256 << 10, /* bytes of broken JSON */
};

struct things {
	struct page_found *f;
	json_t *roots[SCRIPTS_MAX];
	size_t root_count, seen, lookups;
	const json_t *article;
	int score;
};

/* Salvage: JSON as hands and templates write it. */

struct mender {
	struct str s;
	size_t at;
	struct buf out;
};

static bool is_at(const struct mender *m, const char *z)
{
	struct str rest = { m->s.p + m->at, m->s.n - m->at };

	return str_starts(rest, str_of(z));
}

/* Behind the next z, or the end. */
static void skip_past(struct mender *m, const char *z)
{
	size_t n = strlen(z);

	while (m->at < m->s.n && !is_at(m, z))
		m->at++;
	m->at = m->at + n < m->s.n ? m->at + n : m->s.n;
}

/* In a string: raw newlines and tabs, and escapes that JSON does not know. */
static void mend_string(struct mender *m)
{
	buf_add_char(&m->out, m->s.p[m->at++]);
	while (m->at < m->s.n) {
		char c = m->s.p[m->at++];

		if (c == '\\' && m->at < m->s.n) {
			char next = m->s.p[m->at++];

			if (strchr("\"\\/bfnrtu", next) && next)
				buf_add_char(&m->out, '\\');
			c = next;
			if ((unsigned char)c < 0x20)
				c = ' ';
			buf_add_char(&m->out, c);
			continue;
		}
		if (c == '\n')
			buf_add_z(&m->out, "\\n");
		else
			buf_add_char(&m->out, (unsigned char)c < 0x20 ? ' ' :
									c);
		if (c == '"')
			return;
	}
}

static void drop_comma(struct mender *m)
{
	struct str s = str_trim(buf_view(&m->out));

	if (str_ends(s, STR(",")))
		m->out.n = (size_t)(s.p - m->out.p) + s.n - 1;
}

static void mend_next(struct mender *m)
{
	char c = m->s.p[m->at];

	if (c == '"') {
		mend_string(m);
	} else if (is_at(m, "<!--") || is_at(m, "-->")) {
		m->at += c == '<' ? 4 : 3;
	} else if (is_at(m, "<![CDATA[")) {
		m->at += 9;
	} else if (is_at(m, "]]>")) {
		m->at += 3;
	} else if (is_at(m, "/*")) {
		skip_past(m, "*/");
	} else if (is_at(m, "//")) {
		m->at += 2;
		if (!is_at(m, "<![CDATA[") && !is_at(m, "]]>"))
			skip_past(m, "\n");
	} else if (c == ';') {
		m->at++;
	} else {
		if (c == '}' || c == ']')
			drop_comma(m);
		buf_add_char(&m->out, (unsigned char)c < 0x20 ? ' ' : c);
		m->at++;
	}
}

/* A whole script whose quotes are references is decoded first. */
static json_t *parse_mended(struct page_found *f, struct str s)
{
	struct mender m = { .s = s };
	json_t *v = NULL;

	if (str_starts(s, STR("{&quot;")) || str_starts(s, STR("[{&quot;")))
		m.s = page_plain(f, s, false);
	buf_init(&m.out, 2 * m.s.n + 64);
	while (m.at < m.s.n)
		mend_next(&m);
	if (!buf_error(&m.out))
		v = json_parse(buf_view(&m.out), NULL);
	buf_done(&m.out);
	return v;
}

/* What things are. */

enum thing { THING_OTHER, THING_ARTICLE, THING_PAGE, THING_SITE, THING_OWNER };

static bool is_one_of(struct str s, const char *const *list)
{
	for (; *list; list++)
		if (str_is(s, *list))
			return true;
	return false;
}

static enum thing thing_of_name(const char *z)
{
	static const char *const pages[] = {
		"WebPage", "ItemPage", "AboutPage", "FAQPage", "QAPage",
		"Recipe", "Product", "VideoObject", "Event", "Book", "Thing",
		NULL
	};
	static const char *const owners[] = {
		"Organization", "NewsMediaOrganization", "Corporation", NULL
	};
	struct str s = str_of(z);
	const char *slash = strrchr(z, '/');

	if (slash)
		s = str_of(slash + 1);
	if (str_ends(s, STR("Article")) || str_ends(s, STR("Posting")) ||
	    str_is(s, "Report") || str_is(s, "Review") ||
	    str_is(s, "CreativeWork"))
		return str_is(s, "JobPosting") ? THING_PAGE : THING_ARTICLE;
	if (is_one_of(s, pages))
		return THING_PAGE;
	if (str_is(s, "WebSite"))
		return THING_SITE;
	return is_one_of(s, owners) ? THING_OWNER : THING_OTHER;
}

/* The best known of its types. */
static enum thing thing_of(const json_t *v)
{
	const json_t *type = json_object_get(v, "@type"), *one;
	enum thing best = THING_OTHER, t;
	size_t i;

	if (json_is_string(type))
		return thing_of_name(json_string_value(type));
	json_array_foreach(type, i, one) {
		t = json_is_string(one) ?
			    thing_of_name(json_string_value(one)) : THING_OTHER;
		if (t != THING_OTHER && (best == THING_OTHER || t < best))
			best = t;
	}
	return best;
}

static const char *text_at(const json_t *v, const char *key)
{
	const json_t *got = json_object_get(v, key);

	if (json_is_array(got))
		got = json_array_get(got, 0);
	return json_string_value(got);
}

/* "name" of an object, or the string itself. */
static const char *name_of(const json_t *v)
{
	if (json_is_array(v))
		v = json_array_get(v, 0);
	return json_is_object(v) ? text_at(v, "name") : json_string_value(v);
}

/* The thing with this @id that has a name: Yoast's graphs refer so. */
static const json_t *lookup(const struct things *t, const char *id)
{
	const json_t *one;
	size_t i;

	for (size_t r = 0; r < t->root_count; r++) {
		const json_t *list = t->roots[r];

		if (json_is_object(list))
			list = json_object_get(list, "@graph");
		json_array_foreach(list, i, one) {
			const char *its = text_at(one, "@id");

			if (i >= THINGS_MAX)
				break;
			if (its && !strcmp(its, id) && text_at(one, "name"))
				return one;
		}
	}
	return NULL;
}

static const char *name_at(struct things *t, const json_t *v)
{
	const char *name = name_of(v), *id;

	if (name || !json_is_object(v))
		return name;
	id = text_at(v, "@id");
	if (!id || t->lookups++ >= LOOKUPS_MAX)
		return NULL;
	return name_of(lookup(t, id));
}

static void say(const struct things *t, enum page_field field,
		enum page_rank rank, const char *z)
{
	if (z && *z)
		page_say(t->f, field, rank, str_of(z));
}

static void say_authors(struct things *t, enum page_rank rank,
			const json_t *v)
{
	const json_t *one;
	size_t i;

	if (!json_is_array(v)) {
		say(t, PAGE_AUTHOR, rank, name_at(t, v));
		return;
	}
	json_array_foreach(v, i, one) {
		if (i >= AUTHORS_MAX)
			return;
		say(t, PAGE_AUTHOR, rank, name_at(t, one));
	}
}

static const json_t *first_of(const json_t *v, const char *a, const char *b)
{
	const json_t *got = json_object_get(v, a);

	return got && !json_is_null(got) ? got : json_object_get(v, b);
}

static const char *url_of(const json_t *v)
{
	const json_t *page = json_object_get(v, "mainEntityOfPage");
	const char *url = text_at(v, "url");

	if (url)
		return url;
	return json_is_object(page) ? text_at(page, "@id") :
				      json_string_value(page);
}

/* The headline, unless the page's title has the name and not the headline. */
static const char *title_of(const struct things *t, const json_t *v)
{
	const char *headline = text_at(v, "headline");
	const char *name = text_at(v, "name");
	struct str title = t->f->title_tag;

	if (!headline || !*headline)
		return name;
	if (name && strlen(name) > 5 && fold_find(title, name) < title.n &&
	    fold_find(title, headline) == title.n)
		return name;
	return headline;
}

static void say_thing(struct things *t, enum page_rank rank,
		      const json_t *v)
{

	say(t, PAGE_TITLE, rank, title_of(t, v));
	say_authors(t, rank, first_of(v, "author", "creator"));
	say(t, PAGE_PUBLISHED, rank, text_at(v, "datePublished"));
	say(t, PAGE_PUBLISHED, PAGE_BY_PAGE, text_at(v, "dateCreated"));
	say(t, PAGE_PUBLISHED, PAGE_BY_PAGE, text_at(v, "uploadDate"));
	say(t, PAGE_MODIFIED, rank, text_at(v, "dateModified"));
	say(t, PAGE_LANGUAGE, rank, name_of(json_object_get(v, "inLanguage")));
	say(t, PAGE_URL, rank, url_of(v));
	say(t, PAGE_SITE, rank, name_at(t, json_object_get(v, "publisher")));
	say(t, PAGE_SUMMARY, rank, text_at(v, "description"));
	say(t, PAGE_SECTION, rank, text_at(v, "articleSection"));
}

/* Of several articles the page's own: it has the page's address, and is told
 * in full. */
static int score_of(const struct things *t, const json_t *v)
{
	static const char *const keys[] = {
		"headline", "datePublished", "author", "publisher",
	};
	const char *url = url_of(v);
	struct str own = t->f->said[PAGE_URL][PAGE_BY_GRAPH];
	int score = 1;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		score += json_object_get(v, keys[i]) != NULL;
	score += json_object_get(v, "articleBody") ? 2 : 0;
	if (url && (str_is(own, url) || str_is(t->f->base, url)))
		score += 8;
	return score;
}

static void consider(struct things *t, const json_t *v)
{
	int score;

	switch (thing_of(v)) {
	case THING_ARTICLE:
		score = score_of(t, v);
		if (score > t->score) {
			t->score = score;
			t->article = v;
		}
		break;
	case THING_PAGE:
		say_thing(t, PAGE_BY_PAGE, v);
		break;
	case THING_SITE:
		say(t, PAGE_SITE, PAGE_BY_PAGE, text_at(v, "name"));
		break;
	case THING_OWNER:
		say(t, PAGE_SITE, PAGE_BY_MARK, text_at(v, "name"));
		break;
	default:
		break;
	}
}

static void visit(struct things *t, const json_t *v, int depth)
{
	const json_t *one;
	size_t i;

	if (depth > DEPTH_MAX || t->seen >= THINGS_MAX)
		return;
	if (json_is_array(v)) {
		json_array_foreach(v, i, one) {
			if (t->seen >= THINGS_MAX)
				return;
			visit(t, one, depth + 1);
		}
		return;
	}
	if (!json_is_object(v))
		return;
	t->seen++;
	consider(t, v);
	visit(t, json_object_get(v, "@graph"), depth + 1);
	visit(t, json_object_get(v, "mainEntity"), depth + 1);
	visit(t, json_object_get(v, "mainEntityOfPage"), depth + 1);
}

static bool is_json_ld(const struct dom *d, uint32_t i)
{
	struct str type;

	if (d->v[i].tag != DOM_SCRIPT || d->v[i].end < i + 2)
		return false;
	type = dom_attribute(d, i, "type");
	return str_starts(type, STR("application/ld+json"));
}

/* No description of an article has more members; a tree of them costs much. */
static bool is_too_many(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == ',';
	return n > MEMBERS_MAX;
}

static void parse_scripts(struct things *t)
{
	const struct dom *d = t->f->d;
	size_t left = PAGE_JSON_MAX;

	for (uint32_t i = 0; i < d->n && t->root_count < SCRIPTS_MAX; i++) {
		struct str s;
		json_t *v;

		if (!is_json_ld(d, i))
			continue;
		s = str_trim(d->v[i + 1].text);
		if (!s.n || s.n > left || is_too_many(s))
			continue;
		left -= s.n;
		v = json_parse(s, NULL);
		if (!v && s.n <= MENDED_MAX)
			v = parse_mended(t->f, s);
		if (v)
			t->roots[t->root_count++] = v;
	}
}

void page_read_json(struct page_found *f)
{
	struct things t = { .f = f };
	const char *body;

	parse_scripts(&t);
	for (size_t i = 0; i < t.root_count; i++)
		visit(&t, t.roots[i], 0);
	if (t.article) {
		say_thing(&t, PAGE_BY_ARTICLE, t.article);
		body = text_at(t.article, "articleBody");
		if (body && *body) {
			f->body = page_plain(f, str_of(body), true);
			f->has_body = f->body.n;
		}
	}
	for (size_t i = 0; i < t.root_count; i++)
		json_decref(t.roots[i]);
}
