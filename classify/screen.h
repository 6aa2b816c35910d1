/* screen.h -- a coarse copy of the weights of all topics, a byte each, by
 * which most topics are ruled out: of ninety labels an article has one or two,
 * and the exact rows are eight times as long. What the copy says comes with how
 * far it may be off. Pure; views into a mapped bundle.
 *
 * A row, of screen_stride() bytes, is
 *
 *	0		int8 a topic: weight / step, to the nearest
 *	…		zeros
 *	stride - 4	step, float: the row's largest weight / 127
 *
 * The stride is a multiple of half a cache line. */
#ifndef VIGIE_SCREEN_H
#define VIGIE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classify/tfidf.h"

/* With fewer topics the exact rows are as quick. */
enum { SCREEN_TOPICS_MIN = 16 };

struct screen {
	const char *rows; /* NULL: there is none */
	uint32_t topics;
};

/* Bytes of a row. */
size_t screen_stride(uint32_t topics);
/* The row of these weights. False where they are too large for it. */
bool screen_write(const double *weights, uint32_t topics, char *row);
/* Is the step of a row a number that screen_write() gives, and is the row that
 * of these weights? */
bool screen_is_sound(const char *row, uint32_t topics);
bool screen_fits(const char *row, const double *weights, uint32_t topics);

/* Into sum, which holds screen_stride() floats, about the sum over the n
 * entries of x of value times weight, a topic each. Returns by how much any of
 * them may differ from the exact sum, the rounding of both included; what is
 * not finite says that nothing is known. */
double screen_sum(const struct screen *s, const struct feat *x, size_t n,
		  float *sum);

#endif
