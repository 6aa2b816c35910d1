/* scan.h -- a text looked at 64 bytes at a time, before it is cut: where runs
 * of plain ASCII are, and their bytes folded. Most words of most texts need no
 * more. Behind tokens.h, for tokens.c and cut.h alone. */
#ifndef VIGIE_SCAN_H
#define VIGIE_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"

enum { SCAN_BYTES = 64 };

/* Bit i of each is byte i's. */
struct scan_bits {
	uint64_t plain; /* a letter, '_' or, if they are letters, a digit */
	uint64_t other; /* the cut must look at it; neither: between words */
};

struct scan {
	bool cased; /* letters keep their case */
	bool words; /* digits, '-' and '\'' are the cut's to look at */
};

/* How many entries scan_text() fills in for so many bytes. */
static inline size_t scan_room(size_t n)
{
	return n / SCAN_BYTES + 1;
}

/* Scan s: folded receives its bytes (those that are not plain are of no use),
 * scan_room() times SCAN_BYTES of them; bits as many entries. Behind the text
 * stands one byte that is other, the rest is between words. */
void scan_text(const struct scan *how, struct str s, char *folded,
	       struct scan_bits *bits);
/* One block, byte by byte: what a machine without SSE2 does. */
struct scan_bits scan_bytes(const struct scan *how, const char *in, char *out);

/* The first byte at or behind `at` that is not between words. */
static inline size_t scan_next(const struct scan_bits *v, size_t at)
{
	size_t i = at / SCAN_BYTES;
	uint64_t x = (v[i].plain | v[i].other) >> at % SCAN_BYTES;

	if (x)
		return at + (size_t)__builtin_ctzll(x);
	do
		i++;
	while (!(x = v[i].plain | v[i].other));
	return i * SCAN_BYTES + (size_t)__builtin_ctzll(x);
}

/* The first byte at or behind `at` that is not plain. */
static inline size_t scan_end(const struct scan_bits *v, size_t at)
{
	size_t i = at / SCAN_BYTES;
	uint64_t x = ~v[i].plain >> at % SCAN_BYTES;

	if (x)
		return at + (size_t)__builtin_ctzll(x);
	do
		i++;
	while (!~v[i].plain);
	return i * SCAN_BYTES + (size_t)__builtin_ctzll(~v[i].plain);
}

static inline bool scan_is_other(const struct scan_bits *v, size_t at)
{
	return v[at / SCAN_BYTES].other >> at % SCAN_BYTES & 1;
}

#endif
