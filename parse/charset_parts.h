/* charset_parts.h -- between the files of charset.h:
 *
 *  charset.c		the strict rule for files that people name
 *  charset_decode.c	which charset, in which order
 *  charset_label.c	what is declared, and what labels mean
 *  charset_guess.c	uchardet, and whether to believe it
 *  charset_convert.c	bytes of a known charset into UTF-8 */
#ifndef VIGIE_CHARSET_PARTS_H
#define VIGIE_CHARSET_PARTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"
#include "parse/charset.h"

/* The first are ours; those from CHARSET_FOREIGN on are the C library's. */
enum charset_id {
	CHARSET_NONE = -1,
	CHARSET_UTF8,
	CHARSET_1252,
	CHARSET_LATIN9, /* iso-8859-15 */
	CHARSET_UTF16LE,
	CHARSET_UTF16BE,
	CHARSET_UTF32LE,
	CHARSET_UTF32BE,
	CHARSET_FOREIGN,
};

/* How a charset looks beside Windows-1252: what it takes to believe in it. */
enum charset_script {
	CHARSET_LATIN,	/* single letters between ASCII ones */
	CHARSET_OTHER,	/* words, or pairs, of bytes above 0x7F */
	CHARSET_ESCAPED, /* ISO 2022: switched by escape sequences, in 7 bits */
};

const char *charset_name(enum charset_id id);
enum charset_script charset_script(enum charset_id id);

/* What a label means, in any case, white space around it left out; its proper
 * name into *name. CHARSET_NONE for one that is not known, or not wanted. */
enum charset_id charset_by_label(struct str label, const char **name);
/* The label that the bytes bear, or type does; empty: none. */
struct str charset_label(struct str bytes, const char *type);

/* What uchardet takes them for, when it is to be believed; else CHARSET_NONE. */
enum charset_id charset_guess(struct str bytes, const char **name);
/* Is it rather iso-8859-15 than windows-1252? */
bool charset_is_latin9(struct str bytes);

/* Convert all of bytes. Gives up (-EILSEQ) when more than lost_max bytes are
 * no text, control characters from 0x80 on among them. -ENOMEM. */
int charset_convert(enum charset_id id, struct str bytes, size_t lost_max,
		    struct arena *a, struct charset *ret);
/* Open its converter, unless it is open; false: the C library has none. */
bool charset_open(enum charset_id id);

#endif
