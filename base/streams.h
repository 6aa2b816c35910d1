/* streams.h -- the standard streams of a program, at its start and its end. */
#ifndef VIGIE_STREAMS_H
#define VIGIE_STREAMS_H

/* Where a standard stream is closed, the next file or socket would take its
 * number, and be written to: open /dev/null there. */
void streams_hold(void);
/* What was printed and could not be written is an error, be it the last. The
 * exit code: code, or EX_IOERR after a sentence where that was 0. */
int streams_close(int code);

#endif
