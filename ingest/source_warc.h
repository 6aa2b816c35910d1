/* source_warc.h -- a crawl archive: the pages and feeds that its records hold
 * are articles (warc.h, http_payload.h, harvest.h). Of response and resource
 * records with status 200; what is neither page nor feed, and pages with fewer
 * than HARVEST_LEAST characters of text, are passed over. A row of the table in
 * source.c.
 *
 * Memory: about 50 MB at most, whatever the file holds. It is remembered up to
 * the record, also within one gzip member around all. One that is followed is
 * waited for at its end; when its path names another file, that is read. */
#ifndef VIGIE_SOURCE_WARC_H
#define VIGIE_SOURCE_WARC_H

#include "ingest/source.h"

/* As struct source_kind says; path "-" is standard input. A damaged record, one
 * cut off, and one whose page cannot be read are STEP_REJECT. */
int source_warc_open(const struct source_options *o, void **ret,
		     struct err *e);
int source_warc_next(void *self, struct raw *ret, struct err *e);
void source_warc_close(void *self);
void source_warc_progress(const void *self, uint64_t *done, uint64_t *total);

#endif
