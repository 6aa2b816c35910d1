/* xml.h -- XML as it is found in feeds, one event after the other: well-formed
 * or not, it is read to its end. Own, not libxml2's: a document type is passed
 * over and declares nothing, so nothing can swell; every ceiling holds before
 * anything is stored; and what a strict parser stops at (a bare & or <, a tag
 * that is not closed, an undeclared prefix, junk before and behind) is read as
 * people meant it, in the same pass. Memory is fixed, time linear.
 *
 * Events come in pairs: each XML_OPEN has its XML_CLOSE, if need be at the end
 * of an element around it. Pure; one thread an xml. */
#ifndef VIGIE_XML_H
#define VIGIE_XML_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "parse/tags.h"

enum {
	XML_DEPTH_MAX = 100,	 /* what is deeper is not opened: its text
				  * counts to what is around it */
	XML_ATTRIBUTES_MAX = 64, /* of one tag; more are left out */
	XML_SPACES_MAX = 128,	 /* declared at one time */
	XML_BASE_MAX = 1024,	 /* bytes of xml:base; longer: as if not there */
	XML_NAME_MAX = 128,	 /* bytes; longer ones are cut */
	/* A start tag counts as four, an attribute, an end tag and a text as
	 * one each; behind that many the document ends. One of 15 MB whose
	 * elements are of 35 bytes and more stays below. */
	XML_PIECES_MAX = 3 << 20,
};

enum xml_kind { XML_OPEN, XML_CLOSE, XML_TEXT, XML_DOCTYPE, XML_DONE };

struct xml_name {
	/* The name's space (an URI), empty when none is declared, the prefix as
	 * it was written, the local name in small letters. */
	struct str space, prefix, local;
};

struct xml_attribute {
	struct xml_name name;
	struct str value; /* decoded, white space at its ends trimmed */
};

struct xml_event {
	enum xml_kind kind;
	struct xml_name name; /* XML_OPEN, XML_CLOSE */
	struct str text;      /* XML_TEXT: decoded; XML_DOCTYPE: as it is */
	const struct xml_attribute *attributes; /* XML_OPEN */
	uint32_t attribute_count;
};

struct xml;

/* Read utf8, which must stay, from the address base, or an empty one. It lives
 * in the arena, as do the events, each until the next. Returns NULL when the
 * arena is full, which half a MiB is enough for, and xml_done() after it. */
struct xml *xml_open(struct str utf8, struct str base, struct arena *a);
void xml_done(struct xml *x);
/* The next event; XML_DONE for ever at the end. Returns 0 or -ENOMEM. */
int xml_next(struct xml *x, struct xml_event *ret);
/* Has the end come by XML_PIECES_MAX? */
bool xml_is_cut(const struct xml *x);
/* All events of utf8 to each(), with how deep they are, until it returns other
 * than 0. STEP_END: it has enough. *cut becomes true when not all was read for
 * that, or by XML_PIECES_MAX. Returns 0, what each() returned, or -ENOMEM. */
int xml_each(struct str utf8, struct str base, struct arena *a,
	     int (*each)(void *self, const struct xml_event *e,
			 uint32_t depth),
	     void *self, bool *cut);
/* How deep we are: 1 within the root; XML_OPEN and XML_CLOSE count. */
uint32_t xml_depth(const struct xml *x);
/* xml:base and xml:lang that hold here; the base is absolute if it can be. */
struct str xml_base(const struct xml *x);
struct str xml_language(const struct xml *x);
/* The attribute without a name space, or an empty string with .p NULL. */
struct str xml_attribute(const struct xml_event *e, const char *name);
/* Where the reader is: both from 1. */
void xml_place(const struct xml *x, size_t *line, size_t *column);

#endif
