/* wording.h -- the words of a text as numbers, for finding out whether two
 * texts say the same: runs of letters and digits in small letters, so that
 * white space, punctuation and the form of quotes do not count. Of scripts that
 * do not part words each character is one. They are the same on any machine:
 * what known.h and minhash.h make of them is remembered. Pure. */
#ifndef VIGIE_WORDING_H
#define VIGIE_WORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct wording {
	const char *p, *end;
};

/* text is well-formed UTF-8, borrowed until the last call. */
void wording_begin(struct wording *w, struct str text);
/* The next word's hash into *ret; false at the end. */
bool wording_next(struct wording *w, uint64_t *ret);

/* Every bit of it depends on every bit of x (the end of MurmurHash3). */
static inline uint64_t wording_mix(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xFF51AFD7ED558CCDu;
	x ^= x >> 33;
	x *= 0xC4CEB9FE1A85EC53u;
	return x ^ x >> 33;
}

#endif
