#include "ingest/state.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/broken.h"
#include "ingest/state_parts.h"

const struct state_table state_tables[STATE_TABLES] = {
	{ JOURNAL_POSITION, PUT_POSITION, ALL_POSITIONS, STATEMENTS, 0 },
	{ JOURNAL_KEY, PUT_KEY, ALL_KEYS, PRUNE_KEYS, STATE_KEYS_MAX },
	{ JOURNAL_KNOWN, PUT_KNOWN, ALL_KNOWN, PRUNE_KNOWN, STATE_KNOWN_MAX },
	{ JOURNAL_SIGNATURE, PUT_SIGNATURE, ALL_SIGNATURES, PRUNE_SIGNATURES,
	  STATE_SIGNATURES },
};

int state_fail(const struct state *s, const struct base *b, int rc,
	       struct err *e)
{
	int r = base_step(b->db, rc);

	if (!r)
		return 0;
	return err_set(e, r, "%s: %s", s->path,
		       rc == SQLITE_NOMEM || !b->db ? sqlite3_errstr(rc)
						    : sqlite3_errmsg(b->db));
}

uint32_t state_crc(int64_t version, struct str origin, uint64_t frame,
		   uint64_t low)
{
	char text[96];
	int n = snprintf(text, sizeof(text), "%lld %llu %llu",
			 (long long)version, (unsigned long long)frame,
			 (unsigned long long)low);

	return base_crc(origin, (struct str){ text, (size_t)n });
}

struct str state_origin(const struct origin *o)
{
	return (struct str){ (const char *)o->id, WIRE_ORIGIN_SIZE };
}

int state_put_head(struct state *s, uint64_t frame, uint64_t low)
{
	sqlite3_stmt *st = s->file.st[PUT_STATE];
	struct str origin = state_origin(&s->origin);

	sqlite3_bind_int(st, 1, STATE_VERSION);
	base_bind(st, 2, origin);
	sqlite3_bind_int64(st, 3, (int64_t)frame);
	sqlite3_bind_int64(st, 4, (int64_t)low);
	sqlite3_bind_int64(st, 5,
			   state_crc(STATE_VERSION, origin, frame, low));
	return base_finish(st);
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

static size_t table_of(enum journal_kind kind)
{
	size_t i = 0;

	while (i < STATE_TABLES && state_tables[i].kind != kind)
		i++;
	return i;
}

void state_limit(struct state *s, enum journal_kind kind, int64_t newest)
{
	size_t i = table_of(kind);

	assert(i < STATE_TABLES && state_tables[i].max);
	s->max[i] = newest;
}

/* Away with the rows of a table that are too many. */
static int prune(const struct state *s, const struct base *b, size_t i)
{
	const struct state_table *t = &state_tables[i];
	int64_t n = t->kind == JOURNAL_KNOWN ? s->number - 1 - s->max[i]
					     : s->max[i];

	return base_prune(b->st[t->prune], n);
}

/* While a long journal is rolled forward no commit comes: memory holds no more
 * rows than the file will. */
static int bound_fresh(struct state *s, size_t i)
{
	s->rows[i]++;
	if (!s->max[i] || s->rows[i] < 2 * s->max[i])
		return SQLITE_OK;
	s->rows[i] = s->max[i];
	return prune(s, &s->fresh, i);
}

int state_apply(struct state *s, const struct journal_entry *entry,
		struct err *e)
{
	size_t i = table_of(entry->kind);
	int rc;

	if (i == STATE_TABLES || entry->frame <= s->frame)
		return 0;
	rc = base_put(s->fresh.st[state_tables[i].put], entry->name,
		      entry->value, s->number);
	s->number += entry->kind == JOURNAL_KNOWN;
	s->applied++;
	if (rc == SQLITE_OK)
		rc = bound_fresh(s, i);
	return state_fail(s, &s->fresh, rc, e);
}

/* Copy all rows of fresh into the file. */
static int copy(struct state *s, enum statement all, enum statement into)
{
	sqlite3_stmt *from = s->fresh.st[all];
	int rc, done = SQLITE_OK;

	while (done == SQLITE_OK && (rc = sqlite3_step(from)) != SQLITE_DONE)
		done = rc == SQLITE_ROW
			       ? base_put(s->file.st[into], base_column(from, 0),
					  base_column(from, 1),
					  base_number(from))
			       : rc;
	sqlite3_reset(from);
	return done;
}

static int copy_table(struct state *s, size_t i)
{
	const struct state_table *t = &state_tables[i];
	bool seldom = t->kind == JOURNAL_KNOWN;
	int rc = s->rows[i] ? copy(s, t->all, t->put) : SQLITE_OK;

	if (rc != SQLITE_OK || !s->rows[i] || !s->max[i])
		return rc;
	if (seldom && s->unpruned + s->rows[i] <= state_patience(s, i))
		return rc;
	return prune(s, &s->file, i);
}

/* As copy_table() has pruned, when that lasts. */
static void count_unpruned(struct state *s)
{
	size_t i = table_of(JOURNAL_KNOWN);

	s->unpruned += s->rows[i];
	if (s->unpruned > state_patience(s, i))
		s->unpruned = 0;
}

static int write_all(struct state *s, uint64_t frame, uint64_t low)
{
	int rc;

	errno = 0; /* for base_step() */
	rc = base_run(&s->file, "BEGIN IMMEDIATE");
	for (size_t i = 0; i < STATE_TABLES && rc == SQLITE_OK; i++)
		rc = copy_table(s, i);
	if (rc == SQLITE_OK)
		rc = state_put_head(s, frame, low);
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
		r = state_fail(s, &s->file, rc, e);
		base_run(&s->file, "ROLLBACK");
		return r;
	}
	s->frame = frame;
	s->low = low;
	s->lasting = durable;
	count_unpruned(s);
	s->applied = 0;
	memset(s->rows, 0, sizeof(s->rows));
	rc = base_run(&s->fresh, "DELETE FROM position; DELETE FROM key;"
				 "DELETE FROM known; DELETE FROM signature");
	r = state_fail(s, &s->fresh, rc, e);
	return r || !durable ? r : state_fail(s, &s->file, checkpoint(s), e);
}

static int look_up(struct state *s, enum statement which, struct str name,
		   struct buf *ret, int64_t *number, struct err *e)
{
	struct base *from = &s->fresh;
	int rc, r;

	buf_clear(ret);
	rc = base_get(from->st[which], name, ret, number);
	if (rc == SQLITE_DONE) {
		from = &s->file;
		rc = base_get(from->st[which], name, ret, number);
	}
	if (rc == SQLITE_DONE)
		return STEP_END;
	if (rc == SQLITE_CORRUPT)
		return err_set(e, -EIO, "%s: damaged while it was in use; "
			       "start again", s->path);
	r = rc == SQLITE_ROW ? buf_error(ret) : state_fail(s, from, rc, e);
	return r == STEP_WAIT ? -EBUSY : r;
}

int state_position(struct state *s, struct str name, struct buf *ret,
		   struct err *e)
{
	int64_t ignored;

	return look_up(s, GET_POSITION, name, ret, &ignored, e);
}

int state_key(struct state *s, struct str key, struct buf *ret, struct err *e)
{
	int64_t ignored;

	return look_up(s, GET_KEY, key, ret, &ignored, e);
}

int state_known(struct state *s, struct str name, struct buf *ret, bool *fading,
		struct err *e)
{
	int64_t number = 0;
	int r = look_up(s, GET_KNOWN, name, ret, &number, e);

	*fading = !r && s->number - 1 - number >
				s->max[table_of(JOURNAL_KNOWN)] / 2;
	return r;
}

static int each_signature(struct state *s, struct base *b,
			  void (*each)(void *self, struct str id,
				       struct str value),
			  void *self, struct err *e)
{
	sqlite3_stmt *st = b->st[ALL_SIGNATURES];
	int rc;

	while ((rc = sqlite3_step(st)) == SQLITE_ROW)
		each(self, base_column(st, 0), base_column(st, 1));
	sqlite3_reset(st);
	return state_fail(s, b, rc, e);
}

int state_signatures(struct state *s,
		     void (*each)(void *self, struct str id, struct str value),
		     void *self, struct err *e)
{
	int r = each_signature(s, &s->file, each, self, e);

	return r ? r : each_signature(s, &s->fresh, each, self, e);
}
