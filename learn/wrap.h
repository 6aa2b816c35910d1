/* wrap.h -- words laid out in lines of a terminal's width: labels on the left,
 * what wraps beside them. */
#ifndef VIGIE_WRAP_H
#define VIGIE_WRAP_H

#include <stdbool.h>
#include <stdio.h>

enum { WRAP_WIDTH = 80 };

struct wrap {
	FILE *out;
	size_t column, indent; /* of what wraps */
	bool fresh; /* no word stands in the line yet, behind its label */
};

/* Begin a line with a label, which has `indent` columns and more if it needs
 * them; lines that follow are indented as much. */
void wrap_label(struct wrap *p, size_t indent, const char *label);
/* One word, which is not broken. Its width is that of its characters, one
 * each; control characters, which foreign data may hold, become blanks. */
void wrap_word(struct wrap *p, const char *z, size_t n);
/* The words of a text, at its blanks. */
void wrap_add(struct wrap *p, const char *z);
/* The same, of at most 511 bytes. */
void wrap_printf(struct wrap *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void wrap_end(struct wrap *p);

#endif
