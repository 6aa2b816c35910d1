/* dom_sieve.h -- what of a page libxml2 may see. Its parser is quadratic in
 * attributes and in the depth of what is open, so both are bounded here, in one
 * pass over the bytes; and what nobody reads is left out on the way: comments,
 * declarations, scripts other than JSON-LD, styles, most attributes. Pure. */
#ifndef VIGIE_DOM_SIEVE_H
#define VIGIE_DOM_SIEVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct dom_sieve {
	size_t n;	   /* bytes written */
	size_t attributes; /* in all that was written */
	bool cut;	   /* a ceiling of dom.h was reached */
};

/* Write what is left of the page, well-formed UTF-8 without NUL, to out, which
 * has room for page.n bytes. Linear. */
void dom_sieve(struct str page, char *out, struct dom_sieve *ret);

#endif
