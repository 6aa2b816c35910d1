#include "classify/classify.h"

#include <errno.h>
#include <string.h>

#include "base/broken.h"
#include "classify/guard.h"
#include "classify/verdict.h"
#include "classify/worker.h"

enum { VERDICT_MAX = 8 << 20 };

/* A buffer over the next part of the arena, where nothing need be allocated.
 * Address space is all that the part takes of a large arena; of a small one
 * most is left to judge in. */
static int open_buf(struct arena *a, struct buf *ret)
{
	size_t part = arena_left(*a) / 8;
	size_t n = part < VERDICT_MAX ? part : VERDICT_MAX;
	char *p = arena_room(a, n);

	if (!p || !n)
		return -ENOMEM;
	buf_over(ret, p, n);
	return 0;
}

/* The arena goes on behind what the bufs hold, of which the second moves to the
 * end of the first. */
static void keep(struct arena *a, const struct buf *verdict,
		 const struct buf *keys, struct article *article)
{
	char *end = verdict->p + verdict->n;

	memmove(end, keys->p, keys->n);
	article->verdict = buf_view(verdict);
	article->keys = (struct str){ end, keys->n };
	a->p = end + keys->n;
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
	int r = (flags & WIRE_WANT_SCORES ? judge : judge_quick)(
		m, field, &scratch, &j);

	return r ? r
		 : verdict_write(m, &j, flags & WIRE_WANT_SCORES, scratch,
				 verdict, keys);
}

int classify_step(const struct model *m, uint32_t flags, struct arena *a,
		  struct article *article, struct err *e)
{
	struct arena scratch = *a;
	struct buf verdict, keys;
	int r = open_buf(&scratch, &verdict);

	if (!r)
		r = open_buf(&scratch, &keys);
	if (!r && broken("stub"))
		r = write_stub(m, &verdict, &keys);
	else if (!r)
		r = write_verdict(m, flags, scratch, article, &verdict, &keys);
	if (!r)
		keep(a, &verdict, &keys, article);
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
	{ "share", CONF_TEXT, AT(share),
	  .help = "a folder, best in memory, where all classify daemons of "
		  "this machine share\none copy of the bundle; that of the "
		  "first ipc socket unless told. none: each has its\nown" },
	{ "http", CONF_MAP, AT(http), .keys = http_keys,
	  .help = "health and metrics over HTTP" },
	{ .name = NULL },
};
