/* markup.h -- a fragment of HTML, as feeds carry them, into plain text. Pure
 * and linear. */
#ifndef VIGIE_MARKUP_H
#define VIGIE_MARKUP_H

#include <stdbool.h>

#include "base/str.h"

/* Add the text of the fragment to out: references decoded, scripts and styles
 * left out, white space one space, and where a block begins or ends, a cell or
 * a line, one newline; in <pre> white space stays. No white space at the ends
 * of what was added. */
void markup_text(struct buf *out, struct str html);
/* Add s so that it means itself in HTML: & and < as references. */
void markup_escape(struct buf *out, struct str s);
/* May a text of which nobody says so be HTML? It has a closing tag or a
 * reference, and only tags and names that HTML knows. */
bool markup_is_likely(struct str s);
/* Does it begin with a block of HTML, and close one? Then whoever wrote it has
 * escaped it once too often. */
bool markup_is_certain(struct str s);

#endif
