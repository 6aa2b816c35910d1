#include "ingest/pollers.h"
#include "ingest/source_feed.h"

int source_sitemap_open(const struct source_options *o, void **ret,
			struct err *e)
{
	struct pollers *g = NULL;
	int r = pollers_open(o, POLLER_SITEMAP, &g, e);

	if (!r)
		*ret = g;
	return r;
}
