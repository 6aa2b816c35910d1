#include "ingest/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/broken.h"
#include "ingest/state_base.h"

enum { STATE_VERSION = 1, BUSY_MS = 5000, PAGE_MIN = 512 };

/* What was applied since the last commit is in memory, and a commit copies it
 * into the file. So a transaction that the disk had no room for can be tried
 * again from the beginning, and the file is locked only while it is written. */
struct state {
	char *path;
	struct origin origin;
	struct base file, fresh; /* fresh: applied since the last commit */
	uint64_t frame, low;
	uint64_t applied, keys;	 /* entries in fresh, at most */
	bool full;		 /* synchronous is FULL */
	bool lasting;		 /* the last commit was durable */
};

static int fail(const struct state *s, const struct base *b, int rc,
		struct err *e)
{
	int r = base_step(b->db, rc);

	if (!r)
		return 0;
	return err_set(e, r, "%s: %s", s->path,
		       rc == SQLITE_NOMEM || !b->db ? sqlite3_errstr(rc)
						    : sqlite3_errmsg(b->db));
}

/* The one row that says how far we are. */

static uint32_t state_crc(int64_t version, struct str origin, uint64_t frame,
			  uint64_t low)
{
	char text[96];
	int n = snprintf(text, sizeof(text), "%lld %llu %llu",
			 (long long)version, (unsigned long long)frame,
			 (unsigned long long)low);

	return base_crc(origin, (struct str){ text, (size_t)n });
}

static struct str origin_bytes(const struct origin *o)
{
	return (struct str){ (const char *)o->id, WIRE_ORIGIN_SIZE };
}

static int put_state(struct state *s, uint64_t frame, uint64_t low)
{
	sqlite3_stmt *st = s->file.st[PUT_STATE];
	struct str origin = origin_bytes(&s->origin);

	sqlite3_bind_int(st, 1, STATE_VERSION);
	base_bind(st, 2, origin);
	sqlite3_bind_int64(st, 3, (int64_t)frame);
	sqlite3_bind_int64(st, 4, (int64_t)low);
	sqlite3_bind_int64(st, 5,
			   state_crc(STATE_VERSION, origin, frame, low));
	return base_finish(st);
}

/* Open. Until the file is known to be good, STEP_REJECT stands for one that is
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
			       : fail(s, &s->file, rc, e);
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
	else if (!str_eq(origin, origin_bytes(&s->origin)))
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

static int check_rows(const struct state *s, enum statement all, struct err *e)
{
	sqlite3_stmt *st = s->file.st[all];
	int rc, r = 0;

	while (!r && (rc = sqlite3_step(st)) != SQLITE_DONE) {
		if (rc != SQLITE_ROW)
			r = classify_rc(s, rc, e);
		else if (!base_sound(st))
			r = damaged(e, "a row has a wrong checksum");
	}
	sqlite3_reset(st);
	return r;
}

/* An empty file gets its tables in one transaction, or stays empty. */
static int begin_anew(struct state *s)
{
	int rc = base_run(&s->file, "BEGIN IMMEDIATE");

	if (rc == SQLITE_OK)
		rc = base_run(&s->file, base_tables);
	if (rc == SQLITE_OK)
		rc = base_prepare(&s->file);
	if (rc == SQLITE_OK)
		rc = put_state(s, 0, 0);
	if (rc == SQLITE_OK)
		rc = base_run(&s->file, "COMMIT");
	s->frame = s->low = 0;
	return rc;
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
	bool empty = false;
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
		rc = empty ? begin_anew(s) : base_prepare(&s->file);
	r = classify_rc(s, rc, e);
	if (r || empty)
		return r;
	r = check_pages(s, e);
	if (!r)
		r = check_rows(s, ALL_POSITIONS, e);
	if (!r)
		r = check_rows(s, ALL_KEYS, e);
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

static int open_memory(struct state *s, struct err *e)
{
	int rc = sqlite3_open_v2(":memory:", &s->fresh.db,
				 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
					 SQLITE_OPEN_NOMUTEX,
				 NULL);

	if (rc == SQLITE_OK)
		rc = base_run(&s->fresh, base_tables);
	if (rc == SQLITE_OK)
		rc = base_prepare(&s->fresh);
	return fail(s, &s->fresh, rc, e);
}

int state_open(const char *path, struct origin origin, struct buf *notes,
	       struct state **ret, struct err *e)
{
	struct state *s;
	int r;

	if (strlen(path) >= 4096)
		return err_sys(e, -ENAMETOOLONG, "%s", path);
	s = calloc(1, sizeof(*s));
	if (!s)
		return err_sys(e, -ENOMEM, "%s", path);
	s->origin = origin;
	s->path = strdup(path);
	r = s->path ? open_memory(s, e) : err_sys(e, -ENOMEM, "%s", path);
	if (!r)
		r = open_or_begin(s, notes, e);
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

void state_free(struct state *s)
{
	if (!s)
		return;
	state_commit(s, s->frame, s->low, false, NULL);
	base_close(&s->file);
	base_close(&s->fresh);
	free(s->path);
	free(s);
}

uint64_t state_frame(const struct state *s)
{
	return s->frame;
}

uint64_t state_low(const struct state *s)
{
	return s->low;
}

void state_rewind(struct state *s, uint64_t frame)
{
	if (s->frame > frame)
		s->frame = frame;
}

/* While a long journal is rolled forward no commit comes: memory holds no more
 * keys than the file will. */
static int bound_fresh(struct state *s)
{
	if (++s->keys < 2 * STATE_KEYS_MAX)
		return SQLITE_OK;
	s->keys = STATE_KEYS_MAX;
	return base_prune(&s->fresh);
}

int state_apply(struct state *s, const struct journal_entry *entry,
		struct err *e)
{
	bool key = entry->kind == JOURNAL_KEY;
	int rc;

	if ((!key && entry->kind != JOURNAL_POSITION) ||
	    entry->frame <= s->frame)
		return 0;
	rc = base_put(s->fresh.st[key ? PUT_KEY : PUT_POSITION], entry->name,
		 entry->value);
	s->applied++;
	if (rc == SQLITE_OK && key)
		rc = bound_fresh(s);
	return fail(s, &s->fresh, rc, e);
}

/* Copy all rows of fresh into the file. */
static int copy(struct state *s, enum statement all, enum statement into)
{
	sqlite3_stmt *from = s->fresh.st[all];
	int rc, done = SQLITE_OK;

	while (done == SQLITE_OK && (rc = sqlite3_step(from)) != SQLITE_DONE)
		done = rc == SQLITE_ROW ? base_put(s->file.st[into],
					      base_column(from, 0), base_column(from, 1))
					: rc;
	sqlite3_reset(from);
	return done;
}

static int write_all(struct state *s, uint64_t frame, uint64_t low)
{
	int rc;

	errno = 0; /* for base_step() */
	rc = base_run(&s->file, "BEGIN IMMEDIATE");
	if (rc == SQLITE_OK)
		rc = copy(s, ALL_POSITIONS, PUT_POSITION);
	if (rc == SQLITE_OK)
		rc = copy(s, ALL_KEYS, PUT_KEY);
	if (rc == SQLITE_OK && s->keys)
		rc = base_prune(&s->file);
	if (rc == SQLITE_OK)
		rc = put_state(s, frame, low);
	return rc == SQLITE_OK ? base_run(&s->file, "COMMIT") : rc;
}

static int be_full(struct state *s, bool full)
{
	int rc;

	if (full == s->full || (full && broken("nosync")))
		return SQLITE_OK;
	rc = base_run(&s->file, full ? "PRAGMA synchronous=FULL"
				: "PRAGMA synchronous=NORMAL");
	if (rc == SQLITE_OK)
		s->full = full;
	return rc;
}

/* A transaction with FULL has synced the log, with all that earlier ones left
 * in it. The checkpoint brings it into the file, where each row's checksum is
 * looked at when it is opened; that it finds no room or a reader in its way
 * changes nothing of what lasts. */
static int checkpoint(struct state *s)
{
	int rc = sqlite3_wal_checkpoint_v2(
		s->file.db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

	return base_step(s->file.db, rc) == STEP_WAIT ? SQLITE_OK : rc;
}

int state_commit(struct state *s, uint64_t frame, uint64_t low, bool durable,
		 struct err *e)
{
	int rc, r;

	if (frame < s->frame)
		frame = s->frame;
	if (low < s->low)
		low = s->low;
	if (!s->applied && frame == s->frame && low == s->low &&
	    (s->lasting || !durable))
		return 0;
	rc = be_full(s, durable);
	if (rc == SQLITE_OK)
		rc = write_all(s, frame, low);
	if (rc != SQLITE_OK) {
		r = fail(s, &s->file, rc, e);
		base_run(&s->file, "ROLLBACK");
		return r;
	}
	s->frame = frame;
	s->low = low;
	s->lasting = durable;
	s->applied = s->keys = 0;
	rc = base_run(&s->fresh, "DELETE FROM position; DELETE FROM key");
	r = fail(s, &s->fresh, rc, e);
	return r || !durable ? r : fail(s, &s->file, checkpoint(s), e);
}

static int look_up(struct state *s, enum statement which, struct str name,
		   struct buf *ret, struct err *e)
{
	struct base *from = &s->fresh;
	int rc, r;

	buf_clear(ret);
	rc = base_get(from->st[which], name, ret);
	if (rc == SQLITE_DONE) {
		from = &s->file;
		rc = base_get(from->st[which], name, ret);
	}
	if (rc == SQLITE_DONE)
		return STEP_END;
	if (rc == SQLITE_CORRUPT)
		return err_set(e, -EIO, "%s: damaged while it was in use; "
			       "start again", s->path);
	r = rc == SQLITE_ROW ? buf_error(ret) : fail(s, from, rc, e);
	return r == STEP_WAIT ? -EBUSY : r;
}

int state_position(struct state *s, struct str name, struct buf *ret,
		   struct err *e)
{
	return look_up(s, GET_POSITION, name, ret, e);
}

int state_key(struct state *s, struct str key, struct buf *ret, struct err *e)
{
	return look_up(s, GET_KEY, key, ret, e);
}
