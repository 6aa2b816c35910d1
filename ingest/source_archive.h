/* source_archive.h -- a zip or tar file (or one file in gzip) of pages, feeds,
 * texts, JSON lines and crawl archives, each by its name or first bytes, also
 * within gzip; what is none of these is passed over and counted. See unpack.h
 * for the limits. A row of the table in source.c.
 *
 * It is remembered up to the piece of an entry, as long as the archive stays as
 * it is (inode, size, time of its last change). One that is followed is read
 * again whenever it has changed. */
#ifndef VIGIE_SOURCE_ARCHIVE_H
#define VIGIE_SOURCE_ARCHIVE_H

#include "ingest/source.h"

/* As struct source_kind says; a regular file only. An entry that is too large
 * or damaged, and a page that cannot be read, are STEP_REJECT. */
int source_archive_open(const struct source_options *o, void **ret,
			struct err *e);
int source_archive_next(void *self, struct raw *ret, struct err *e);
void source_archive_close(void *self);
void source_archive_progress(const void *self, uint64_t *done,
			     uint64_t *total);

#endif
