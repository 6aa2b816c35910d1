/* target_sqlite.c -- a row an article in an SQLite file, and a row a topic of
 * it; docs/databases.md shows what to ask of them.
 *
 * Rows and watermark go in one transaction, begun at commit, so that readers
 * are never kept waiting and a full disk withdraws all of it or nothing. The
 * rows have the key of delivery, so that even one whose watermark was lost is
 * not there twice.
 *
 * A second sink is kept away by flock() on FILE-lock. Not on FILE itself: that
 * would be closed once more when the lock is refused, and with the first close
 * POSIX takes away every lock that SQLite holds in this process. Not by
 * SQLite's exclusive mode: people want to ask while it runs. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/broken.h"
#include "base/clock.h"
#include "sink/held.h"
#include "sink/target.h"

enum {
	APPLICATION = 0x76696769, /* "vigi" */
	VERSION = 1,		  /* of the tables */
	BUSY_MS = 1000,		  /* for another's write to end */
};

/* One statement each. */
enum { PUT_RECORD, PUT_TOPICS, PUT_WATERMARK, STATEMENTS };

struct sqlite {
	sqlite3 *db;
	sqlite3_stmt *put[STATEMENTS];
	const char *path; /* for sentences */
	int lock;
	bool is_broken;	  /* a sync failed, and is never tried again */
	struct held held;
	struct done *found;
};

/* A record is a row with a number of its own, at the end of the file, and its
 * key an index: rows of kilobytes in the tree of the key would be moved about.
 * Topics are small and lie in the tree of their key. */
static const char schema[] =
	"CREATE TABLE vigie_records("
	" origin TEXT NOT NULL, seq INTEGER NOT NULL,"
	" id TEXT, published TEXT, source TEXT, title TEXT,"
	" record TEXT NOT NULL,"
	" PRIMARY KEY(origin, seq));"
	"CREATE TABLE vigie_topics("
	" origin TEXT NOT NULL, seq INTEGER NOT NULL, topic TEXT NOT NULL,"
	" stance TEXT, probability REAL, stance_probability REAL,"
	" PRIMARY KEY(origin, seq, topic)) WITHOUT ROWID;"
	"CREATE INDEX vigie_topics_topic ON vigie_topics(topic, stance);"
	"CREATE TABLE vigie_sink("
	" origin TEXT NOT NULL PRIMARY KEY, low INTEGER NOT NULL,"
	" bits BLOB NOT NULL, updated TEXT NOT NULL) WITHOUT ROWID;"
	"PRAGMA application_id = 1986619241;";

/* What is no JSON is kept as well, as it came; it has no columns. SQLite
 * parses the parameter once for all of them. */
#define MEMBER(name) "iif(json_valid(?3), json_extract(?3, '$." name "'), NULL)"
static const char *const texts[STATEMENTS] = {
	[PUT_RECORD] =
		"INSERT INTO vigie_records VALUES(?1, ?2, " MEMBER("id") ", "
		MEMBER("published") ", " MEMBER("source") ", "
		MEMBER("title") ", ?3) ON CONFLICT DO NOTHING",
	[PUT_TOPICS] =
		"INSERT INTO vigie_topics SELECT ?1, ?2, t.value ->> 'topic',"
		" t.value ->> 'stance', t.value ->> 'probability',"
		" t.value ->> 'stance_probability'"
		" FROM json_each(iif(json_valid(?3), ?3, '{}'), '$.topics') t"
		" WHERE t.type = 'object' AND t.value ->> 'topic' IS NOT NULL"
		" ON CONFLICT DO NOTHING",
	[PUT_WATERMARK] =
		"INSERT INTO vigie_sink VALUES(?1, ?2, ?3, ?4)"
		" ON CONFLICT DO UPDATE SET low = excluded.low,"
		" bits = excluded.bits, updated = excluded.updated",
};
#undef MEMBER

/* Failures. */

/* What passes when somebody makes room, or ends a write. */
static bool passes(sqlite3 *db, int code)
{
	int error = sqlite3_system_errno(db);

	switch (code & 0xff) {
	case SQLITE_FULL:
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return true;
	case SQLITE_IOERR:
		return error == ENOSPC || error == EDQUOT || error == EFBIG;
	default:
		return false;
	}
}

static int errno_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return -EACCES;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return -EBADMSG;
	default:
		return -EIO;
	}
}

/* The step's result for SQLite's, with its own words. */
static int failed(struct sqlite *s, int code, struct err *e)
{
	const char *why = sqlite3_errmsg(s->db);

	if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) {
		s->is_broken = true;
		return err_set(e, -EIO, "%s: sync, after which what it holds "
			       "is not known: %s",
			       s->path, why);
	}
	if (passes(s->db, code))
		return err_set(e, STEP_WAIT, "%s: %s", s->path, why);
	return err_set(e, errno_of(code), "%s: %s", s->path, why);
}

static int run(struct sqlite *s, const char *sql, struct err *e)
{
	int code = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return code ? failed(s, code, e) : 0;
}

/* The first column of the first row as a number, 0 without a row. */
static int ask(struct sqlite *s, const char *sql, int64_t *ret, struct err *e)
{
	sqlite3_stmt *q = NULL;
	int code = sqlite3_prepare_v2(s->db, sql, -1, &q, NULL);

	*ret = 0;
	if (!code)
		code = sqlite3_step(q);
	if (code == SQLITE_ROW)
		*ret = sqlite3_column_int64(q, 0);
	code = code == SQLITE_ROW || code == SQLITE_DONE ? 0 : code;
	if (code)
		code = failed(s, code, e);
	sqlite3_finalize(q);
	return code;
}

/* Opening. */

/* SQLite's own name of the file has no links in it. */
static int lock(struct sqlite *s, struct err *e)
{
	const char *file = sqlite3_db_filename(s->db, "main");
	char name[PATH_MAX];

	if (!file || !*file)
		return err_set(e, -EINVAL, "'%s' is no file", s->path);
	if (snprintf(name, sizeof(name), "%s-lock", file) >= PATH_MAX)
		return err_set(e, -ENAMETOOLONG, "%s: too long a path",
			       s->path);
	s->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (s->lock < 0)
		return err_sys(e, -errno, "%s", name);
	if (!flock(s->lock, LOCK_EX | LOCK_NB))
		return 0;
	if (errno == EWOULDBLOCK)
		return err_set(e, -EADDRINUSE,
			       "%s: another sink, or another target of this "
			       "one, is writing to it",
			       s->path);
	return err_sys(e, -errno, "%s: lock", name);
}

/* Ours, or nobody's yet? */
static int check_owner(struct sqlite *s, bool *fresh, struct err *e)
{
	int64_t application, version, tables;
	int r = ask(s, "PRAGMA application_id", &application, e);

	r = r ? r : ask(s, "PRAGMA user_version", &version, e);
	r = r ? r : ask(s, "SELECT count(*) FROM sqlite_schema", &tables, e);
	if (r)
		return r;
	*fresh = !application && !version && !tables;
	if (!*fresh && application != APPLICATION)
		return err_set(e, -EINVAL,
			       "%s: a database of something else, which is "
			       "left alone; name a file of vigie's own",
			       s->path);
	if (!*fresh && version != VERSION)
		return err_set(e, -EINVAL,
			       "%s: its tables are of version %lld, this vigie "
			       "knows %d",
			       s->path, (long long)version, VERSION);
	return 0;
}

/* Always a transaction that is synced: what a killed life has written may
 * still be in memory only, and is about to be acknowledged. */
static int prepare_tables(struct sqlite *s, bool fresh, bool truncate,
			  struct err *e)
{
	int r = run(s, "BEGIN IMMEDIATE", e);

	if (!r && fresh)
		r = run(s, schema, e);
	else if (!r && truncate)
		r = run(s, "DELETE FROM vigie_records;"
			   "DELETE FROM vigie_topics; DELETE FROM vigie_sink",
			e);
	if (!r)
		r = run(s, "PRAGMA user_version = 1; COMMIT", e);
	return r;
}

/* The newest DONE_ORIGINS, the newest of them last: so the set keeps them. */
static int find_watermarks(struct sqlite *s, struct err *e)
{
	static const char sql[] =
		"SELECT origin, low, bits FROM (SELECT * FROM vigie_sink"
		" ORDER BY updated DESC LIMIT ?1) ORDER BY updated";
	sqlite3_stmt *q = NULL;
	int code = sqlite3_prepare_v2(s->db, sql, -1, &q, NULL), r = 0;

	if (!code)
		code = sqlite3_bind_int(q, 1, DONE_ORIGINS);
	while (!code && !r && (code = sqlite3_step(q)) == SQLITE_ROW) {
		struct str origin = { (const char *)sqlite3_column_text(q, 0),
				      (size_t)sqlite3_column_bytes(q, 0) };
		struct str bits = { sqlite3_column_blob(q, 2),
				    (size_t)sqlite3_column_bytes(q, 2) };

		code = 0;
		r = held_restore(s->found, origin,
				 sqlite3_column_int64(q, 1), bits, e);
	}
	if (r)
		err_at(e, r, "%s: ", s->path);
	else if (code != SQLITE_DONE)
		r = failed(s, code, e);
	sqlite3_finalize(q);
	return r;
}

/* Where shared memory is missing there is no WAL; the rollback journal is as
 * safe, and its readers and we wait for each other. */
static int set_up(struct sqlite *s, struct err *e)
{
	int code = sqlite3_extended_result_codes(s->db, 1);
	int r;

	if (!code)
		code = sqlite3_busy_timeout(s->db, BUSY_MS);
	r = code ? failed(s, code, e) : 0;
	if (!r)
		r = run(s, "PRAGMA journal_mode = WAL", e);
	if (!r && !broken("nosync"))
		return run(s, "PRAGMA synchronous = FULL", e);
	return r ? r : run(s, "PRAGMA synchronous = OFF", e);
}

static int prepare_statements(struct sqlite *s, struct err *e)
{
	int code = 0;

	for (int i = 0; i < STATEMENTS && !code; i++)
		code = sqlite3_prepare_v3(s->db, texts[i], -1,
					  SQLITE_PREPARE_PERSISTENT,
					  &s->put[i], NULL);
	return code ? failed(s, code, e) : 0;
}

/* The owner is looked at before anything is written beside or into the file,
 * and once more when nobody else can be making it ours. */
static int open_file(struct sqlite *s, bool truncate, struct err *e)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_NOMUTEX;
	bool fresh = false;
	int code = sqlite3_open_v2(s->path, &s->db, flags, NULL);
	int r = code ? failed(s, code, e) : check_owner(s, &fresh, e);

	r = r ? r : lock(s, e);
	r = r ? r : check_owner(s, &fresh, e);
	r = r ? r : set_up(s, e);
	r = r ? r : prepare_tables(s, fresh, truncate, e);
	r = r ? r : find_watermarks(s, e);
	return r ? r : prepare_statements(s, e);
}

static void sqlite_close(void *self)
{
	struct sqlite *s = self;

	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(s->put[i]);
	sqlite3_close(s->db);
	if (s->lock >= 0)
		close(s->lock);
	held_done(&s->held);
	free(s);
}

static int sqlite_open(const struct target_options *o, void **ret,
		       struct err *e)
{
	struct sqlite *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return -ENOMEM;
	s->lock = -1;
	s->path = o->place;
	s->found = o->found;
	held_init(&s->held);
	r = open_file(s, o->truncate, e);
	if (r) {
		sqlite_close(s);
		/* At the start nobody waits for room. */
		return r == STEP_WAIT ? -ENOSPC : r;
	}
	*ret = s;
	return 0;
}

static bool sqlite_commits(const void *self)
{
	(void)self;
	return true;
}

/* Writing. */

static int sqlite_write(void *self, const struct record *line, struct err *e)
{
	struct sqlite *s = self;
	int r = held_add(&s->held, line, e);

	return r ? err_at(e, r, "%s: ", s->path) : 0;
}

/* Run a statement that gives no rows. What was bound is ours and stays. */
static int put(sqlite3_stmt *q)
{
	int code = sqlite3_step(q);

	sqlite3_reset(q);
	return code == SQLITE_DONE ? 0 : code;
}

static int bind_row(sqlite3_stmt *q, const char *hex,
		    const struct held_row *row, struct str line)
{
	int code = sqlite3_bind_text(q, 1, hex, -1, SQLITE_STATIC);

	if (!code)
		code = sqlite3_bind_int64(q, 2, (sqlite3_int64)row->seq);
	if (!code)
		code = sqlite3_bind_text64(q, 3, line.p, line.n, SQLITE_STATIC,
					   SQLITE_UTF8);
	return code;
}

/* A record that is there already has its topics: they came with it. */
static int put_row(struct sqlite *s, const struct held_row *row)
{
	struct str line = held_line(&s->held, row);
	char hex[WIRE_ORIGIN_HEX];
	int code;

	origin_hex(row->origin, hex);
	code = bind_row(s->put[PUT_RECORD], hex, row, line);
	if (!code)
		code = put(s->put[PUT_RECORD]);
	if (code || !sqlite3_changes(s->db))
		return code;
	code = bind_row(s->put[PUT_TOPICS], hex, row, line);
	return code ? code : put(s->put[PUT_TOPICS]);
}

static int put_watermark(struct sqlite *s, struct origin o, const char *stamp)
{
	sqlite3_stmt *q = s->put[PUT_WATERMARK];
	char hex[WIRE_ORIGIN_HEX];
	struct ack mark;
	int code;

	if (!held_watermark(s->found, o, &mark))
		return 0;
	origin_hex(o, hex);
	code = sqlite3_bind_text(q, 1, hex, -1, SQLITE_STATIC);
	if (!code)
		code = sqlite3_bind_int64(q, 2, (sqlite3_int64)mark.low);
	if (!code)
		code = sqlite3_bind_blob64(q, 3, mark.bits.p, mark.bits.n,
					   SQLITE_STATIC);
	if (!code)
		code = sqlite3_bind_text(q, 4, stamp, -1, SQLITE_STATIC);
	return code ? code : put(q);
}

static int put_all(struct sqlite *s)
{
	char stamp[CLOCK_STAMP_MAX];
	size_t rows, origins;
	const struct held_row *row = held_rows(&s->held, &rows);
	const struct origin *origin = held_origins(&s->held, &origins);
	int code = 0;

	clock_stamp(stamp);
	for (size_t i = 0; i < rows && !code; i++)
		code = put_row(s, &row[i]);
	for (size_t i = 0; i < origins && !code; i++)
		code = put_watermark(s, origin[i], stamp);
	return code;
}

static int sqlite_commit(void *self, struct err *e)
{
	struct sqlite *s = self;
	int code, r;

	if (s->is_broken)
		return err_set(e, -EIO, "%s: an earlier sync failed", s->path);
	if (!s->held.rows.n)
		return 0;
	r = run(s, "BEGIN IMMEDIATE", e);
	if (r)
		return r;
	code = put_all(s);
	r = code ? failed(s, code, e) : run(s, "COMMIT", e);
	if (r && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	if (!r)
		held_clear(&s->held);
	return r;
}

const struct target_kind target_sqlite = {
	.name = "sqlite",
	.open = sqlite_open,
	.commits = sqlite_commits,
	.write = sqlite_write,
	.commit = sqlite_commit,
	.close = sqlite_close,
};
