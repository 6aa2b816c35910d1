/* warc_find.h -- what in a record of a crawl archive may hold articles. Pure;
 * for who reads such archives. */
#ifndef VIGIE_WARC_FIND_H
#define VIGIE_WARC_FIND_H

#include "base/err.h"
#include "base/str.h"
#include "ingest/harvest.h"
#include "ingest/warc.h"

/* Room for what is undone and for strings that end. */
struct warc_find {
	struct buf chunks, decoded, type, url;
};

void warc_find_init(struct warc_find *f);
void warc_find_done(struct warc_find *f);
/* The page or the feed in a record, for harvest_begin(); it lies in the record
 * or in f. 0; STEP_END: there is none; STEP_REJECT with the sentence: there is
 * one that cannot be had; -ENOMEM. */
int warc_find(struct warc_find *f, const struct warc_record *r,
	      struct harvest_find *ret, struct err *e);

#endif
