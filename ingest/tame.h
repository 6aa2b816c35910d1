/* tame.h -- names and addresses that strangers wrote, as text that may stand in
 * sentences and in JSON. Pure. */
#ifndef VIGIE_TAME_H
#define VIGIE_TAME_H

#include "base/str.h"

/* Append s: control characters as spaces, a byte that is no UTF-8 as '?'. At
 * most max bytes of it, whole characters. */
void tame(struct str s, size_t max, struct buf *out);
/* The same as a string of JSON, with its quotes. */
void tame_json(struct str s, struct buf *out);

#endif
