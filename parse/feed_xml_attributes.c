#include "parse/feed_xml_parts.h"

static struct str rdf_about(const struct xml_event *ev)
{
	for (uint32_t i = 0; i < ev->attribute_count; i++)
		if (str_is(ev->attributes[i].name.local, "about") &&
		    feed_space(&ev->attributes[i].name) == FEED_RDF)
			return ev->attributes[i].value;
	return STR("");
}

static struct str written_language(const struct xml_event *ev)
{
	for (uint32_t i = 0; i < ev->attribute_count; i++)
		if (str_is(ev->attributes[i].name.local, "lang"))
			return ev->attributes[i].value;
	return STR("");
}

/* The Channel Definition Format keeps in attributes what others have elements
 * for; RSS 1.0 the id. */
int feed_xml_heed_root(struct feed_reader *r, const struct xml_event *ev)
{
	struct feed_record *to = feed_xml_record(r);
	struct str s;
	int e;

	e = feed_set_language(r->f, to, 1, written_language(ev));
	s = xml_attribute(ev, "href");
	if (!e && s.n)
		e = feed_set_address(r->f, to, FEED_URL, 2, xml_base(r->x), s);
	s = xml_attribute(ev, "lastmod");
	if (!e && s.n)
		e = feed_set_date(r->f, to, FEED_UPDATED, 1, s);
	s = rdf_about(ev);
	if (!e && s.n && r->item)
		e = feed_set_address(r->f, to, FEED_ID, 1, xml_base(r->x), s);
	return e;
}

static bool is_html_type(struct str type)
{
	return !type.n || str_starts(type, STR("text/html")) ||
	       str_starts(type, STR("application/xhtml+xml"));
}

/* Which field the address of a link is for, by its rel; FEED_FIELDS: none. An
 * alternate that is no page is better than nothing. */
static enum feed_field link_field(struct str rel, struct str type, bool item,
				  int *rank)
{
	*rank = 3;
	if (!rel.n || str_is(rel, "alternate")) {
		*rank = is_html_type(type) ? 3 : 0;
		return FEED_URL;
	}
	if (str_is(rel, "enclosure"))
		return FEED_ENCLOSURE;
	if (str_is(rel, "replies"))
		return is_html_type(type) ? FEED_COMMENTS : FEED_FIELDS;
	if (item)
		return FEED_FIELDS;
	return str_is(rel, "self")   ? FEED_SELF
	       : str_is(rel, "hub")  ? FEED_HUB
	       : str_is(rel, "next") ? FEED_NEXT
				     : FEED_FIELDS;
}

/* Of two alternates the first is the one. */
int feed_xml_heed_link(struct feed_reader *r, const struct xml_event *ev)
{
	struct str href = xml_attribute(ev, "href");
	struct str rel = xml_attribute(ev, "rel");
	struct feed_record *to = feed_xml_record(r);
	enum feed_field field;
	int rank;

	field = link_field(rel, xml_attribute(ev, "type"), r->item, &rank);
	r->g.links_item = field == FEED_URL;
	if (!href.n || field == FEED_FIELDS ||
	    (to->v[field].known && to->v[field].rank >= rank))
		return 0;
	return feed_set_address(r->f, to, field, rank, xml_base(r->x), href);
}

int feed_xml_heed_enclosure(struct feed_reader *r,
			    const struct feed_element *what,
			    const struct xml_event *ev)
{
	struct str url = xml_attribute(ev, "url");

	if (!r->item || !url.n || r->f->item.v[FEED_ENCLOSURE].known)
		return 0;
	return feed_set_address(r->f, &r->f->item, FEED_ENCLOSURE, what->rank,
				xml_base(r->x), url);
}

int feed_xml_heed_category(struct feed_reader *r, const struct xml_event *ev)
{
	struct str term = xml_attribute(ev, "term");

	if (!term.n)
		term = xml_attribute(ev, "text");
	return r->item && term.n ? feed_add_category(r->f, &r->f->item, term)
				 : 0;
}

static bool is_xml_type(struct str t)
{
	return str_is(t, "xhtml") || str_ends(t, STR("+xml")) ||
	       str_ends(t, STR("/xml"));
}

/* A media type and, in Atom 0.3, a mode, as far as the reading depends on
 * them. Markup in its own right from the start; base64 what is none of text. */
void feed_xml_heed_type(struct feed_gathering *g, struct str t, struct str mode)
{
	if (str_is(t, "text") || str_starts(t, STR("text/plain"))) {
		g->type = FEED_GUESS;
	} else if (is_xml_type(t)) {
		g->type = FEED_HTML;
		g->marked_up = !str_is(mode, "escaped");
	} else if (str_is(t, "html") || str_starts(t, STR("text/html"))) {
		g->type = FEED_HTML;
	} else if (str_has(t, '/') && !str_starts(t, STR("text/"))) {
		g->type = FEED_HTML;
		g->base64 = true;
	}
	if (!str_is(mode, "base64"))
		return;
	g->base64 = true;
	g->marked_up = false;
	if (g->type == FEED_GUESS && !t.n)
		g->type = FEED_HTML;
}

void feed_xml_heed_guid(struct feed_reader *r, const struct xml_event *ev)
{
	struct str permanent = xml_attribute(ev, "ispermalink");

	r->g.is_address = !str_is(permanent, "false");
	r->g.links_item = r->g.is_address;
}
