/* The room's table of contents: each turn of the loop hears acks and credits,
 * sees to what is overdue, reads, and hands out. */
#include "ingest/ingest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/stop.h"
#include "ingest/pending.h"
#include "ingest/source.h"
#include "ingest/understand.h"
#include "ingest/workers.h"

enum {
	TURN_READS = 128,     /* pieces read before ears are open again */
	TURN_MESSAGES = 1024, /* messages heard before reading goes on */
	WAIT_MS = 100,
	TICK_MS = 100,
	PROBE_MS = 600, /* more than two beats of a worker */
};

struct ingest {
	const struct ingest_settings *set;
	struct origin origin;
	struct link_net *net;
	struct link *link;
	struct arena block;
	struct pending *pending;
	struct workers workers;
	struct source_options options; /* of the source */
	struct source *source;	/* open now, or NULL */
	size_t next_source;
	bool source_waits;	/* a pipe has nothing yet */
	uint64_t sink_epoch;	/* 0: no sink was heard of yet */
	uint32_t flags;		/* what the sink asks for */
	int64_t ticked_ms;
	uint64_t refused;
	int unreadable;		/* the first source's -errno, or 0 */
};

/* Hear. */

static int hear_credit(struct ingest *in, const struct link_message *m,
		       struct err *e)
{
	struct credit c;
	int r = credit_read(m->body, &c, e);

	if (!r)
		r = workers_credit(&in->workers, &m->peer, &c, clock_ms(),
				   in->pending);
	if (r == -EMFILE)
		err_set(e, r, "more than %d workers", WORKERS_MAX);
	return r == -ENOMEM ? r : 0;
}

/* A one-shot ingest that was killed and started again gives the same numbers
 * again. What the sink says that it has above them, they will be. */
static void fit_ack(const struct ingest *in, struct ack *a)
{
	uint64_t next = pending_stats(in->pending).next;

	if (!in->set->one_shot || a->low <= next)
		return;
	a->low = next;
	a->bits.n = 0;
}

static void hear_ack(struct ingest *in, const struct link_message *m,
		     struct err *e)
{
	struct ack a;
	uint64_t n;

	if (ack_read(m->body, &a, e))
		return;
	in->flags = a.flags;
	if (in->sink_epoch && in->sink_epoch != a.epoch) {
		n = pending_again(in->pending);
		log_line(LOG_NOTE, "a new sink: %llu articles are sent again",
			 (unsigned long long)n);
	}
	in->sink_epoch = a.epoch;
	if (origin_cmp(a.origin, in->origin))
		return;
	fit_ack(in, &a);
	pending_ack(in->pending, a.low, a.bits, e);
}

/* A message that makes no sense leaves its sentence and is dropped. */
static int hear_message(struct ingest *in, const struct link_message *m,
			struct err *why)
{
	switch (wire_kind_of(m->body)) {
	case WIRE_CREDIT:
		return hear_credit(in, m, why);
	case WIRE_ACK:
		hear_ack(in, m, why);
		return 0;
	default:
		err_set(why, -EPROTO,
			"a message of %zu bytes that is none of ours",
			m->body.n);
		return 0;
	}
}

static int hear(struct ingest *in, struct err *e)
{
	for (int i = 0; i < TURN_MESSAGES; i++) {
		struct link_message m;
		struct err why = { "" };
		int r = link_recv(in->link, &m, &why);

		if (r == STEP_WAIT)
			return 0;
		if (!r)
			r = hear_message(in, &m, &why);
		if (r && r != -EPROTO)
			return err_set(e, r, "%s", why.text);
		if (why.text[0])
			log_line(LOG_WARN, "dropped: %s", why.text);
	}
	return 0;
}

/* What is overdue. */

static void begin_batch(const struct ingest *in, const struct worker *w,
			uint64_t number, struct buf *b)
{
	struct batch_head h = {
		.kind = WIRE_ARTICLES,
		.origin = in->origin,
		.batch = number,
		.session = w->session,
		.flags = in->flags,
		.low = pending_stats(in->pending).low,
		.window = (uint64_t)in->set->window,
	};

	batch_begin(b, &h);
}

/* The socket tells that a worker is gone when something is sent to it, which
 * is not while its hands are full. So who is silent with articles in hand gets
 * its last batch once more, without its articles: who died is found out well
 * before patience ends. Returns how many articles wait again. */
static uint64_t probe(struct ingest *in, struct worker *w, int64_t now)
{
	struct buf b;
	int r;

	if (!w->held_records || now - w->heard_ms < PROBE_MS ||
	    now - w->probed_ms < PROBE_MS)
		return 0;
	w->probed_ms = now;
	buf_init(&b, 256);
	begin_batch(in, w, w->batches, &b);
	r = batch_end(&b, 0);
	if (!r)
		r = link_send(in->link, &w->peer, &b, NULL);
	buf_done(&b);
	return r == -EHOSTUNREACH
		       ? workers_gone(&in->workers, w, in->pending)
		       : 0;
}

static uint64_t probe_all(struct ingest *in, int64_t now)
{
	uint64_t n = 0;

	for (size_t i = in->workers.n; i-- > 0;)
		n += probe(in, &in->workers.v[i], now);
	return n;
}

static void tick(struct ingest *in)
{
	int64_t now = clock_ms();
	uint64_t dead, lost, late;
	struct err why = { "" };

	if (now - in->ticked_ms < TICK_MS)
		return;
	in->ticked_ms = now;
	dead = probe_all(in, now);
	lost = workers_silent(&in->workers, now, in->set->worker_timeout,
			      in->pending);
	late = pending_overdue(in->pending, now, in->set->resend_after);
	if (dead)
		log_line(LOG_WARN,
			 "a worker is gone: %llu articles are sent again",
			 (unsigned long long)dead);
	if (lost)
		log_line(LOG_WARN,
			 "a worker is silent: %llu articles are sent again",
			 (unsigned long long)lost);
	if (late)
		log_line(LOG_WARN,
			 "no ack in time: %llu articles are sent again",
			 (unsigned long long)late);
	if (link_net_refusals(in->net, &why))
		log_line(LOG_WARN, "%s", why.text);
	if (in->set->progress)
		log_progress("articles", pending_stats(in->pending).low, 0);
}

/* Read and understand. */

static void refuse(struct ingest *in, const struct err *why)
{
	in->refused++;
	log_line(LOG_WARN, "%s; skipped", why->text);
}

static void end_source(struct ingest *in, int r, const struct err *why)
{
	/* A signal has ended the wait for the other end of a pipe. */
	if (r < 0 && !(r == -EINTR && stop_asked())) {
		log_line(LOG_TROUBLE, "%s", why->text);
		in->unreadable = in->unreadable ? in->unreadable : r;
	}
	source_free(in->source);
	in->source = NULL;
}

static void open_source(struct ingest *in)
{
	const struct ingest_source *s =
		(const struct ingest_source *)in->set->sources.v +
		in->next_source++;
	struct err why = { "" };
	int r;

	in->options = (struct source_options){ .kind = s->kind,
					       .path = s->path,
					       .name = s->name,
					       .follow = s->follow };
	r = source_open(&in->options, &in->source, &why);
	if (r)
		end_source(in, r, &why);
}

static int accept_piece(struct ingest *in, const struct raw *raw,
			struct err *why)
{
	struct arena scratch = in->block;
	struct article a = { 0 };
	char stamp[CLOCK_STAMP_MAX];
	int r;

	clock_stamp(stamp);
	r = understand(raw, in->set->one_shot ? NULL : stamp, &scratch, &a,
		       why);
	return r ? r : pending_add(in->pending, &a);
}

static int read_piece(struct ingest *in, struct err *e)
{
	struct err why = { "" };
	struct raw raw;
	int r = source_next(in->source, &raw, &why);

	in->source_waits = r == STEP_WAIT;
	if (r == STEP_WAIT)
		return 0;
	if (r == STEP_END || r < 0) {
		end_source(in, r, &why);
		return 0;
	}
	if (!r)
		r = accept_piece(in, &raw, &why);
	if (r == STEP_REJECT) {
		refuse(in, &why);
		return 0;
	}
	return r ? err_sys(e, r, "%s", raw.place) : 0;
}

static bool sources_left(const struct ingest *in)
{
	return in->source || in->next_source < in->set->sources.n;
}

static int read_some(struct ingest *in, struct err *e)
{
	int r = 0;

	in->source_waits = false;
	for (int i = 0; i < TURN_READS && !r && !in->source_waits; i++) {
		if (stop_asked() || !pending_has_room(in->pending) ||
		    !sources_left(in))
			break;
		if (in->source)
			r = read_piece(in, e);
		else
			open_source(in);
	}
	return r;
}

/* Hand out. */

/* As many waiting articles as worker and limits allow: under load batches grow
 * by themselves, when idle an article leaves alone and at once. */
static uint32_t fill_batch(struct ingest *in, struct worker *w, struct buf *b,
			   uint64_t *seqs, uint64_t *bytes)
{
	int64_t now = clock_ms();
	struct str record;
	uint32_t n = 0;

	while (n < (uint64_t)in->set->batch && n < WIRE_COUNT_MAX &&
	       pending_peek(in->pending, &seqs[n], &record)) {
		if (n && (*bytes + record.n > (uint64_t)in->set->batch_bytes ||
			  !worker_has_room(w, n + 1, *bytes + record.n)))
			break;
		batch_add_packed(b, record);
		*bytes += record.n;
		pending_sent(in->pending, seqs[n++], w->session, now);
	}
	return n;
}

static int send_batch(struct ingest *in, struct worker *w, struct err *e)
{
	uint64_t seqs[WIRE_COUNT_MAX], bytes = 0;
	struct buf b;
	uint32_t n;
	int r;

	buf_init(&b, WIRE_BATCH_MAX);
	begin_batch(in, w, w->batches + 1, &b);
	n = fill_batch(in, w, &b, seqs, &bytes);
	r = batch_end(&b, n);
	if (!r)
		r = worker_took(w, seqs, n, bytes);
	if (!r)
		r = link_send(in->link, &w->peer, &b, e);
	buf_done(&b);
	/* Gone, or its queue is full although its credit said room: what it
	 * was to get goes to another. */
	if (r == -EHOSTUNREACH || r == STEP_WAIT) {
		workers_gone(&in->workers, w, in->pending);
		return 0;
	}
	return r;
}

static int hand_out(struct ingest *in, struct err *e)
{
	struct str record;
	uint64_t seq;
	int r = 0;

	while (!r && in->sink_epoch &&
	       pending_peek(in->pending, &seq, &record)) {
		struct worker *w = workers_next(&in->workers, record.n);

		if (!w)
			break;
		r = send_batch(in, w, e);
	}
	return r;
}

/* The loop. */

static bool can_read_on(const struct ingest *in)
{
	return !stop_asked() && sources_left(in) && !in->source_waits &&
	       pending_has_room(in->pending);
}

/* Any other pipe is looked at again with each tick. */
static bool is_stdin(const struct ingest *in)
{
	const struct ingest_source *v = in->set->sources.v;

	return in->source && !strcmp(v[in->next_source - 1].path, "-");
}

static int turn(struct ingest *in, struct err *e)
{
	bool idle_input = in->source_waits && is_stdin(in) && !stop_asked();
	int input = idle_input ? STDIN_FILENO : -1;
	int r = link_wait_fds(&in->link, 1, &input, 1,
			      can_read_on(in) ? 0 : WAIT_MS);

	if (r < 0)
		return err_sys(e, r, "waiting");
	r = hear(in, e);
	tick(in);
	if (!r)
		r = read_some(in, e);
	return r ? r : hand_out(in, e);
}

static int loop(struct ingest *in, struct err *e)
{
	int64_t asked_ms = 0;
	struct pending_stats s;
	int r = 0;

	for (;;) {
		s = pending_stats(in->pending);
		if (!sources_left(in) && s.low == s.next)
			return 0;
		if (stop_asked() && !asked_ms)
			asked_ms = clock_ms();
		if (asked_ms && s.low == s.next)
			return 0;
		if (asked_ms && (clock_ms() - asked_ms > in->set->drain ||
				 stop_count() > 1))
			return err_set(e, -ETIMEDOUT,
				       "%llu articles were read and are not "
				       "acknowledged",
				       (unsigned long long)(s.next - s.low));
		r = turn(in, e);
		if (r)
			return r;
	}
}

/* A one-shot run is named by what it reads, so that the same input gives the
 * same records; a daemon's life by chance. */
static int make_origin(struct ingest *in)
{
	unsigned char digest[HASH_SHA_SIZE];
	struct buf all;
	int r;

	if (!in->set->one_shot)
		return getrandom(in->origin.id, WIRE_ORIGIN_SIZE, 0) < 0
			       ? -errno
			       : 0;
	buf_init(&all, 1 << 24);
	for (size_t i = 0; i < in->set->sources.n; i++) {
		const struct ingest_source *s =
			(const struct ingest_source *)in->set->sources.v + i;

		buf_add_z(&all, s->path);
		buf_add_char(&all, '\0');
	}
	r = buf_error(&all) ? buf_error(&all)
			    : hash_sha256(buf_view(&all), digest);
	memcpy(in->origin.id, digest, WIRE_ORIGIN_SIZE);
	buf_done(&all);
	return r;
}

static int open_room(struct ingest *in, struct err *e)
{
	struct link_options o = { .queue = 64,
				  .linger_ms = 0,
				  .message_max = 1 << 16 };
	uint64_t session = 0;
	int r = make_origin(in);

	if (!r && getrandom(&session, 7, 0) < 0)
		r = -errno;
	workers_init(&in->workers, session);
	if (!r)
		r = arena_open(&in->block, UNDERSTAND_ARENA);
	if (!r)
		r = pending_new((uint64_t)in->set->window,
				(uint64_t)in->set->window_bytes,
				&in->pending);
	if (!r)
		r = link_net_open(&in->net, e);
	if (!r)
		r = link_net_secure(in->net, in->set->keys, e);
	if (!r)
		r = link_open(in->net, LINK_ROUTER, in->set->bind, true, o,
			      &in->link, e);
	return r;
}

static void close_room(struct ingest *in)
{
	source_free(in->source);
	link_free(in->link);
	link_net_free(in->net);
	workers_done(&in->workers);
	pending_free(in->pending);
	arena_close(in->block);
}

static int farewell(const struct ingest *in, struct err *e)
{
	struct pending_stats s = pending_stats(in->pending);

	if (in->set->progress)
		log_progress("articles", 1, 1);
	log_line(in->refused ? LOG_NOTE : LOG_DETAIL,
		 "%llu articles accepted, %llu pieces refused, %llu sent "
		 "again",
		 (unsigned long long)s.next, (unsigned long long)in->refused,
		 (unsigned long long)s.resent);
	if (in->unreadable)
		return err_set(e, in->unreadable,
			       "not every source could be read");
	if (in->refused && !s.next)
		return err_set(e, -EBADMSG, "no article was accepted");
	return 0;
}

int ingest_run(const struct ingest_settings *s, struct err *e)
{
	struct ingest in = { .set = s };
	int r = open_room(&in, e);

	if (!r)
		r = loop(&in, e);
	if (!r)
		r = farewell(&in, e);
	close_room(&in);
	return r ? err_sys(e, r, "ingest") : 0;
}

#define AT(member) offsetof(struct ingest_settings, member)
#define SOURCE(member) offsetof(struct ingest_source, member)

static const struct conf_key source_keys[] = {
	{ "path", CONF_TEXT, SOURCE(path),
	  .help = "a file, a folder, or - for standard input" },
	{ "kind", CONF_TEXT, SOURCE(kind),
	  .help = "jsonl, text or folder; else by its looks" },
	{ "name", CONF_TEXT, SOURCE(name),
	  .help = "what records call the source of an article that names "
		  "none" },
	{ "follow", CONF_BOOL, SOURCE(follow), "false",
	  .help = "wait at its end for more, over rotation and truncation; "
		  "needs a journal" },
	{ .name = NULL },
};

const struct conf_key ingest_keys[] = {
	{ "bind", CONF_TEXT, AT(bind),
	  .help = "where classify pulls articles and the sink sends acks; "
		  "ipc:///run/vigie/articles unless told" },
	{ "sources", CONF_MAPS, AT(sources), .keys = source_keys,
	  .size = sizeof(struct ingest_source),
	  .help = "where articles come from, read one after the other" },
	{ "window", CONF_INT, AT(window), "8192", 1, WIRE_WINDOW_MAX,
	  .help = "articles read and not yet acknowledged, at most" },
	{ "window_bytes", CONF_SIZE, AT(window_bytes), "64M", 1024, 1e12,
	  .help = "the same in bytes" },
	{ "batch", CONF_INT, AT(batch), "128", 1, WIRE_COUNT_MAX,
	  .help = "articles in one message, at most" },
	{ "batch_bytes", CONF_SIZE, AT(batch_bytes), "1M", 1024,
	  WIRE_BATCH_MAX / 2, .help = "the same in bytes" },
	{ "resend_after", CONF_TIME, AT(resend_after), "10s", 100, 3600000,
	  .help = "send an article again when no ack came for so long" },
	{ "worker_timeout", CONF_TIME, AT(worker_timeout), "5s", 100, 3600000,
	  .help = "a worker that was not heard of for so long is gone" },
	{ "drain", CONF_TIME, AT(drain), "10s", 0, 3600000,
	  .help = "on SIGTERM, wait so long for the last acks" },
	{ "solo", CONF_INT, AT(solo), "3", 1, 100,
	  .help = "an article that takes its worker with it is sent alone, and "
		  "given up\nafter so many failures: it goes to the dead "
		  "letters" },
	{ "journal", CONF_MAP, AT(journal), .keys = journal_keys,
	  .help = "where accepted articles are kept until they are written" },
	{ "push", CONF_MAP, AT(push), .keys = push_keys,
	  .help = "articles that others bring" },
	{ "http", CONF_MAP, AT(http), .keys = http_keys,
	  .help = "health, metrics and POST /articles over HTTP" },
	{ .name = NULL },
};
