/* decode.h -- the codings of HTTP undone: gzip, deflate (with or without the
 * frame of zlib), br. Pure; what comes out is bounded by its buffer. */
#ifndef VIGIE_DECODE_H
#define VIGIE_DECODE_H

#include "base/str.h"

enum decode_coding {
	DECODE_NONE, /* "", "identity" */
	DECODE_GZIP,
	DECODE_DEFLATE,
	DECODE_BR,
	DECODE_OTHER, /* one that we do not know */
};

/* The coding that a header names; several, as "gzip, gzip", are DECODE_OTHER. */
enum decode_coding decode_coding(struct str name);
/* Append what `in` holds to out. 0; STEP_END: `in` is cut off or damaged, and
 * out has what came before that; STEP_REJECT: `in` is nothing of this coding,
 * out is as it was; -EMSGSIZE: more than out may hold; -ENOMEM. */
int decode(enum decode_coding coding, struct str in, struct buf *out);

#endif
