#include "classify/worker.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/service.h"
#include "base/stop.h"
#include "classify/classify_gauges.h"
#include "classify/poison.h"
#include "classify/swap.h"
#include "classify/verdict.h"
#include "wire/link.h"

enum {
	BEAT_MS = 250, /* a credit at least so often: the sign of life */
	PULSE_MS = 10, /* a look so often, amid a batch, whether one is due */
	MEET_MS = 20,  /* a look so often for an ingest that is not there yet */
	LINGER_MS = 2000,
	/* Verdicts leave in messages of so many bytes and one article more,
	 * which stays below WIRE_BATCH_MAX however large the batch was. */
	OUT_MAX = 4 << 20,
};

/* One ingest that we pull from. */
struct pull {
	struct link *link;
	struct credit credit;
	int64_t told_ms; /* 0: never yet */
};

struct worker {
	const struct classify_settings *set;
	struct guard_page *page;
	struct classify_gauges *gauges;
	struct swap *swap;
	const struct model *model; /* of the batch in hand */
	struct arena block;
	struct link_net *net;
	struct link *sink;
	char base[PATH_MAX]; /* to share the bundle's copy in */
	struct pull pulls[GUARD_INGESTS_MAX];
	struct link *links[GUARD_INGESTS_MAX]; /* the same, to wait on */
	size_t pull_count;
	uint64_t judged;
	size_t record; /* bytes of one with its verdict, of late */
	int64_t now_ns;	   /* the last look at the clock */
	int64_t beaten_ns; /* the last beat */
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

static int beat(struct worker *c, struct err *e)
{
	int64_t now_ms;
	int r = 0;

	c->beaten_ns = c->now_ns = clock_ns();
	now_ms = c->now_ns / 1000000;
	atomic_fetch_add(&c->page->turns, 1);
	service_turn(true); /* for /livez */
	for (size_t i = 0; i < c->pull_count && !r; i++)
		if (now_ms - c->pulls[i].told_ms >= BEAT_MS)
			r = tell(&c->pulls[i], e);
	return r;
}

/* Between two articles. */
static int pulse(struct worker *c, struct err *e)
{
	return c->now_ns - c->beaten_ns < PULSE_MS * INT64_C(1000000)
		       ? 0
		       : beat(c, e);
}

/* An article that cannot be judged leaves without topics: it is never
 * dropped. */
static int give_up(const struct worker *c, struct arena a,
		   struct article *article)
{
	struct buf verdict;

	buf_over(&verdict, a.p, arena_left(a));
	verdict_none(c->model, &verdict);
	article->keys = STR("none\n");
	article->verdict = buf_view(&verdict);
	return buf_error(&verdict);
}

/* The clock is looked at once an article: one begins when that before it is
 * done. */
static void count_judged(struct worker *c)
{
	int64_t begun = c->now_ns;

	c->now_ns = clock_ns();
	atomic_fetch_add(&c->page->judged, 1);
	classify_gauges_judged(c->gauges, c->now_ns - begun);
	c->judged++;
}

static int judge_article(struct worker *c, uint32_t flags,
			 struct article *article, struct err *e)
{
	struct arena scratch = c->block;
	struct err why;
	int r;

	err_clear(&why);
	atomic_fetch_add(&c->page->steps, 1);
	poison(article);
	r = classify_step(c->model, flags, &scratch, article, &why);
	if (r == STEP_REJECT) {
		log_line(LOG_WARN, "%s", why.text);
		r = give_up(c, c->block, article);
	}
	atomic_fetch_add(&c->page->steps, 1);
	count_judged(c);
	return r ? err_set(e, r, "%s", why.text) : 0;
}

/* Push, and keep beating while the sink has no room. STEP_WAIT when we are to
 * stop first: not told as done, it is sent to another. */
static int push(struct worker *c, struct buf *out, struct err *e)
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
 * which is why the beat goes on in the middle of it. What was given up is
 * not judged: it passes whole. */
static int judge_some(struct worker *c, struct batch_reader *in,
		      struct buf *out, struct err *e)
{
	struct batch_head h = in->head;
	struct article a;
	uint32_t n = 0;
	int r = 0, last;

	h.kind = WIRE_VERDICTS;
	c->now_ns = clock_ns();
	batch_begin(out, &h);
	while (!r && out->n < OUT_MAX && !(r = batch_next(in, &a, e))) {
		if (!(a.flags & ARTICLE_DEAD))
			r = judge_article(c, h.flags, &a, e);
		if (r)
			break;
		batch_add(out, &a);
		n++;
		r = pulse(c, e);
	}
	c->record = n ? out->n / n : c->record;
	last = batch_end(out, n);
	return r < 0 ? r : last ? last : r;
}

/* 0 when every verdict of the batch was pushed; else as those above. One
 * without articles is a knock at the door, and answered by a credit. */
static int judge_batch(struct worker *c, struct batch_reader *in, struct err *e)
{
	int r = 0, pushed = 0;

	while (!r && !pushed) {
		size_t room = c->record * in->left;
		struct buf out;

		buf_init(&out, WIRE_BATCH_MAX);
		buf_reserve(&out, room < OUT_MAX ? room : OUT_MAX);
		r = judge_some(c, in, &out, e);
		if (in->head.count && (!r || r == STEP_END))
			pushed = push(c, &out, e);
		buf_done(&out);
	}
	return pushed ? pushed : r == STEP_END ? 0 : r;
}

static int handle(struct worker *c, struct pull *p, struct str message,
		  struct err *e)
{
	struct batch_reader in;
	int r = batch_open(&in, message, e);

	if (!r && in.head.kind != WIRE_ARTICLES)
		r = err_set(e, -EPROTO, "a batch of the wrong kind");
	if (r)
		return r;
	/* From here on its articles die with us. */
	atomic_store(&c->page->session[p - c->pulls], in.head.session);
	r = judge_batch(c, &in, e);
	if (r)
		return r;
	p->credit.session = in.head.session;
	p->credit.done_batches = in.head.batch;
	return tell(p, e);
}

static int hear(struct worker *c, struct pull *p, struct err *e)
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
static bool all_met(const struct worker *c)
{
	for (size_t i = 0; i < c->pull_count; i++)
		if (!c->pulls[i].told_ms)
			return false;
	return true;
}

/* Who shows what we judge by: the metrics, and the guard when we die. */
static void name_model(struct worker *c)
{
	snprintf(c->page->model, sizeof(c->page->model), "%s@sha256:%s",
		 c->model->name, c->model->id);
	classify_gauges_model(c->gauges, c->model);
	if (c->model->alone.text[0])
		log_line(LOG_NOTE, "a copy of the bundle of our own: %s",
			 c->model->alone.text);
}

/* Between two batches, so that the articles of one are judged by one bundle. */
static void renew(struct worker *c)
{
	struct err why = { "" };

	if (stop_reload_asked()) {
		swap_ask(c->swap);
		if (link_net_reload(c->net, &why))
			log_line(LOG_WARN, "%s", why.text);
		err_clear(&why);
	}
	switch (swap_turn(c->swap, clock_ms(), &why)) {
	case SWAP_DONE:
		c->model = swap_model(c->swap);
		name_model(c);
		classify_gauges_reload(c->gauges, true);
		log_line(LOG_NOTE, "judging by %s@sha256:%s from now on",
			 c->model->name, c->model->id);
		break;
	case SWAP_REFUSED:
		classify_gauges_reload(c->gauges, false);
		log_line(LOG_TROUBLE,
			 "the new bundle is refused, the old one "
			 "goes on: %s",
			 why.text);
		break;
	case SWAP_SAME:
		classify_gauges_reload(c->gauges, true);
		log_line(LOG_DETAIL, "the bundle is the one that judges");
		break;
	case SWAP_NONE:
		break;
	}
}

static int turn(struct worker *c, struct err *e)
{
	int64_t ms = all_met(c) ? BEAT_MS : MEET_MS;
	int64_t due = classify_gauges_pause(c->gauges);
	int fd = classify_gauges_fd(c->gauges);
	int r = link_wait_fds(c->links, c->pull_count, &fd, 1,
			      due >= 0 && due < ms ? due : ms);

	if (r < 0)
		return err_sys(e, r, "waiting");
	renew(c);
	r = classify_gauges_turn(c->gauges, e);
	if (!r)
		r = beat(c, e);
	for (size_t i = 0; i < c->pull_count && !r; i++)
		r = hear(c, &c->pulls[i], e);
	return r;
}

/* Tell every ingest that we leave, so that it need not find out. */
static void leave(struct worker *c)
{
	struct err ignored = { "" };

	for (size_t i = 0; i < c->pull_count; i++) {
		c->pulls[i].credit.room_records = 0;
		c->pulls[i].credit.room_bytes = 0;
		(void)tell(&c->pulls[i], &ignored);
	}
}

static int open_pull(struct worker *c, const char *endpoint, struct err *e)
{
	struct link_options o = { .queue = 64,
				  .linger_ms = 500,
				  .message_max = WIRE_BATCH_MAX };
	struct pull *p = &c->pulls[c->pull_count];
	int r = link_open(c->net, LINK_DEALER, endpoint, false, o, &p->link, e);

	if (r)
		return r;
	p->credit.room_records = (uint64_t)c->set->room;
	p->credit.room_bytes = (uint64_t)c->set->room_bytes;
	c->links[c->pull_count++] = p->link;
	return 0;
}

static int open_links(struct worker *c, struct err *e)
{
	struct link_options o = { .queue = 16,
				  .linger_ms = LINGER_MS,
				  .message_max = 1 << 16 };
	struct conf_texts ingests = guard_ingests(c->set);
	int r = link_net_open(&c->net, e);

	if (!r)
		r = link_net_secure(c->net, c->set->keys, e);
	if (!r)
		r = link_open(c->net, LINK_PUSH, c->set->sink, false, o,
			      &c->sink, e);
	for (size_t i = 0; i < ingests.n && !r; i++)
		r = open_pull(c, ingests.v[i], e);
	return r;
}

/* Where the configuration does not say, beside the first socket on this
 * machine: who meets there shares. NULL: not at all. */
static const char *find_base(struct worker *c)
{
	struct conf_texts at = guard_ingests(c->set);

	if (c->set->share)
		return strcmp(c->set->share, "none") ? c->set->share : NULL;
	for (size_t i = 0; i < at.n; i++) {
		struct str folder;

		if (!str_starts(str_of(at.v[i]), STR("ipc://")))
			continue;
		folder = file_folder(at.v[i] + strlen("ipc://"));
		snprintf(c->base, sizeof(c->base), STR_FMT, STR_ARG(folder));
		return folder.n ? c->base : ".";
	}
	return NULL;
}

static int open_room(struct worker *c, struct err *e)
{
	int r;

	if (!c->set->model)
		return err_set(e, -EINVAL, "no model is named");
	if (c->set->connect.n > GUARD_INGESTS_MAX)
		return err_set(e, -EINVAL, "more than %d ingests",
			       GUARD_INGESTS_MAX);
	r = swap_open(c->set->model, find_base(c), c->set->watch,
		      &c->swap, e);
	if (r)
		return r;
	c->model = swap_model(c->swap);
	r = classify_gauges_open(c->set, c->page, &c->gauges, e);
	if (r)
		return r;
	name_model(c);
	r = arena_open(&c->block, JUDGE_ARENA);
	if (r)
		return err_sys(e, r,
			       "%zu MB of address space, most of it "
			       "never used (see ulimit -v and "
			       "vm.overcommit_memory)",
			       JUDGE_ARENA >> 20);
	return open_links(c, e);
}

static void close_room(struct worker *c)
{
	for (size_t i = 0; i < c->pull_count; i++)
		link_free(c->pulls[i].link);
	link_free(c->sink);
	link_net_free(c->net);
	arena_close(c->block);
	classify_gauges_free(c->gauges);
	swap_free(c->swap);
}

int worker_run(const struct classify_settings *s, struct guard_page *page,
	       struct err *e)
{
	struct worker c = { .set = s, .page = page };
	int r = open_room(&c, e);

	if (!r) {
		log_line(LOG_DETAIL, "judging by %s@sha256:%s", c.model->name,
			 c.model->id);
		classify_gauges_ready(c.gauges, NULL);
		atomic_store(&page->ready, true);
	}
	while (!r && !stop_asked())
		r = turn(&c, e);
	if (!r)
		leave(&c);
	log_line(LOG_DETAIL, "%llu articles judged",
		 (unsigned long long)c.judged);
	close_room(&c);
	return r ? err_sys(e, r, "classify") : 0;
}
