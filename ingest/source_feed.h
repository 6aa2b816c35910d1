/* source_feed.h -- what is polled: a feed, a news sitemap, a list of feeds; or
 * one of them in a file. Rows of the table in source.c; see pollers.h. They
 * need all of o->tools. */
#ifndef VIGIE_SOURCE_FEED_H
#define VIGIE_SOURCE_FEED_H

#include "ingest/source.h"

/* As struct source_kind says. A feed may turn out to be a page that names one,
 * a sitemap, or a list. */
int source_feed_open(const struct source_options *o, void **ret,
		     struct err *e);
int source_feed_next(void *self, struct raw *ret, struct err *e);
void source_feed_close(void *self);
int64_t source_feed_pause(const void *self, int64_t now_ms);

/* source_sitemap.c, source_opml.c: what it must be. */
int source_sitemap_open(const struct source_options *o, void **ret,
			struct err *e);
int source_opml_open(const struct source_options *o, void **ret,
		     struct err *e);

#endif
