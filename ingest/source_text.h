/* source_text.h -- a file that is one article in plain text, at most
 * ARTICLE_TEXT_MAX bytes. A row of the table in source.c. */
#ifndef VIGIE_SOURCE_TEXT_H
#define VIGIE_SOURCE_TEXT_H

#include "ingest/source.h"

/* As struct source_kind says; path "-" is standard input. A larger file and
 * an HTML page (by its name or its first bytes) are STEP_REJECT. */
int source_text_open(const char *path, void **ret, struct err *e);
int source_text_next(void *self, struct raw *ret, struct err *e);
void source_text_close(void *self);

/* Open standard input of which `ahead` was read already. */
int source_text_resume(struct str ahead, void **ret, struct err *e);

#endif
