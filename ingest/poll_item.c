#include "ingest/poll_item.h"

#include <errno.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "parse/url.h"

struct str poll_item_text(const json_t *object, const char *name)
{
	const json_t *v = object ? json_object_get(object, name) : NULL;

	if (!json_is_string(v))
		return (struct str){ "", 0 };
	return str_trim((struct str){ json_string_value(v),
				      json_string_length(v) });
}

/* The first that says something. */
static struct str either(struct str a, struct str b)
{
	return a.n ? a : b;
}

static struct str longer(struct str a, struct str b)
{
	return b.n > a.n ? b : a;
}

static struct str text_of(const json_t *item)
{
	return either(poll_item_text(item, "content"),
		      poll_item_text(item, "summary"));
}

static struct str date_of(const json_t *item)
{
	return either(poll_item_text(item, "published"),
		      poll_item_text(item, "updated"));
}

/* A hash of parts that cannot run into each other. */
static uint64_t mix(uint64_t seed, struct str part)
{
	return hash_xx(part, seed);
}

struct poll_item poll_item_hash(const json_t *item)
{
	struct str id = poll_item_text(item, "id");
	struct str url = poll_item_text(item, "url");
	struct str title = poll_item_text(item, "title");
	struct str published = poll_item_text(item, "published");
	struct str text = text_of(item);
	struct poll_item ret;

	/* Not `updated`: there are feeds that say "just now" with each poll. */
	ret.content = mix(mix(mix(0, title), text), published);
	if (id.n)
		ret.id = mix(1, id);
	else if (url.n)
		ret.id = mix(2, url);
	else
		ret.id = mix(mix(3, title), text);
	return ret;
}

static size_t characters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += (s.p[i] & 0xC0) != 0x80;
	return n;
}

/* "Read on …": the sign that there is more elsewhere. */
static bool is_cut(struct str s)
{
	static const char *const ends[] = { "…", "[...]", "...", "[…]" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (str_ends(s, str_of(ends[i])))
			return true;
	return false;
}

struct str poll_item_page(const json_t *item)
{
	struct str url = poll_item_text(item, "url");

	return url_is_web(url) && url.n <= URL_MAX ? url
						   : (struct str){ "", 0 };
}

bool poll_item_lacks(const json_t *item, enum source_full full, bool sitemap)
{
	struct str content = poll_item_text(item, "content");
	struct str summary = poll_item_text(item, "summary");
	struct str text = either(content, summary);

	if (full == SOURCE_FULL_NEVER || !poll_item_page(item).n)
		return false;
	if (full == SOURCE_FULL_ALWAYS || sitemap)
		return true;
	return content.n <= summary.n &&
	       (characters(text) < POLL_ITEM_SHORT || is_cut(text));
}

static void add(struct buf *out, const char *name, struct str s)
{
	if (!s.n)
		return;
	json_add_name(out, name);
	json_add_text(out, s);
}

static void add_list(struct buf *out, const char *name, const json_t *v)
{
	size_t before = out->n;

	if (!json_is_array(v) || !json_array_size(v))
		return;
	json_add_name(out, name);
	json_add_value(out, v);
	/* A list that is longer than the article says nothing of it. */
	if (out->n > before + POLL_ITEM_EXTRA)
		out->n = before;
}

/* The page's own address when it names one; else where the feed said it is,
 * unless that was a detour over another site. */
static struct str address(const json_t *item, const json_t *page,
			  struct str at)
{
	struct str url = poll_item_text(item, "url");
	struct str own = poll_item_text(page, "url");

	if (!page)
		return url;
	if (own.n)
		return own;
	return at.n && !url_same_site(at, url) ? at : url;
}

static struct str source(const struct poll_feed *feed, const json_t *item,
			 const json_t *page)
{
	struct str s = either(poll_item_text(item, "source"), feed->title);

	if (feed->named)
		return (struct str){ "", 0 };
	return either(s, poll_item_text(page, "site"));
}

static void add_page(const struct poll_feed *feed, const json_t *item,
		     const json_t *page, struct str at, struct buf *out)
{
	struct str language = either(poll_item_text(item, "language"),
				     poll_item_text(page, "language"));

	add(out, "url", address(item, page, at));
	add(out, "author", either(poll_item_text(item, "author"),
				  poll_item_text(page, "author")));
	add(out, "published", either(date_of(item),
				     poll_item_text(page, "published")));
	add(out, "language", either(language, feed->language));
	add(out, "source", source(feed, item, page));
}

int poll_item_write(const struct poll_feed *feed, const json_t *item,
		    const json_t *page, struct str at, bool failed,
		    struct buf *out)
{
	struct str title = either(poll_item_text(item, "title"),
				  poll_item_text(page, "title"));
	struct str text = longer(text_of(item), poll_item_text(page, "text"));
	struct str summary = poll_item_text(item, "summary");

	if (!title.n && !text.n)
		return STEP_REJECT;
	buf_clear(out);
	buf_add_z(out, "{\"feed\":");
	json_add_text(out, feed->address);
	add(out, "title", title);
	add(out, "text", text);
	add_page(feed, item, page, at, out);
	add(out, "guid", poll_item_text(item, "id"));
	add_list(out, "categories", json_object_get(item, "categories"));
	if (!str_eq(summary, text) && summary.n <= POLL_ITEM_EXTRA)
		add(out, "summary", summary);
	if (failed)
		buf_add_z(out, ",\"full\":false");
	buf_add_char(out, '}');
	return buf_error(out);
}

int poll_item_aliases(const struct poll_feed *feed, const json_t *item,
		      struct buf *out, struct str alias[RAW_ALIASES])
{
	struct str guid = poll_item_text(item, "id");
	struct str url = poll_item_text(item, "url");
	size_t split;

	buf_clear(out);
	if (guid.n) {
		buf_add_z(out, "guid\n");
		buf_add_str(out, feed->address);
		buf_add_char(out, '\n');
		buf_add_str(out, guid);
	}
	split = out->n;
	if (url.n) {
		buf_add_z(out, "link\n");
		buf_add_str(out, url);
	}
	if (buf_error(out))
		return buf_error(out);
	alias[0] = (struct str){ out->p, split };
	alias[1] = (struct str){ out->p + split, out->n - split };
	return 0;
}
