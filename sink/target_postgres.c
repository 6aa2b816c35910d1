/* target_postgres.c -- a row an article in a PostgreSQL database, and a row a
 * topic of it; docs/databases.md shows what to ask of them.
 *
 * A group is one statement, and so one transaction: records, topics, and the
 * watermark that says which. Lost answers do no harm: the rows have the key of
 * delivery, and a group that comes again changes nothing. While the server is
 * away the group waits here, and all that comes after it with ingest.
 *
 * `record` is of type json, which keeps the line as it is, byte for byte, so
 * that its crc can be checked and any tool of vigie's reads it again; jsonb
 * would not, and costs more to write. It is one cast away.
 *
 * A second sink is kept away by an advisory lock of the session, named after
 * the table vigie_sink. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/stop.h"
#include "sink/array.h"
#include "sink/held.h"
#include "sink/session.h"
#include "sink/sink.h"
#include "sink/target.h"
#include "wire/link.h"

enum {
	TIMEOUT_MS = 10000,
	LOCK_WAIT_MS = 2000, /* for the session of a killed life to end */
	LOCK_PAUSE_MS = 100,
	PAUSE_MIN_MS = 250, /* between two attempts to connect */
	PAUSE_MAX_MS = 5000,
	NOTES_MAX = 4096,
};

/* The values of put_sql, in its order, and the types of these arrays. */
enum { ORIGINS, SEQS, RECORDS, MARKS, LOWS, BITS, VALUES };
static const Oid types[VALUES] = { 1009, 1016, 199, 1009, 1016, 1001 };

struct postgres {
	const char *place;
	char name[SESSION_NAME_MAX];
	int64_t timeout;
	struct session *session; /* NULL: none */
	int64_t next, pause;	 /* when to connect again; then wait so long */
	struct held held;
	struct done *found;
	struct buf values[VALUES];
	struct buf notes; /* of the last set_up() */
};

static const char schema[] =
	"SELECT pg_advisory_xact_lock(1986619241);"
	"CREATE TABLE IF NOT EXISTS vigie_records("
	" origin text NOT NULL, seq bigint NOT NULL,"
	" id text, published text, source text, title text,"
	" record json NOT NULL, PRIMARY KEY (origin, seq));"
	"CREATE TABLE IF NOT EXISTS vigie_topics("
	" origin text NOT NULL, seq bigint NOT NULL, topic text NOT NULL,"
	" stance text, probability double precision,"
	" stance_probability double precision,"
	" PRIMARY KEY (origin, seq, topic));"
	"CREATE INDEX IF NOT EXISTS vigie_topics_topic"
	" ON vigie_topics(topic, stance);"
	"CREATE TABLE IF NOT EXISTS vigie_sink("
	" origin text PRIMARY KEY, low bigint NOT NULL, bits bytea NOT NULL,"
	" updated timestamptz NOT NULL);"
	"COMMENT ON TABLE vigie_sink IS 'vigie schema 1'";

/* Each line is parsed once. What is no object is kept as well, without
 * columns. A record that is there already has its topics. */
static const char put_sql[] =
	"WITH new AS MATERIALIZED (SELECT n.*, m.* FROM"
	" unnest($1, $2, $3) AS n(origin, seq, record), json_to_record("
	"CASE json_typeof(n.record) WHEN 'object' THEN n.record ELSE '{}' END)"
	" AS m(id text, published text, source text, title text, topics json)"
	"),"
	" put AS (INSERT INTO vigie_records"
	" (origin, seq, id, published, source, title, record)"
	" SELECT origin, seq, id, published, source, title, record FROM new"
	" ON CONFLICT (origin, seq) DO NOTHING RETURNING origin, seq),"
	" mark AS (INSERT INTO vigie_sink (origin, low, bits, updated)"
	" SELECT m.*, now() FROM unnest($4, $5, $6) AS m"
	" ON CONFLICT (origin) DO UPDATE SET low = excluded.low,"
	" bits = excluded.bits, updated = excluded.updated)"
	" INSERT INTO vigie_topics"
	" (origin, seq, topic, stance, probability, stance_probability)"
	" SELECT origin, seq, t.* FROM put JOIN new USING (origin, seq),"
	" json_to_recordset(CASE json_typeof(topics) WHEN 'array'"
	" THEN topics ELSE '[]' END)"
	" AS t(topic text, stance text, probability double precision,"
	" stance_probability double precision)"
	" WHERE t.topic IS NOT NULL ON CONFLICT DO NOTHING";

/* What a session needs before the first row. */

static int ask(struct postgres *p, const char *sql, PGresult **ret,
	       struct err *e)
{
	return session_run(p->session, sql, NULL, 0, ret, e);
}

static int tell(struct postgres *p, const char *sql, struct err *e)
{
	return ask(p, sql, NULL, e);
}

static bool answer_is(const PGresult *r, int column, const char *word)
{
	return !strcmp(PQgetvalue(r, 0, column), word);
}

/* What was acknowledged must outlive a power cut at the server. */
static int check_server(struct postgres *p, struct err *e)
{
	PGresult *q;
	int r = ask(p,
		    "SELECT current_setting('fsync'),"
		    " current_setting('synchronous_commit'),"
		    " current_setting('server_encoding')",
		    &q, e);

	if (r)
		return r;
	if (answer_is(q, 0, "off"))
		r = err_set(e, -EINVAL,
			    "the server has fsync = off and loses what it "
			    "has said is there; switch it on");
	else if (!answer_is(q, 2, "UTF8"))
		r = err_set(e, -EINVAL,
			    "the database's encoding is %.64s, and records "
			    "are UTF-8; CREATE DATABASE … ENCODING 'UTF8' "
			    "TEMPLATE template0",
			    PQgetvalue(q, 0, 2));
	else if (answer_is(q, 1, "off"))
		buf_printf(&p->notes, "%s: synchronous_commit was off and is "
			   "on in this session\n",
			   p->name);
	if (!r && answer_is(q, 1, "off"))
		r = tell(p, "SET synchronous_commit = on", e);
	PQclear(q);
	return r;
}

/* The server gives up before we do, and notices soon when we are gone: else
 * the lock of a dead session would keep us out. A group has its megabytes of
 * memory. A server that does not know one of the settings goes without it. */
static int limit_session(struct postgres *p, struct err *e)
{
	char sql[512];

	snprintf(sql, sizeof(sql),
		 "SELECT set_config(s.name, v.value, false)"
		 " FROM (VALUES ('statement_timeout', '%lld'),"
		 " ('client_connection_check_interval', '2s'),"
		 " ('tcp_keepalives_idle', '20'),"
		 " ('tcp_keepalives_interval', '5'),"
		 " ('tcp_keepalives_count', '3'),"
		 " ('tcp_user_timeout', '30s'),"
		 " ('work_mem', '64MB')) AS v(name, value)"
		 " JOIN pg_settings s ON s.name = v.name",
		 (long long)(p->timeout - p->timeout / 10));
	return tell(p, sql, e);
}

/* Before the rest is made beside it: a table that bears the name is ours only
 * if its comment says so. */
static int check_version(struct postgres *p, struct err *e)
{
	PGresult *q;
	int r = ask(p,
		    "SELECT coalesce(obj_description(oid, 'pg_class'), 'none')"
		    " FROM pg_class WHERE oid = to_regclass('vigie_sink')",
		    &q, e);

	if (r)
		return r;
	if (PQntuples(q) && !answer_is(q, 0, "vigie schema 1"))
		r = err_set(e, -EINVAL,
			    "the table vigie_sink has the comment '%.64s' and "
			    "not 'vigie schema 1': it is another's, or a newer "
			    "vigie's",
			    PQgetvalue(q, 0, 0));
	PQclear(q);
	return r;
}

/* To create, even if not exists, needs a right that a role which is only to
 * write may lack: so look first. */
static int make_tables(struct postgres *p, struct err *e)
{
	PGresult *q;
	bool all;
	int r = ask(p,
		    "SELECT to_regclass('vigie_records') IS NOT NULL AND"
		    " to_regclass('vigie_topics') IS NOT NULL AND"
		    " to_regclass('vigie_sink') IS NOT NULL",
		    &q, e);

	if (r)
		return r;
	all = answer_is(q, 0, "t");
	PQclear(q);
	return all ? 0 : tell(p, schema, e);
}

/* *got: whether it was free. */
static int try_lock(struct postgres *p, bool *got, struct err *e)
{
	PGresult *q;
	int r = ask(p, "SELECT pg_try_advisory_lock(1986619241::bigint << 32 |"
		       " 'vigie_sink'::regclass::oid::bigint)", &q, e);

	if (r)
		return r;
	*got = answer_is(q, 0, "t");
	PQclear(q);
	return 0;
}

/* The lock of a sink that was killed is free as soon as the server has looked
 * at its socket. */
static int lock(struct postgres *p, struct err *e)
{
	int64_t until = clock_ms() + LOCK_WAIT_MS;
	bool got = false;
	int r;

	while (!(r = try_lock(p, &got, e)) && !got && clock_ms() < until &&
	       !stop_asked())
		link_wait(NULL, 0, LOCK_PAUSE_MS);
	if (r || got)
		return r;
	return err_set(e, -EADDRINUSE,
		       "another sink, or another target of this one, is "
		       "writing to it");
}

static int set_up(struct postgres *p, struct err *e)
{
	int r = limit_session(p, e);

	r = r ? r : check_server(p, e);
	r = r ? r : check_version(p, e);
	r = r ? r : make_tables(p, e);
	return r ? r : lock(p, e);
}

static void hang_up(struct postgres *p)
{
	session_free(p->session);
	p->session = NULL;
}

static int connect_once(struct postgres *p, struct err *e)
{
	int r = session_open(p->place, p->timeout, &p->session, e);

	buf_clear(&p->notes);
	r = r ? r : set_up(p, e);
	if (r)
		hang_up(p);
	return r;
}

/* Opening. */

/* The newest DONE_ORIGINS, the newest of them last: so the set keeps them. */
static int find_watermarks(struct postgres *p, struct err *e)
{
	char sql[256];
	PGresult *q;
	int r;

	snprintf(sql, sizeof(sql),
		 "SELECT origin, low, bits FROM (SELECT * FROM vigie_sink"
		 " ORDER BY updated DESC LIMIT %d) w ORDER BY updated",
		 DONE_ORIGINS);
	r = ask(p, sql, &q, e);
	if (r)
		return r;
	for (int i = 0; i < PQntuples(q) && !r; i++) {
		size_t n = 0;
		unsigned char *bits = PQunescapeBytea(
			(const void *)PQgetvalue(q, i, 2), &n);

		r = bits ? held_restore(p->found,
					str_of(PQgetvalue(q, i, 0)),
					strtoll(PQgetvalue(q, i, 1), NULL, 10),
					(struct str){ (char *)bits, n }, e)
			 : -ENOMEM;
		PQfreemem(bits);
	}
	PQclear(q);
	return r;
}

/* At boot the database may come later than we do. This is the one step that
 * logs: there is no loop yet to hand a sentence to. */
static int connect_first(struct postgres *p, struct err *e)
{
	int64_t pause = PAUSE_MIN_MS;
	struct err why = { "" };
	bool told = false;
	int r;

	while ((r = connect_once(p, &why)) == STEP_WAIT && !stop_asked()) {
		if (!told)
			log_line(LOG_WARN, "%s: %s; waiting for it", p->name,
				 why.text);
		told = true;
		err_clear(&why);
		link_wait(NULL, 0, (int)pause);
		pause = pause * 2 < PAUSE_MAX_MS ? pause * 2 : PAUSE_MAX_MS;
	}
	if (told && !r)
		log_line(LOG_NOTE, "%s: it is there", p->name);
	return r ? err_set(e, r, "%s", why.text) : 0;
}

static int postgres_check(const struct target_options *o, struct err *e)
{
	char name[SESSION_NAME_MAX];
	bool has_password;
	int r = session_check(o->place, name, &has_password, e);

	if (!r && has_password)
		buf_printf(o->notes, "%s: its password stands in the "
			   "configuration; better in a file, with "
			   "passfile=FILE or ~/.pgpass\n",
			   name);
	return r ? err_at(e, r, "PostgreSQL: ") : 0;
}

static int open_all(struct postgres *p, const struct target_options *o,
		    struct err *e)
{
	bool has_password;
	int r = session_check(p->place, p->name, &has_password, e);

	if (!r)
		r = connect_first(p, e);
	if (!r && o->truncate)
		r = tell(p, "DELETE FROM vigie_topics;"
			    "DELETE FROM vigie_records;"
			    "DELETE FROM vigie_sink", e);
	if (!r)
		r = find_watermarks(p, e);
	if (!r)
		buf_add_str(o->notes, buf_view(&p->notes));
	return r ? err_at(e, r, "%s: ", p->name) : 0;
}

static void postgres_close(void *self)
{
	struct postgres *p = self;

	hang_up(p);
	held_done(&p->held);
	buf_done(&p->notes);
	for (size_t i = 0; i < VALUES; i++)
		buf_done(&p->values[i]);
	free(p);
}

static int postgres_open(const struct target_options *o, void **ret,
			 struct err *e)
{
	struct postgres *p = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return -ENOMEM;
	p->place = o->place;
	p->found = o->found;
	p->timeout = o->settings && o->settings->timeout
			     ? o->settings->timeout
			     : TIMEOUT_MS;
	held_init(&p->held);
	buf_init(&p->notes, NOTES_MAX);
	for (size_t i = 0; i < VALUES; i++)
		buf_init(&p->values[i], 2 * (size_t)TARGET_PENDING_MAX);
	r = open_all(p, o, e);
	if (r) {
		postgres_close(p);
		return r;
	}
	*ret = p;
	return 0;
}

static bool postgres_commits(const void *self)
{
	(void)self;
	return true;
}

static int postgres_write(void *self, const struct record *line, struct err *e)
{
	struct postgres *p = self;
	int r = held_add(&p->held, line, e);

	return r ? err_at(e, r, "%s: ", p->name) : 0;
}

/* Writing. */

static int list_rows(struct postgres *p, bool mend)
{
	size_t n;
	const struct held_row *row = held_rows(&p->held, &n);
	int r = 0;

	array_begin(&p->values[ORIGINS], ARRAY_TEXT, n);
	array_begin(&p->values[SEQS], ARRAY_INT8, n);
	array_begin(&p->values[RECORDS], ARRAY_JSON, n);
	for (size_t i = 0; i < n && !r; i++) {
		struct str line = held_line(&p->held, &row[i]);

		array_add_origin(&p->values[ORIGINS], row[i].origin);
		array_add_int8(&p->values[SEQS], row[i].seq);
		if (mend)
			r = array_add_mended(&p->values[RECORDS], line);
		else
			array_add(&p->values[RECORDS], line);
	}
	return r;
}

static void list_watermarks(struct postgres *p)
{
	size_t n, known = 0;
	const struct origin *o = held_origins(&p->held, &n);
	struct ack mark;

	for (size_t i = 0; i < n; i++)
		known += held_watermark(p->found, o[i], &mark);
	array_begin(&p->values[MARKS], ARRAY_TEXT, known);
	array_begin(&p->values[LOWS], ARRAY_INT8, known);
	array_begin(&p->values[BITS], ARRAY_BYTEA, known);
	for (size_t i = 0; i < n; i++) {
		if (!held_watermark(p->found, o[i], &mark))
			continue;
		array_add_origin(&p->values[MARKS], o[i]);
		array_add_int8(&p->values[LOWS], mark.low);
		array_add(&p->values[BITS], mark.bits);
	}
}

static int put_all(struct postgres *p, bool mend, struct err *e)
{
	struct session_value v[VALUES];
	int r = list_rows(p, mend);

	list_watermarks(p);
	for (size_t i = 0; i < VALUES && !r; i++) {
		v[i] = (struct session_value){ types[i],
					       buf_view(&p->values[i]) };
		r = buf_error(&p->values[i]);
	}
	return r ? err_sys(e, r, "lines in memory")
		 : session_run(p->session, put_sql, v, VALUES, NULL, e);
}

/* Each failure makes the next attempt later. */
static void put_off(struct postgres *p)
{
	hang_up(p);
	p->pause = p->pause ? p->pause * 2 : PAUSE_MIN_MS;
	if (p->pause > PAUSE_MAX_MS)
		p->pause = PAUSE_MAX_MS;
	p->next = clock_ms() + p->pause;
}

static int put_once(struct postgres *p, struct err *e)
{
	int r = p->session ? 0 : connect_once(p, e);

	if (!r)
		r = put_all(p, false, e);
	if (r == -EBADMSG && p->session) {
		err_clear(e);
		r = put_all(p, true, e);
	}
	return r;
}

/* What the server refuses now (tables are gone, a right was taken away) passes
 * when somebody mends it, and nothing is lost meanwhile. */
static int postgres_commit(void *self, struct err *e)
{
	struct postgres *p = self;
	struct err why = { "" };
	int r;

	if (!p->held.rows.n)
		return 0;
	if (!p->session && clock_ms() < p->next)
		return STEP_WAIT;
	r = put_once(p, &why);
	if (!r) {
		p->pause = 0;
		held_clear(&p->held);
		return 0;
	}
	if (!p->session || (r != -ENOMEM && r != -EBADMSG && r != -EMSGSIZE)) {
		r = STEP_WAIT;
		put_off(p);
	}
	return err_set(e, r, "%s: %s", p->name, why.text);
}

const struct target_kind target_postgres = {
	.name = "postgres",
	.check = postgres_check,
	.open = postgres_open,
	.commits = postgres_commits,
	.write = postgres_write,
	.commit = postgres_commit,
	.close = postgres_close,
};
