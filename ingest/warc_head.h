/* warc_head.h -- the header lines of a record of a crawl archive. For warc.c. */
#ifndef VIGIE_WARC_HEAD_H
#define VIGIE_WARC_HEAD_H

#include <stdbool.h>

#include "ingest/warc.h"

/* Set what the lines say in *ret, as views of them; folded ones are joined in
 * place. False: there is no good Content-Length. */
bool warc_head(struct buf *head, struct warc_record *ret);

#endif
