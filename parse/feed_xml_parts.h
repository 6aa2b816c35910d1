/* feed_xml_parts.h -- a feed in XML from within: feed_xml.c (events, and texts
 * that are gathered), feed_xml_text.c (what the text of an element says),
 * feed_xml_attributes.c (what its attributes say). */
#ifndef VIGIE_FEED_XML_PARTS_H
#define VIGIE_FEED_XML_PARTS_H

#include "parse/feed_names.h"
#include "parse/feed_parts.h"
#include "parse/xml.h"

/* The text of an element that is being gathered. Elements in it are markup of
 * it and are gathered as such, with the text escaped from there on; an element
 * of short text ends where another begins: its end was forgotten. */
struct feed_gathering {
	bool on;
	const struct feed_element *what;
	uint32_t depth; /* of its element */
	struct buf text;
	enum feed_type type;
	bool base64, marked_up, takes_markup;
	bool links_item, is_address; /* link and guid: may be the item's url */
};

struct feed_person {
	uint32_t depth; /* of its element; 0: none is open */
	int rank;
	struct buf text, name, mail;
};

struct feed_reader {
	struct feed *f;
	struct xml *x;
	struct feed_gathering g;
	struct feed_person person;
	struct str doctype;
	uint32_t item, skipped; /* depths of open elements; 0: none */
	struct buf decoded;	/* of base64 */
};

/* The item at hand, or the feed. */
struct feed_record *feed_xml_record(struct feed_reader *r);
/* The text of the element that was gathered, which is not empty. */
int feed_xml_apply(struct feed_reader *r, struct str text);

/* Attributes of the root, a channel or an item. */
int feed_xml_heed_root(struct feed_reader *r, const struct xml_event *ev);
int feed_xml_heed_link(struct feed_reader *r, const struct xml_event *ev);
int feed_xml_heed_enclosure(struct feed_reader *r,
			    const struct feed_element *what,
			    const struct xml_event *ev);
int feed_xml_heed_category(struct feed_reader *r, const struct xml_event *ev);
/* Into the gathering that has begun. */
void feed_xml_heed_guid(struct feed_reader *r, const struct xml_event *ev);
void feed_xml_heed_type(struct feed_gathering *g, struct str t,
			struct str mode);

#endif
