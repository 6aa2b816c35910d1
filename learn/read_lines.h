/* read_lines.h -- a file of labelled data, line by line, with progress shown.
 * Borrows the bytes. */
#ifndef VIGIE_READ_LINES_H
#define VIGIE_READ_LINES_H

#include "base/str.h"

struct read_lines {
	struct str rest;
	size_t number; /* of the line in hand, from 1 */
	size_t total;  /* bytes */
};

/* The lines of a whole file, whose UTF-8 mark belongs to none. */
struct read_lines read_lines_of(struct str bytes);
/* The next line without its end (LF or CR LF). Returns false after the
 * last; what follows the last LF is a line only when it is not empty. */
bool read_lines_next(struct read_lines *l, struct str *line);

/* Show how far the reading of `total` bytes is: `left` are left, and this is
 * step number n. A step of 512 is shown, and the end, with left == 0. */
void read_progress(size_t n, size_t left, size_t total);

#endif
