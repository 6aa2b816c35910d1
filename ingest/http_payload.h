/* http_payload.h -- an HTTP response as an archive keeps it, into what it says
 * and the bytes that it carries, chunks and compression undone. Pure. Wrong
 * ones are read as far as they can be understood: crawlers write headers that
 * no longer fit what they kept. */
#ifndef VIGIE_HTTP_PAYLOAD_H
#define VIGIE_HTTP_PAYLOAD_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

enum { HTTP_PAYLOAD_MAX = 16 << 20 }; /* bytes, after decoding */

struct http_payload {
	int status;	  /* 100 to 999 */
	struct str mime;  /* "text/html; charset=utf-8"; empty: none is said */
	struct str coding; /* that was undone, "gzip"; empty: none was */
	bool chunked;	  /* chunks were undone */
	bool cut;	  /* chunks or compression end early or are damaged:
			   * bytes has what came before that, or as it was */
	struct str bytes; /* within block, or in one of the buffers */
};

/* Read a response. The two buffers, of at most HTTP_PAYLOAD_MAX bytes each, are
 * cleared first and hold what was undone. 0; STEP_REJECT with the sentence when
 * it is no response, is in a coding that we do not know, or holds more than
 * that; -ENOMEM. */
int http_payload_read(struct str block, struct buf *chunks,
		      struct buf *decoded, struct http_payload *ret,
		      struct err *e);

#endif
