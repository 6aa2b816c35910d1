#include "ingest/source_feed.h"

#include "ingest/pollers.h"

int source_feed_open(const struct source_options *o, void **ret, struct err *e)
{
	struct pollers *g = NULL;
	int r = pollers_open(o, POLLER_FEED, &g, e);

	if (!r)
		*ret = g;
	return r;
}

int source_feed_next(void *self, struct raw *ret, struct err *e)
{
	return pollers_next(self, ret, e);
}

void source_feed_close(void *self)
{
	pollers_free(self);
}

int64_t source_feed_pause(const void *self, int64_t now_ms)
{
	return pollers_pause(self, now_ms);
}
