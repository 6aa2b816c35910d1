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
	GET_POSITION,
	GET_KEY,
	ALL_POSITIONS,
	ALL_KEYS,
	PRUNE_KEYS,
	PUT_STATE,
	GET_STATE,
	STATEMENTS,
};

/* A connection and its statements; zeros: none. */
struct base {
	sqlite3 *db;
	sqlite3_stmt *st[STATEMENTS];
};

extern const char base_tables[]; /* makes them */

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
int base_put(sqlite3_stmt *st, struct str name, struct str value);
/* SQLITE_ROW with the value added to ret, SQLITE_DONE when there is none. */
int base_get(sqlite3_stmt *st, struct str name, struct buf *ret);
/* Leave the newest STATE_KEYS_MAX keys. */
int base_prune(struct base *b);

#endif
