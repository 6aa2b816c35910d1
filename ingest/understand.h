/* understand.h -- a raw piece becomes an article: charset, form C, title, date,
 * identity, the fields that we know and, under `input`, those that we do not.
 * A pure function; nothing is kept. */
#ifndef VIGIE_UNDERSTAND_H
#define VIGIE_UNDERSTAND_H

#include "base/arena.h"
#include "base/err.h"
#include "ingest/source.h"
#include "wire/article.h"

/* Read one piece into *ret, whose parts lie in the arena: meta, title and
 * text are set; seq, flags, keys and verdict are not touched. fetched is the
 * time stamp for the record, or NULL for none (one-shot runs give the same
 * output every time). Returns 0; STEP_REJECT with a sentence that begins with
 * raw->place; -ENOMEM. */
int understand(const struct raw *raw, const char *fetched, struct arena *a,
	       struct article *ret, struct err *e);

#endif
