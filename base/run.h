/* run.h -- how many bytes at the head of a text need no second look. Sixteen
 * are looked at in one step, so that what most of an article is costs little;
 * what the first byte behind the run means is the caller's to say. */
#ifndef VIGIE_RUN_H
#define VIGIE_RUN_H

#include <stddef.h>

/* Before the first quote, backslash or byte below 0x20: what a JSON string
 * holds as it stands. */
size_t run_quoted(const char *p, size_t n);
/* Before the first byte below 0x20. */
size_t run_uncontrolled(const char *p, size_t n);
/* Before the first byte outside 0x20..0x7E. */
size_t run_printable(const char *p, size_t n);
/* Before the first byte of 0x80 or more. */
size_t run_ascii(const char *p, size_t n);
/* Before the first byte that is no letter of ASCII. */
size_t run_letters(const char *p, size_t n);
/* Before the first byte that begins a character which text_clean() may not
 * leave as it is: a control character but tab and newline, 0x7F, and those
 * that begin with C2, E2 or EF. */
size_t run_clean(const char *p, size_t n);

#endif
