/* session.h -- a connection to a PostgreSQL server on which no wait is longer
 * than a given time, and what the server's answers mean to a step. The only
 * file beside target_postgres.c that knows libpq. One thread.
 *
 * Steps: 0; STEP_WAIT: the server is away, starting, full or busy, and nothing
 * was done for all we know; -EBADMSG: it does not take these values; -EACCES,
 * -EINVAL: it refuses us, or the statement; -ENOMEM. After a lost connection
 * or a missing answer the session is dead, and the statement may have been
 * carried out all the same. */
#ifndef VIGIE_SESSION_H
#define VIGIE_SESSION_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum { SESSION_NAME_MAX = 256 };

struct session;

/* A value for a statement, in the binary form of its type. */
struct session_value {
	Oid type;
	struct str bytes;
};

/* Can the place be understood: a connection string, a URI or the name of a
 * database? Writes how sentences call it, without its password: "PostgreSQL
 * (news at db.example)". *has_password: it stands in the place itself. 0, or
 * -EINVAL with libpq's sentence. */
int session_check(const char *place, char name[SESSION_NAME_MAX],
		  bool *has_password, struct err *e);

/* Connect, within timeout ms for each step of it. */
int session_open(const char *place, int64_t timeout, struct session **ret,
		 struct err *e);
void session_free(struct session *s);
bool session_is_dead(const struct session *s);

/* Run one statement with n values; without values sql may be several, which
 * are one transaction. The last rows are in *ret, which may be NULL, and else
 * is the caller's to PQclear(). */
int session_run(struct session *s, const char *sql,
		const struct session_value *v, size_t n, PGresult **ret,
		struct err *e);

#endif
