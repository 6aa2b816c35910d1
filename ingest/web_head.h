/* web_head.h -- the head of an HTTP answer, line by line, as far as it matters
 * to us. Heads are bounded; a value with a control character in it, which could
 * end a header when it is sent back, is as if it were not there. */
#ifndef VIGIE_WEB_HEAD_H
#define VIGIE_WEB_HEAD_H

#include <stdbool.h>

#include "base/str.h"
#include "ingest/cache_headers.h"

enum {
	WEB_HEAD_MAX = 64 << 10, /* bytes of all lines together */
	WEB_HEAD_VALUE_MAX = 8192, /* of one value that is kept */
};

/* The first of each name, byte for byte without white space around it; NULL. */
struct web_head {
	char *etag, *last_modified, *location, *type;
	struct cache_headers cache;
	size_t n; /* bytes so far */
	bool body; /* it is over: what comes now are trailers */
};

void web_head_init(struct web_head *h);
void web_head_done(struct web_head *h);
/* One line, perhaps with its end. A status line forgets what came before (an
 * answer of the class 1xx); an empty line ends the head. 0; -EMSGSIZE when
 * there is too much of it; -ENOMEM. */
int web_head_line(struct web_head *h, struct str line);
/* No control character in it, so that it may be the value of a header. */
bool web_head_is_clean(struct str value);

#endif
