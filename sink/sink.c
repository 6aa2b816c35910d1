#include "sink/sink.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/broken.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/service.h"
#include "base/stop.h"
#include "sink/acks.h"
#include "sink/done.h"
#include "sink/sink_gauges.h"
#include "sink/letter.h"
#include "sink/order.h"
#include "sink/record.h"
#include "sink/summary.h"
#include "sink/targets.h"
#include "wire/article.h"
#include "wire/link.h"

enum {
	IN_QUEUE = 64,		/* batches waiting for us */
	GATHER_MAX = 64,	/* batches between two looks at the clock */
	RETRY_MS = 250,		/* a target that has no room */
	RECOVERY_MS = 600000,	/* that finding what is written may take */
	DRAIN_MS = 1000,	/* for what is in the queue when we stop */
	BAD_NAMED = 16,		/* refusals that are logged one by one */
	LETTERS_A_MINUTE = 16,	/* dead letters that are */
	ORDER_BYTES = 256 << 20,
};

static const char *const score_names[] = { "given", "all", NULL };

static const struct conf_key record_keys[] = {
	{ .name = "text", .kind = CONF_BOOL,
	  .at = offsetof(struct sink_settings, text), .preset = "false",
	  .help = "write the cleaned text into each record, which the offsets "
		  "in `because`\nspeak of" },
	{ .name = "scores", .kind = CONF_CHOICE,
	  .at = offsetof(struct sink_settings, scores), .preset = "given",
	  .choices = score_names,
	  .help = "all adds every decision value to each record, so that "
		  "thresholds can be\nchosen later" },
	{ .name = NULL },
};

const struct conf_key sink_keys[] = {
	{ .name = "bind", .kind = CONF_TEXT,
	  .at = offsetof(struct sink_settings, bind),
	  .help = "the endpoint that classify pushes verdicts to;\n"
		  "ipc:///run/vigie/verdicts unless told" },
	{ .name = "connect", .kind = CONF_TEXTS,
	  .at = offsetof(struct sink_settings, connect),
	  .help = "the endpoints of every ingest, to acknowledge what is "
		  "written;\nnone: ipc:///run/vigie/articles" },
	{ .name = "targets", .kind = CONF_MAPS,
	  .at = offsetof(struct sink_settings, targets), .keys = target_keys,
	  .size = sizeof(struct sink_target),
	  .help = "where records go, each to all of them; none: standard "
		  "output" },
	{ .name = "dead_letters", .kind = CONF_TEXT,
	  .at = offsetof(struct sink_settings, dead_letters),
	  .help = "a JSON lines file for articles that were given up, each "
		  "with its reason\n(see vigie-dlq(1))" },
	{ .name = "http", .kind = CONF_MAP,
	  .at = offsetof(struct sink_settings, http), .keys = http_keys,
	  .help = "health and metrics over HTTP" },
	{ .name = "record", .kind = CONF_MAP, .at = 0, .keys = record_keys,
	  .help = "what a record holds besides what it always holds" },
	{ .name = "ordered", .kind = CONF_BOOL,
	  .at = offsetof(struct sink_settings, ordered), .preset = "false",
	  .help = "write the records of each ingest in the order in which it "
		  "took the articles" },
	{ .name = NULL },
};

/* A line that was written and waits for its commit. */
struct delivery {
	struct origin origin;
	uint64_t seq;
};

struct sink {
	const struct sink_settings *set;
	struct link_net *net;
	struct link *in;
	struct acks *acks;
	struct targets *targets;
	struct sink_gauges *gauges;
	struct done *done; /* what every committing target has */
	struct order *order;	 /* NULL: as they come */
	struct summary *summary; /* NULL: not wanted */
	struct buf line;	 /* the one being made */
	struct buf reason;	 /* of a letter of our own */
	struct buf group;	 /* struct delivery each */
	size_t group_bytes;	 /* of their lines */
	int64_t group_since;	 /* when the first of them came, clock_ms() */
	uint32_t flags;		 /* WIRE_WANT_* */
	unsigned long long written, buried, repeated, refused, bad;
	int64_t minute; /* in which these letters were logged */
	int letters_said;
};

/* What is shown. */

static void refresh(void *self)
{
	struct sink *k = self;
	size_t group = k->group.n / sizeof(struct delivery);
	uint64_t bytes;
	struct sink_gauges_now now = { .repeated = k->repeated,
				  .refused = k->bad };
	const char *name;

	now.emitted = targets_emitted(k->targets, k->done);
	now.dead_lettered = targets_letters(k->targets);
	now.waiting = group + (k->order ? order_count(k->order) : 0);
	if (group)
		now.group_age = (double)(clock_ms() - k->group_since) / 1000;
	sink_gauges_set(k->gauges, &now);
	for (size_t i = 0; targets_bytes(k->targets, i, &name, &bytes); i++)
		if (name)
			sink_gauges_target(k->gauges, name, bytes);
}

/* Wait for verdicts, if we want any, or ms; who asks how we are is answered. */
static int rest(struct sink *k, bool hear, int64_t ms, struct err *e)
{
	struct health *h = sink_gauges_health(k->gauges);
	int64_t due = health_pause(h);
	int fd = health_fd(h);
	int r = link_wait_fds(&k->in, hear, &fd, 1,
			      due >= 0 && due < ms ? due : ms);

	if (r < 0)
		return err_sys(e, r, "waiting for verdicts");
	service_turn(true);
	return health_turn(h, e);
}

/* Opening. */

static int open_memory(struct sink *k)
{
	int r = done_new(&k->done);

	buf_init(&k->line, RECORD_LINE_MAX);
	buf_init(&k->reason, 1 << 16);
	buf_init(&k->group, TARGET_GROUP_MAX);
	if (!r && k->set->ordered)
		r = order_new(ORDER_BYTES, &k->order);
	if (!r && k->set->summary)
		r = summary_new(&k->summary);
	return r;
}

/* The socket comes last: what is pushed to us finds the targets open. */
static int open_all(struct sink *k, struct err *e)
{
	struct link_options how = { .queue = IN_QUEUE,
				    .message_max = WIRE_BATCH_MAX };
	int r = open_memory(k);

	k->flags = (k->set->text ? (uint32_t)WIRE_WANT_TEXT : 0) |
		   (k->set->scores == SINK_SCORES_ALL
			    ? (uint32_t)WIRE_WANT_SCORES
			    : 0);
	if (!r)
		r = link_net_open(&k->net, e);
	if (!r && k->set->keys)
		r = link_net_secure(k->net, k->set->keys, e);
	if (!r)
		r = sink_gauges_open(&k->set->http, refresh, k, &k->gauges, e);
	service_extend(RECOVERY_MS);
	if (!r)
		r = targets_open(k->set, k->net, k->done, &k->targets, e);
	if (!r)
		r = acks_open(k->net, &k->set->connect, k->flags, &k->acks,
			      e);
	if (!r)
		r = link_open(k->net, LINK_PULL, k->set->bind, true, how,
			      &k->in, e);
	if (!r) {
		health_ready(sink_gauges_health(k->gauges), NULL);
		service_ready();
	}
	return r;
}

static void close_all(struct sink *k)
{
	link_free(k->in);
	acks_free(k->acks);
	targets_free(k->targets);
	sink_gauges_free(k->gauges);
	link_net_free(k->net); /* waits for the last acks */
	done_free(k->done);
	order_free(k->order);
	summary_free(k->summary);
	buf_done(&k->line);
	buf_done(&k->reason);
	buf_done(&k->group);
}

/* Writing: 0, -errno, or STEP_WAIT when we are to stop and a target still has
 * no room. */

static void tell_no_room(struct sink *k, const struct err *why)
{
	log_line(LOG_WARN, "%s; nothing is read until there is room",
		 why->text);
	health_ready(sink_gauges_health(k->gauges), why->text);
}

static void tell_room(struct sink *k)
{
	log_line(LOG_NOTE, "there is room again");
	health_ready(sink_gauges_health(k->gauges), NULL);
}

/* Nothing is read meanwhile: the window fills, and ingest stops. */
static int commit(struct sink *k, struct err *e)
{
	struct err why = { "" };
	bool told = false;
	int r, talk;

	while ((r = targets_commit(k->targets, &why)) == STEP_WAIT &&
	       !stop_asked()) {
		if (why.text[0] && !told) {
			tell_no_room(k, &why);
			told = true;
		}
		err_clear(&why);
		talk = rest(k, false, RETRY_MS, e);
		if (!talk)
			talk = acks_repeat(k->acks, k->done, e);
		if (talk)
			return talk;
	}
	if (told && !r)
		tell_room(k);
	return r ? err_set(e, r, "%s", why.text) : 0;
}

/* Each was within the window when it was taken. done_add() refuses it now only
 * if its origin was forgotten since, among more than DONE_ORIGINS. */
static void mark_done(struct sink *k)
{
	const struct delivery *v = (const void *)k->group.p;
	size_t n = k->group.n / sizeof(*v);

	for (size_t i = 0; i < n; i++)
		done_add(k->done, v[i].origin, v[i].seq, NULL);
	k->written += n;
	k->group_bytes = 0;
	buf_clear(&k->group);
}

static int ack(struct sink *k, struct err *e)
{
	mark_done(k);
	return acks_send_due(k->acks, k->done, e);
}

/* The commit point: what was written is made to last, and only then said. */
static int flush(struct sink *k, struct err *e)
{
	int64_t since = clock_ns();
	bool some = k->group.n > 0;
	int r = broken("ack-early") ? ack(k, e) : 0;

	if (!r)
		r = commit(k, e);
	if (!r && some)
		sink_gauges_committed(k->gauges, (double)(clock_ns() - since) / 1e9);
	return r ? r : ack(k, e);
}

static int emit(struct sink *k, const struct record *line, struct err *e)
{
	struct delivery d = { line->origin, line->seq };
	int r = targets_write(k->targets, line, e);

	if (!k->group.n)
		k->group_since = clock_ms();
	buf_add(&k->group, &d, sizeof(d));
	if (!r)
		r = buf_error(&k->group);
	k->buried += line->dead;
	if (!r && k->summary && !line->dead)
		r = summary_add(k->summary, line->keys);
	k->group_bytes += line->line.n;
	if (!r && k->group_bytes >= TARGET_GROUP_MAX)
		r = flush(k, e);
	return r;
}

/* Emit what has become the next of its origin. */
static int emit_ordered(struct sink *k, struct err *e)
{
	struct record line;
	int r = 0;

	while (!r && order_next(k->order, k->done, &line) == 0)
		r = emit(k, &line, e);
	return r;
}

/* Receiving. */

/* Somebody sends what makes no sense: say so, but do not let the log fill. */
static void complain(struct sink *k, const struct err *why)
{
	k->bad++;
	if (k->bad <= BAD_NAMED || !(k->bad & (k->bad - 1)))
		log_line(LOG_WARN, "refused: %s (%llu so far)", why->text,
			 k->bad);
}

static int take_line(struct sink *k, const struct record *line, struct err *e)
{
	int r = k->order ? order_add(k->order, k->done, line, e) : 0;

	if (r == STEP_WAIT || r == STEP_REJECT) {
		k->refused += r == STEP_WAIT;
		return 0; /* it will be sent again, or was already */
	}
	if (r)
		return r;
	done_take(k->done, line->origin, line->seq);
	return k->order ? emit_ordered(k, e) : emit(k, line, e);
}

/* Who looks after vigie should hear of letters, but not of each of a flood. */
static void say_letter(struct sink *k, const struct article *a)
{
	int64_t minute = clock_ms() / 60000;
	bool kept = targets_keep_letters(k->targets);
	struct buf words;

	if (minute != k->minute)
		k->letters_said = 0;
	k->minute = minute;
	if (++k->letters_said > LETTERS_A_MINUTE)
		return;
	buf_init(&words, 1 << 20);
	letter_say(&words, a);
	log_line(kept ? LOG_NOTE : LOG_WARN, "%s: seq %llu: " STR_FMT,
		 kept ? "dead letter"
		      : "given up, and no dead_letters file to keep it",
		 (unsigned long long)a->seq, STR_ARG(buf_view(&words)));
	buf_done(&words);
}

static int make_letter(struct sink *k, const struct batch_head *h,
		       const struct article *a)
{
	buf_clear(&k->line);
	say_letter(k, a);
	return letter_line(&k->line, h->origin, a->seq, a);
}

/* What we cannot write would be sent again for ever. */
static int make_refused(struct sink *k, const struct batch_head *h,
			struct article a, const struct err *why)
{
	char now[CLOCK_STAMP_MAX];

	clock_stamp(now);
	buf_clear(&k->reason);
	letter_refuse(&k->reason, why->text, now);
	if (buf_error(&k->reason))
		return buf_error(&k->reason);
	a.verdict = buf_view(&k->reason);
	return make_letter(k, h, &a);
}

/* The line of an article into k->line: its record, or its dead letter. */
static int make_line(struct sink *k, const struct batch_head *h,
		     const struct article *a, bool *dead)
{
	struct err why = { "" };
	int r;

	*dead = a->flags & ARTICLE_DEAD;
	if (*dead)
		return make_letter(k, h, a);
	buf_clear(&k->line);
	r = record_line(&k->line, h->origin, a->seq, a, k->set->text, &why);
	if (r != STEP_REJECT)
		return r;
	*dead = true;
	return make_refused(k, h, *a, &why);
}

static int take_article(struct sink *k, const struct batch_head *h,
			const struct article *a, struct err *e)
{
	struct record line = { .origin = h->origin, .seq = a->seq,
			       .keys = a->keys };
	struct err why = { "" };
	int r;

	if (done_known(k->done, h->origin, a->seq) && !broken("no-dedup")) {
		k->repeated++;
		return 0;
	}
	r = done_check(k->done, h->origin, a->seq, &why);
	if (r) {
		complain(k, &why);
		return 0;
	}
	r = make_line(k, h, a, &line.dead);
	line.line = buf_view(&k->line);
	return r ? r : take_line(k, &line, e);
}

/* A batch that left before ingest knew what we want lacks it; not acked, it
 * comes again as it should be. */
static int check_head(const struct sink *k, const struct batch_head *h,
		      struct err *e)
{
	if (h->kind != WIRE_VERDICTS)
		return err_set(e, -EPROTO, "a batch without verdicts");
	if ((h->flags & k->flags) != k->flags)
		return err_set(e, -EPROTO,
			       "a batch without the %s that record asks for; "
			       "it will be sent again",
			       k->flags & ~h->flags & WIRE_WANT_TEXT
				       ? "text"
				       : "scores");
	return 0;
}

static int take_batch(struct sink *k, struct str bytes, struct err *e)
{
	struct err why = { "" };
	struct batch_reader b;
	struct article a;
	int r = batch_open(&b, bytes, &why), broken = 0;

	if (!r)
		r = check_head(k, &b.head, &why);
	if (r) {
		complain(k, &why);
		return 0;
	}
	done_raise(k->done, b.head.origin, b.head.low);
	targets_raise(k->targets, b.head.origin, b.head.low);
	acks_hear(k->acks, b.head.origin);
	r = k->order ? emit_ordered(k, e) : 0;
	while (!r && !(broken = batch_next(&b, &a, &why)))
		r = take_article(k, &b.head, &a, e);
	if (broken < 0)
		complain(k, &why);
	return r;
}

/* Take what has arrived, without waiting, and commit it as one group. *some
 * tells whether there was anything. */
static int gather(struct sink *k, bool *some, struct err *e)
{
	int r = 0;

	*some = false;
	for (int i = 0; i < GATHER_MAX && !r; i++) {
		struct err why = { "" };
		struct link_message m;
		int got = link_recv(k->in, &m, &why);

		if (got == STEP_WAIT)
			break;
		*some = true;
		if (got == -EPROTO)
			complain(k, &why);
		else if (got)
			return err_set(e, got, "%s", why.text);
		else
			r = take_batch(k, m.body, e);
	}
	return r ? r : flush(k, e);
}

/* The lists of those who may connect are read again. */
static void reload(struct sink *k)
{
	struct err why = { "" };

	service_reloading();
	if (link_net_reload(k->net, &why))
		log_line(LOG_WARN, "%s; the old keys stay", why.text);
	service_ready();
}

static int serve(struct sink *k, struct err *e)
{
	struct err why = { "" };
	bool some;
	int r = 0;

	while (!r && !stop_asked()) {
		if (stop_reload_asked())
			reload(k);
		r = rest(k, true, acks_pause(k->acks), e);
		if (!r)
			r = gather(k, &some, e);
		if (!r)
			r = acks_repeat(k->acks, k->done, e);
		if (link_net_refusals(k->net, &why))
			log_line(LOG_WARN, "%s", why.text);
	}
	return r;
}

/* The last of the queue; a second signal means now. */
static int drain(struct sink *k, struct err *e)
{
	int64_t until = clock_ms() + DRAIN_MS;
	bool some = true;
	int r = 0;

	service_stopping();
	health_ready(sink_gauges_health(k->gauges), "stopping");
	health_quiesce(sink_gauges_health(k->gauges));
	while (!r && some && stop_count() < 2 && clock_ms() < until)
		r = gather(k, &some, e);
	return r;
}

static void say_end(struct sink *k)
{
	size_t held = k->order ? order_count(k->order) : 0;

	if (held)
		log_line(LOG_NOTE, "%zu articles wait for earlier ones and "
			 "stay with ingest", held);
	log_line(LOG_DETAIL, "%llu records written, %llu dead letters, "
		 "%llu repetitions dropped, %llu put off, %llu refused",
		 k->written - k->buried, k->buried, k->repeated, k->refused,
		 k->bad);
}

static void print_summary(struct sink *k)
{
	struct buf out;

	buf_init(&out, 1 << 22);
	summary_write(k->summary, &out);
	fwrite(out.p, 1, out.n, stderr);
	fflush(stderr);
	buf_done(&out);
}

int sink_run(const struct sink_settings *s, struct err *e)
{
	struct sink k = { .set = s };
	int r = open_all(&k, e);

	if (!r)
		r = serve(&k, e);
	if (!r)
		r = drain(&k, e);
	if (r == STEP_WAIT) {
		log_line(LOG_WARN, "%s; what was not written stays with "
			 "ingest", e && e->text[0] ? e->text : "no room");
		err_clear(e);
		r = 0;
	}
	if (r == -ENOMEM)
		err_set(e, r, "out of memory");
	if (!r)
		say_end(&k);
	if (!r && k.summary)
		print_summary(&k);
	close_all(&k);
	return r;
}
