/* feed_names.h -- what the elements of RSS, Atom and the name spaces that go
 * with them mean. Behind feed.h. Pure. */
#ifndef VIGIE_FEED_NAMES_H
#define VIGIE_FEED_NAMES_H

#include "parse/feed_parts.h"
#include "parse/xml.h"

enum feed_space {
	FEED_CORE, /* none, or one of RSS, Atom and those before them */
	FEED_DC,
	FEED_DCTERMS,
	FEED_CONTENT_SPACE,
	FEED_MEDIA,
	FEED_ITUNES,
	FEED_SYNDICATION,
	FEED_BURNER,
	FEED_XHTML,
	FEED_RDF,
	FEED_FOREIGN, /* says nothing to us */
};

enum feed_meaning {
	FEED_NOTHING,
	FEED_ITEM,
	FEED_SKIP, /* with all in it */
	FEED_TEXT, /* set_text of field, rank, type */
	FEED_BODY, /* the text again, whatever type it claims: inline markup */
	FEED_DATE,
	FEED_LINE,
	FEED_ADDRESS,
	FEED_LANGUAGE_NAME,
	FEED_LINK,
	FEED_GUID,
	FEED_PERSON,
	FEED_PERSON_NAME,
	FEED_PERSON_MAIL,
	FEED_CATEGORY,
	FEED_TAGS,
	FEED_ENCLOSURE_URL,
	FEED_TTL,
	FEED_PERIOD,
	FEED_FREQUENCY,
	FEED_COMPLETE,
};

struct feed_element {
	enum feed_space space;
	const char *name; /* in small letters */
	enum feed_meaning meaning;
	enum feed_field field;
	int rank;
	enum feed_type type;
};

enum feed_space feed_space(const struct xml_name *n);
/* What an element means, or NULL. */
const struct feed_element *feed_element(const struct xml_name *n);
/* The name of the format that the root announces, or NULL when it is no feed's.
 * doctype is what the document type said. */
const char *feed_format(const struct xml_event *root, struct str doctype);

#endif
