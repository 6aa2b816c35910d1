#include "ingest/state_base.h"

#include <errno.h>

#include "base/err.h"
#include "base/hash.h"

const char base_tables[] =
	"CREATE TABLE position(name BLOB PRIMARY KEY, value BLOB NOT NULL, "
	"crc INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE key(number INTEGER PRIMARY KEY, name BLOB NOT NULL "
	"UNIQUE, value BLOB NOT NULL, crc INTEGER NOT NULL);"
	"CREATE TABLE state(one INTEGER PRIMARY KEY CHECK(one = 1), version "
	"INTEGER NOT NULL, origin BLOB NOT NULL, frame INTEGER NOT NULL, low "
	"INTEGER NOT NULL, crc INTEGER NOT NULL);";

/* An older vigie does not look at these. Names that are known come at random and
 * are many: an index beside their table would double the work, also that of
 * checking it all. So their numbers, which say how old they are, have none. */
const char base_added[] =
	"CREATE TABLE IF NOT EXISTS known(name BLOB PRIMARY KEY, value BLOB "
	"NOT NULL, crc INTEGER NOT NULL, number INTEGER NOT NULL) "
	"WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS signature(number INTEGER PRIMARY KEY, name "
	"BLOB NOT NULL, value BLOB NOT NULL, crc INTEGER NOT NULL);";

static const char foreign[] =
	"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name NOT IN "
	"('position', 'key', 'state', 'known', 'signature')";

static const char *const sql[STATEMENTS] = {
	[PUT_POSITION] = "REPLACE INTO position(name, value, crc) "
			 "VALUES(?1, ?2, ?3)",
	[PUT_KEY] = "REPLACE INTO key(name, value, crc) VALUES(?1, ?2, ?3)",
	[PUT_KNOWN] = "REPLACE INTO known(name, value, crc, number) "
		      "VALUES(?1, ?2, ?3, ?4)",
	[PUT_SIGNATURE] = "INSERT INTO signature(name, value, crc) "
			  "VALUES(?1, ?2, ?3)",
	[GET_POSITION] = "SELECT name, value, crc FROM position WHERE name=?1",
	[GET_KEY] = "SELECT name, value, crc FROM key WHERE name=?1",
	[GET_KNOWN] = "SELECT name, value, crc, number FROM known "
		      "WHERE name=?1",
	[ALL_POSITIONS] = "SELECT name, value, crc FROM position",
	[ALL_KEYS] = "SELECT name, value, crc FROM key ORDER BY number",
	[ALL_KNOWN] = "SELECT name, value, crc, number FROM known",
	[ALL_SIGNATURES] = "SELECT name, value, crc FROM signature "
			   "ORDER BY number",
	[PRUNE_KEYS] = "DELETE FROM key WHERE number IN (SELECT number FROM "
		       "key ORDER BY number LIMIT max(0, (SELECT count(*) "
		       "FROM key) - ?1))",
	[PRUNE_KNOWN] = "DELETE FROM known WHERE number <= ?1",
	[PRUNE_SIGNATURES] = "DELETE FROM signature WHERE number <= "
			     "(SELECT max(number) FROM signature) - ?1",
	[PUT_STATE] = "REPLACE INTO state VALUES(1, ?1, ?2, ?3, ?4, ?5)",
	[GET_STATE] = "SELECT version, origin, frame, low, crc FROM state",
};

/* SQLite knows ENOSPC. Of a quota or a limit it says that a write failed, and
 * leaves the rest in errno: sqlite3_system_errno() forgets it. */
static bool is_full(int rc, int error)
{
	return (rc == SQLITE_IOERR_WRITE || rc == SQLITE_IOERR_SHMSIZE ||
		rc == SQLITE_IOERR_TRUNCATE) &&
	       (error == ENOSPC || error == EDQUOT || error == EFBIG);
}

int base_step(sqlite3 *db, int rc)
{
	int left = errno, error = db ? sqlite3_system_errno(db) : 0;

	if (rc == SQLITE_OK || rc == SQLITE_DONE || rc == SQLITE_ROW)
		return 0;
	switch (rc & 0xff) {
	case SQLITE_FULL:
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return STEP_WAIT;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return -EACCES;
	case SQLITE_CANTOPEN:
		return error ? -error : -EIO;
	case SQLITE_IOERR:
		return is_full(rc, error) || is_full(rc, left) ? STEP_WAIT
							       : -EIO;
	default:
		return -EIO;
	}
}

int base_run(struct base *b, const char *text)
{
	return sqlite3_exec(b->db, text, NULL, NULL, NULL);
}

int base_prepare(struct base *b)
{
	int rc = SQLITE_OK;

	for (int i = 0; i < STATEMENTS && rc == SQLITE_OK; i++)
		rc = sqlite3_prepare_v3(b->db, sql[i], -1,
					SQLITE_PREPARE_PERSISTENT, &b->st[i],
					NULL);
	return rc;
}

void base_close(struct base *b)
{
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(b->st[i]);
	sqlite3_close(b->db);
	*b = (struct base){ 0 };
}

/* One row in, one row out. */

int base_bind(sqlite3_stmt *st, int at, struct str s)
{
	return sqlite3_bind_blob64(st, at, s.n ? s.p : "", s.n, SQLITE_STATIC);
}

struct str base_column(sqlite3_stmt *st, int at)
{
	const char *p = sqlite3_column_blob(st, at);

	return (struct str){ p ? p : "",
			     (size_t)sqlite3_column_bytes(st, at) };
}

int base_finish(sqlite3_stmt *st)
{
	int rc = sqlite3_step(st);

	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

uint32_t base_crc(struct str name, struct str value)
{
	return hash_crc32c(hash_crc32c(0, name), value);
}

int base_put(sqlite3_stmt *st, struct str name, struct str value,
	     int64_t number)
{
	int rc = base_bind(st, 1, name);

	if (rc == SQLITE_OK)
		rc = base_bind(st, 2, value);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_int64(st, 3, base_crc(name, value));
	if (rc == SQLITE_OK && sqlite3_bind_parameter_count(st) > 3)
		rc = sqlite3_bind_int64(st, 4, number);
	return rc == SQLITE_OK ? base_finish(st) : rc;
}

bool base_sound(sqlite3_stmt *st)
{
	return sqlite3_column_int64(st, 2) ==
	       base_crc(base_column(st, 0), base_column(st, 1));
}

int64_t base_number(sqlite3_stmt *st)
{
	return sqlite3_column_count(st) > 3 ? sqlite3_column_int64(st, 3) : 0;
}

int base_get(sqlite3_stmt *st, struct str name, struct buf *ret,
	     int64_t *number)
{
	int rc = base_bind(st, 1, name);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW && !base_sound(st))
		rc = SQLITE_CORRUPT;
	if (rc == SQLITE_ROW) {
		buf_add_str(ret, base_column(st, 1));
		*number = base_number(st);
	}
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return rc;
}

int base_prune(sqlite3_stmt *st, int64_t n)
{
	int rc = sqlite3_bind_int64(st, 1, n);

	return rc == SQLITE_OK ? base_finish(st) : rc;
}

int base_only_ours(struct base *b, bool *ours)
{
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(b->db, foreign, -1, &st, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(st);
	*ours = rc == SQLITE_DONE;
	sqlite3_finalize(st);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}
