#include "parse/opml.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "parse/text.h"
#include "parse/url.h"
#include "parse/xml.h"

enum {
	FOLDER_MAX = 4 << 10,
	TITLE_MAX = 4 << 10,
	OUTLINE_ROOM = 512 << 10, /* more than any line, and the head, take */
};

struct opml {
	struct arena scratch;
	struct str base;
	struct buf *out;
	size_t start;
	bool is_opml, cut;
	uint32_t title_at; /* depth of the head's title; 0: it is not open */
	struct buf title;
	struct buf folder; /* "A/B" */
	/* How long folder was before the outline that is open at a depth. */
	size_t folder_n[XML_DEPTH_MAX + 1];
};

static int add_member(struct opml *o, const char *name, struct str raw)
{
	struct arena a = o->scratch;
	struct str line;
	int r;

	if (!raw.n)
		return 0;
	r = text_line(raw, &a, &line);
	if (r || !line.n)
		return r;
	json_add_name(o->out, name);
	json_add_text(o->out, line);
	return buf_error(o->out);
}

static struct str title_of(const struct xml_event *ev)
{
	struct str title = xml_attribute(ev, "title");

	return title.n ? title : xml_attribute(ev, "text");
}

static int write_outline(struct opml *o, const struct xml_event *ev,
			 struct str written)
{
	struct arena a = o->scratch;
	struct str url;
	int r = url_resolve(o->base, written, &a, &url);

	if (r == -ENOMEM)
		return r;
	if (r || !url.n)
		return 0;
	if (o->out->n + OUTLINE_ROOM > o->out->max)
		return STEP_END;
	buf_add_char(o->out, '{');
	r = add_member(o, "url", url);
	if (!r)
		r = add_member(o, "title", title_of(ev));
	if (!r)
		r = add_member(o, "site", xml_attribute(ev, "htmlurl"));
	if (!r)
		r = add_member(o, "folder", buf_view(&o->folder));
	buf_add_z(o->out, "}\n");
	return r ? r : buf_error(o->out);
}

static void enter_folder(struct opml *o, const struct xml_event *ev)
{
	struct str name = title_of(ev);

	if (!name.n || o->folder.n + name.n + 1 > FOLDER_MAX)
		return;
	if (o->folder.n)
		buf_add_char(&o->folder, '/');
	buf_add_str(&o->folder, name);
}

static int on_outline(struct opml *o, const struct xml_event *ev,
		      uint32_t depth)
{
	struct str url = xml_attribute(ev, "xmlurl");

	o->folder_n[depth] = o->folder.n;
	if (url.n)
		return write_outline(o, ev, url);
	enter_folder(o, ev);
	return 0;
}

static int on_event(void *self, const struct xml_event *ev, uint32_t depth)
{
	struct opml *o = self;

	switch (ev->kind) {
	case XML_OPEN:
		o->is_opml |= str_is(ev->name.local, "opml");
		if (str_is(ev->name.local, "outline"))
			return on_outline(o, ev, depth);
		if (str_is(ev->name.local, "title") && !o->title.n)
			o->title_at = depth;
		return 0;
	case XML_CLOSE:
		if (str_is(ev->name.local, "outline"))
			o->folder.n = o->folder_n[depth + 1];
		if (depth < o->title_at)
			o->title_at = 0;
		return 0;
	case XML_TEXT:
		if (o->title_at)
			buf_add_str(&o->title, ev->text);
		return 0;
	default:
		return 0;
	}
}

/* The head goes in front: its title may stand anywhere. */
static int write_head(struct opml *o)
{
	struct arena a = o->scratch;
	struct buf head;
	struct str all;
	int r;

	buf_init(&head, 8 * TITLE_MAX);
	buf_add_z(&head, "{\"document\":\"opml\"");
	if (!buf_error(&o->title) &&
	    !text_line(buf_view(&o->title), &a, &all) && all.n) {
		json_add_name(&head, "title");
		json_add_text(&head, all);
	}
	if (o->cut)
		buf_add_z(&head, ",\"cut\":true");
	buf_add_z(&head, "}\n");
	r = buf_error(&head);
	if (!r)
		buf_insert(o->out, o->start, buf_view(&head));
	buf_done(&head);
	return r ? r : buf_error(o->out);
}

static int read_opml(struct opml *o, struct str utf8, struct err *e)
{
	int r = xml_each(utf8, o->base, &o->scratch, on_event, o, &o->cut);

	if (r)
		return r;
	if (!o->is_opml)
		return err_set(e, STEP_REJECT,
			       "no OPML: there is no element opml in it; "
			       "export the list of feeds as OPML");
	return write_head(o);
}

int opml_parse(const struct document *d, struct arena scratch,
	       struct buf *out, struct err *e)
{
	struct opml o = { .scratch = scratch, .out = out, .start = out->n,
			  .base = str_of(d->url ? d->url : "") };
	int r;

	buf_init(&o.title, TITLE_MAX);
	buf_init(&o.folder, FOLDER_MAX);
	r = read_opml(&o, d->bytes, e);
	buf_done(&o.title);
	buf_done(&o.folder);
	if (r)
		out->n = o.start;
	return r;
}

static void add_escaped(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		switch (s.p[i]) {
		case '&':
			buf_add_z(out, "&amp;");
			break;
		case '<':
			buf_add_z(out, "&lt;");
			break;
		case '>':
			buf_add_z(out, "&gt;");
			break;
		case '"':
			buf_add_z(out, "&quot;");
			break;
		default:
			/* No other control character can stand in XML. */
			if ((unsigned char)s.p[i] >= 0x20)
				buf_add_char(out, s.p[i]);
			else
				buf_add_char(out, ' ');
		}
	}
}

void opml_begin(struct buf *out, struct str title)
{
	buf_add_z(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		       "<opml version=\"2.0\">\n<head>");
	if (title.n) {
		buf_add_z(out, "<title>");
		add_escaped(out, title);
		buf_add_z(out, "</title>");
	}
	buf_add_z(out, "</head>\n<body>\n");
}

static void add_attribute(struct buf *out, const char *name, struct str value)
{
	if (!value.n)
		return;
	buf_printf(out, " %s=\"", name);
	add_escaped(out, value);
	buf_add_char(out, '"');
}

void opml_outline(struct buf *out, struct str url, struct str title,
		  struct str site)
{
	buf_add_z(out, "<outline type=\"rss\"");
	add_attribute(out, "text", title.n ? title : url);
	add_attribute(out, "title", title);
	add_attribute(out, "xmlUrl", url);
	add_attribute(out, "htmlUrl", site);
	buf_add_z(out, "/>\n");
}

void opml_end(struct buf *out)
{
	buf_add_z(out, "</body>\n</opml>\n");
}
