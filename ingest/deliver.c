#include "ingest/deliver.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/log.h"
#include "ingest/dead.h"
#include "ingest/workers.h"

enum {
	TURN_MESSAGES = 1024, /* heard before reading goes on */
	TICK_MS = 100,
	GAP_MS = 2000,	/* between two ticks: we were paused */
	PROBE_MS = 600, /* more than two beats of a worker */
	OBITUARY_MS = 500, /* may come so long after its worker is gone */
	REASON_MAX = 256,
	MEMBERS_MAX = 1 << 14,
};

struct deliver {
	const struct ingest_settings *set;
	struct intake *intake;
	struct pending *pending; /* the intake's */
	struct link *link;
	struct workers workers;
	uint64_t sink_epoch; /* 0: no sink was heard of yet */
	uint32_t flags;	     /* what the sink asks for */
	int64_t sink_ms, ticked_ms;
	uint64_t given_up;
	size_t batch_was; /* bytes of the last: the next has room for as many */
	pending_forgotten *each;
	void *self;
};

int deliver_open(struct link_net *net, const struct ingest_settings *s,
		 struct intake *t, pending_forgotten *each, void *self,
		 struct deliver **ret, struct err *e)
{
	struct link_options o = { .queue = 64,
				  .linger_ms = 0,
				  .message_max = 1 << 16 };
	struct deliver *d = calloc(1, sizeof(*d));
	uint64_t session = 0;
	int r = 0;

	if (!d)
		return -ENOMEM;
	d->set = s;
	d->intake = t;
	d->pending = intake_pending(t);
	d->each = each;
	d->self = self;
	if (getrandom(&session, 7, 0) < 0)
		r = -errno;
	workers_init(&d->workers, session);
	if (!r)
		r = link_open(net, LINK_ROUTER, s->bind, true, o, &d->link, e);
	if (r)
		deliver_free(d);
	else
		*ret = d;
	return r;
}

void deliver_free(struct deliver *d)
{
	if (!d)
		return;
	link_free(d->link);
	workers_done(&d->workers);
	free(d);
}

struct link *deliver_link(struct deliver *d)
{
	return d->link;
}

struct deliver_stats deliver_stats(const struct deliver *d)
{
	return (struct deliver_stats){ .workers = d->workers.n,
				       .given_up = d->given_up,
				       .has_sink = d->sink_epoch != 0,
				       .sink_ms = d->sink_ms };
}

/* Who is gone. */

/* What is known of a worker's end. */
struct end {
	const char *how; /* a sentence without its subject */
	bool innocent;	 /* it died of nothing that it was sent */
	int signal;	 /* 0: unknown */
	struct str model;
};

static int give_up(struct deliver *d, uint64_t seq, uint32_t failures,
		   const struct end *end, struct err *e)
{
	char reason[REASON_MAX], stamp[CLOCK_STAMP_MAX];
	struct letter l = { .stage = "classify",
			    .signal = end->signal,
			    .attempts = failures,
			    .model = end->model,
			    .at = d->set->one_shot ? NULL : stamp };
	struct buf members;
	int r;

	snprintf(reason, sizeof(reason),
		 "the worker that had it alone %s, %u times", end->how,
		 failures);
	l.reason = str_of(reason);
	clock_stamp(stamp);
	buf_init(&members, MEMBERS_MAX);
	dead_members(&members, &l);
	r = buf_error(&members);
	if (!r)
		r = intake_dead(d->intake, seq, buf_view(&members), e);
	buf_done(&members);
	if (r)
		return r;
	d->given_up++;
	log_line(LOG_WARN, "article %" PRIu64 " is given up: %s", seq, reason);
	return 0;
}

/* STEP_WAIT, the group is full, loses an entry in the journal at most: an
 * attempt that is made once more after a restart. */
static int judge_loss(struct deliver *d, const struct pending_loss *l,
		      const struct end *end, struct err *e)
{
	int r;

	if (!l->alone)
		return 0;
	r = l->failures >= (uint64_t)d->set->solo
		    ? give_up(d, l->seq, l->failures, end, e)
		    : intake_attempt(d->intake, l->seq, str_of(end->how));
	return r == STEP_WAIT ? 0 : r;
}

static int lose(struct deliver *d, struct worker *w, const struct end *end,
		struct err *e)
{
	struct pending_loss l =
		workers_gone(&d->workers, w, !end->innocent, d->pending);

	if (l.records)
		log_line(LOG_WARN,
			 "a worker %s: %" PRIu64 " articles are sent again",
			 end->how, l.records);
	return judge_loss(d, &l, end, e);
}

/* Hear. */

static int hear_credit(struct deliver *d, const struct link_message *m,
		       struct err *e)
{
	struct credit c;
	int r = credit_read(m->body, &c, e);

	if (!r)
		r = workers_credit(&d->workers, &m->peer, &c, clock_ms(),
				   d->pending);
	if (r == -EMFILE)
		err_set(e, r, "more than %d workers", WORKERS_MAX);
	return r == -ENOMEM ? r : 0;
}

static int hear_obituary(struct deliver *d, struct str body, struct err *e)
{
	struct obituary o;
	char how[REASON_MAX];
	struct end end = { .how = how };
	struct worker *w;
	const char *name;
	int r = obituary_read(body, &o, e);

	if (r)
		return r;
	w = workers_find(&d->workers, o.session);
	if (!w)
		return 0;
	end.signal = (int)o.signal;
	end.innocent = !o.judging;
	end.model = o.model;
	name = dead_signal(end.signal);
	if (name)
		snprintf(how, sizeof(how), "was killed by %s", name);
	else if (o.signal)
		snprintf(how, sizeof(how), "was killed by signal %u", o.signal);
	else
		snprintf(how, sizeof(how), "ended with code %u", o.code);
	return lose(d, w, &end, e);
}

static int hear_ack(struct deliver *d, const struct link_message *m,
		    struct err *e)
{
	struct ack a;
	uint64_t n;
	int r = ack_read(m->body, &a, e);

	if (r)
		return r;
	d->flags = a.flags;
	d->sink_ms = clock_ms();
	if (d->sink_epoch && d->sink_epoch != a.epoch) {
		n = pending_again(d->pending);
		log_line(LOG_NOTE,
			 "a new sink: %" PRIu64 " articles are sent again", n);
	}
	d->sink_epoch = a.epoch;
	if (origin_cmp(a.origin, intake_origin(d->intake)))
		return 0;
	return intake_ack(d->intake, &a, d->each, d->self, e);
}

/* A message that makes no sense leaves its sentence and is dropped. */
static int hear_message(struct deliver *d, const struct link_message *m,
			struct err *why)
{
	switch (wire_kind_of(m->body)) {
	case WIRE_CREDIT:
		return hear_credit(d, m, why);
	case WIRE_ACK:
		return hear_ack(d, m, why);
	case WIRE_OBITUARY:
		return hear_obituary(d, m->body, why);
	default:
		return err_set(why, -EPROTO,
			       "a message of %zu bytes that is none of ours",
			       m->body.n);
	}
}

int deliver_hear(struct deliver *d, bool *some, struct err *e)
{
	for (int i = 0; i < TURN_MESSAGES; i++) {
		struct link_message m;
		struct err why = { "" };
		int r = link_recv(d->link, &m, &why);

		if (r == STEP_WAIT)
			return 0;
		*some = true;
		if (!r)
			r = hear_message(d, &m, &why);
		if (r && r != -EPROTO)
			return err_set(e, r, "%s", why.text);
		if (why.text[0])
			log_line(LOG_WARN, "dropped: %s", why.text);
	}
	return 0;
}

/* What is overdue. */

static void begin_batch(const struct deliver *d, const struct worker *w,
			uint64_t number, struct buf *b)
{
	struct batch_head h = {
		.kind = WIRE_ARTICLES,
		.origin = intake_origin(d->intake),
		.batch = number,
		.session = w->session,
		.flags = d->flags,
		.low = pending_stats(d->pending).low,
		.window = (uint64_t)d->set->window,
	};

	batch_begin(b, &h);
}

/* The socket tells that a worker is gone when something is sent to it, which
 * is not while its hands are full. So who is silent with articles in hand gets
 * its last batch once more, without its articles: who died is found out well
 * before patience ends. Its guard may be about to say what of. */
static bool is_gone(struct deliver *d, struct worker *w, int64_t now)
{
	struct buf b;
	int r;

	if (w->gone_ms)
		return now - w->gone_ms >= OBITUARY_MS;
	if (!w->held_records || now - w->heard_ms < PROBE_MS ||
	    now - w->probed_ms < PROBE_MS)
		return false;
	w->probed_ms = now;
	buf_init(&b, 256);
	begin_batch(d, w, w->batches, &b);
	r = batch_end(&b, 0);
	if (!r)
		r = link_send(d->link, &w->peer, &b, NULL);
	buf_done(&b);
	if (r == -EHOSTUNREACH)
		w->gone_ms = now;
	return false;
}

/* We stood still ourselves: who was silent meanwhile may have been so, too, or
 * waits for us to hear it. */
static void forgive(struct deliver *d, int64_t now)
{
	for (size_t i = 0; i < d->workers.n; i++)
		d->workers.v[i].heard_ms = now;
}

static int look_after_workers(struct deliver *d, int64_t now, struct err *e)
{
	static const struct end gone = { .how = "is gone" };
	static const struct end silent = { .how = "is silent" };
	int r = 0;

	for (size_t i = d->workers.n; i-- > 0 && !r;) {
		struct worker *w = &d->workers.v[i];

		if (is_gone(d, w, now))
			r = lose(d, w, &gone, e);
		else if (worker_is_silent(w, now, d->set->worker_timeout))
			r = lose(d, w, &silent, e);
	}
	return r;
}

int deliver_tick(struct deliver *d, struct err *e)
{
	int64_t now = clock_ms();
	uint64_t late;

	if (now - d->ticked_ms < TICK_MS)
		return 0;
	if (now - d->ticked_ms > GAP_MS)
		forgive(d, now);
	d->ticked_ms = now;
	late = pending_overdue(d->pending, now, d->set->resend_after);
	if (late)
		log_line(LOG_WARN,
			 "no ack in time: %" PRIu64 " articles are sent again",
			 late);
	return look_after_workers(d, now, e);
}

/* Hand out. */

/* As many waiting articles as worker and limits allow: under load batches grow
 * by themselves, when idle an article leaves alone and at once. */
static uint32_t fill_batch(struct deliver *d, struct worker *w, struct buf *b,
			   uint64_t *seqs, uint64_t *bytes)
{
	int64_t now = clock_ms();
	struct str record;
	uint32_t n = 0;

	while (n < (uint64_t)d->set->batch && n < WIRE_COUNT_MAX &&
	       pending_peek(d->pending, &seqs[n], &record)) {
		if (n && (*bytes + record.n > (uint64_t)d->set->batch_bytes ||
			  !worker_has_room(w, n + 1, *bytes + record.n)))
			break;
		batch_add_packed(b, record);
		*bytes += record.n;
		pending_sent(d->pending, seqs[n++], w->session, now);
	}
	return n;
}

static uint32_t fill_alone(struct deliver *d, struct worker *w, struct buf *b,
			   uint64_t *seq, uint64_t *bytes)
{
	struct str record;

	if (!pending_peek_suspect(d->pending, seq, &record))
		return 0;
	batch_add_packed(b, record);
	*bytes = record.n;
	pending_sent(d->pending, *seq, w->session, clock_ms());
	return 1;
}

static int send_batch(struct deliver *d, struct worker *w, bool alone,
		      struct err *e)
{
	uint64_t seqs[WIRE_COUNT_MAX], bytes = 0;
	struct buf b;
	uint32_t n;
	int r;

	buf_init(&b, WIRE_BATCH_MAX);
	buf_reserve(&b, d->batch_was);
	begin_batch(d, w, w->batches + 1, &b);
	n = alone ? fill_alone(d, w, &b, seqs, &bytes)
		  : fill_batch(d, w, &b, seqs, &bytes);
	r = batch_end(&b, n);
	d->batch_was = b.n;
	if (!r)
		r = worker_took(w, seqs, n, bytes);
	if (!r)
		r = link_send(d->link, &w->peer, &b, e);
	buf_done(&b);
	/* Gone, or its queue is full although its credit said room, which is
	 * no article's fault: what it was to get, it never saw, and goes to
	 * another. */
	if (r == -EHOSTUNREACH || r == STEP_WAIT) {
		err_clear(e);
		workers_gone(&d->workers, w, r < 0 && w->held_records > n,
			     d->pending);
		return 0;
	}
	return r;
}

static int hand_out_suspects(struct deliver *d, bool *some, struct err *e)
{
	struct worker *w;
	int r = 0;

	if (!pending_stats(d->pending).suspects) {
		workers_release(&d->workers);
		return 0;
	}
	while (!r && pending_stats(d->pending).suspects &&
	       (w = workers_for_suspect(&d->workers))) {
		r = send_batch(d, w, true, e);
		*some = true;
	}
	return r;
}

int deliver_hand_out(struct deliver *d, bool *some, struct err *e)
{
	struct str record;
	uint64_t seq;
	int r;

	if (!d->sink_epoch)
		return 0;
	r = hand_out_suspects(d, some, e);
	while (!r && pending_peek(d->pending, &seq, &record)) {
		struct worker *w = workers_next(&d->workers, record.n);

		if (!w)
			break;
		r = send_batch(d, w, false, e);
		*some = true;
	}
	return r;
}
