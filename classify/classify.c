#include "classify/classify.h"

#include <errno.h>

#include "base/broken.h"
#include "classify/guard.h"
#include "classify/verdict.h"
#include "classify/worker.h"

enum { VERDICT_MAX = 8 << 20 };

/* Arena memory may not be freed by a buf, so what the bufs made is copied. */
static int keep(struct arena *a, struct buf *verdict, struct buf *keys,
		struct article *article)
{
	article->verdict = arena_copy(a, buf_view(verdict));
	article->keys = arena_copy(a, buf_view(keys));
	return article->verdict.p && article->keys.p ? 0 : -ENOMEM;
}

/* What the rooms cost without any judging, for benchmarks. */
static int write_stub(const struct model *m, struct buf *verdict,
		      struct buf *keys)
{
	verdict_none(m, verdict);
	buf_add_z(keys, "none\n");
	return buf_error(verdict) ? buf_error(verdict) : buf_error(keys);
}

static int write_verdict(const struct model *m, uint32_t flags,
			 struct arena scratch, const struct article *article,
			 struct buf *verdict, struct buf *keys)
{
	const struct str field[FIELD_COUNT] = { article->title, article->text,
						article->target };
	struct judgement j;
	int r = judge(m, field, &scratch, &j);

	return r ? r
		 : verdict_write(m, &j, flags & WIRE_WANT_SCORES, scratch,
				 verdict, keys);
}

int classify_step(const struct model *m, uint32_t flags, struct arena *a,
		  struct article *article, struct err *e)
{
	struct buf verdict, keys;
	int r;

	buf_init(&verdict, VERDICT_MAX);
	buf_init(&keys, VERDICT_MAX);
	if (broken("stub"))
		r = write_stub(m, &verdict, &keys);
	else
		r = write_verdict(m, flags, *a, article, &verdict, &keys);
	if (!r)
		r = keep(a, &verdict, &keys, article);
	buf_done(&verdict);
	buf_done(&keys);
	if (!(flags & WIRE_WANT_TEXT))
		article->title = article->text = article->target = STR("");
	if (r == -ENOMEM || r == -EMSGSIZE)
		return err_set(e, STEP_REJECT,
			       "article %llu is too large to be judged",
			       (unsigned long long)article->seq);
	return r;
}

int classify_run(const struct classify_settings *s, struct err *e)
{
	return guard_run(s, worker_run, e);
}

#define AT(member) offsetof(struct classify_settings, member)

const struct conf_key classify_keys[] = {
	{ "connect", CONF_TEXTS, AT(connect),
	  .help = "ingests to pull from; ipc:///run/vigie/articles unless "
		  "told" },
	{ "sink", CONF_TEXT, AT(sink),
	  .help = "where to push verdicts; ipc:///run/vigie/verdicts unless "
		  "told" },
	{ "model", CONF_TEXT, AT(model),
	  .help = "the bundle to judge by; the one that was installed with "
		  "vigie unless told" },
	{ "room", CONF_INT, AT(room), "256", 1, WIRE_COUNT_MAX,
	  .help = "articles on their way to one worker or in its hands, at "
		  "most" },
	{ "room_bytes", CONF_SIZE, AT(room_bytes), "4M", 1024, 1e12,
	  .help = "the same in bytes" },
	{ "stuck_after", CONF_TIME, AT(stuck_after), "30s", 100, 86400000,
	  .help = "a worker that works on one article for so long is killed "
		  "and\nstarted again" },
	{ "watch", CONF_BOOL, AT(watch), "true",
	  .help = "judge by a changed bundle as soon as it is there and "
		  "verified; else on SIGHUP" },
	{ "http", CONF_MAP, AT(http), .keys = http_keys,
	  .help = "health and metrics over HTTP" },
	{ .name = NULL },
};
