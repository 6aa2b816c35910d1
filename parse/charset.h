/* charset.h -- bytes of an unknown charset into UTF-8. Pure functions, but for
 * the converters of the C library, which are opened once and kept: one thread
 * a process decodes. On 578 snippets in French, German, Spanish and English the
 * plain rule "UTF-8 when it is well-formed, else Windows-1252" was right more
 * often than uchardet and ICU, and wrong nearly always beyond: so labels and
 * uchardet come in where it has nothing to say. */
#ifndef VIGIE_CHARSET_H
#define VIGIE_CHARSET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { CHARSET_LOOK = 4096 }; /* bytes in which a label is looked for */

struct charset {
	struct str text;  /* well-formed UTF-8, a view or in the arena */
	/* In small letters, lives for good: "utf-8", "windows-1252",
	 * "gb18030" …; when a label was right, what it said ("iso-8859-1"). */
	const char *name;
	/* Bytes that are no text in it: each is U+FFFD, but for NULs, which
	 * are left out. */
	size_t lost;
};

/* The text of a page, a feed or the like. In this order:
 *
 *  1. a byte order mark, or the look, of UTF-8, UTF-16, UTF-32
 *  2. UTF-8, when it is well-formed (or nearly so)
 *  3. the label: that of type (HTTP's Content-Type, or NULL), of an XML
 *     declaration, of a meta in the first CHARSET_LOOK bytes, as browsers read
 *     labels (iso-8859-1 is windows-1252, gb2312 is gb18030 …), when the bytes
 *     are text by it
 *  4. what uchardet says, when it is a charset of elsewhere and the bytes are
 *     text by it
 *  5. iso-8859-15, when the bytes hold its euro sign or its oe; windows-1252
 *
 * UTF-8 that was taken for Windows-1252 and encoded once more ("Ã©") is undone
 * when all of the text can be. Returns 0; -ENOMEM. At most three bytes a byte
 * are taken from the arena. Linear. */
int charset_decode(struct str bytes, const char *type, struct arena *a,
		   struct charset *ret);
/* Open the converters that charset_decode() needs for these bytes, or all when
 * bytes.p is NULL, before a process is shut in (ingest/confine.h): the C
 * library reads them from files. */
void charset_prepare(struct str bytes, const char *type);

/* The text of bytes as well-formed UTF-8 into *ret: what a byte order mark
 * says (UTF-8, UTF-16 of either order; the mark is left out); UTF-8 when it is
 * well-formed; else Windows-1252, and so Latin-1. *ret is a view into bytes or
 * a copy in the arena (three bytes a byte at most). Returns 0; STEP_REJECT
 * with the offset and value of the byte that is no text: a control character
 * other than tab, newline, carriage return and form feed, or one that the
 * charset has not; -ENOMEM. This is for files that people name: they can be
 * told what to do. */
int charset_to_utf8(struct str bytes, struct arena *a, struct str *ret,
		    struct err *e);

#endif
