#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "parse/feed_parts.h"

/* JSON Feed 1.0 and 1.1. A member of another type than it should have is as
 * good as absent: there are such feeds, and the rest of them is good. */

static struct str string_of(const json_t *v)
{
	if (!json_is_string(v))
		return STR("");
	return (struct str){ json_string_value(v), json_string_length(v) };
}

static struct str text_of(const json_t *object, const char *name)
{
	return string_of(json_object_get(object, name));
}

static int set_text(struct feed *f, struct feed_record *r,
		    enum feed_field field, int rank, const json_t *object,
		    const char *name, enum feed_type type)
{
	struct str s = text_of(object, name);

	return s.n ? feed_set_text(f, r, field, rank, s, type) : 0;
}

static int set_address(struct feed *f, struct feed_record *r,
		       enum feed_field field, int rank, const json_t *object,
		       const char *name)
{
	struct str s = text_of(object, name);

	return s.n ? feed_set_address(f, r, field, rank, f->base, s) : 0;
}

static int set_date(struct feed *f, struct feed_record *r,
		    enum feed_field field, const json_t *object,
		    const char *name)
{
	return feed_set_date(f, r, field, 1, text_of(object, name));
}

/* "authors" of 1.1, "author" of 1.0. */
static int set_authors(struct feed *f, struct feed_record *r,
		       const json_t *object)
{
	const json_t *authors = json_object_get(object, "authors");
	const json_t *one;
	size_t i;
	int e = 0;

	json_array_foreach(authors, i, one)
		if (!e)
			e = feed_add_author(f, r, 2, text_of(one, "name"));
	one = json_object_get(object, "author");
	if (e || r->v[FEED_AUTHOR].known || !one)
		return e;
	return feed_add_author(f, r, 1,
			       json_is_string(one) ? text_of(object, "author") :
						     text_of(one, "name"));
}

/* Ids should be strings; numbers are taken for such. */
static int set_id(struct feed *f, const json_t *item)
{
	const json_t *v = json_object_get(item, "id");
	char digits[32];

	if (json_is_string(v))
		return feed_set_line(f, &f->item, FEED_ID, 1,
				     text_of(item, "id"));
	if (!json_is_integer(v))
		return 0;
	snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT,
		 json_integer_value(v));
	return feed_set_line(f, &f->item, FEED_ID, 1, str_of(digits));
}

static int set_tags(struct feed *f, const json_t *item)
{
	const json_t *tag;
	size_t i;
	int e = 0;

	json_array_foreach(json_object_get(item, "tags"), i, tag)
		if (!e && json_is_string(tag))
			e = feed_add_category(f, &f->item, string_of(tag));
	return e;
}

static int set_texts(struct feed *f, const json_t *item)
{
	struct feed_record *r = &f->item;
	int e = set_text(f, r, FEED_TITLE, 1, item, "title", FEED_PLAIN);

	if (!e)
		e = set_text(f, r, FEED_CONTENT, 2, item, "content_text",
			     FEED_PLAIN);
	if (!e)
		e = set_text(f, r, FEED_CONTENT, 1, item, "content_html",
			     FEED_HTML);
	if (!e)
		e = set_text(f, r, FEED_SUMMARY, 1, item, "summary",
			     FEED_PLAIN);
	return e;
}

/* The first attachment is the enclosure. */
static int set_addresses(struct feed *f, const json_t *item)
{
	struct feed_record *r = &f->item;
	const json_t *attached = json_object_get(item, "attachments");
	int e = set_address(f, r, FEED_URL, 2, item, "url");

	if (!e)
		e = set_address(f, r, FEED_URL, 1, item, "external_url");
	if (!e && json_array_size(attached))
		e = set_address(f, r, FEED_ENCLOSURE, 1,
				json_array_get(attached, 0), "url");
	return e;
}

static int read_item(struct feed *f, const json_t *item)
{
	struct feed_record *r = &f->item;
	int e = set_id(f, item);

	if (!e)
		e = set_addresses(f, item);
	if (!e)
		e = set_texts(f, item);
	if (!e)
		e = set_authors(f, r, item);
	if (!e)
		e = set_tags(f, item);
	if (!e)
		e = set_date(f, r, FEED_PUBLISHED, item, "date_published");
	if (!e)
		e = set_date(f, r, FEED_UPDATED, item, "date_modified");
	if (!e)
		e = feed_set_language(f, r, 1, text_of(item, "language"));
	return e ? e : feed_write_item(f);
}

static int set_hub(struct feed *f, const json_t *root)
{
	const json_t *hub = json_array_get(json_object_get(root, "hubs"), 0);

	return set_address(f, &f->head, FEED_HUB, 1, hub, "url");
}

static int read_head(struct feed *f, const json_t *root)
{
	struct feed_record *r = &f->head;
	int e = set_text(f, r, FEED_TITLE, 1, root, "title", FEED_PLAIN);

	if (!e)
		e = set_text(f, r, FEED_DESCRIPTION, 1, root, "description",
			     FEED_PLAIN);
	if (!e)
		e = set_address(f, r, FEED_URL, 1, root, "home_page_url");
	if (!e)
		e = set_address(f, r, FEED_SELF, 1, root, "feed_url");
	if (!e)
		e = set_address(f, r, FEED_NEXT, 1, root, "next_url");
	if (!e)
		e = set_authors(f, r, root);
	if (!e)
		e = feed_set_language(f, r, 1, text_of(root, "language"));
	f->stale = json_is_true(json_object_get(root, "expired"));
	return e ? e : set_hub(f, root);
}

static int read_root(struct feed *f, const json_t *root, struct err *e)
{
	const json_t *items = json_object_get(root, "items"), *item;
	struct str version = text_of(root, "version");
	size_t i;
	int r;

	if (!json_is_array(items))
		return err_set(e, STEP_REJECT,
			       "no feed: JSON without a list of \"items\"");
	f->format = str_ends(version, STR("version/1")) ||
				    str_ends(version, STR("version/1.0")) ?
			    "json1" : "json11";
	r = read_head(f, root);
	json_array_foreach(items, i, item)
		if (!r && !f->full && json_is_object(item))
			r = read_item(f, item);
	return r;
}

int feed_read_json(struct feed *f, struct str utf8, struct err *e)
{
	json_t *root = json_parse(str_trim(utf8), e);
	int r;

	if (!root)
		return STEP_REJECT;
	r = read_root(f, root, e);
	json_decref(root);
	return r;
}
