#include "base/run.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Not 0 where there is one; which byte it is is not exact. */

static uint64_t has_below(uint64_t w, unsigned char limit)
{
	return (w - EACH(limit)) & ~w & EACH(0x80);
}

static uint64_t has(uint64_t w, unsigned char byte)
{
	return has_below(w ^ EACH(byte), 1);
}

static bool stops_quoted(uint64_t w)
{
	return (has_below(w, 0x20) | has(w, '"') | has(w, '\\')) != 0;
}

static bool stops_uncontrolled(uint64_t w)
{
	return has_below(w, 0x20) != 0;
}

static bool stops_printable(uint64_t w)
{
	return (has_below(w, 0x20) | has(w, 0x7F) | (w & EACH(0x80))) != 0;
}

/* The last bytes, which make no word, are filled up with spaces. */
static uint64_t word_at(const char *p, size_t n)
{
	uint64_t w = EACH(' ');

	memcpy(&w, p, n < sizeof(w) ? n : sizeof(w));
	return w;
}

static inline size_t run(const char *p, size_t n, bool (*stops)(uint64_t))
{
	size_t i = 0;

	while (n - i >= sizeof(uint64_t) &&
	       !stops(word_at(p + i, sizeof(uint64_t))))
		i += sizeof(uint64_t);
	while (i < n && !stops(word_at(p + i, 1)))
		i++;
	return i;
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
