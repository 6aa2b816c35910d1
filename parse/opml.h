/* opml.h -- lists of feeds, as readers of feeds exchange them. Pure. Head:
 * {"document":"opml","title":…}; a line an outline with xmlUrl, however deep:
 * url, title, site (htmlUrl), folder ("A/B"). When
 * there are too many for out, the head has "cut":true. */
#ifndef VIGIE_OPML_H
#define VIGIE_OPML_H

#include "base/arena.h"
#include "base/err.h"
#include "parse/document.h"

int opml_parse(const struct document *d, struct arena scratch,
	       struct buf *out, struct err *e);

/* Written: a whole OPML 2.0 document around its outlines. Empty parts of an
 * outline are left out. */
void opml_begin(struct buf *out, struct str title);
void opml_outline(struct buf *out, struct str url, struct str title,
		  struct str site);
void opml_end(struct buf *out);

#endif
