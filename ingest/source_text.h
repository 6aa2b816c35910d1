/* source_text.h -- a file that is one article in plain text, at most
 * ARTICLE_TEXT_MAX bytes; what turns out to be an HTML page is read as one
 * (source_page.h). When it is read again: see whole.h; texts are best put into
 * place by a rename. A row of the table in source.c. */
#ifndef VIGIE_SOURCE_TEXT_H
#define VIGIE_SOURCE_TEXT_H

#include "ingest/source.h"

/* As struct source_kind says; path "-" is standard input. A larger file is
 * STEP_REJECT. */
int source_text_open(const struct source_options *o, void **ret,
		     struct err *e);
int source_text_next(void *self, struct raw *ret, struct err *e);
void source_text_close(void *self);

/* Open standard input of which `ahead` was read already. */
int source_text_resume(const struct source_options *o, struct str ahead,
		       void **ret, struct err *e);

#endif
