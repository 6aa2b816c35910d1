/* base64.h -- bytes as text and back (RFC 4648, section 4, with padding). Pure
 * functions. */
#ifndef VIGIE_BASE64_H
#define VIGIE_BASE64_H

#include "base/str.h"

/* Add s to out as base64. */
void base64_add(struct buf *out, struct str s);
/* Add the bytes that s stands for to out. 0; -EINVAL for what is no base64, a
 * piece of it being in out then; or buf_error(out). */
int base64_decode(struct buf *out, struct str s);

#endif
