/* source_text.h -- a file that is one article in plain text, at most
 * ARTICLE_TEXT_MAX bytes. One that was read and has not changed since (inode,
 * size, time of its last change) is not read again; one that is followed is
 * read again whenever it has changed, so texts are best put into place by a
 * rename. A row of the table in source.c. */
#ifndef VIGIE_SOURCE_TEXT_H
#define VIGIE_SOURCE_TEXT_H

#include "ingest/source.h"

/* As struct source_kind says; path "-" is standard input. A larger file and
 * an HTML page (by its name or its first bytes) are STEP_REJECT. A file that is
 * followed waits while it is empty or changes as it is read; from a named pipe
 * that is followed each writer brings one text. */
int source_text_open(const struct source_options *o, void **ret,
		     struct err *e);
int source_text_next(void *self, struct raw *ret, struct err *e);
void source_text_close(void *self);

/* Open standard input of which `ahead` was read already. */
int source_text_resume(const struct source_options *o, struct str ahead,
		       void **ret, struct err *e);

#endif
