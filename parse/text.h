/* text.h -- UTF-8 as it came into the text that the model reads and that the
 * offsets of the record speak of; and what a plain text says of itself. Pure
 * functions. */
#ifndef VIGIE_TEXT_H
#define VIGIE_TEXT_H

#include "base/arena.h"
#include "base/str.h"

enum { TEXT_TITLE_MAX = 200 }; /* characters of a first line that is a title */

/* Clean well-formed UTF-8 into the arena: every kind of newline is \n, control
 * characters and byte order marks are out, form C, no white space at the ends
 * (no-break spaces inside are kept). s.n bytes of the arena, and up to three
 * times as many when it was not in form C. Returns 0 or -ENOMEM. */
int text_clean(struct str s, struct arena *a, struct str *ret);
/* The same in one line: newlines, tabs and runs of spaces are one space. */
int text_line(struct str s, struct arena *a, struct str *ret);

struct text_parts {
	struct str date;  /* "2022-11" or "2025-12-24", or empty */
	struct str title; /* or empty */
	struct str body;
};

/* Take a cleaned text apart, into views: a leading "date 2022-11" is cut off;
 * the first line is the title when it looks like one: at most TEXT_TITLE_MAX
 * characters, no full stop at its end, no small letter at its start, and a
 * text after it. */
void text_split(struct str clean, struct text_parts *ret);

#endif
