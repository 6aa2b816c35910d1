/* state_base.h -- the tables of state.c in SQLite, and their rows in and out.
 * The same tables lie in the file and in memory. SQLite has no checksums of its
 * own, so every row carries one. Functions return SQLite's codes. One thread. */
#ifndef VIGIE_STATE_BASE_H
#define VIGIE_STATE_BASE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum statement {
	PUT_POSITION,
	PUT_KEY,
	PUT_KNOWN,
	PUT_SIGNATURE,
	GET_POSITION,
	GET_KEY,
	GET_KNOWN,
	ALL_POSITIONS,
	ALL_KEYS,
	ALL_KNOWN,
	ALL_SIGNATURES,
	PRUNE_KEYS,
	PRUNE_KNOWN,
	PRUNE_SIGNATURES,
	PUT_STATE,
	GET_STATE,
	STATEMENTS,
};

/* A connection and its statements; zeros: none. */
struct base {
	sqlite3 *db;
	sqlite3_stmt *st[STATEMENTS];
};

extern const char base_tables[]; /* makes the tables of the first version */
extern const char base_added[];	 /* makes those that came since, if need be */

/* What SQLite returned, as a step. A full disk and a file that another program
 * holds locked pass: STEP_WAIT; a failed sync does not: -EIO. db may be NULL. */
int base_step(sqlite3 *db, int rc);
int base_run(struct base *b, const char *text);
int base_prepare(struct base *b);
void base_close(struct base *b);

/* s is borrowed until the statement is finished. */
int base_bind(sqlite3_stmt *st, int at, struct str s);
/* Borrowed until the statement's next step. */
struct str base_column(sqlite3_stmt *st, int at);
/* Run a statement that gives no rows, and let go of what was bound. */
int base_finish(sqlite3_stmt *st);

uint32_t base_crc(struct str name, struct str value);
/* Has the row (name, value, crc) that st stands on its right checksum? */
bool base_sound(sqlite3_stmt *st);
/* number: the row's age, of tables that have one: their rows' fourth column. */
int base_put(sqlite3_stmt *st, struct str name, struct str value,
	     int64_t number);
/* SQLITE_ROW with the value added to ret, SQLITE_DONE when there is none. */
int base_get(sqlite3_stmt *st, struct str name, struct buf *ret,
	     int64_t *number);
int64_t base_number(sqlite3_stmt *st);
/* Run one of PRUNE_*: of KNOWN away with the rows up to this number, else all
 * but so many of the newest. */
int base_prune(sqlite3_stmt *st, int64_t n);
/* Are all tables ours, so that none of ours goes by another name now? */
int base_only_ours(struct base *b, bool *ours);

#endif
