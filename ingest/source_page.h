/* source_page.h -- a saved HTML page that is one article. When it is read again:
 * see whole.h. Its address is what the page says of itself. A row of the table
 * in source.c. */
#ifndef VIGIE_SOURCE_PAGE_H
#define VIGIE_SOURCE_PAGE_H

#include "ingest/source.h"

/* As struct source_kind says; path "-" is standard input. A page of more than
 * DOCUMENT_MAX bytes, one without an article, and MHTML are STEP_REJECT. */
int source_page_open(const struct source_options *o, void **ret,
		     struct err *e);
int source_page_next(void *self, struct raw *ret, struct err *e);
void source_page_close(void *self);

#endif
