#include "ingest/pollers.h"
#include "ingest/source_feed.h"

int source_opml_open(const struct source_options *o, void **ret,
		     struct err *e)
{
	struct pollers *g = NULL;
	int r = pollers_open(o, POLLER_OPML, &g, e);

	if (!r)
		*ret = g;
	return r;
}
