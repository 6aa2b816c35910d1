/* html.h -- text that others wrote, as the text of a page that is HTML and
 * well-formed XML alike. Pure. */
#ifndef VIGIE_HTML_H
#define VIGIE_HTML_H

#include "base/str.h"

/* Add s with the five characters of markup (& < > " ') escaped, so that it can
 * stand between tags and within quotes. What XML cannot hold is replaced:
 * control characters by blanks; bytes that are no UTF-8, U+FFFE and U+FFFF by
 * U+FFFD. */
void html_add_text(struct buf *b, struct str s);
void html_add_z(struct buf *b, const char *z);
/* The same between what opens and what closes, which are markup. */
void html_add_tag(struct buf *b, const char *open, const char *z,
		  const char *close);

#endif
