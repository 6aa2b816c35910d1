/* target_pub.c -- lines for whoever subscribes: one message a key, its first
 * frame "topic.stance", its second the line without its end. A subscriber
 * chooses by prefix: "sovereignty." or "sovereignty.against".
 *
 * This target commits nothing, which makes it the weaker one: who is not there
 * or too slow misses messages, and after a crash of the sink some come again.
 * Who must have every line reads the JSONL file. */
#include <errno.h>
#include <stdlib.h>

#include "sink/target.h"

enum { QUEUE = 4096, LINGER_MS = 1000, HEARD_MAX = 4096 };

struct pub {
	struct link *link;
};

static int pub_open(const struct target_options *o, void **ret, struct err *e)
{
	struct link_options how = { .queue = QUEUE,
				    .linger_ms = LINGER_MS,
				    .message_max = HEARD_MAX };
	struct pub *p = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return -ENOMEM;
	r = link_open(o->net, LINK_PUB, o->place, true, how, &p->link, e);
	if (r) {
		free(p);
		return r;
	}
	*ret = p;
	return 0;
}

static bool pub_commits(const void *self)
{
	(void)self;
	return false;
}

static int pub_write(void *self, const struct record *line, struct err *e)
{
	struct pub *p = self;
	struct str keys = line->keys;
	struct str body = { line->line.p, line->line.n - 1 };
	int r = 0;

	while (keys.n && !r) {
		struct str key = str_cut(&keys, '\n');

		if (key.n)
			r = link_publish(p->link, key, body, e);
	}
	return r;
}

static int pub_commit(void *self, struct err *e)
{
	(void)self;
	(void)e;
	return 0;
}

static void pub_close(void *self)
{
	struct pub *p = self;

	link_free(p->link);
	free(p);
}

const struct target_kind target_pub = {
	.name = "publish",
	.weaker = "who does not listen, or not fast enough, misses records, "
		  "and after a crash some come again",
	.open = pub_open,
	.commits = pub_commits,
	.write = pub_write,
	.commit = pub_commit,
	.close = pub_close,
};
