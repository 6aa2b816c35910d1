/* A request is taken whole within one call, and waits as a struct waiter until
 * its group is committed; its answer is finished by then. Who goes away leaves
 * his waiter behind: a second request with its key must still find it.
 *
 * What is remembered under a key is the answer behind a digest of what was
 * brought, so that a key that is used again for something else is refused
 * rather than answered for it:
 *
 *	0123456789abcdef{"accepted":2,"refused":[],"repeated":false} */
#include "ingest/push.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/broken.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "ingest/pieces.h"
#include "ingest/told.h"

#define AT(member) offsetof(struct push_settings, member)

const struct conf_key push_keys[] = {
	{ "bind", CONF_TEXT, AT(bind),
	  .help = "an endpoint where ZeroMQ clients bring articles (see "
		  "vigie-push(1))" },
	{ "requests", CONF_INT, AT(requests), "1024", 1, 65536,
	  .help = "requests that wait for their commit, at most" },
	{ "retry_after", CONF_TIME, AT(retry_after), "2s", 1000, 3600000,
	  .help = "who finds no room is asked to come again after this" },
	{ .name = NULL },
};

/* As `vigie dlq replay` makes keys. */
#define DEAD_LETTER_KEY "dlq:"

enum {
	KEY_MAX = 200,
	ANSWER_MAX = 1 << 17,
	DIGEST = 16,		/* hexadecimal digits */
	QUEUE = 16,		/* messages of one ZeroMQ peer … */
	ANSWERS = 256,		/* … and for it, which are small */
	TURN_MAX = 64,		/* of them in one call */
	MESSAGE_MAX = RAW_MAX + 65536,
	UNHEARD_MS = 10000,	/* an answer waits so long for its peer, … */
	AGAIN_MS = 2,		/* … which is tried so often */
	FULL_MAX = 64,		/* peers with a full queue, told apart */
};

/* Whom to answer: one of the two. */
struct door {
	struct http_request *http;
	struct link_peer peer; /* where n > 0 */
};

struct waiter {
	struct waiter *next;
	struct door door;	/* neither: it went away */
	int64_t until;		/* committed, and unheard so far; 0: not yet */
	bool repeated;		/* it asked again for what waits */
	char digest[DIGEST + 1];
	struct str key, answer; /* lie in bytes */
	char bytes[];
};

struct push {
	struct link *link;
	struct push_taker taker;
	struct push_settings settings;
	struct http_handler handler;
	struct waiter *first, **last; /* in the order they came */
	size_t waiting, unheard;      /* of them, not committed; committed */
	struct push_stats stats;
	int failed; /* the taker's error, after which nothing is taken */
	struct err why;
};

/* What is asked, whichever door it came through. */
struct request {
	struct door door;
	struct str key, body;
	enum pieces_form form;
};

/* ---- answers ---- */

/* Returns STEP_WAIT when a ZeroMQ peer's queue is full; all else is done: who
 * is gone cannot be told. */
static int tell(struct push *p, const struct door *d, struct str key,
		int status, struct str json)
{
	struct buf line;

	if (d->http) {
		buf_init(&line, ANSWER_MAX + 1);
		buf_add_str(&line, json);
		buf_add_char(&line, '\n');
		http_answer(d->http, status, "application/json",
			    buf_view(&line));
		buf_done(&line);
		return 0;
	}
	if (!d->peer.n)
		return 0;
	return link_send_keyed(p->link, &d->peer, key, json, NULL) == STEP_WAIT
		       ? STEP_WAIT
		       : 0;
}

__attribute__((format(printf, 4, 5))) static void
tell_error(struct push *p, const struct request *q, int status,
	   const char *fmt, ...)
{
	char text[512];
	struct buf b;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_init(&b, ANSWER_MAX);
	buf_add_z(&b, "{\"error\":");
	json_add_text(&b, str_of(text));
	if (status == 503)
		buf_printf(&b, ",\"retry_after\":%" PRId64,
			   (p->settings.retry_after + 999) / 1000);
	buf_add_char(&b, '}');
	tell(p, &q->door, q->key, status, buf_view(&b));
	buf_done(&b);
}

static void turn_away(struct push *p, const struct request *q,
		      const char *why)
{
	char seconds[24];

	p->stats.turned_away++;
	snprintf(seconds, sizeof(seconds), "%" PRId64,
		 (p->settings.retry_after + 999) / 1000);
	if (q->door.http)
		http_set(q->door.http, "Retry-After", seconds);
	tell_error(p, q, 503, "%s; nothing of it was taken, send it again "
			      "later", why);
}

static int tell_repeated(struct push *p, const struct door *d, struct str key,
			 struct str answer)
{
	const struct str once = STR("\"repeated\":false}");
	struct buf b;
	int r;

	buf_init(&b, ANSWER_MAX);
	if (str_ends(answer, once))
		answer.n -= once.n;
	buf_add_str(&b, answer);
	buf_add_z(&b, "\"repeated\":true}");
	r = tell(p, d, key, 200, buf_view(&b));
	buf_done(&b);
	return r;
}

/* ---- who waits ---- */

static const struct waiter *waiter_of(const struct push *p, struct str key)
{
	const struct waiter *w = p->first;

	while (w && !(key.n && str_eq(w->key, key)))
		w = w->next;
	return w;
}

static int wait_for_commit(struct push *p, const struct request *q,
			   const char *digest, struct str answer,
			   bool repeated)
{
	struct waiter *w = calloc(1, sizeof(*w) + q->key.n + answer.n);

	if (!w)
		return -ENOMEM;
	w->door = q->door;
	w->repeated = repeated;
	memcpy(w->digest, digest, DIGEST);
	memcpy(w->bytes, q->key.p, q->key.n);
	memcpy(w->bytes + q->key.n, answer.p, answer.n);
	w->key = (struct str){ w->bytes, q->key.n };
	w->answer = (struct str){ w->bytes + q->key.n, answer.n };
	*p->last = w;
	p->last = &w->next;
	p->waiting++;
	return 0;
}

static void drop(struct push *p, struct waiter **at)
{
	struct waiter *w = *at;

	*at = w->next;
	if (p->last == &w->next)
		p->last = at;
	p->waiting -= !w->until;
	p->unheard -= w->until != 0;
	free(w);
}

static int tell_waiter(struct push *p, const struct waiter *w)
{
	return w->repeated ? tell_repeated(p, &w->door, w->key, w->answer)
			   : tell(p, &w->door, w->key, 200, w->answer);
}

/* Peers whose queue one round has found full. */
struct full_peers {
	struct link_peer v[FULL_MAX];
	size_t n;
};

/* Of more peers than are told apart, all count as full. */
static bool is_full(const struct full_peers *f, const struct door *d)
{
	for (size_t i = 0; i < f->n; i++)
		if (d->peer.n == f->v[i].n &&
		    !memcmp(d->peer.id, f->v[i].id, d->peer.n))
			return true;
	return f->n == FULL_MAX;
}

/* Tell those whose group is committed. Whose queue is full is told later, all
 * of it, so that answers come in the order of their requests. */
static void tell_committed(struct push *p)
{
	int64_t now = p->unheard ? clock_ms() : 0;
	struct full_peers full = { .n = 0 };
	struct waiter **at = &p->first;

	while (*at && p->unheard) {
		struct waiter *w = *at;
		bool waits = w->until && is_full(&full, &w->door);
		bool told = w->until && !waits &&
			    tell_waiter(p, w) != STEP_WAIT;

		if (told || (w->until && now >= w->until)) {
			drop(p, at);
			continue;
		}
		if (w->until && !waits)
			full.v[full.n++] = w->door.peer;
		at = &w->next;
	}
}

/* ---- what is asked ---- */

static void fail(struct push *p, int r, const struct err *why)
{
	if (p->failed)
		return;
	p->failed = r;
	p->why = *why;
}

/* It was taken: remember it under its key, and let it wait. */
static int settle(struct push *p, const struct request *q, const char *digest,
		  struct str remembered)
{
	struct str answer = { remembered.p + DIGEST, remembered.n - DIGEST };
	int r = q->key.n ? p->taker.remember(p->taker.self, q->key, remembered)
			 : 0;

	if (r < 0)
		return r;
	/* For tests of what relies on the wait. */
	if (broken("ack-early")) {
		tell(p, &q->door, q->key, 200, answer);
		return 0;
	}
	return wait_for_commit(p, q, digest, answer, false);
}

static void take(struct push *p, const struct request *q, const char *digest)
{
	struct told t;
	struct err e = { "" };
	struct buf answer;
	int r;

	told_init(&t);
	t.again = str_starts(q->key, STR(DEAD_LETTER_KEY));
	buf_init(&answer, ANSWER_MAX);
	buf_add(&answer, digest, DIGEST);
	r = told_take(&t, &p->taker, q->form, q->body, &e);
	told_write(&t, &answer);
	p->stats.accepted += t.accepted;
	p->stats.refused += t.refused;
	if (!r)
		r = buf_error(&answer);
	if (!r && t.accepted)
		r = settle(p, q, digest, buf_view(&answer));
	else if (!r && t.refused)
		tell(p, &q->door, q->key, 400,
		     (struct str){ answer.p + DIGEST, answer.n - DIGEST });
	else if (!r)
		tell_error(p, q, 400, "there is no article in it");
	if (r < 0) {
		err_set(&e, r, "push: %s", strerror(-r));
		fail(p, r, &e);
	}
	buf_done(&answer);
	told_done(&t);
}

static bool is_key(struct str key)
{
	for (size_t i = 0; i < key.n; i++)
		if (key.p[i] < ' ' || key.p[i] > '~')
			return false;
	return key.n <= KEY_MAX;
}

/* Was the key used before? What is remembered under it into known, and whether
 * that waits for its commit. Returns 0, STEP_END, -errno. */
static int look_up(struct push *p, struct str key, struct buf *known,
		   bool *waits)
{
	const struct waiter *w = waiter_of(p, key);
	int r;

	*waits = w && !w->until;
	if (!key.n)
		return STEP_END;
	if (!w) {
		r = p->taker.recall(p->taker.self, key, known);
		return r ? r : buf_error(known);
	}
	buf_add(known, w->digest, DIGEST);
	buf_add_str(known, w->answer);
	return buf_error(known);
}

static int again(struct push *p, const struct request *q, const char *digest,
		 struct str known, bool waits)
{
	if (known.n < DIGEST || memcmp(known.p, digest, DIGEST)) {
		tell_error(p, q, 422, "this key was used for another body; "
				      "give a new one");
		return 0;
	}
	known = (struct str){ known.p + DIGEST, known.n - DIGEST };
	p->stats.repeated++;
	if (waits)
		return wait_for_commit(p, q, digest, known, true);
	tell_repeated(p, &q->door, q->key, known);
	return 0;
}

/* With a key that was used before it is answered as it was then. */
static bool is_repeated(struct push *p, const struct request *q,
			const char *digest)
{
	struct err e = { "" };
	struct buf known;
	bool waits;
	int r;

	buf_init(&known, ANSWER_MAX);
	r = look_up(p, q->key, &known, &waits);
	if (!r)
		r = again(p, q, digest, buf_view(&known), waits);
	buf_done(&known);
	if (r < 0) {
		err_set(&e, r, "push: %s", strerror(-r));
		fail(p, r, &e);
	}
	return r != STEP_END;
}

static void hear(struct push *p, const struct request *q)
{
	char digest[DIGEST + 1];

	p->stats.requests++;
	snprintf(digest, sizeof(digest), "%016" PRIx64, hash_xx(q->body, 0));
	if (p->failed)
		turn_away(p, q, "ingest is ending");
	else if (!is_key(q->key))
		tell_error(p, q, 400, "a key is of 1 to %d printable ASCII "
				      "characters", KEY_MAX);
	else if (p->waiting >= (size_t)p->settings.requests)
		turn_away(p, q, "too many requests wait for their commit");
	else if (is_repeated(p, q, digest))
		;
	else if (!p->taker.has_room(p->taker.self, q->body.n))
		turn_away(p, q, "there is no room now");
	else
		take(p, q, digest);
}

/* ---- over HTTP ---- */

static bool is_refused_here(struct push *p, const struct request *q,
			    const struct http_view *v)
{
	struct http_request *r = q->door.http;
	const char *coding = http_header(r, "Content-Encoding");

	if (strcmp(v->path, "/articles")) {
		tell_error(p, q, 404, "there is nothing here; articles are "
				      "brought to /articles");
	} else if (strcmp(v->method, "POST")) {
		http_set(r, "Allow", "POST");
		tell_error(p, q, 405, "articles are brought by POST");
	} else if (!v->authorised) {
		http_set(r, "WWW-Authenticate", "Bearer realm=\"vigie\"");
		tell_error(p, q, 401, "this needs the token, in a header "
				      "'Authorization: Bearer TOKEN'");
	} else if (http_header(r, "Origin")) {
		/* A page in a browser of this machine reaches what listens to
		 * this machine alone. */
		tell_error(p, q, 403, "articles are not taken from web pages");
	} else if (coding && strcmp(coding, "identity")) {
		tell_error(p, q, 415, "send the body without "
				      "Content-Encoding");
	} else if (q->form == PIECES_WRONG) {
		http_set(r, "Accept", "application/json, application/x-ndjson");
		tell_error(p, q, 415, "a body is application/json or "
				      "application/x-ndjson");
	} else {
		return false;
	}
	return true;
}

static void handle(void *self, struct http_request *r)
{
	struct push *p = self;
	struct http_view v = http_look(r);
	const char *key = http_header(r, "Idempotency-Key");
	struct request q = {
		.door.http = r,
		.key = str_of(key ? key : ""),
		.body = v.body,
		.form = pieces_form(http_header(r, "Content-Type"), v.body),
	};

	if (is_refused_here(p, &q, &v))
		return;
	if (key && !*key)
		return tell_error(p, &q, 400, "the Idempotency-Key is empty");
	hear(p, &q);
}

static void gone(void *self, struct http_request *r)
{
	struct push *p = self;

	for (struct waiter *w = p->first; w; w = w->next)
		if (w->door.http == r)
			w->door.http = NULL;
}

/* ---- the whole ---- */

int push_open(struct link_net *net, const struct push_settings *s,
	      const struct push_taker *t, struct push **ret, struct err *e)
{
	const struct link_options o = { .queue = QUEUE,
					.linger_ms = 1000,
					.message_max = MESSAGE_MAX,
					.send_queue = ANSWERS };
	struct push *p = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return err_sys(e, -ENOMEM, "push");
	p->settings = *s;
	p->taker = *t;
	p->handler = (struct http_handler){ handle, gone, p };
	p->last = &p->first;
	r = s->bind ? link_open(net, LINK_ANSWER, s->bind, true, o, &p->link, e)
		    : 0;
	if (r) {
		free(p);
		return r;
	}
	*ret = p;
	return 0;
}

void push_free(struct push *p)
{
	if (!p)
		return;
	while (p->first)
		drop(p, &p->first);
	link_free(p->link);
	free(p);
}

const struct http_handler *push_http(struct push *p)
{
	return &p->handler;
}

struct link *push_link(struct push *p)
{
	return p->link;
}

static int has_failed(const struct push *p, struct err *e)
{
	return p->failed ? err_set(e, p->failed, "%s", p->why.text) : 0;
}

int push_turn(struct push *p, struct err *e)
{
	struct link_message m;

	tell_committed(p);
	for (int i = 0; p->link && i < TURN_MAX && !p->failed; i++) {
		struct request q = { .door.http = NULL };
		struct err why = { "" };
		int r = link_recv(p->link, &m, &why);

		if (r == STEP_WAIT)
			break;
		/* A message of other frames than two: nobody to be told. */
		if (r == -EPROTO)
			continue;
		if (r)
			return err_set(e, r, "%s", why.text);
		q.door.peer = m.peer;
		q.key = m.topic;
		q.body = m.body;
		q.form = PIECES_LINES;
		hear(p, &q);
	}
	return has_failed(p, e);
}

int push_committed(struct push *p, struct err *e)
{
	int64_t until = clock_ms() + UNHEARD_MS;

	for (struct waiter *w = p->first; w; w = w->next)
		if (!w->until) {
			w->until = until;
			p->waiting--;
			p->unheard++;
		}
	tell_committed(p);
	return has_failed(p, e);
}

int64_t push_pause(const struct push *p)
{
	return p->unheard ? AGAIN_MS : -1;
}

size_t push_waiting(const struct push *p)
{
	return p->waiting;
}

struct push_stats push_stats(const struct push *p)
{
	return p->stats;
}
