/* The room's table of contents: each turn of the loop hears who speaks, reads
 * what comes in, makes it last, and hands it out. */
#include "ingest/ingest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/service.h"
#include "base/stop.h"
#include "ingest/deliver.h"
#include "ingest/ingest_gauges.h"
#include "ingest/intake.h"
#include "ingest/parser.h"
#include "ingest/polls.h"
#include "ingest/readers.h"
#include "ingest/web.h"
#include "wire/health.h"

enum {
	TURN_READS = 256, /* pieces read before ears are open again … */
	READ_MS = 200,	  /* … or so long: a hostile page takes seconds; */
	PUSHED_MS = 2,	  /* or so long while a push waits for its answer */
	WAIT_MS = 100,
	KEEP_MS = 1000,	  /* what is remembered beside the journal … */
	KEEP_SOON_MS = 100, /* … where that may make room */
	EXTEND_MS = 10000,  /* for what comes after the drain */
	NO_ROOM_MS = 250, /* between two tries of a disk that is full */
};

struct ingest {
	const struct ingest_settings *set;
	struct link_net *net;
	struct intake *intake;
	struct source_memory memory;
	struct source_tools tools;
	struct readers *readers;
	struct deliver *deliver;
	struct push *push;
	struct health *health;
	struct ingest_gauges *gauges;
	bool readers_wait; /* nothing is to be read for the moment */
	bool told_full;
	bool got_on; /* this turn did something, or had nothing to do */
	int64_t began_ms, kept_ms, retry_ms;
};

/* Read. A piece that is refused is told, and with a journal becomes a dead
 * letter; the rest goes on. */

static int commit(struct ingest *in, struct err *e);

static int refuse(struct ingest *in, const struct raw *raw,
		  const struct err *why, struct err *e)
{
	int r;

	log_line(LOG_WARN, "%s; %s", why->text,
		 intake_has_journal(in->intake) ? "it is a dead letter"
						: "skipped");
	r = intake_refuse(in->intake, raw, str_of(why->text), e);
	if (r != STEP_WAIT)
		return r;
	r = commit(in, e); /* the group is full */
	return r ? r : intake_refuse(in->intake, raw, str_of(why->text), e);
}

static int take(struct ingest *in, const struct raw *raw, struct err *why)
{
	int r = intake_take(in->intake, raw, why);

	if (r != STEP_WAIT)
		return r;
	r = commit(in, why); /* the group is full */
	if (!r)
		r = intake_take(in->intake, raw, why);
	/* It cannot be given back to its source: end, and read it again. */
	return r == STEP_WAIT ? err_sys(why, -ENOSPC, "%s", raw->place) : r;
}

static int read_piece(struct ingest *in, int64_t now, struct err *e)
{
	struct err why = { "" };
	struct raw raw = { .place = "" };
	size_t from;
	int r = readers_next(in->readers, now, &raw, &from, &why);

	in->readers_wait = r == STEP_WAIT || r == STEP_END;
	if (in->readers_wait)
		return 0;
	if (!r)
		r = take(in, &raw, &why);
	if (!r && intake_took(in->intake))
		ingest_gauges_article(in->gauges, from, now);
	if (r == STEP_REJECT)
		r = refuse(in, &raw, &why, e);
	if (r == STEP_WAIT)
		r = -ENOSPC;
	return r ? err_sys(e, r, "%s", why.text[0] ? why.text : raw.place) : 0;
}

static bool push_waits(const struct ingest *in)
{
	return in->push && push_waiting(in->push);
}

static int read_some(struct ingest *in, struct err *e)
{
	int64_t begun = clock_ms(), now;
	int64_t end = begun + (push_waits(in) ? PUSHED_MS : READ_MS);
	int r = 0;

	in->readers_wait = false;
	for (int i = 0; i < TURN_READS && !r && !in->readers_wait; i++) {
		if (stop_asked() || !intake_has_room(in->intake))
			break;
		r = read_piece(in, begun, e);
		in->got_on |= !in->readers_wait;
		now = clock_ms();
		if (now > end || !intake_due(in->intake, now, true))
			break;
	}
	return r;
}

/* Can the next turn read without a pause? */
static bool can_read_on(const struct ingest *in)
{
	return !stop_asked() && !in->readers_wait &&
	       intake_has_room(in->intake) && !readers_ended(in->readers);
}

/* Make it last: the commit point, after which pushes are answered. */

static void tell_full(struct ingest *in, const struct err *why)
{
	if (why && !in->told_full)
		log_line(LOG_WARN, "%s; nothing is read until there is room",
			 why->text);
	if (!why && in->told_full)
		log_line(LOG_NOTE, "there is room again");
	in->told_full = why != NULL;
}

static int commit(struct ingest *in, struct err *e)
{
	struct err why = { "" };
	int r = intake_commit(in->intake, &why);

	if (r == STEP_WAIT) {
		in->retry_ms = clock_ms() + NO_ROOM_MS;
		tell_full(in, &why);
		return STEP_WAIT;
	}
	if (r)
		return err_set(e, r, "%s", why.text);
	tell_full(in, NULL);
	in->got_on = true;
	ingest_gauges_commit(in->gauges, intake_stats(in->intake).commit_ns);
	return in->push ? push_committed(in->push, e) : 0;
}

static int64_t commit_due(const struct ingest *in, int64_t now)
{
	return intake_due(in->intake, now, can_read_on(in) && !push_waits(in));
}

static int commit_if_due(struct ingest *in, struct err *e)
{
	int64_t now = clock_ms();
	int64_t left = commit_due(in, now);
	int r;

	/* Who stops reads no more that could share the sync; and a push none
	 * of whose lines is usable has nothing to wait for. */
	if (left > 0 && stop_asked())
		left = 0;
	if (left < 0 && push_waits(in))
		left = 0;
	if (left || (in->told_full && now < in->retry_ms))
		return 0;
	r = commit(in, e);
	return r == STEP_WAIT ? 0 : r;
}

/* What push asks of us. */

static int push_take(void *self, const struct raw *raw, struct err *why)
{
	struct ingest *in = self;
	int r = take(in, raw, why);

	if (!r && intake_took(in->intake))
		ingest_gauges_article(in->gauges, in->set->sources.n, clock_ms());
	return r;
}

/* A request is committed whole, so there must be room for it in the group. */
static bool push_has_room(void *self, size_t bytes)
{
	struct ingest *in = self;
	struct err ignored = { "" };

	if (stop_asked() || !intake_has_room(in->intake))
		return false;
	return intake_fits(in->intake, bytes) || !commit(in, &ignored);
}

static int push_recall(void *self, struct str key, struct buf *answer)
{
	struct ingest *in = self;

	return intake_key(in->intake, key, answer);
}

static int push_remember(void *self, struct str key, struct str answer)
{
	struct ingest *in = self;

	return intake_remember(in->intake, key, answer);
}

/* The loop. */

static const char *why_not_ready(struct ingest *in)
{
	if (stop_asked())
		return "stopping";
	if (!intake_has_room(in->intake))
		return "no room in the journal";
	return NULL;
}

/* Of files, bytes, which tell how long it will take. */
static void show_progress(const struct ingest *in, int64_t now)
{
	unsigned long low = pending_stats(intake_pending(in->intake)).low;
	uint64_t done, total, left;
	char what[80];

	readers_progress(in->readers, &done, &total);
	if (done >> 20 >= total >> 20 || !(done >> 20)) {
		log_progress("articles", low, 0);
		return;
	}
	left = (uint64_t)(now - in->began_ms) * ((total - done) >> 10) /
	       (done >> 10) / 1000;
	snprintf(what, sizeof(what), "%lu articles, %llu:%02d:%02d left; MB",
		 low, (unsigned long long)left / 3600, (int)(left / 60 % 60),
		 (int)(left % 60));
	log_progress(what, (unsigned long)(done >> 20),
		     (unsigned long)(total >> 20));
}

static int keep(struct ingest *in, struct err *e)
{
	int64_t now = clock_ms();
	bool room = intake_has_room(in->intake);

	health_ready(in->health, why_not_ready(in));
	if (now - in->kept_ms < (room ? KEEP_MS : KEEP_SOON_MS))
		return 0;
	in->kept_ms = now;
	if (in->set->progress)
		show_progress(in, now);
	return intake_keep(in->intake, false, e);
}

static int64_t lesser(int64_t a, int64_t b)
{
	return b >= 0 && b < a ? b : a;
}

static int wait(struct ingest *in, struct err *e)
{
	struct link *links[] = { deliver_link(in->deliver),
				 in->push ? push_link(in->push) : NULL };
	bool read_input = in->readers_wait && !stop_asked();
	int fds[] = { read_input ? readers_fd(in->readers) : -1,
		      health_fd(in->health), web_fd(in->tools.web) };
	int64_t ms = can_read_on(in) ? 0 : WAIT_MS;
	int r;

	ms = lesser(ms, health_pause(in->health));
	ms = lesser(ms, web_pause(in->tools.web));
	ms = lesser(ms, in->push ? push_pause(in->push) : -1);
	if (!in->told_full)
		ms = lesser(ms, commit_due(in, clock_ms()));
	r = link_wait_fds(links, 2, fds, 3, ms);
	return r < 0 ? err_sys(e, r, "waiting") : 0;
}

static int hear(struct ingest *in, struct err *e)
{
	int r = deliver_hear(in->deliver, &in->got_on, e);

	if (!r)
		r = deliver_tick(in->deliver, e);
	if (!r)
		r = health_turn(in->health, e);
	if (!r && in->push)
		r = push_turn(in->push, e);
	return r;
}

/* What has come from the web is for the sources that wait for it. */
static int hear_web(struct ingest *in, struct err *e)
{
	uint64_t had = web_stats(in->tools.web).answers;
	int r = web_turn(in->tools.web, e);

	if (web_stats(in->tools.web).answers != had) {
		in->got_on = true;
		readers_wake(in->readers);
	}
	return r;
}

/* While we stop, only what is in the window already is still handed out. */
static int hand_out(struct ingest *in, struct err *e)
{
	int r = 0;

	if (!stop_asked() || !intake_has_journal(in->intake))
		r = intake_feed(in->intake, clock_ms(), e);
	return r ? r : deliver_hand_out(in->deliver, &in->got_on, e);
}

static int turn(struct ingest *in, struct err *e)
{
	struct err why = { "" };
	int r = wait(in, e);

	if (link_net_refusals(in->net, &why))
		log_line(LOG_WARN, "%s", why.text);
	in->got_on = false;
	if (!r)
		r = hear(in, e);
	if (!r)
		r = hear_web(in, e);
	if (!r)
		r = read_some(in, e);
	if (!r)
		r = commit_if_due(in, e);
	if (!r)
		r = hand_out(in, e);
	if (!r)
		r = keep(in, e);
	/* In a drain there is nothing to do but to wait for acks. */
	service_turn(in->got_on || in->readers_wait || stop_asked() ||
		     !intake_has_room(in->intake));
	return r;
}

/* Everything that was accepted is acknowledged. */
static bool is_empty(const struct ingest *in)
{
	struct pending_stats s = pending_stats(intake_pending(in->intake));

	return !s.held && !intake_stats(in->intake).backlog &&
	       intake_due(in->intake, clock_ms(), false) < 0;
}

/* A journal keeps what is not acknowledged: there only the window is worth to
 * wait for, and only while a sink is there. */
static bool is_drained(const struct ingest *in)
{
	struct pending_stats s = pending_stats(intake_pending(in->intake));

	if (!intake_has_journal(in->intake))
		return is_empty(in);
	return intake_due(in->intake, clock_ms(), false) < 0 &&
	       (!s.held || !deliver_stats(in->deliver).has_sink);
}

static int say_left(const struct ingest *in, struct err *e)
{
	struct pending_stats s = pending_stats(intake_pending(in->intake));
	unsigned long long left = s.held + intake_stats(in->intake).backlog;

	if (left && !intake_has_journal(in->intake))
		return err_set(e, -ETIMEDOUT,
			       "%llu articles were read and are not "
			       "acknowledged", left);
	if (left)
		log_line(LOG_NOTE, "%llu articles stay in the journal", left);
	return 0;
}

static int drain(struct ingest *in, struct err *e)
{
	int64_t until = clock_ms() + in->set->drain;
	int r = 0;

	service_stopping();
	service_extend(in->set->drain + EXTEND_MS);
	health_ready(in->health, why_not_ready(in));
	health_quiesce(in->health);
	while (!r && !is_drained(in) && clock_ms() < until &&
	       stop_count() < 2)
		r = turn(in, e);
	return r ? r : say_left(in, e);
}

/* The lists of those who may connect are read again. */
static void reload(struct ingest *in)
{
	struct err why = { "" };

	service_reloading();
	if (link_net_reload(in->net, &why))
		log_line(LOG_WARN, "%s; the old keys stay", why.text);
	service_ready();
}

static int loop(struct ingest *in, struct err *e)
{
	int r = 0;

	while (!r && !stop_asked()) {
		if (readers_ended(in->readers) && !in->push && is_empty(in))
			return 0;
		if (stop_reload_asked())
			reload(in);
		r = turn(in, e);
	}
	return r ? r : drain(in, e);
}

/* Opening and closing. */

static void refresh(void *self)
{
	struct ingest *in = self;

	ingest_gauges_refresh(in->gauges, in->intake, in->deliver, in->push,
			      &in->tools);
}

static int open_push(struct ingest *in, struct err *e)
{
	const struct push_taker taker = { push_take, push_has_room,
					  push_recall, push_remember, in };

	if (!in->set->journal.path ||
	    (!in->set->push.bind && !in->set->http.listen))
		return 0;
	return push_open(in->net, &in->set->push, &taker, &in->push, e);
}

static int open_health(struct ingest *in, struct err *e)
{
	const struct health_settings h = {
		.http = &in->set->http,
		.metrics = ingest_gauges_metrics(in->gauges),
		.refresh = refresh,
		.rest = in->push ? push_http(in->push) : NULL,
		.self = in,
	};

	return health_open(&h, &in->health, e);
}

/* The process that parses has for good what memory we have when it starts: so
 * it starts before the journal is read. Without it the rest goes on; a source
 * that needs it will say why there is none. */
static int open_parser(struct ingest *in)
{
	const struct ingest_source *v = in->set->sources.v;
	struct err why = { "" };
	bool asked = false;
	int r = parser_new(&in->tools.parser);

	for (size_t i = 0; i < in->set->sources.n; i++)
		asked |= source_is_parsed(v[i].path, v[i].kind);
	if (!r && asked && parser_start(in->tools.parser, &why))
		log_line(LOG_WARN, "%s", why.text);
	return r;
}

static int open_readers(struct ingest *in, struct err *e)
{
	int r = web_open(&in->set->web, &in->tools.web, e);

	if (!r)
		r = polls_new(&in->set->web, &in->tools.polls);
	in->memory = (struct source_memory){ intake_position, in->intake,
					     intake_leave };
	return r ? r
		 : readers_open(&in->set->sources,
				in->set->journal.path ? &in->memory : NULL,
				&in->tools, in->set->once, &in->readers);
}

static int open_room(struct ingest *in, struct err *e)
{
	int r = ingest_gauges_new(in->set, &in->gauges);

	if (!r)
		r = open_parser(in);
	if (!r)
		r = intake_open(in->set, &in->intake, e);
	if (!r)
		r = open_readers(in, e);
	if (!r)
		r = link_net_open(&in->net, e);
	if (!r)
		r = link_net_secure(in->net, in->set->keys, e);
	if (!r)
		r = deliver_open(in->net, in->set, in->intake,
				 ingest_gauges_delivered, in->gauges, &in->deliver,
				 e);
	if (!r)
		r = open_push(in, e);
	return r ? r : open_health(in, e);
}

static void close_room(struct ingest *in)
{
	health_free(in->health);
	push_free(in->push);
	deliver_free(in->deliver);
	link_net_free(in->net);
	readers_free(in->readers);
	polls_free(in->tools.polls);
	web_free(in->tools.web);
	parser_free(in->tools.parser);
	intake_free(in->intake);
	ingest_gauges_free(in->gauges);
}

static int farewell(const struct ingest *in, struct err *e)
{
	struct pending_stats s = pending_stats(intake_pending(in->intake));
	struct intake_stats t = intake_stats(in->intake);

	if (in->set->progress)
		log_progress("articles", 1, 1);
	log_line(t.refused ? LOG_NOTE : LOG_DETAIL,
		 "%llu articles accepted, %llu pieces refused, %llu sent "
		 "again",
		 (unsigned long long)t.accepted, (unsigned long long)t.refused,
		 (unsigned long long)s.resent);
	if (readers_trouble(in->readers))
		return err_set(e, readers_trouble(in->readers),
			       "not every source could be read");
	if (t.refused && !t.accepted)
		return err_set(e, -EBADMSG, "no article was accepted");
	return 0;
}

int ingest_run(const struct ingest_settings *s, struct err *e)
{
	struct ingest in = { .set = s, .began_ms = clock_ms() };
	int r = open_room(&in, e);

	if (!r)
		service_ready();
	if (!r)
		r = loop(&in, e);
	if (!r)
		r = intake_keep(in.intake, true, e);
	if (!r)
		r = farewell(&in, e);
	close_room(&in);
	return r ? err_sys(e, r, "ingest") : 0;
}
