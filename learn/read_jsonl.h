/* read_jsonl.h -- JSON lines: one object a document. */
#ifndef VIGIE_READ_JSONL_H
#define VIGIE_READ_JSONL_H

#include "learn/read_sink.h"

/* Hand the documents of the file s->path, whose bytes these are, to s, those
 * that have what the recipe's `only` asks for. What cannot be used is
 * complained of and passed over. Returns 0, also then, or
 * -errno. */
int read_jsonl(struct read_sink *s, struct str bytes, struct err *e);

#endif
