/* array.h -- values for PostgreSQL in the binary form of its arrays
 * (src/backend/utils/adt/arrayfuncs.c, array_recv): one dimension, no NULLs,
 * the type of the elements, their number, numbered from 1; then each with its
 * length in front, big-endian. Pure functions over buffers. */
#ifndef VIGIE_ARRAY_H
#define VIGIE_ARRAY_H

#include <stdint.h>

#include "base/str.h"
#include "wire/article.h"

/* Types that never change their number (src/include/catalog/pg_type.dat). */
enum {
	ARRAY_BYTEA = 17,
	ARRAY_INT8 = 20,
	ARRAY_TEXT = 25,
	ARRAY_JSON = 114,
};

/* Make b, emptied, the array of n elements that are then added. */
void array_begin(struct buf *b, uint32_t type, size_t n);
/* Of bytea, text or json. */
void array_add(struct buf *b, struct str s);
void array_add_int8(struct buf *b, uint64_t x);
/* Its hexadecimal name. */
void array_add_origin(struct buf *b, struct origin o);
/* A line that the server may not take, as it does: escapes of U+0000, which
 * PostgreSQL cannot have in a text, are U+FFFD; what is no JSON is one string,
 * its bytes that are no UTF-8 U+FFFD. 0 or -ENOMEM. */
int array_add_mended(struct buf *b, struct str line);

#endif
