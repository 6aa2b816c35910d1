#include "sink/session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/stop.h"

enum {
	VALUES_MAX = 8,
	SLICE_MS = 250, /* between two looks at stop_count() */
	DETAIL_MAX = 200,
};

struct session {
	PGconn *c;
	int64_t timeout;
	bool is_dead;
};

/* libpq's sentences have line ends and tabs in them, and end in one. */
static void one_line(const char *from, char out[512])
{
	size_t n = 0;

	for (; *from && n < 511; from++) {
		char c = *from == '\n' || *from == '\t' ? ' ' : *from;

		if (c != ' ' || (n && out[n - 1] != ' '))
			out[n++] = c;
	}
	while (n && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
}

static int say(struct err *e, int r, const char *sentence)
{
	char line[512];

	one_line(sentence, line);
	return err_set(e, r, "%s", line);
}

/* The place. */

static const char *option(const PQconninfoOption *v, const char *name)
{
	for (; v && v->keyword; v++)
		if (!strcmp(v->keyword, name))
			return v->val;
	return NULL;
}

/* libpq takes what has neither for the name of a database. */
static bool is_string(const char *place)
{
	return strchr(place, '=') || !strncmp(place, "postgresql://", 13) ||
	       !strncmp(place, "postgres://", 11);
}

int session_check(const char *place, char name[SESSION_NAME_MAX],
		  bool *has_password, struct err *e)
{
	char *why = NULL;
	PQconninfoOption *v = is_string(place) ? PQconninfoParse(place, &why)
					       : NULL;
	const char *at = option(v, "host"), *db = option(v, "dbname");
	int r = 0;

	if (!v && is_string(place))
		r = say(e, -EINVAL, why ? why : "out of memory");
	at = at ? at : option(v, "hostaddr");
	at = at ? at : option(v, "service");
	db = is_string(place) ? db : place;
	snprintf(name, SESSION_NAME_MAX, "PostgreSQL%s%.100s%s%.100s%s",
		 db || at ? " (" : "", db ? db : "",
		 at ? db ? " at " : "at " : "", at ? at : "",
		 db || at ? ")" : "");
	*has_password = option(v, "password") != NULL;
	PQconninfoFree(v);
	PQfreemem(why);
	return r;
}

/* Waiting. */

/* Until the socket is ready for one of events: 0; -ETIMEDOUT when nothing
 * comes within the time; -EINTR when a second signal says now. */
static int await(const struct session *s, short events)
{
	int64_t until = clock_ms() + s->timeout;
	struct pollfd p = { .fd = PQsocket(s->c), .events = events };

	while (stop_count() < 2) {
		int64_t left = until - clock_ms();
		int n;

		if (left <= 0)
			return -ETIMEDOUT;
		n = poll(&p, 1, left < SLICE_MS ? (int)left : SLICE_MS);
		if (n > 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
	}
	return -EINTR;
}

static int lost(struct session *s, int why, struct err *e)
{
	s->is_dead = true;
	if (why == -ETIMEDOUT)
		return err_set(e, STEP_WAIT, "no answer within %lld ms",
			       (long long)s->timeout);
	if (why)
		return err_set(e, STEP_WAIT, "connection: %s", strerror(-why));
	return say(e, STEP_WAIT, PQerrorMessage(s->c));
}

/* Connecting. */

/* Is somebody there who does not want us, or nobody yet? */
static int refused(struct session *s, const char *const *names,
		   const char *const *values, struct err *e)
{
	PGPing there = PQpingParams(names, values, 1);
	bool is_final = there == PQPING_OK || there == PQPING_NO_ATTEMPT;

	s->is_dead = true;
	return say(e, is_final ? -EACCES : STEP_WAIT, PQerrorMessage(s->c));
}

static void no_notice(void *arg, const PGresult *r)
{
	(void)arg;
	(void)r;
}

static int connect_to(struct session *s, const char *place, struct err *e)
{
	char seconds[24];
	const char *const names[] = { "dbname", "client_encoding",
				      "fallback_application_name",
				      "connect_timeout", NULL };
	const char *const values[] = { place, "UTF8", "vigie sink", seconds,
				       NULL };
	PostgresPollingStatusType next = PGRES_POLLING_WRITING;
	int r;

	/* Of PQpingParams() alone, which counts in seconds, at least two. */
	snprintf(seconds, sizeof(seconds), "%lld",
		 (long long)(s->timeout / 1000 + 1));
	s->c = PQconnectStartParams(names, values, 1);
	if (!s->c)
		return -ENOMEM;
	if (PQstatus(s->c) == CONNECTION_BAD)
		return refused(s, names, values, e);
	PQsetNoticeReceiver(s->c, no_notice, NULL);
	while (next != PGRES_POLLING_OK) {
		r = await(s, next == PGRES_POLLING_READING ? POLLIN : POLLOUT);
		if (r)
			return lost(s, r, e);
		next = PQconnectPoll(s->c);
		if (next == PGRES_POLLING_FAILED)
			return refused(s, names, values, e);
	}
	return PQsetnonblocking(s->c, 1) ? lost(s, 0, e) : 0;
}

int session_open(const char *place, int64_t timeout, struct session **ret,
		 struct err *e)
{
	struct session *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return -ENOMEM;
	s->timeout = timeout;
	r = connect_to(s, place, e);
	if (r) {
		session_free(s);
		return r;
	}
	*ret = s;
	return 0;
}

void session_free(struct session *s)
{
	if (!s)
		return;
	PQfinish(s->c);
	free(s);
}

bool session_is_dead(const struct session *s)
{
	return s->is_dead;
}

/* Statements. */

static int send_statement(struct session *s, const char *sql,
			  const struct session_value *v, size_t n)
{
	Oid types[VALUES_MAX];
	const char *values[VALUES_MAX];
	int sizes[VALUES_MAX], formats[VALUES_MAX];

	if (!n)
		return PQsendQuery(s->c, sql);
	for (size_t i = 0; i < n && i < VALUES_MAX; i++) {
		types[i] = v[i].type;
		values[i] = v[i].bytes.p;
		sizes[i] = (int)v[i].bytes.n;
		formats[i] = 1;
	}
	return PQsendQueryParams(s->c, sql, (int)n, types, values, sizes,
				 formats, 0);
}

/* Whatever moves counts as an answer: megabytes may take their time. The
 * server may have something to say while it is still being written to. */
static int flush(struct session *s, struct err *e)
{
	int left, r;

	while ((left = PQflush(s->c)) == 1) {
		r = await(s, POLLIN | POLLOUT);
		if (r)
			return lost(s, r, e);
		if (!PQconsumeInput(s->c))
			return lost(s, 0, e);
	}
	return left ? lost(s, 0, e) : 0;
}

static int next_result(struct session *s, PGresult **ret, struct err *e)
{
	int r;

	while (PQisBusy(s->c)) {
		r = await(s, POLLIN);
		if (r)
			return lost(s, r, e);
		if (!PQconsumeInput(s->c))
			return lost(s, 0, e);
	}
	*ret = PQgetResult(s->c);
	return 0;
}

/* By the class of SQLSTATE (PostgreSQL, appendix A). Whatever is not known
 * may pass: to wait loses nothing. */
static int step_of(const char *state)
{
	static const char *const refusals[] = { "0A", "28", "2B", "3D", "3F",
						"42", NULL };

	if (!strncmp(state, "22", 2))
		return -EBADMSG;
	if (!strcmp(state, "42501"))
		return -EACCES;
	for (size_t i = 0; refusals[i]; i++)
		if (!strncmp(state, refusals[i], 2))
			return -EINVAL;
	return STEP_WAIT;
}

/* No values in the sentence: the detail quotes them, and they are articles. */
static int judge(struct session *s, const PGresult *r, struct err *e)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	const char *why = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	const char *hint = PQresultErrorField(r, PG_DIAG_MESSAGE_HINT);
	char line[512];

	if (PQstatus(s->c) == CONNECTION_BAD)
		s->is_dead = true;
	one_line(why ? why : PQresultErrorMessage(r), line);
	return err_set(e, state ? step_of(state) : STEP_WAIT,
		       "%s%s%s%s%.*s%s", line, state ? " (SQLSTATE " : "",
		       state ? state : "", hint ? "; " : "", DETAIL_MAX,
		       hint ? hint : "", state ? ")" : "");
}

int session_run(struct session *s, const char *sql,
		const struct session_value *v, size_t n, PGresult **ret,
		struct err *e)
{
	PGresult *last = NULL, *one = NULL;
	int bad = 0, r;

	if (s->is_dead || !send_statement(s, sql, v, n))
		return lost(s, 0, e);
	r = flush(s, e);
	while (!r && !(r = next_result(s, &one, e)) && one) {
		ExecStatusType status = PQresultStatus(one);

		if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
			bad = bad ? bad : judge(s, one, e);
		PQclear(last);
		last = one;
	}
	r = r ? r : bad;
	if (!r && ret)
		*ret = last;
	else
		PQclear(last);
	return r;
}
