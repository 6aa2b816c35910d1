#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "parse/feed_parts.h"
#include "parse/markup.h"

static const char *const names[FEED_FIELDS] = {
	[FEED_ID] = "id",
	[FEED_URL] = "url",
	[FEED_TITLE] = "title",
	[FEED_DESCRIPTION] = "description",
	[FEED_SUMMARY] = "summary",
	[FEED_CONTENT] = "content",
	[FEED_AUTHOR] = "author",
	[FEED_UPDATED] = "updated",
	[FEED_PUBLISHED] = "published",
	[FEED_CATEGORIES] = "categories",
	[FEED_LANGUAGE] = "language",
	[FEED_ENCLOSURE] = "enclosure",
	[FEED_COMMENTS] = "comments",
	[FEED_VIA] = "via",
	[FEED_SELF] = "self",
	[FEED_HUB] = "hub",
	[FEED_NEXT] = "next",
};

void feed_forget(struct feed_record *r)
{
	for (int i = 0; i < FEED_FIELDS; i++) {
		struct feed_value *v = &r->v[i];

		buf_clear(&v->text);
		v->known = v->html = false;
		v->rank = 0;
	}
}

static void write_value(struct feed *f, struct buf *out,
			const struct feed_value *v, enum feed_field field)
{
	struct str text = buf_view(&v->text);

	if (f->as_html && v->html) {
		buf_clear(&f->raw);
		markup_escape(&f->raw, text);
		if (!buf_error(&f->raw))
			text = buf_view(&f->raw);
	}
	json_add_name(out, names[field]);
	if (field == FEED_CATEGORIES) {
		buf_add_char(out, '[');
		buf_add_str(out, text);
		buf_add_char(out, ']');
	} else {
		json_add_text(out, text);
	}
}

static void leave_out_long(struct feed *f)
{
	for (int i = 0; i < FEED_FIELDS; i++) {
		struct feed_value *v = &f->head.v[i];

		if (v->text.n <= FEED_HEAD_TEXT_MAX)
			continue;
		v->known = false;
		f->cut = true;
	}
}

static void write_fields(struct feed *f, struct buf *out,
			 const struct feed_record *r)
{
	for (int i = 0; i < FEED_FIELDS; i++)
		if (r->v[i].known)
			write_value(f, out, &r->v[i], (enum feed_field)i);
}

/* Where a feed gives one text alone, and a short one, it is the summary as
 * well. */
static void complete(struct feed_record *r)
{
	const struct feed_value *content = &r->v[FEED_CONTENT];
	struct feed_value *summary = &r->v[FEED_SUMMARY];

	if (summary->known || !content->known ||
	    content->text.n > FEED_SUMMARY_MAX)
		return;
	summary->known = true;
	summary->html = content->html;
	buf_add_str(&summary->text, buf_view(&content->text));
}

static void note_id(struct feed *f)
{
	struct feed_value *v = &f->item.v[FEED_ID];
	struct feed_written_id *id = &f->ids[f->id_count];

	if (!v->known)
		return;
	id->hash = hash_xx(buf_view(&v->text), 0);
	id->at = f->out->n;
	write_value(f, f->out, v, FEED_ID);
	id->n = f->out->n - id->at;
	v->known = false;
	f->id_count++;
}

static void write_item(struct feed *f)
{
	complete(&f->item);
	buf_add_char(f->out, '{');
	note_id(f);
	write_fields(f, f->out, &f->item);
	buf_add_z(f->out, "}\n");
}

/* What is too much is left out from there on. */
int feed_write_item(struct feed *f)
{
	size_t before = f->out->n, ids = f->id_count;
	int e = buf_error(f->out);

	if (f->items == FEED_ITEMS_MAX) {
		f->full = f->cut = true;
	} else if (!e && !f->full) {
		write_item(f);
		f->items++;
		f->full = buf_error(f->out) == -EMSGSIZE ||
			  f->out->n + FEED_HEAD_ROOM > f->out->max;
		e = f->full ? 0 : buf_error(f->out);
	}
	if (f->full && !f->cut) {
		f->out->n = before;
		f->out->error = 0;
		f->id_count = ids;
		f->items--;
		f->cut = true;
	}
	feed_forget(&f->item);
	return e;
}

static int by_hash(const void *a, const void *b)
{
	const struct feed_written_id *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static int by_place(const void *a, const void *b)
{
	const struct feed_written_id *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

/* Keep of the ids those that several items bear. */
static void keep_repeated(struct feed *f)
{
	struct feed_written_id *v = f->ids;
	size_t kept = 0;

	qsort(v, f->id_count, sizeof(*v), by_hash);
	for (size_t i = 0, next; i < f->id_count; i = next) {
		for (next = i + 1; next < f->id_count; next++)
			if (v[next].hash != v[i].hash)
				break;
		if (next - i < 2)
			continue;
		memmove(v + kept, v + i, (next - i) * sizeof(*v));
		kept += next - i;
	}
	f->id_count = kept;
	qsort(v, f->id_count, sizeof(*v), by_place);
}

static void remove_repeated(struct feed *f)
{
	char *p = f->out->p;
	size_t to;

	keep_repeated(f);
	if (!f->id_count)
		return;
	to = f->ids[0].at;
	for (size_t i = 0; i < f->id_count; i++) {
		size_t next = i + 1 < f->id_count ? f->ids[i + 1].at :
						    f->out->n;
		size_t from = f->ids[i].at + f->ids[i].n;

		from += p[from] == ',';
		memmove(p + to, p + from, next - from);
		to += next - from;
	}
	f->out->n = to;
}

static void write_number(struct buf *b, const char *name, long x)
{
	if (x <= 0)
		return;
	json_add_name(b, name);
	buf_printf(b, "%ld", x);
}

static void write_true(struct buf *b, const char *name, bool is_true)
{
	if (!is_true)
		return;
	json_add_name(b, name);
	buf_add_z(b, "true");
}

static void write_head(struct feed *f, struct buf *b)
{
	buf_add_z(b, "{\"document\":\"feed\"");
	json_add_name(b, "format");
	json_add_text(b, str_of(f->format));
	json_add_name(b, "encoding");
	json_add_text(b, str_of(f->encoding));
	write_fields(f, b, &f->head);
	write_number(b, "ttl", f->ttl);
	if (f->period)
		write_number(b, "every",
			     f->period / (f->frequency > 0 ? f->frequency : 1));
	write_true(b, "stale", f->stale);
	write_true(b, "cut", f->cut);
	buf_add_z(b, "}\n");
}

/* The head is known last: it goes in front. */
int feed_write_end(struct feed *f)
{
	struct buf head;

	if (buf_error(f->out))
		return buf_error(f->out);
	remove_repeated(f);
	leave_out_long(f);
	buf_init(&head, FEED_HEAD_ROOM);
	write_head(f, &head);
	if (!buf_error(&head))
		buf_insert(f->out, f->start, buf_view(&head));
	else if (!f->out->error)
		f->out->error = buf_error(&head);
	buf_done(&head);
	return buf_error(f->out);
}
