#include "ingest/state_read.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "ingest/state_base.h"

enum { BUSY_MS = 2000 };

/* In write-ahead mode a reader needs the index beside the file. Where there is
 * none and we may not make it, nobody writes, and the file alone is the truth. */
static int open_read_only(const char *path, sqlite3 **db)
{
	char uri[3 * 4096 + 64];
	size_t n = 0;
	int rc = sqlite3_open_v2(path, db, SQLITE_OPEN_READONLY, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(*db, "SELECT 1 FROM sqlite_master", NULL,
				  NULL, NULL);
	if ((rc & 0xff) != SQLITE_CANTOPEN && (rc & 0xff) != SQLITE_READONLY)
		return rc;
	sqlite3_close(*db);
	n += (size_t)snprintf(uri, sizeof(uri), "file:");
	for (const char *c = path; *c && n < 3 * 4096; c++)
		n += (size_t)snprintf(uri + n, sizeof(uri) - n, "%%%02x",
				      (unsigned char)*c);
	snprintf(uri + n, sizeof(uri) - n, "?immutable=1");
	return sqlite3_open_v2(uri, db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
			       NULL);
}

static int walk(sqlite3 *db, struct str head,
		int (*each)(void *self, struct str name, struct str value),
		void *self, int *ret)
{
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(db, "SELECT name, value, crc FROM position "
					"WHERE substr(name, 1, ?2) = ?1 "
					"ORDER BY name",
				    -1, &st, NULL);

	if (rc != SQLITE_OK)
		return rc;
	base_bind(st, 1, head);
	sqlite3_bind_int64(st, 2, (int64_t)head.n);
	while (!*ret && (rc = sqlite3_step(st)) == SQLITE_ROW)
		if (base_sound(st))
			*ret = each(self, base_column(st, 0),
				    base_column(st, 1));
	sqlite3_finalize(st);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int state_peek(const char *path, struct str head,
	       int (*each)(void *self, struct str name, struct str value),
	       void *self, struct err *e)
{
	sqlite3 *db = NULL;
	int rc, r = 0;

	if (access(path, F_OK) && errno == ENOENT)
		return STEP_END;
	rc = open_read_only(path, &db);
	if (rc == SQLITE_OK)
		sqlite3_busy_timeout(db, BUSY_MS);
	if (rc == SQLITE_OK)
		rc = walk(db, head, each, self, &r);
	if (rc != SQLITE_OK) {
		r = base_step(db, rc);
		r = err_set(e, r > 0 ? -EBUSY : r, "%s: %s%s", path,
			    db ? sqlite3_errmsg(db) : sqlite3_errstr(rc),
			    rc == SQLITE_NOTADB || rc == SQLITE_CORRUPT
				    ? "; the next start of ingest sets it aside "
				      "and fills it again from the journal"
				    : "");
	}
	sqlite3_close(db);
	return r;
}
