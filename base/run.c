#include "base/run.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The lowest bit that is set says which is the first byte that is so; those
 * above it may be wrong. */

static uint64_t has_below(uint64_t w, unsigned char limit)
{
	return (w - EACH(limit)) & ~w & EACH(0x80);
}

static uint64_t has(uint64_t w, unsigned char byte)
{
	return has_below(w ^ EACH(byte), 1);
}

static uint64_t stops_quoted(uint64_t w)
{
	return has_below(w, 0x20) | has(w, '"') | has(w, '\\');
}

static uint64_t stops_uncontrolled(uint64_t w)
{
	return has_below(w, 0x20);
}

static uint64_t stops_printable(uint64_t w)
{
	return has_below(w, 0x20) | has(w, 0x7F) | (w & EACH(0x80));
}

/* Eight bytes, the first of them lowest. */
static uint64_t word_at(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return le64toh(w);
}

/* The last `left` < 8 of n bytes, filled up with spaces. */
static uint64_t last_word(const char *p, size_t n, size_t left)
{
	uint64_t w = 0;

	if (n >= sizeof(w))
		w = word_at(p + n - sizeof(w)) >> 8 * (sizeof(w) - left);
	else
		for (size_t i = left; i-- > 0;)
			w = w << 8 | (unsigned char)p[i];
	return w | EACH(' ') << 8 * left;
}

static inline size_t run(const char *p, size_t n, uint64_t (*stops)(uint64_t))
{
	uint64_t at = 0;
	size_t i = 0;

	while (n - i >= sizeof(at) && !(at = stops(word_at(p + i))))
		i += sizeof(at);
	if (i < n && !at)
		at = stops(last_word(p, n, n - i));
	return at ? i + (size_t)__builtin_ctzll(at) / 8 : n;
}

size_t run_quoted(const char *p, size_t n)
{
	return run(p, n, stops_quoted);
}

size_t run_uncontrolled(const char *p, size_t n)
{
	return run(p, n, stops_uncontrolled);
}

size_t run_printable(const char *p, size_t n)
{
	return run(p, n, stops_printable);
}
