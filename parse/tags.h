/* tags.h -- a text with tags in it, one piece after the other: the one scanner
 * of XML and of HTML, well-formed or not. Linear in the text whatever it holds,
 * and without memory of its own: all pieces are views. */
#ifndef VIGIE_TAGS_H
#define VIGIE_TAGS_H

#include <stdbool.h>

#include "base/str.h"

enum {
	/* Bytes of one tag. Of longer ones no attribute is read. */
	TAGS_TAG_MAX = 16 << 10,
};

enum tags_kind {
	TAGS_TEXT,  /* body: as it was written, with its references */
	TAGS_CDATA, /* body: what is between the brackets; not closed, it is
		     * text that begins with <![CDATA[ */
	TAGS_OPEN,  /* name, and the attributes in body */
	TAGS_CLOSE, /* name */
	TAGS_DOCTYPE, /* body: what follows <!, to the > or the [ */
};

struct tags_piece {
	enum tags_kind kind;
	struct str name; /* as it was written */
	struct str body;
	bool empty; /* TAGS_OPEN: <name/> */
};

struct tags {
	struct str s;
	size_t at; /* of the next piece */
	/* Where the next > is, when that has been looked for; what is not to be
	 * found from here on. */
	size_t bracket;
	bool no_comment_end, no_cdata_end, no_instruction_end, no_subset_end;
};

void tags_init(struct tags *t, struct str s);
/* The next piece. Comments and processing instructions are passed over. A <
 * that begins nothing is text. false at the end. */
bool tags_next(struct tags *t, struct tags_piece *ret);
/* Pass over what is before the next </name, of any case, and return it: the
 * rest when there is none. For elements whose text is no markup. */
struct str tags_skip_to_close(struct tags *t, const char *name);
/* The next attribute of the body of a TAGS_OPEN, which is cut off it: its value
 * without quotes, with its references. false after the last. */
bool tags_attribute(struct str *body, struct str *name, struct str *value);

#endif
