/* discover.h -- the feeds that a page names, by link rel=alternate, and by
 * links that look like feeds where it names none. Pure. Head:
 * {"document":"links"}; a line: url, title, type, best first. */
#ifndef VIGIE_DISCOVER_H
#define VIGIE_DISCOVER_H

#include "base/arena.h"
#include "base/err.h"
#include "parse/document.h"

int discover_parse(const struct document *d, struct arena scratch,
		   struct buf *out, struct err *e);

#endif
