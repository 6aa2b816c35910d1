#include "classify/classify.h"

#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/stop.h"
#include "classify/verdict.h"
#include "wire/link.h"

enum {
	VERDICT_MAX = 8 << 20,
	INGESTS_MAX = 16,
	BEAT_MS = 250, /* a credit at least so often: the sign of life */
	MEET_MS = 20,  /* a look so often for an ingest that is not there yet */
	LINGER_MS = 2000,
	/* Verdicts leave in messages of so many bytes and one article more,
	 * which stays below WIRE_BATCH_MAX however large the batch was. */
	OUT_MAX = 4 << 20,
};

/* Arena memory may not be freed by a buf, so what the bufs made is copied. */
static int keep(struct arena *a, struct buf *verdict, struct buf *keys,
		struct article *article)
{
	article->verdict = arena_copy(a, buf_view(verdict));
	article->keys = arena_copy(a, buf_view(keys));
	return article->verdict.p && article->keys.p ? 0 : -ENOMEM;
}

int classify_step(const struct model *m, uint32_t flags, struct arena *a,
		  struct article *article, struct err *e)
{
	struct arena scratch = *a;
	struct judgement j;
	struct buf verdict, keys;
	const struct str field[FIELD_COUNT] = { article->title, article->text,
						article->target };
	int r = judge(m, field, &scratch, &j);

	buf_init(&verdict, VERDICT_MAX);
	buf_init(&keys, VERDICT_MAX);
	if (!r)
		r = verdict_write(m, &j, flags & WIRE_WANT_SCORES, scratch,
				  &verdict, &keys);
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

/* One ingest that we pull from. */
struct pull {
	struct link *link;
	struct credit credit;
	int64_t told_ms; /* 0: never yet */
};

struct classify {
	const struct classify_settings *set;
	struct model *model;
	struct arena block;
	struct link_net *net;
	struct link *sink;
	struct pull pulls[INGESTS_MAX];
	struct link *links[INGESTS_MAX]; /* the same, to wait on */
	size_t pull_count;
	uint64_t judged;
};

static int tell(struct pull *p, struct err *e)
{
	struct buf b;
	int r;

	buf_init(&b, 256);
	credit_write(&b, &p->credit);
	r = link_send(p->link, NULL, &b, e);
	buf_done(&b);
	if (r == STEP_WAIT) /* no ingest is there to be told */
		return 0;
	p->told_ms = clock_ms();
	return r;
}

static int beat(struct classify *c, struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < c->pull_count && !r; i++)
		if (clock_ms() - c->pulls[i].told_ms >= BEAT_MS)
			r = tell(&c->pulls[i], e);
	return r;
}

/* An article that cannot be judged leaves without topics: it is never
 * dropped. */
static int give_up(const struct classify *c, struct arena *a,
		   struct article *article)
{
	struct buf verdict;

	buf_init(&verdict, VERDICT_MAX);
	verdict_none(c->model, &verdict);
	article->keys = STR("none\n");
	article->verdict = arena_copy(a, buf_view(&verdict));
	buf_done(&verdict);
	return article->verdict.p ? 0 : -ENOMEM;
}

static int judge_article(struct classify *c, uint32_t flags,
			 struct article *article, struct err *e)
{
	struct arena scratch = c->block;
	struct err why = { "" };
	int r = classify_step(c->model, flags, &scratch, article, &why);

	if (r == STEP_REJECT) {
		log_line(LOG_WARN, "%s", why.text);
		scratch = c->block;
		r = give_up(c, &scratch, article);
	}
	c->judged++;
	return r ? err_set(e, r, "%s", why.text) : 0;
}

/* Push, and keep beating while the sink has no room. STEP_WAIT when we are to
 * stop first: not told as done, it is sent to another. */
static int push(struct classify *c, struct buf *out, struct err *e)
{
	int r;

	while ((r = link_send(c->sink, NULL, out, e)) == STEP_WAIT) {
		if (stop_asked())
			return STEP_WAIT;
		link_wait_send(c->sink, BEAT_MS);
		r = beat(c, e);
		if (r)
			return r;
	}
	return r;
}

/* Judge as many as make a message, into out. Returns 0; STEP_END with the
 * last; -errno, of which -EPROTO says that the batch itself is damaged.
 *
 * A verdict lies in the arena until the next is judged, so it is added at
 * once. A batch may take longer than ingest is patient with the silent,
 * which is why the beat goes on in the middle of it. */
static int judge_some(struct classify *c, struct batch_reader *in,
		      struct buf *out, struct err *e)
{
	struct batch_head h = in->head;
	struct article a;
	uint32_t n = 0;
	int r = 0, last;

	h.kind = WIRE_VERDICTS;
	batch_begin(out, &h);
	while (!r && out->n < OUT_MAX && !(r = batch_next(in, &a, e))) {
		r = judge_article(c, h.flags, &a, e);
		if (r)
			break;
		batch_add(out, &a);
		n++;
		r = beat(c, e);
	}
	last = batch_end(out, n);
	return r < 0 ? r : last ? last : r;
}

/* 0 when every verdict of the batch was pushed; else as those above. One
 * without articles is a knock at the door, and answered by a credit. */
static int judge_batch(struct classify *c, struct batch_reader *in,
		       struct err *e)
{
	int r = 0, pushed = 0;

	while (!r && !pushed) {
		struct buf out;

		buf_init(&out, WIRE_BATCH_MAX);
		r = judge_some(c, in, &out, e);
		if (in->head.count && (!r || r == STEP_END))
			pushed = push(c, &out, e);
		buf_done(&out);
	}
	return pushed ? pushed : r == STEP_END ? 0 : r;
}

static int handle(struct classify *c, struct pull *p, struct str message,
		  struct err *e)
{
	struct batch_reader in;
	int r = batch_open(&in, message, e);

	if (!r && in.head.kind != WIRE_ARTICLES)
		r = err_set(e, -EPROTO, "a batch of the wrong kind");
	if (!r)
		r = judge_batch(c, &in, e);
	if (r)
		return r;
	p->credit.session = in.head.session;
	p->credit.done_batches = in.head.batch;
	return tell(p, e);
}

static int hear(struct classify *c, struct pull *p, struct err *e)
{
	struct err why = { "" };
	struct link_message m;
	int r = link_recv(p->link, &m, &why);

	if (!r)
		r = handle(c, p, m.body, &why);
	/* What is not told as done is sent again, perhaps undamaged. */
	if (r == -EPROTO)
		log_line(LOG_WARN, "dropped: %s", why.text);
	if (r == -EPROTO || r == STEP_WAIT)
		return 0;
	return r ? err_set(e, r, "%s", why.text) : 0;
}

/* One that was heard of once will be back without haste. */
static bool all_met(const struct classify *c)
{
	for (size_t i = 0; i < c->pull_count; i++)
		if (!c->pulls[i].told_ms)
			return false;
	return true;
}

static int turn(struct classify *c, struct err *e)
{
	int r = link_wait(c->links, c->pull_count,
			  all_met(c) ? BEAT_MS : MEET_MS);

	if (r < 0)
		return err_sys(e, r, "waiting");
	r = beat(c, e);
	for (size_t i = 0; i < c->pull_count && !r; i++)
		r = hear(c, &c->pulls[i], e);
	return r;
}

/* Tell every ingest that we leave, so that it need not find out. */
static void leave(struct classify *c)
{
	struct err ignored = { "" };

	for (size_t i = 0; i < c->pull_count; i++) {
		c->pulls[i].credit.room_records = 0;
		c->pulls[i].credit.room_bytes = 0;
		(void)tell(&c->pulls[i], &ignored);
	}
}

static int open_pull(struct classify *c, const char *endpoint, struct err *e)
{
	struct link_options o = { .queue = 64,
				  .linger_ms = 500,
				  .message_max = WIRE_BATCH_MAX };
	struct pull *p = &c->pulls[c->pull_count];
	int r = link_open(c->net, LINK_DEALER, endpoint, false, o, &p->link,
			  e);

	if (r)
		return r;
	p->credit.room_records = (uint64_t)c->set->room;
	p->credit.room_bytes = (uint64_t)c->set->room_bytes;
	c->links[c->pull_count++] = p->link;
	return 0;
}

static int open_room(struct classify *c, struct err *e)
{
	static const char *const usual[] = { "ipc:///run/vigie/articles" };
	struct link_options o = { .queue = 16,
				  .linger_ms = LINGER_MS,
				  .message_max = 1 << 16 };
	const char *const *ingests = c->set->connect.n ? c->set->connect.v
						       : usual;
	size_t n = c->set->connect.n ? c->set->connect.n : 1;
	int r = 0;

	if (!c->set->model)
		return err_set(e, -EINVAL, "no model is named");
	if (n > INGESTS_MAX)
		return err_set(e, -EINVAL, "more than %d ingests",
			       INGESTS_MAX);
	r = model_open(c->set->model, &c->model, e);
	if (!r && (r = model_selftest(c->model, e)))
		err_at(e, r, "%s: ", c->set->model);
	if (!r && (r = arena_open(&c->block, JUDGE_ARENA)))
		err_sys(e, r, "%zu MB of address space, most of it never used "
			"(see ulimit -v and vm.overcommit_memory)",
			JUDGE_ARENA >> 20);
	if (!r)
		r = link_net_open(&c->net, e);
	if (!r)
		r = link_open(c->net, LINK_PUSH, c->set->sink, false, o,
			      &c->sink, e);
	for (size_t i = 0; i < n && !r; i++)
		r = open_pull(c, ingests[i], e);
	return r;
}

static void close_room(struct classify *c)
{
	for (size_t i = 0; i < c->pull_count; i++)
		link_free(c->pulls[i].link);
	link_free(c->sink);
	link_net_free(c->net);
	arena_close(c->block);
	model_free(c->model);
}

int classify_run(const struct classify_settings *s, struct err *e)
{
	struct classify c = { .set = s };
	int r = open_room(&c, e);

	if (!r)
		log_line(LOG_DETAIL, "judging by %s@sha256:%s", c.model->name,
			 c.model->id);
	while (!r && !stop_asked())
		r = turn(&c, e);
	if (!r)
		leave(&c);
	log_line(LOG_DETAIL, "%llu articles judged",
		 (unsigned long long)c.judged);
	close_room(&c);
	return r ? err_sys(e, r, "classify") : 0;
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
