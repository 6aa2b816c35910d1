#include "base/run.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

enum { STEP = 16 };

/* Of each byte all bits where it is so, and none where it is not. */
typedef unsigned char lanes __attribute__((vector_size(STEP)));

static inline lanes stops_quoted(lanes v)
{
	return (lanes)(v < 0x20) | (lanes)(v == '"') | (lanes)(v == '\\');
}

static inline lanes stops_uncontrolled(lanes v)
{
	return (lanes)(v < 0x20);
}

static inline lanes stops_printable(lanes v)
{
	return (lanes)(v < 0x20) | (lanes)(v > 0x7E);
}

static inline lanes stops_ascii(lanes v)
{
	return (lanes)(v > 0x7F);
}

static inline lanes stops_letters(lanes v)
{
	return (lanes)((v | 0x20) - 'a' > 'z' - 'a');
}

static inline lanes stops_clean(lanes v)
{
	return ((lanes)(v < 0x20) & (lanes)(v != '\t') & (lanes)(v != '\n')) |
	       (lanes)(v == 0x7F) | (lanes)(v == 0xC2) | (lanes)(v == 0xE2) |
	       (lanes)(v == 0xEF);
}

/* The first of the STEP bytes at p that stops; STEP when none does. */
static inline size_t first(const char *p, lanes (*stops)(lanes v))
{
	uint64_t half[2];
	lanes v;

	memcpy(&v, p, STEP);
	v = stops(v);
	memcpy(half, &v, STEP);
	if (!(half[0] | half[1]))
		return STEP;
	return half[0] ? (size_t)__builtin_ctzll(le64toh(half[0])) / 8
		       : 8 + (size_t)__builtin_ctzll(le64toh(half[1])) / 8;
}

static inline size_t run(const char *p, size_t n, lanes (*stops)(lanes v))
{
	char last[STEP];
	size_t i = 0, step;

	for (; n - i >= STEP; i += STEP) {
		step = first(p + i, stops);
		if (step < STEP)
			return i + step;
	}
	if (i == n)
		return n;
	/* Filled up with what stops nothing. */
	memset(last, ' ', STEP);
	memcpy(last, p + i, n - i);
	step = first(last, stops);
	return step < n - i ? i + step : n;
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

size_t run_ascii(const char *p, size_t n)
{
	return run(p, n, stops_ascii);
}

size_t run_letters(const char *p, size_t n)
{
	return run(p, n, stops_letters);
}

size_t run_clean(const char *p, size_t n)
{
	return run(p, n, stops_clean);
}
