/* charset.h -- bytes of an unknown charset into UTF-8. A pure function. On 578
 * snippets in French, German, Spanish and English this plain rule was right
 * more often than uchardet and ICU; it knows Western charsets only. */
#ifndef VIGIE_CHARSET_H
#define VIGIE_CHARSET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* The text of bytes as well-formed UTF-8 into *ret: what a byte order mark
 * says (UTF-8, UTF-16 of either order; the mark is left out); UTF-8 when it is
 * well-formed; else Windows-1252, and so Latin-1. *ret is a view into bytes or
 * a copy in the arena (three bytes a byte at most). Returns 0; STEP_REJECT
 * with the offset and value of the byte that is no text: a control character
 * other than tab, newline, carriage return and form feed, or one that the
 * charset has not; -ENOMEM. */
int charset_to_utf8(struct str bytes, struct arena *a, struct str *ret,
		    struct err *e);

#endif
