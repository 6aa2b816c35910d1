#include "parse/feed.h"

#include <errno.h>
#include <string.h>

#include "parse/feed_parts.h"
#include "parse/url.h"

static size_t ceiling(int field)
{
	switch (field) {
	case FEED_TITLE:
	case FEED_DESCRIPTION:
	case FEED_SUMMARY:
	case FEED_CONTENT:
		return FEED_TEXT_MAX;
	default:
		return FEED_LINE_MAX;
	}
}

static void open_record(struct feed_record *r)
{
	for (int i = 0; i < FEED_FIELDS; i++)
		buf_init(&r->v[i].text, ceiling(i));
}

static void close_record(struct feed_record *r)
{
	for (int i = 0; i < FEED_FIELDS; i++)
		buf_done(&r->v[i].text);
}

static bool is_json(struct str s)
{
	return str_starts(str_trim(s), STR("{"));
}

static int read_feed(struct feed *f, struct str utf8, struct err *e)
{
	int r;

	f->ids = arena_take_array(&f->scratch, FEED_ITEMS_MAX,
				  sizeof(*f->ids));
	if (!f->ids)
		return -ENOMEM;
	r = is_json(utf8) ? feed_read_json(f, utf8, e) :
			    feed_read_xml(f, utf8, e);
	return r ? r : feed_write_end(f);
}

/* An address to see relative ones from; what is none (javascript:) is not. */
static struct str base_of(const char *url)
{
	struct str s = url ? str_of(url) : STR("");

	return url_is_web(s) ? s : STR("");
}

int feed_parse(const struct document *d, struct arena scratch,
	       struct buf *out, struct err *e)
{
	struct feed f = { .scratch = scratch, .base = base_of(d->url),
			  .out = out, .start = out->n,
			  .as_html = d->as_html };
	int r;

	f.encoding = feed_encoding(d->bytes, d->type, d->charset, &f.scratch);
	open_record(&f.head);
	open_record(&f.item);
	/* Named controls are up to three bytes for two; & is five for one. */
	buf_init(&f.raw, 2 * FEED_TEXT_MAX);
	buf_init(&f.plain, 2 * FEED_TEXT_MAX);
	r = read_feed(&f, d->bytes, e);
	close_record(&f.head);
	close_record(&f.item);
	buf_done(&f.raw);
	buf_done(&f.plain);
	if (r)
		out->n = f.start;
	return r;
}
