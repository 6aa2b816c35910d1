/* references.h -- the character references of HTML and XML, &eacute; and
 * &#233;, into the characters that they stand for. Pure. */
#ifndef VIGIE_REFERENCES_H
#define VIGIE_REFERENCES_H

#include <stdint.h>

#include "base/str.h"

enum references_rule {
	/* Names of HTML with their semicolon; what is unknown stays. 128 to 159
	 * are what they say: bytes of UTF-8 may be meant (feed_text.c). */
	REFERENCES_XML,
	/* As browsers do: 128 to 159 are Windows-1252, and old names and
	 * numbers need no semicolon. */
	REFERENCES_HTML,
};

/* Add s, which is UTF-8, to out; it never grows. Linear. Control characters
 * are left out, what is no character is U+FFFD. */
void references_decode(struct buf *out, struct str s, enum references_rule r);
/* The character of a name without & and ;, or 0. */
uint32_t references_find(struct str name);
/* What a byte from 0x80 to 0x9F is in Windows-1252; itself where undefined. */
uint32_t references_1252(uint32_t c);

#endif
