/* JSON-LD: which of the things that a page describes is its article. */
#include <string.h>

#include "base/json.h"
#include "parse/fold.h"
#include "parse/page_found.h"

enum {
	DEPTH_MAX = 8,	    /* of lists and graphs */
	THINGS_MAX = 512,   /* looked at in a page */
	AUTHORS_MAX = 12,
	LOOKUPS_MAX = 64,
};

struct things {
	struct page_found *f;
	json_t *roots[PAGE_SCRIPTS_MAX];
	size_t root_count, seen, lookups;
	const json_t *article;
	int score;
};

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
		"Recipe", "HowTo", "Product", "VideoObject", "Event", "Book", "Thing",
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

/* Where there is an author too, only the longer list of creators tells more:
 * others are who entered it. */
static void say_creators(struct things *t, enum page_rank rank,
			 const json_t *v)
{
	const json_t *author = json_object_get(v, "author");
	const json_t *creator = json_object_get(v, "creator");
	size_t known = json_is_array(author) ? json_array_size(author) : 1;

	if (!author || json_is_null(author) || json_array_size(creator) > known)
		say_authors(t, rank, creator);
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
	say_authors(t, rank, json_object_get(v, "author"));
	say_creators(t, rank, v);
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

void page_read_json(struct page_found *f)
{
	struct things t = { .f = f };
	const char *body;

	t.root_count = page_scripts(f, t.roots);
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
