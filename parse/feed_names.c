#include "parse/feed_names.h"

#include <string.h>
#include <strings.h>

struct uri {
	struct str uri, prefix; /* prefix: where the space is not declared */
	enum feed_space space;
};

#define U(literal) { literal, sizeof(literal) - 1 }

/* White space, case and a last slash do not count. */
static const struct uri uris[] = {
	{ U("http://www.w3.org/2005/atom"), U("atom"), FEED_CORE },
	{ U("http://purl.org/atom/ns#"), U("atom03"), FEED_CORE },
	{ U("http://purl.org/rss/1.0"), U("rss"), FEED_CORE },
	{ U("http://purl.org/rss/1.0/modules/rss091#"), U("rss091"),
	  FEED_CORE },
	{ U("http://purl.org/net/rss1.1#"), U("rss11"), FEED_CORE },
	{ U("http://my.netscape.com/rdf/simple/0.9"), U("rss090"), FEED_CORE },
	{ U("http://channel.netscape.com/rdf/simple/0.9"), U(""), FEED_CORE },
	{ U("http://my.netscape.com/publish/formats/rss-0.91.dtd"), U(""),
	  FEED_CORE },
	{ U("http://backend.userland.com/rss"), U(""), FEED_CORE },
	{ U("http://backend.userland.com/rss2"), U(""), FEED_CORE },
	{ U("http://backend.userland.com/rss2.1"), U(""), FEED_CORE },
	{ U("http://blogs.law.harvard.edu/tech/rss"), U(""), FEED_CORE },
	{ U("http://cyber.law.harvard.edu/rss/rss.html"), U(""), FEED_CORE },
	{ U("http://backend.userland.com/blogchannelmodule"), U("blogchannel"),
	  FEED_FOREIGN },
	{ U("http://example.com/newformat#"), U(""), FEED_CORE },
	{ U("http://example.com/necho"), U(""), FEED_CORE },
	{ U("http://purl.org/echo"), U(""), FEED_CORE },
	{ U("uri/of/echo/namespace#"), U(""), FEED_CORE },
	{ U("http://purl.org/pie"), U(""), FEED_CORE },
	{ U("http://purl.org/dc/elements/1.0"), U("dc"), FEED_DC },
	{ U("http://purl.org/dc/elements/1.1"), U("dc"), FEED_DC },
	{ U("http://purl.org/dc/terms"), U("dcterms"), FEED_DCTERMS },
	{ U("http://purl.org/rss/1.0/modules/content"), U("content"),
	  FEED_CONTENT_SPACE },
	{ U("http://search.yahoo.com/mrss"), U("media"), FEED_MEDIA },
	{ U("http://video.search.yahoo.com/mrss"), U("media"), FEED_MEDIA },
	{ U("http://www.itunes.com/dtds/podcast-1.0.dtd"), U("itunes"),
	  FEED_ITUNES },
	{ U("http://example.com/dtds/podcast-1.0.dtd"), U("itunes"),
	  FEED_ITUNES },
	{ U("http://purl.org/rss/1.0/modules/syndication"), U("sy"),
	  FEED_SYNDICATION },
	{ U("http://rssnamespace.org/feedburner/ext/1.0"), U("feedburner"),
	  FEED_BURNER },
	{ U("http://www.pheedo.com/namespace/pheedo"), U("pheedo"),
	  FEED_BURNER },
	{ U("http://www.w3.org/1999/xhtml"), U("xhtml"), FEED_XHTML },
	{ U("http://www.w3.org/1999/02/22-rdf-syntax-ns#"), U("rdf"),
	  FEED_RDF },
};

/* A higher rank replaces what a lower one gave: what is of the feed's own
 * format before what a module says. */
static const struct feed_element elements[] = {
	{ FEED_CORE, "item", FEED_ITEM, 0, 0, 0 },
	{ FEED_CORE, "entry", FEED_ITEM, 0, 0, 0 },
	{ FEED_CORE, "image", FEED_SKIP, 0, 0, 0 },
	{ FEED_CORE, "textinput", FEED_SKIP, 0, 0, 0 },
	{ FEED_CORE, "source", FEED_SKIP, 0, 0, 0 },
	{ FEED_CORE, "contributor", FEED_SKIP, 0, 0, 0 },
	{ FEED_ITUNES, "owner", FEED_SKIP, 0, 0, 0 },

	{ FEED_CORE, "title", FEED_TEXT, FEED_TITLE, 3, FEED_GUESS },
	{ FEED_DC, "title", FEED_TEXT, FEED_TITLE, 2, FEED_GUESS },
	{ FEED_DCTERMS, "title", FEED_TEXT, FEED_TITLE, 2, FEED_GUESS },
	{ FEED_MEDIA, "title", FEED_TEXT, FEED_TITLE, 1, FEED_GUESS },
	{ FEED_ITUNES, "title", FEED_TEXT, FEED_TITLE, 1, FEED_GUESS },

	{ FEED_CORE, "description", FEED_TEXT, FEED_SUMMARY, 4, FEED_HTML },
	{ FEED_CORE, "summary", FEED_TEXT, FEED_SUMMARY, 4, FEED_GUESS },
	{ FEED_CORE, "abstract", FEED_TEXT, FEED_SUMMARY, 4, FEED_GUESS },
	{ FEED_DC, "description", FEED_TEXT, FEED_SUMMARY, 3, FEED_HTML },
	{ FEED_DCTERMS, "abstract", FEED_TEXT, FEED_SUMMARY, 3, FEED_HTML },
	{ FEED_MEDIA, "description", FEED_TEXT, FEED_SUMMARY, 2, FEED_GUESS },
	{ FEED_ITUNES, "summary", FEED_TEXT, FEED_SUMMARY, 1, FEED_GUESS },
	{ FEED_CORE, "subtitle", FEED_TEXT, FEED_DESCRIPTION, 2, FEED_GUESS },
	{ FEED_CORE, "tagline", FEED_TEXT, FEED_DESCRIPTION, 2, FEED_GUESS },
	{ FEED_ITUNES, "subtitle", FEED_TEXT, FEED_DESCRIPTION, 1,
	  FEED_GUESS },

	{ FEED_CONTENT_SPACE, "encoded", FEED_TEXT, FEED_CONTENT, 3,
	  FEED_HTML },
	{ FEED_CORE, "content", FEED_TEXT, FEED_CONTENT, 3, FEED_GUESS },
	{ FEED_CORE, "fullitem", FEED_TEXT, FEED_CONTENT, 3, FEED_HTML },
	{ FEED_CORE, "body", FEED_BODY, FEED_CONTENT, 3, FEED_HTML },
	{ FEED_XHTML, "body", FEED_BODY, FEED_CONTENT, 3, FEED_HTML },
	{ FEED_XHTML, "div", FEED_BODY, FEED_CONTENT, 2, FEED_HTML },

	{ FEED_CORE, "pubdate", FEED_DATE, FEED_PUBLISHED, 3, 0 },
	{ FEED_CORE, "published", FEED_DATE, FEED_PUBLISHED, 3, 0 },
	{ FEED_CORE, "issued", FEED_DATE, FEED_PUBLISHED, 3, 0 },
	{ FEED_DCTERMS, "issued", FEED_DATE, FEED_PUBLISHED, 3, 0 },
	{ FEED_DCTERMS, "available", FEED_DATE, FEED_PUBLISHED, 2, 0 },
	{ FEED_CORE, "created", FEED_DATE, FEED_PUBLISHED, 1, 0 },
	{ FEED_DCTERMS, "created", FEED_DATE, FEED_PUBLISHED, 1, 0 },
	{ FEED_CORE, "updated", FEED_DATE, FEED_UPDATED, 3, 0 },
	{ FEED_CORE, "modified", FEED_DATE, FEED_UPDATED, 3, 0 },
	{ FEED_CORE, "lastbuilddate", FEED_DATE, FEED_UPDATED, 3, 0 },
	{ FEED_DCTERMS, "modified", FEED_DATE, FEED_UPDATED, 3, 0 },
	{ FEED_DC, "date", FEED_DATE, FEED_UPDATED, 3, 0 },
	{ FEED_CORE, "date", FEED_DATE, FEED_UPDATED, 3, 0 },

	{ FEED_CORE, "link", FEED_LINK, FEED_URL, 4, 0 },
	{ FEED_CORE, "guid", FEED_GUID, FEED_ID, 2, 0 },
	{ FEED_CORE, "id", FEED_GUID, FEED_ID, 2, 0 },
	{ FEED_CORE, "enclosure", FEED_ENCLOSURE_URL, FEED_ENCLOSURE, 2, 0 },
	{ FEED_MEDIA, "content", FEED_ENCLOSURE_URL, FEED_ENCLOSURE, 1, 0 },
	{ FEED_CORE, "comments", FEED_ADDRESS, FEED_COMMENTS, 2, 0 },
	{ FEED_BURNER, "origlink", FEED_ADDRESS, FEED_VIA, 2, 0 },

	{ FEED_CORE, "author", FEED_PERSON, FEED_AUTHOR, 3, 0 },
	{ FEED_DC, "creator", FEED_PERSON, FEED_AUTHOR, 4, 0 },
	{ FEED_DC, "author", FEED_PERSON, FEED_AUTHOR, 4, 0 },
	{ FEED_DCTERMS, "creator", FEED_PERSON, FEED_AUTHOR, 4, 0 },
	{ FEED_CORE, "managingeditor", FEED_PERSON, FEED_AUTHOR, 2, 0 },
	{ FEED_ITUNES, "author", FEED_PERSON, FEED_AUTHOR, 1, 0 },
	{ FEED_CORE, "name", FEED_PERSON_NAME, 0, 0, 0 },
	{ FEED_CORE, "email", FEED_PERSON_MAIL, 0, 0, 0 },

	{ FEED_CORE, "category", FEED_CATEGORY, 0, 0, 0 },
	{ FEED_DC, "subject", FEED_CATEGORY, 0, 0, 0 },
	{ FEED_DCTERMS, "subject", FEED_CATEGORY, 0, 0, 0 },
	{ FEED_MEDIA, "category", FEED_CATEGORY, 0, 0, 0 },
	{ FEED_ITUNES, "category", FEED_CATEGORY, 0, 0, 0 },
	{ FEED_CORE, "tags", FEED_TAGS, 0, 0, 0 },
	{ FEED_MEDIA, "keywords", FEED_TAGS, 0, 0, 0 },
	{ FEED_ITUNES, "keywords", FEED_TAGS, 0, 0, 0 },

	{ FEED_CORE, "language", FEED_LANGUAGE_NAME, FEED_LANGUAGE, 2, 0 },
	{ FEED_DC, "language", FEED_LANGUAGE_NAME, FEED_LANGUAGE, 2, 0 },
	{ FEED_DCTERMS, "language", FEED_LANGUAGE_NAME, FEED_LANGUAGE, 2, 0 },
	{ FEED_CORE, "ttl", FEED_TTL, 0, 0, 0 },
	{ FEED_SYNDICATION, "updateperiod", FEED_PERIOD, 0, 0, 0 },
	{ FEED_SYNDICATION, "updatefrequency", FEED_FREQUENCY, 0, 0, 0 },
	{ FEED_ITUNES, "complete", FEED_COMPLETE, 0, 0, 0 },
};

enum {
	URI_COUNT = sizeof(uris) / sizeof(*uris),
	ELEMENT_COUNT = sizeof(elements) / sizeof(*elements),
};

static bool like(struct str a, struct str b)
{
	return a.n == b.n && !strncasecmp(a.p, b.p, a.n);
}

static bool same(struct str s, const char *z)
{
	return like(s, str_of(z));
}

/* Without a prefix an element is the feed's own, whatever space it is given:
 * there are feeds of every space. */
enum feed_space feed_space(const struct xml_name *n)
{
	struct str uri = str_trim(n->space);

	if (uri.n && uri.p[uri.n - 1] == '/')
		uri.n--;
	if (!n->prefix.n && !uri.n)
		return FEED_CORE;
	for (size_t i = 0; i < URI_COUNT; i++)
		if (uri.n ? like(uri, uris[i].uri) :
			    like(n->prefix, uris[i].prefix))
			return uris[i].space;
	return n->prefix.n ? FEED_FOREIGN : FEED_CORE;
}

const struct feed_element *feed_element(const struct xml_name *n)
{
	enum feed_space space = FEED_FOREIGN;
	char first = n->local.n ? n->local.p[0] : '\0';

	for (size_t i = 0; i < ELEMENT_COUNT; i++) {
		if (elements[i].name[0] != first ||
		    !str_is(n->local, elements[i].name))
			continue;
		/* Asked once, and only for names that mean something. */
		if (space == FEED_FOREIGN)
			space = feed_space(n);
		if (space == FEED_FOREIGN)
			return NULL;
		if (elements[i].space == space)
			return &elements[i];
	}
	return NULL;
}

static bool holds(struct str s, const char *z)
{
	size_t n = strlen(z);

	for (size_t i = 0; i + n <= s.n; i++)
		if (!strncasecmp(s.p + i, z, n))
			return true;
	return false;
}

static const char *rss(struct str version, struct str doctype)
{
	if (str_is(version, "0.91"))
		return holds(doctype, "netscape") ? "rss091n" : "rss091u";
	if (str_is(version, "0.90"))
		return "rss090";
	if (str_is(version, "0.92"))
		return "rss092";
	if (str_is(version, "0.93"))
		return "rss093";
	if (str_is(version, "0.94"))
		return "rss094";
	if (str_starts(version, STR("2")))
		return "rss20";
	return "rss";
}

static const char *atom(struct str space, struct str version)
{
	if (same(space, "http://www.w3.org/2005/Atom"))
		return "atom10";
	if (str_is(version, "0.1"))
		return "atom01";
	if (str_is(version, "0.2"))
		return "atom02";
	if (str_is(version, "0.3"))
		return "atom03";
	return "atom";
}

/* RDF is only the frame: the name space of the feed is declared in it. */
static const char *rdf(const struct xml_event *root)
{
	for (uint32_t i = 0; i < root->attribute_count; i++) {
		struct str value = root->attributes[i].value;

		if (same(value, "http://purl.org/rss/1.0/"))
			return "rss10";
		if (holds(value, "netscape.com/rdf/simple/0.9"))
			return "rss090";
	}
	return "rss";
}

const char *feed_format(const struct xml_event *root, struct str doctype)
{
	struct str name = root->name.local;

	if (str_is(name, "rss"))
		return rss(xml_attribute(root, "version"), doctype);
	if (str_is(name, "rdf"))
		return rdf(root);
	if (str_is(name, "feed") || str_is(name, "entry"))
		return atom(root->name.space, xml_attribute(root, "version"));
	if (!str_is(name, "channel"))
		return NULL;
	return same(root->name.space, "http://purl.org/net/rss1.1#") ? "rss11" :
								      "cdf";
}
