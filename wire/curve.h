/* curve.h -- keys of CURVE (RFC 26/CurveZMQ): 32 bytes, or 40 characters of
 * Z85 (RFC 32/Z85). Pure, but for curve_pair(), which asks the system for
 * chance. */
#ifndef VIGIE_CURVE_H
#define VIGIE_CURVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum { KEY_SIZE = 32, KEY_TEXT = 40 };

/* How many of its first characters are of Z85's alphabet. */
size_t curve_span(struct str text);
/* The bytes of a key; false when the text is none. */
bool curve_decode(struct str text, unsigned char key[KEY_SIZE]);
void curve_encode(const unsigned char key[KEY_SIZE], char text[KEY_TEXT + 1]);
/* The public key of a secret one. 0 or -errno with the sentence. */
int curve_public(const char secret[KEY_TEXT + 1], char public[KEY_TEXT + 1],
		 struct err *e);
/* A new pair. */
int curve_pair(char public[KEY_TEXT + 1], char secret[KEY_TEXT + 1],
	       struct err *e);

#endif
