/* read_fasttext.h -- the lines that fastText's supervised mode is trained
 * with: "__label__sport __label__france The words of the text". */
#ifndef VIGIE_READ_FASTTEXT_H
#define VIGIE_READ_FASTTEXT_H

#include "learn/read_sink.h"

/* Hand the documents of the file s->path, whose bytes these are, to s. Words
 * lie between white space; those that begin with __label__ are labels, wherever
 * they stand (fastText, Dictionary::getLine), the others with a blank between
 * are the text. Lines that cannot be used are complained of. 0 or -errno. */
int read_fasttext(struct read_sink *s, struct str bytes, struct err *e);

#endif
