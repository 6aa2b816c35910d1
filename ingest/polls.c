#include "ingest/polls.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "parse/document.h"

static int64_t wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int polls_new(const struct web_settings *set, struct polls **ret)
{
	struct polls *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	p->set = set;
	p->clock = clock_ms;
	p->wall = wall_ms;
	buf_init(&p->lines, DOCUMENT_ANSWER_MAX);
	*ret = p;
	return 0;
}

void polls_free(struct polls *p)
{
	if (!p)
		return;
	buf_done(&p->lines);
	free(p);
}
