/* json.h -- pieces of JSON (RFC 8259) written into a buffer, and the one way
 * in which foreign JSON is parsed. */
#ifndef VIGIE_JSON_H
#define VIGIE_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

/* A string with its quotes; s is well-formed UTF-8. */
void json_add_text(struct buf *b, struct str s);
/* "name": with the comma that a member after the first needs. */
void json_add_name(struct buf *b, const char *name);
/* A number with the given significant digits; null unless it is finite. */
void json_add_real(struct buf *b, double x, int digits);
/* A finished jansson value, compact, keys in their order. When jansson fails
 * the buffer is in error. */
void json_add_value(struct buf *b, const json_t *value);

/* Parse one JSON text: an object or an array. Duplicate keys, NUL, integers
 * past 64 bits, reals past double and what is not JSON are refused with the
 * column, and with the line where that is not the first (the caller knows the
 * line of a JSONL file), a raw NUL with its byte; nesting is cut off at 64 levels and the number of
 * tokens is bounded before the parser sees them (its trees amplify 47 times).
 * Returns a value to json_decref(), or NULL with the sentence. */
json_t *json_parse(struct str s, struct err *e);

/* The next member of the object that json_parse() has accepted, as it was
 * written: *rest is the whole object at first. The name has its quotes.
 * Returns false after the last. */
bool json_next_member(struct str *rest, struct str *name, struct str *value);

#endif
