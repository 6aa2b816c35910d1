/* warc_dump.h -- the records of a crawl archive as lines of JSON, for people and
 * for tests. */
#ifndef VIGIE_WARC_DUMP_H
#define VIGIE_WARC_DUMP_H

#include <stdio.h>

#include "base/err.h"

/* One line a record of what fd holds: type, uri, date, id, length, complete; of
 * a response as well status, mime, coding, chunked, payload_bytes and
 * payload_sha1 (after decoding). Where a record is damaged, or there is none:
 * {"error": …}. Returns 0 or -errno with the sentence. */
int warc_dump(int fd, FILE *out, struct err *e);

#endif
