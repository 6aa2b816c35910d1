/* read_svmlight.h -- the lines of SVMlight and LIBSVM: a vector a document.
 *
 *   label,label qid:7 1:0.43 3:0.12 9284:0.2 # a comment
 *
 * Labels are topics by their text; there may be none. qid is passed over. */
#ifndef VIGIE_READ_SVMLIGHT_H
#define VIGIE_READ_SVMLIGHT_H

#include "learn/read_sink.h"

/* Hand the documents of the file s->path, whose bytes these are, to s. The
 * text of each is its pairs "index:value", a blank between, as a block of
 * given terms reads them: indices in ascending order, from 0 to 2^64 - 1;
 * values finite in single precision and written with nine digits, which give
 * the float back. Lines that cannot be used are complained of. 0 or -errno. */
int read_svmlight(struct read_sink *s, struct str bytes, struct err *e);

#endif
