#include <errno.h>
#include <string.h>

#include "base/base64.h"
#include "base/unicode.h"
#include "parse/feed_xml_parts.h"
#include "parse/markup.h"

/* base64 may be broken over lines. What it hides is text, or it is left out. */
static struct str decoded(struct feed_reader *r, struct str s)
{
	size_t n = 0;
	char *p = r->g.text.p;

	for (size_t i = 0; i < s.n; i++)
		if (!strchr(" \t\r\n", s.p[i]))
			p[n++] = s.p[i];
	buf_clear(&r->decoded);
	if (base64_decode(&r->decoded, (struct str){ p, n }) ||
	    unicode_valid(buf_view(&r->decoded)) < r->decoded.n)
		return STR("");
	return buf_view(&r->decoded);
}

static int finish_gathering(struct feed_reader *r)
{
	struct feed_gathering *g = &r->g;
	struct str text;

	if (!g->on)
		return 0;
	g->on = false;
	if (buf_error(&g->text) == -EMSGSIZE) {
		r->f->cut = true;
		buf_clear(&g->text);
		return 0;
	}
	if (buf_error(&g->text))
		return buf_error(&g->text);
	text = str_trim(buf_view(&g->text));
	if (g->base64)
		text = decoded(r, text);
	/* An empty element says nothing; nor does the space around others. */
	return text.n ? feed_xml_apply(r, text) : 0;
}

/* "Name (mail)", or what there is. */
static int finish_person(struct feed_reader *r)
{
	struct feed_person *p = &r->person;
	struct str name = buf_view(&p->name), mail = buf_view(&p->mail);
	int e;

	p->depth = 0;
	if (name.n && mail.n) {
		buf_add_z(&p->name, " (");
		buf_add_str(&p->name, mail);
		buf_add_char(&p->name, ')');
		name = buf_view(&p->name);
	}
	e = feed_add_author(r->f, feed_xml_record(r), p->rank,
			    name.n   ? name
			    : mail.n ? mail
				     : buf_view(&p->text));
	buf_clear(&p->text);
	buf_clear(&p->name);
	buf_clear(&p->mail);
	return e;
}

static int finish_item(struct feed_reader *r)
{
	int e = finish_gathering(r);

	if (!e && r->person.depth)
		e = finish_person(r);
	r->item = 0;
	return e ? e : feed_write_item(r->f);
}

static int begin_item(struct feed_reader *r, const struct xml_event *ev)
{
	int e = r->item ? finish_item(r) : finish_gathering(r);

	if (!e && r->person.depth)
		e = finish_person(r);
	r->item = xml_depth(r->x);
	return e ? e : feed_xml_heed_root(r, ev);
}

static void begin_gathering(struct feed_reader *r,
			    const struct feed_element *what,
			    const struct xml_event *ev)
{
	struct feed_gathering *g = &r->g;
	bool links = g->links_item;

	*g = (struct feed_gathering){ .on = true,
				      .what = what,
				      .text = g->text,
				      .type = what->type,
				      .links_item = links,
				      .depth = xml_depth(r->x) };
	buf_clear(&g->text);
	g->takes_markup = what->meaning == FEED_TEXT ||
			  what->meaning == FEED_BODY;
	if (what->meaning == FEED_TEXT)
		feed_xml_heed_type(g, xml_attribute(ev, "type"),
				   xml_attribute(ev, "mode"));
}

static void begin_person(struct feed_reader *r, const struct feed_element *what)
{
	r->person.depth = xml_depth(r->x);
	r->person.rank = what->rank;
}

/* An element that is not markup of a text. */
static int begin(struct feed_reader *r, const struct feed_element *what,
		 const struct xml_event *ev)
{
	int e = 0;

	switch (what->meaning) {
	case FEED_ITEM:
		return begin_item(r, ev);
	case FEED_SKIP:
		r->skipped = xml_depth(r->x);
		return finish_gathering(r);
	case FEED_ENCLOSURE_URL:
		return feed_xml_heed_enclosure(r, what, ev);
	default:
		break;
	}
	if ((what->meaning == FEED_PERSON_NAME ||
	     what->meaning == FEED_PERSON_MAIL) &&
	    !r->person.depth)
		return 0;
	if (what->meaning == FEED_PERSON)
		e = r->person.depth ? finish_person(r) : 0;
	else if (what->meaning == FEED_CATEGORY)
		e = feed_xml_heed_category(r, ev);
	else if (what->meaning == FEED_LINK)
		e = feed_xml_heed_link(r, ev);
	if (what->meaning == FEED_PERSON)
		begin_person(r, what);
	begin_gathering(r, what, ev);
	if (what->meaning == FEED_GUID)
		feed_xml_heed_guid(r, ev);
	return e;
}

static void gather_text(struct feed_reader *r, struct str s)
{
	if (r->g.marked_up)
		markup_escape(&r->g.text, s);
	else
		buf_add_str(&r->g.text, s);
}

/* A <div> around text that says it is escaped is no markup. */
static void gather_tag(struct feed_reader *r, struct str name, bool open)
{
	struct feed_gathering *g = &r->g;

	if (!g->marked_up && g->type == FEED_HTML && str_is(name, "div") &&
	    g->what->meaning == FEED_TEXT)
		return;
	if (!g->marked_up && !open)
		return;
	g->marked_up = true;
	g->type = FEED_HTML;
	buf_add_z(&g->text, open ? "<" : "</");
	buf_add_str(&g->text, name);
	buf_add_char(&g->text, '>');
}

static int on_open(struct feed_reader *r, const struct xml_event *ev)
{
	const struct feed_element *what;
	int e;

	if (r->skipped)
		return 0;
	what = feed_element(&ev->name);
	if (r->g.on && r->g.takes_markup &&
	    !(what && what->meaning == FEED_ITEM)) {
		gather_tag(r, ev->name.local, true);
		return 0;
	}
	e = finish_gathering(r);
	return e || !what ? e : begin(r, what, ev);
}

static int on_close(struct feed_reader *r, const struct xml_event *ev)
{
	uint32_t depth = xml_depth(r->x) + 1;
	int e = 0;

	if (r->skipped) {
		if (depth <= r->skipped)
			r->skipped = 0;
		return 0;
	}
	if (r->g.on && depth > r->g.depth) {
		gather_tag(r, ev->name.local, false);
		return 0;
	}
	if (r->g.on)
		e = finish_gathering(r);
	if (!e && r->person.depth && depth <= r->person.depth)
		e = finish_person(r);
	if (!e && r->item && depth <= r->item)
		e = finish_item(r);
	return e;
}

static int on_root(struct feed_reader *r, const struct xml_event *ev)
{
	struct feed *f = r->f;

	f->format = feed_format(ev, r->doctype);
	if (!f->format)
		return 0;
	f->is_atom = str_starts(str_of(f->format), STR("atom"));
	return str_is(ev->name.local, "entry") ? 0 : feed_xml_heed_root(r, ev);
}

static int on_event(struct feed_reader *r, const struct xml_event *ev)
{
	bool channel;
	int e = 0;

	switch (ev->kind) {
	case XML_OPEN:
		channel = str_is(ev->name.local, "channel");
		if (!r->f->format || (channel && !r->item))
			e = r->f->format ? feed_xml_heed_root(r, ev)
					 : on_root(r, ev);
		return e ? e : on_open(r, ev);
	case XML_CLOSE:
		return on_close(r, ev);
	case XML_TEXT:
		if (r->g.on)
			gather_text(r, ev->text);
		return 0;
	case XML_DOCTYPE:
		r->doctype = ev->text;
		return 0;
	default:
		return 0;
	}
}

static int no_feed(struct feed_reader *r, struct err *e)
{
	size_t line, column;

	xml_place(r->x, &line, &column);
	return err_set(e, STEP_REJECT,
		       "no feed: up to line %zu, column %zu, there is no "
		       "element rss, RDF, feed or channel; give the address "
		       "of the feed, not of a page",
		       line, column);
}

/* A root that is of no feed may stand before it (an error page of the server),
 * but not after the first elements. */
enum { FOREIGN_MAX = 1000 };

static int read_events(struct feed_reader *r, struct err *e)
{
	struct xml_event ev;
	unsigned int foreign = 0;
	int code;

	do {
		code = xml_next(r->x, &ev);
		if (!code)
			code = on_event(r, &ev);
		if (!r->f->format && ev.kind == XML_OPEN &&
		    ++foreign > FOREIGN_MAX)
			break;
	} while (!code && ev.kind != XML_DONE && !r->f->full);
	if (!code && !r->f->format)
		return no_feed(r, e);
	return code;
}

static void open_reader(struct feed_reader *r)
{
	buf_init(&r->g.text, FEED_TEXT_MAX);
	buf_init(&r->decoded, FEED_TEXT_MAX);
	buf_init(&r->person.text, FEED_LINE_MAX);
	buf_init(&r->person.name, FEED_LINE_MAX);
	buf_init(&r->person.mail, FEED_LINE_MAX);
}

static void close_reader(struct feed_reader *r)
{
	buf_done(&r->g.text);
	buf_done(&r->decoded);
	buf_done(&r->person.text);
	buf_done(&r->person.name);
	buf_done(&r->person.mail);
	xml_done(r->x);
}

int feed_read_xml(struct feed *f, struct str utf8, struct err *e)
{
	struct feed_reader r = { .f = f };
	int code;

	r.x = xml_open(utf8, f->base, &f->scratch);
	if (!r.x)
		return -ENOMEM;
	open_reader(&r);
	code = read_events(&r, e);
	f->cut = f->cut || xml_is_cut(r.x);
	close_reader(&r);
	return code;
}
