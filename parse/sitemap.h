/* sitemap.h -- a sitemap, a news sitemap, or an index of them. Pure. Head:
 * {"document":"sitemap","index":bool}. A line: url, published (the news
 * publication date, else lastmod), title, language, source (news:name), all
 * but url where given. Plain-text sitemaps (an address a line) are read, too.
 * Past the ceiling the head has "cut":true. */
#ifndef VIGIE_SITEMAP_H
#define VIGIE_SITEMAP_H

#include "base/arena.h"
#include "base/err.h"
#include "parse/document.h"

enum { SITEMAP_ENTRIES_MAX = 50000 };

int sitemap_parse(const struct document *d, struct arena scratch,
		  struct buf *out, struct err *e);

#endif
