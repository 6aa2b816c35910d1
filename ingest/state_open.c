/* Opening the file of state.h, and finding out whether it is good. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/state_parts.h"

enum { BUSY_MS = 5000, PAGE_MIN = 512 };

/* Until the file is known to be good, STEP_REJECT stands for one that is
 * damaged and STEP_END for one of another origin. */

static int damaged(struct err *e, const char *how)
{
	return err_set(e, STEP_REJECT, "%s", how);
}

static int classify_rc(const struct state *s, int rc, struct err *e)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
		return 0;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
	case SQLITE_ERROR: /* the tables are not ours */
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
		return damaged(e, sqlite3_errmsg(s->file.db));
	default:
		return rc == SQLITE_IOERR_SHORT_READ
			       ? damaged(e, sqlite3_errmsg(s->file.db))
			       : state_fail(s, &s->file, rc, e);
	}
}

static int read_state(struct state *s, struct err *e)
{
	sqlite3_stmt *st = s->file.st[GET_STATE];
	int rc = sqlite3_step(st), r = 0;
	struct str origin = base_column(st, 1);
	int64_t version = sqlite3_column_int64(st, 0);
	uint64_t frame = (uint64_t)sqlite3_column_int64(st, 2);
	uint64_t low = (uint64_t)sqlite3_column_int64(st, 3);

	if (rc != SQLITE_ROW)
		r = rc == SQLITE_DONE ? damaged(e, "it lacks its head")
				      : classify_rc(s, rc, e);
	else if (sqlite3_column_int64(st, 4) !=
		 state_crc(version, origin, frame, low))
		r = damaged(e, "its head has a wrong checksum");
	else if (version != STATE_VERSION)
		r = err_set(e, -EPROTONOSUPPORT,
			    "%s: of version %lld; this vigie reads version %d",
			    s->path, (long long)version, STATE_VERSION);
	else if (!str_eq(origin, state_origin(&s->origin)))
		r = err_set(e, STEP_END, "it belongs to another journal");
	sqlite3_reset(st);
	if (r)
		return r;
	s->frame = frame;
	s->low = low;
	return 0;
}

/* What SQLite can see by itself. */
static int check_pages(const struct state *s, struct err *e)
{
	sqlite3_stmt *st;
	int r, rc = sqlite3_prepare_v2(s->file.db, "PRAGMA integrity_check(1)",
				       -1, &st, NULL);

	if (rc != SQLITE_OK)
		return classify_rc(s, rc, e);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW && str_is(base_column(st, 0), "ok"))
		r = 0;
	else if (rc == SQLITE_ROW)
		r = err_set(e, STEP_REJECT, STR_FMT, STR_ARG(base_column(st, 0)));
	else
		r = classify_rc(s, rc, e);
	sqlite3_finalize(st);
	return r;
}

/* Also how many there are, and the highest number. */
static int check_rows(struct state *s, size_t table, struct err *e)
{
	sqlite3_stmt *st = s->file.st[state_tables[table].all];
	int64_t rows = 0, last = 0;
	int rc, r = 0;

	while (!r && (rc = sqlite3_step(st)) != SQLITE_DONE) {
		if (rc != SQLITE_ROW)
			r = classify_rc(s, rc, e);
		else if (!base_sound(st))
			r = damaged(e, "a row has a wrong checksum");
		else if (base_number(st) > last)
			last = base_number(st);
		rows++;
	}
	sqlite3_reset(st);
	if (r || state_tables[table].kind != JOURNAL_KNOWN)
		return r;
	s->number = last + 1;
	s->unpruned = rows > s->max[table] ? state_patience(s, table) : 0;
	return 0;
}

/* An empty file gets its tables in one transaction, or stays empty. */
static int begin_anew(struct state *s)
{
	int rc = base_run(&s->file, "BEGIN IMMEDIATE");

	if (rc == SQLITE_OK)
		rc = base_run(&s->file, base_tables);
	if (rc == SQLITE_OK)
		rc = base_run(&s->file, base_added);
	if (rc == SQLITE_OK)
		rc = base_prepare(&s->file);
	if (rc == SQLITE_OK)
		rc = state_put_head(s, 0, 0);
	if (rc == SQLITE_OK)
		rc = base_run(&s->file, "COMMIT");
	s->frame = s->low = 0;
	s->number = s->unpruned = 0;
	return rc;
}

/* A file that is there may lack the tables that came later, but no other: where
 * damage gave one another name, that must not pass for an empty one. */
static int prepare_old(struct state *s, bool *ours)
{
	int rc = base_only_ours(&s->file, ours);

	if (rc != SQLITE_OK || !*ours)
		return rc;
	rc = base_run(&s->file, "SELECT 1 FROM position, key, state LIMIT 1");
	if (rc == SQLITE_OK)
		rc = base_run(&s->file, base_added);
	return rc == SQLITE_OK ? base_prepare(&s->file) : rc;
}

static int is_empty(struct base *b, bool *empty)
{
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(b->db, "SELECT 1 FROM sqlite_master", -1,
				    &st, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(st);
	*empty = rc == SQLITE_DONE;
	sqlite3_finalize(st);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* SQLite gives its other files the mode of this one. */
static int make_file(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct stat st = { 0 };

	if (fd < 0)
		return err_sys(e, -errno, "%s", path);
	fstat(fd, &st);
	close(fd);
	/* SQLite would take it for an empty one. */
	if (st.st_size && st.st_size < PAGE_MIN)
		return damaged(e, "shorter than a page");
	return 0;
}

static int open_file(struct state *s, struct err *e)
{
	bool empty = false, ours = true;
	int rc, r = make_file(s->path, e);

	if (r)
		return r;
	rc = sqlite3_open_v2(s->path, &s->file.db,
			     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
			     NULL);
	if (rc != SQLITE_OK)
		return classify_rc(s, rc, e);
	sqlite3_extended_result_codes(s->file.db, 1);
	sqlite3_busy_timeout(s->file.db, BUSY_MS);
	rc = base_run(&s->file, "PRAGMA journal_mode=WAL;"
			   "PRAGMA synchronous=NORMAL");
	s->full = s->lasting = false;
	if (rc == SQLITE_OK)
		rc = is_empty(&s->file, &empty);
	if (rc == SQLITE_OK)
		rc = empty ? begin_anew(s) : prepare_old(s, &ours);
	if (rc == SQLITE_OK && !ours)
		return damaged(e, "it has a table that is none of ours");
	r = classify_rc(s, rc, e);
	if (r || empty)
		return r;
	r = check_pages(s, e);
	for (size_t i = 0; i < STATE_TABLES && !r; i++)
		r = check_rows(s, i, e);
	return r ? r : read_state(s, e);
}

static int move(const char *path, const char *tail, const char *to)
{
	char from[4096 + 32], into[4096 + 32];

	snprintf(from, sizeof(from), "%s%s", path, tail);
	snprintf(into, sizeof(into), "%s%s%s", path, to, tail);
	return rename(from, into) && errno != ENOENT ? -errno : 0;
}

/* The file itself goes last: who is killed on the way finds it damaged again,
 * and never a new file beside an old log. */
static int set_aside(struct state *s, const char *to, const struct err *why,
		     struct buf *notes, struct err *e)
{
	char shm[4096 + 32];
	int r;

	base_close(&s->file);
	snprintf(shm, sizeof(shm), "%s-shm", s->path);
	unlink(shm);
	r = move(s->path, "-wal", to);
	if (!r)
		r = move(s->path, "", to);
	if (r)
		return err_sys(e, r, "%s: setting it aside", s->path);
	if (notes)
		buf_printf(notes,
			   "%s: %s; set aside as %s%s and begun anew from "
			   "the journal\n",
			   s->path, why->text, s->path, to);
	return 0;
}

static bool is_busy(const struct state *s)
{
	int code = sqlite3_errcode(s->file.db) & 0xff;

	return code == SQLITE_BUSY || code == SQLITE_LOCKED;
}

static int open_or_begin(struct state *s, struct buf *notes, struct err *e)
{
	struct err why = { "" };
	int r = open_file(s, &why);

	if (r == STEP_REJECT || r == STEP_END) {
		r = set_aside(s, r == STEP_END ? ".old" : ".damaged", &why,
			      notes, e);
		if (r)
			return r;
		err_clear(&why);
		r = open_file(s, &why);
	}
	if (r == STEP_WAIT)
		r = is_busy(s) ? -EBUSY : -ENOSPC;
	return r ? err_set(e, r > 0 ? -EIO : r, "%s", why.text) : 0;
}

static int open_memory(struct state *s, struct base *b, struct err *e)
{
	int rc = sqlite3_open_v2(":memory:", &b->db,
				 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
					 SQLITE_OPEN_NOMUTEX,
				 NULL);

	if (rc == SQLITE_OK)
		rc = base_run(b, base_tables);
	if (rc == SQLITE_OK)
		rc = base_run(b, base_added);
	if (rc == SQLITE_OK)
		rc = base_prepare(b);
	return state_fail(s, b, rc, e);
}

static int open_both(struct state *s, const char *path, struct buf *notes,
		     struct err *e)
{
	int r;

	s->path = strdup(path ? path : "what is remembered");
	if (!s->path)
		return err_sys(e, -ENOMEM, "%s", path ? path : "state");
	r = open_memory(s, &s->fresh, e);
	if (r)
		return r;
	return path ? open_or_begin(s, notes, e) : open_memory(s, &s->file, e);
}

int state_open(const char *path, struct origin origin, struct buf *notes,
	       struct state **ret, struct err *e)
{
	struct state *s;
	int r;

	if (path && strlen(path) >= 4096)
		return err_sys(e, -ENAMETOOLONG, "%s", path);
	s = calloc(1, sizeof(*s));
	if (!s)
		return err_sys(e, -ENOMEM, "%s", path ? path : "state");
	s->origin = origin;
	for (size_t i = 0; i < STATE_TABLES; i++)
		s->max[i] = state_tables[i].max;
	r = open_both(s, path, notes, e);
	if (r) {
		base_close(&s->file);
		base_close(&s->fresh);
		free(s->path);
		free(s);
		return r;
	}
	*ret = s;
	return 0;
}
