/* unicode.h -- bytes into clean UTF-8. Pure functions, no state. */
#ifndef VIGIE_UNICODE_H
#define VIGIE_UNICODE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* The number of bytes of s that are well-formed UTF-8 (RFC 3629: no overlong
 * forms, no surrogates, at most U+10FFFF): s.n when all of it is. */
size_t unicode_valid(struct str s);
/* Decode the code point at `at` < end of well-formed UTF-8; *n is its length. */
uint32_t unicode_decode(const char *at, const char *end, size_t *n);
/* Write c (at most U+10FFFF, no surrogate) to out; its length, 1 to 4. */
size_t unicode_encode(uint32_t c, char out[4]);
/* Windows-1252, and so Latin-1 with it, as UTF-8 in the arena. -EILSEQ where a
 * byte is undefined (81 8D 8F 90 9D), *at being its offset; -ENOMEM. */
int unicode_from_1252(struct str s, struct arena *a, struct str *ret,
		      size_t *at);
/* Normalisation form C (Unicode Standard Annex 15) of well-formed s: s itself
 * when it is in the form already, else a copy in the arena. Linear in s.n, also
 * for endless runs of combining marks. -ENOMEM. */
int unicode_nfc(struct str s, struct arena *a, struct str *ret);

#endif
