#include "commands/pusher.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/stop.h"
#include "commands/pusher_http.h"
#include "wire/link.h"

enum {
	ANSWER_MS = 5000,	  /* without one it is brought again */
	SLOWEST = 100,		  /* bytes a millisecond, over ZeroMQ */
	FIRST_PAUSE_MS = 100,
	LONGEST_PAUSE_MS = 5000,
	TICK_MS = 100,		  /* a signal is heard within this */
	MESSAGE_MAX = 1 << 20,	  /* an answer */
};

struct pusher {
	struct pusher_options o;
	struct link_net *net;
	struct link *link;
	struct pusher_http *http;
};

static int open_link(struct pusher *p, struct err *e)
{
	const struct link_options o = { .queue = 4,
					.message_max = MESSAGE_MAX };
	const struct keys_settings keys = { p->o.keys };
	int r = link_net_open(&p->net, e);

	if (!r && p->o.keys)
		r = link_net_secure(p->net, &keys, e);
	return r ? r
		 : link_open(p->net, LINK_ASK, p->o.to, false, o, &p->link, e);
}

int pusher_open(const struct pusher_options *o, struct pusher **ret,
		struct err *e)
{
	struct pusher *p = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return err_sys(e, -ENOMEM, "push");
	p->o = *o;
	if (!o->to)
		p->o.to = PUSHER_USUAL;
	if (str_starts(str_of(p->o.to), STR("http://")) ||
	    str_starts(str_of(p->o.to), STR("https://")))
		r = pusher_http_open(&p->o, &p->http, e);
	else
		r = open_link(p, e);
	if (r) {
		pusher_close(p);
		return r;
	}
	*ret = p;
	return 0;
}

void pusher_close(struct pusher *p)
{
	if (!p)
		return;
	pusher_http_close(p->http);
	link_free(p->link);
	link_net_free(p->net);
	free(p);
}

/* ---- one try ---- */

static int no_answer(const struct pusher *p, struct err *e)
{
	return err_set(e, STEP_WAIT, "%s does not answer", p->o.to);
}

static int hand_over(struct pusher *p, struct str key, struct str body,
		     int64_t until, struct err *e)
{
	int r = link_send_keyed(p->link, NULL, key, body, e);

	while (r == STEP_WAIT && clock_ms() < until && !stop_asked()) {
		link_wait_send(p->link, TICK_MS);
		r = link_send_keyed(p->link, NULL, key, body, e);
	}
	return r == STEP_WAIT ? no_answer(p, e) : r;
}

/* Answers to earlier tries may still come; those to other keys are theirs. */
static int ask(struct pusher *p, struct str key, struct str body,
	       struct buf *answer, struct err *e)
{
	int64_t until = clock_ms() + ANSWER_MS + (int64_t)(body.n / SLOWEST);
	struct link_message m;
	int r = hand_over(p, key, body, until, e);

	if (r)
		return r;
	while (clock_ms() < until && !stop_asked()) {
		r = link_recv(p->link, &m, e);
		if (r == STEP_WAIT)
			link_wait(&p->link, 1, TICK_MS);
		else if (r)
			return r;
		else if (str_eq(m.topic, key)) {
			buf_add_str(answer, m.body);
			return buf_error(answer);
		}
	}
	return no_answer(p, e);
}

/* What its words mean: 0, STEP_WAIT and how long, -EACCES, -EPROTO. */
static int weigh(const struct pusher *p, int status, struct str answer,
		 int64_t *again_ms, struct err *e)
{
	json_t *j = json_parse(answer, NULL);
	const char *error = json_string_value(json_object_get(j, "error"));
	json_t *later = json_object_get(j, "retry_after");
	int r = 0;

	if (json_is_number(later))
		*again_ms = (int64_t)(json_number_value(later) * 1000);
	if (json_is_number(later) || status == 429 || status >= 500)
		r = err_set(e, STEP_WAIT, "%s: %s", p->o.to,
			    error ? error : "come again later");
	else if (!json_is_integer(json_object_get(j, "accepted")))
		r = err_set(e,
			    status == 401 || status == 403 ? -EACCES : -EPROTO,
			    "%s: %s", p->o.to,
			    error ? error : "is not a vigie that takes pushes");
	json_decref(j);
	return r;
}

static int try_once(struct pusher *p, struct str key, struct str body,
		    struct buf *answer, int64_t *again_ms, struct err *e)
{
	int status = 0, r;

	*again_ms = 0;
	buf_clear(answer);
	if (p->http)
		r = pusher_http_post(p->http, key, body, &status, again_ms,
				     answer, e);
	else
		r = ask(p, key, body, answer, e);
	return r ? r : weigh(p, status, buf_view(answer), again_ms, e);
}

/* ---- and again ---- */

static void pause_ms(int64_t ms)
{
	int64_t until = clock_ms() + ms, left;

	while (!stop_asked() && (left = until - clock_ms()) > 0)
		link_wait(NULL, 0, left < TICK_MS ? left : TICK_MS);
}

static int give_up(const struct err *why, struct err *e)
{
	if (stop_asked())
		return err_set(e, -ETIMEDOUT, "stopped before the answer");
	return err_set(e, -ETIMEDOUT, "gave up: %s", why->text);
}

static int64_t next_pause(int64_t last, int64_t asked)
{
	int64_t next = last ? 2 * last : FIRST_PAUSE_MS;

	next = next < LONGEST_PAUSE_MS ? next : LONGEST_PAUSE_MS;
	return asked > next ? asked : next;
}

int pusher_send(struct pusher *p, struct str key, struct str json_lines,
		struct buf *answer, struct err *e)
{
	int64_t began = clock_ms(), pause = 0, again;

	for (;;) {
		struct err why = { "" };
		int64_t left;
		int r = try_once(p, key, json_lines, answer, &again, &why);

		if (r <= 0)
			return r ? err_set(e, r, "%s", why.text) : 0;
		left = began + p->o.timeout_ms - clock_ms();
		if (stop_asked() || (p->o.timeout_ms && left <= 0))
			return give_up(&why, e);
		if (p->o.waits)
			p->o.waits(p->o.self, why.text);
		pause = next_pause(pause, again);
		pause_ms(p->o.timeout_ms && pause > left ? left : pause);
		if (stop_asked())
			return give_up(&why, e);
	}
}

/* ---- answers ---- */

int pusher_read(struct str answer, struct pusher_told *ret,
		void (*each)(void *self, uint64_t line, const char *reason),
		void *self, struct err *e)
{
	json_t *j = json_parse(answer, NULL), *one;
	json_t *refused = json_object_get(j, "refused");
	json_t *accepted = json_object_get(j, "accepted");
	json_int_t more;
	size_t i;

	if (!json_is_integer(accepted) || !json_is_array(refused)) {
		json_decref(j);
		answer.n = answer.n < 200 ? answer.n : 200;
		return err_set(e, -EPROTO, "an answer that is none: " STR_FMT,
			       STR_ARG(answer));
	}
	more = json_integer_value(json_object_get(j, "refused_more"));
	*ret = (struct pusher_told){
		.accepted = (uint64_t)json_integer_value(accepted),
		.refused = json_array_size(refused) + (uint64_t)more,
		.repeated = json_is_true(json_object_get(j, "repeated")),
	};
	json_array_foreach(refused, i, one) {
		json_t *line = json_object_get(one, "line");
		const char *reason =
			json_string_value(json_object_get(one, "reason"));

		if (each)
			each(self, (uint64_t)json_integer_value(line),
			     reason ? reason : "no reason given");
	}
	json_decref(j);
	return 0;
}
