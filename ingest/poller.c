#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/hash.h"
#include "ingest/poller_parts.h"
#include "ingest/position.h"
#include "ingest/schedule.h"

enum {
	AT_ONCE = 10,		/* feeds that are asked as soon as they open */
	SPREAD_MS = 3 * 60000,	/* among which the others begin */
	LOOK_MS = 2000,		/* between two looks at a file */
	LATER_MS = 60000,	/* when there is too much in hand */
	SENTENCE = 1024,
};

static const char accept[] =
	"application/rss+xml, application/atom+xml, application/feed+json, "
	"application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, "
	"text/html;q=0.7, */*;q=0.5";

void poller_note(struct poller *p, const char *fmt, ...)
{
	char text[SENTENCE];
	va_list ap;

	if (!p->o->notes)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (char *c = text; *c; c++)
		if (*c == '\n')
			*c = ' ';
	buf_printf(p->o->notes, "%s\n", text);
}

const char *poller_place(const struct poller *p)
{
	return p->poll.shown;
}

bool poller_list(struct poller *p, struct str *ret)
{
	if (!p->listed || p->list_shown)
		return false;
	p->list_shown = true;
	*ret = buf_view(&p->list);
	return true;
}

static void be(struct poller *p, enum poll_state state)
{
	p->polls->stats.feeds[p->state]--;
	p->polls->stats.feeds[state]++;
	p->state = state;
}

/* A poll has ended. */

/* How long something took, or is to last: " 132 ms", " 3600 s". */
static bool is_time(struct str s)
{
	size_t n = 1;

	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	s = (struct str){ s.p + n, s.n - n };
	return n > 1 && (str_starts(s, STR(" ms")) ||
			 str_starts(s, STR(" milliseconds")) ||
			 str_starts(s, STR(" s ")));
}

/* Of a sentence, but for the times in it, which are others each time. */
static uint64_t hash_failure(struct str s)
{
	uint64_t hash = 1;

	while (s.n) {
		struct str part = s;

		for (size_t i = 1; i < s.n; i++)
			if (s.p[i] == ' ' &&
			    is_time((struct str){ s.p + i, s.n - i })) {
				part.n = i;
				break;
			}
		hash = hash_xx(part, hash);
		s = (struct str){ s.p + part.n, s.n - part.n };
		if (s.n)
			for (s.p++, s.n--; s.p[0] >= '0' && s.p[0] <= '9';)
				s.p++, s.n--;
	}
	return hash;
}

static void tell_failure(struct poller *p)
{
	uint64_t hash = hash_failure(str_of(p->poll.error));

	if (hash != p->told && !p->o->one_shot)
		poller_note(p, "%s", p->poll.error);
	p->told = hash;
}

static void tell_move(struct poller *p)
{
	char *shown = poll_show(poll_address(&p->poll));

	poller_note(p, "%s: has moved for good; %s is asked from now on",
		    p->poll.shown, shown ? shown : "where it leads");
	free(shown);
	p->poll.settled = false;
}

/* a: the answer, or NULL. trouble: 0 or -errno. */
static void end_poll(struct poller *p, const struct web_answer *a, int trouble)
{
	int64_t wall = p->polls->wall();

	p->trouble = trouble;
	p->unsaved = true;
	if (p->poll.error)
		tell_failure(p);
	else if (p->told)
		poller_note(p, "%s: answers again", p->poll.shown);
	if (!p->poll.error)
		p->told = 0;
	if (p->poll.settled)
		tell_move(p);
	be(p, p->poll.gone    ? POLLS_GONE
	      : p->poll.error ? POLLS_FAILING
			      : POLLS_GOOD);
	poll_plan(&p->poll, p->polls->set, p->o->every, a, wall);
	p->due_ms = p->polls->clock() + poll_wait(&p->poll, wall);
	if (p->step == POLLER_ASKED)
		p->step = p->poll.gone || p->o->one_shot ? POLLER_OVER
							 : POLLER_IDLE;
}

static int trouble_of(const struct web_answer *a)
{
	if (a->result == WEB_REFUSED)
		return -EACCES;
	if (a->result == WEB_FAILED || a->status >= 500 || a->status == 429)
		return -EHOSTUNREACH;
	return a->status == 403 || a->status == 401 ? -EACCES : -ENOENT;
}

static int be_bad(struct poller *p, const struct web_answer *a,
		  const struct err *why)
{
	int r = poll_bad(&p->poll, why->text, p->polls->wall());

	p->polls->stats.polls[POLLS_FAILED]++;
	if (!r)
		end_poll(p, a, -EBADMSG);
	return r;
}

/* Ask again soon, as if nothing had been. */
static void ask_later(struct poller *p, int64_t ms)
{
	p->step = POLLER_IDLE;
	p->due_ms = p->polls->clock() + ms;
}

static int hear_document(struct poller *p, const struct web_answer *a)
{
	const struct document d = {
		.bytes = a->body,
		.type = a->type,
		.url = a->url,
		.now_ms = p->polls->wall(),
	};
	struct err why = { "" };
	int r = poller_read(p, &d, a, &why);

	if (r == STEP_REJECT)
		return be_bad(p, a, &why);
	if (r == STEP_WAIT || r == STEP_END) {
		ask_later(p, r == STEP_WAIT ? LATER_MS : 0);
		return 0;
	}
	if (r)
		return r;
	p->polls->stats.polls[POLLS_CHANGED]++;
	end_poll(p, a, 0);
	p->step = POLLER_GIVING;
	poller_save_later(p);
	return 0;
}

void poller_rest(struct poller *p, const struct web_answer *a)
{
	if (a->retry_after_ms >= 0 && a->url && !poller_host(a->url, p->rested))
		p->rested[0] = '\0';
}

/* web.h has our answer: what goes wrong here is said by poller_next(). */
static void heard(void *self, const struct web_answer *a)
{
	struct poller *p = self;
	enum poll_meaning meaning;
	int r;

	p->job = NULL;
	poller_rest(p, a);
	r = poll_hear(&p->poll, a, p->polls->wall(), &meaning);
	if (!r && meaning == POLL_DOCUMENT) {
		r = hear_document(p, a);
	} else if (!r) {
		bool same = meaning == POLL_UNCHANGED;

		p->polls->stats.polls[same ? POLLS_UNCHANGED
					   : POLLS_FAILED]++;
		end_poll(p, a, same ? 0 : trouble_of(a));
	}
	if (r)
		p->trouble = r;
	if (r)
		p->step = POLLER_OVER;
}

/* Asking. */

int64_t poller_rest_of(const struct poller *p, const char *url)
{
	char host[POLLER_HOST];
	int64_t ms;

	if (p->o->one_shot || !poller_host(url, host))
		return 0;
	ms = web_host_until(p->o->tools->web, str_of(host)) -
	     p->polls->wall();
	return ms < 0 ? 0 : ms < SCHEDULE_REST_MAX ? ms : SCHEDULE_REST_MAX;
}

static int ask_web(struct poller *p)
{
	const struct web_request q = {
		.url = poll_address(&p->poll),
		.agent = p->o->agent,
		.etag = p->poll.etag,
		.last_modified = p->poll.modified,
		.accept = accept,
		.done = heard,
		.self = p,
	};
	int64_t rest = poller_rest_of(p, q.url);
	int r;

	if (rest) {
		ask_later(p, rest);
		p->poll.next_ms = p->polls->wall() + rest;
		p->unsaved = true;
		return STEP_WAIT;
	}
	p->step = POLLER_ASKED;
	r = web_get(p->o->tools->web, &q, &p->job);
	return r ? r : STEP_WAIT;
}

/* Of a file: has it changed since it was read? */
static int look(struct poller *p, struct err *e)
{
	char position[sizeof(p->position)];
	struct stat st;

	p->due_ms = p->polls->clock() + LOOK_MS;
	if (stat(p->poll.url, &st)) {
		if (errno == ENOENT && p->o->follow)
			return STEP_WAIT;
		return err_sys(e, -errno, "%s", p->poll.url);
	}
	position_text(&st, position);
	if (!strcmp(position, p->position)) {
		if (!p->o->follow)
			p->step = POLLER_OVER;
		return p->o->follow ? STEP_WAIT : 0;
	}
	memcpy(p->position, position, sizeof(position));
	return STEP_END;
}

static int read_file(struct poller *p, struct err *e)
{
	struct document d = { .now_ms = p->polls->wall() };
	int r = file_read(p->poll.url, DOCUMENT_MAX, &d.bytes, e);

	if (!r) {
		r = poller_read(p, &d, NULL, e);
		free((char *)d.bytes.p);
	}
	if (r == STEP_WAIT) {
		p->position[0] = '\0'; /* look again */
		return r;
	}
	p->unsaved = true;
	be(p, r ? POLLS_FAILING : POLLS_GOOD);
	p->step = r ? POLLER_IDLE : POLLER_GIVING;
	if (r == STEP_REJECT && !p->o->follow) {
		p->step = POLLER_OVER;
		p->trouble = -EBADMSG;
		return -EBADMSG;
	}
	if (r == STEP_REJECT) {
		poller_note(p, "%s", e->text);
		err_clear(e);
		return 0;
	}
	return r;
}

static int begin(struct poller *p, struct err *e)
{
	int r;

	if (p->polls->clock() < p->due_ms ||
	    p->polls->kept >= POLLS_KEPT_ENOUGH)
		return STEP_WAIT;
	if (!p->file)
		return ask_web(p);
	r = look(p, e);
	return r == STEP_END ? read_file(p, e) : r;
}

/* All that was in the document is given. */
static void finish(struct poller *p)
{
	bool over = p->o->one_shot || p->poll.gone ||
		    (p->file && !p->o->follow);

	if (p->lost)
		poller_note(p, "%s: %" PRIu64 " page%s could not be fetched, "
			       "first: %s",
			    p->poll.shown, p->lost, p->lost == 1 ? "" : "s",
			    p->why);
	p->lost = 0;
	p->step = over ? POLLER_OVER : POLLER_IDLE;
	/* What a thousand feeds hold while they sleep is to be little. */
	buf_done(&p->piece);
	buf_done(&p->names);
}

static int over(const struct poller *p, struct err *e)
{
	bool ends = p->o->one_shot || (p->file && !p->o->follow);

	if (!ends)
		return STEP_WAIT;
	if (!p->trouble)
		return STEP_END;
	return err_set(e, p->trouble, "%s",
		       p->poll.error ? p->poll.error : p->poll.shown);
}

int poller_next(struct poller *p, struct raw *ret, struct err *e)
{
	for (;;) {
		int64_t again = poller_again(p);
		int r = 0;

		if (p->trouble == -ENOMEM)
			return -ENOMEM;
		if (p->step == POLLER_IDLE && again >= 0 &&
		    again <= p->polls->clock())
			p->step = POLLER_GIVING;
		if (p->step == POLLER_GIVING) {
			r = poller_save_amidst(p);
			if (!r)
				r = poller_give(p, ret, e);
			if (r != STEP_END)
				return r;
			finish(p);
		}
		r = poller_save(p);
		if (!r && p->step == POLLER_OVER)
			return over(p, e);
		if (!r)
			r = p->step == POLLER_IDLE ? begin(p, e) : STEP_WAIT;
		if (r)
			return r;
	}
}

int64_t poller_pause(const struct poller *p, int64_t now_ms)
{
	int64_t until = p->due_ms, again = poller_again(p);

	if (p->step == POLLER_GIVING && p->hold_ms > now_ms)
		return p->hold_ms - now_ms;
	if (p->step == POLLER_GIVING)
		return poller_waits(p) ? -1 : 0;
	if (p->rested[0] || p->unsaved)
		return 0;
	if (p->step != POLLER_IDLE)
		return -1;
	if (again >= 0 && again < until)
		until = again;
	return until > now_ms ? until - now_ms : 0;
}

/* Opening. */

static int64_t first_pause(struct poller *p)
{
	int64_t ms = poll_wait(&p->poll, p->polls->wall());
	bool at_once = p->o->one_shot || p->polls->opened++ < AT_ONCE;

	if (ms > 0 || at_once)
		return ms < 0 ? 0 : ms;
	return schedule_first(hash_xx(str_of(p->poll.url), 0), SPREAD_MS);
}

static int open_file(struct poller *p, struct err *e)
{
	struct buf was;
	int r;

	r = position_key(p->poll.url, &p->key);
	if (r)
		return err_sys(e, r, "%s", p->poll.url);
	buf_init(&was, sizeof(p->position) - 1);
	r = p->o->one_shot ? STEP_END
			   : position_recall(p->o, buf_view(&p->key), &was, e);
	if (!r && p->want == POLLER_FEED && was.n)
		memcpy(p->position, was.p, was.n);
	buf_done(&was);
	return r < 0 ? r : 0;
}

static int open_web(struct poller *p, struct err *e)
{
	int r = poller_recall(p);

	if (r)
		return err_sys(e, r, "%s: recalling it", p->poll.shown);
	if (p->poll.gone) {
		p->step = POLLER_OVER;
		be(p, POLLS_GONE);
	} else if (p->poll.asked_ms) {
		be(p, p->poll.error ? POLLS_FAILING : POLLS_GOOD);
	}
	p->due_ms = p->polls->clock() + first_pause(p);
	return 0;
}

int poller_open(const struct source_options *o, const char *place,
		const char *title, enum poller_want want,
		struct poller **ret, struct err *e)
{
	struct poller *p = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return err_sys(e, -ENOMEM, "%s", place);
	p->o = o;
	p->polls = o->tools->polls;
	p->want = want;
	p->file = !source_is_web(place);
	p->state = POLLS_NEW;
	p->polls->stats.feeds[POLLS_NEW]++;
	buf_init(&p->key, 8192);
	buf_init(&p->list, DOCUMENT_ANSWER_MAX);
	buf_init(&p->kept, DOCUMENT_ANSWER_MAX + (1 << 20));
	buf_init(&p->piece, RAW_MAX);
	buf_init(&p->names, DOCUMENT_ANSWER_MAX);
	buf_init(&p->place, 1 << 16);
	r = poll_init(&p->poll, place);
	if (!r && title && *title) {
		p->name = strdup(title);
		r = p->name ? 0 : -ENOMEM;
	}
	if (r)
		err_sys(e, r, "%s", place);
	else
		r = p->file ? open_file(p, e) : open_web(p, e);
	if (r) {
		poller_free(p);
		return r;
	}
	*ret = p;
	return 0;
}

void poller_free(struct poller *p)
{
	if (!p)
		return;
	if (p->job)
		web_cancel(p->job);
	poller_drop(p);
	p->polls->stats.feeds[p->state]--;
	poll_done(&p->poll);
	free(p->name);
	buf_done(&p->key);
	buf_done(&p->list);
	buf_done(&p->piece);
	buf_done(&p->names);
	buf_done(&p->place);
	free(p);
}
