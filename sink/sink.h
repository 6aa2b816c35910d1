/* sink.h -- the last room: receive, write, commit, ack.
 *
 * Verdicts come from any number of classify daemons in any order, some of them
 * twice; each leaves once. What is committed is acknowledged to ingest, which
 * until then remembers it. */
#ifndef VIGIE_SINK_H
#define VIGIE_SINK_H

#include <stdint.h>

#include "base/conf.h"
#include "base/err.h"
#include "wire/http.h"
#include "wire/keys.h"

struct sink_target {
	const char *jsonl; /* a file's path, or "-" for standard output … */
	const char *publish; /* … or the endpoint of a ZeroMQ PUB socket … */
	const char *sqlite;  /* … or a database file … */
	const char *postgres; /* … or a connection string of libpq … */
	const char *webhook; /* … or a URL that lines are posted to */
	int64_t rotate_size, rotate_every; /* jsonl: bytes, ms; 0: never */
	const char *token_file; /* webhook: what it bears */
	int64_t timeout;     /* postgres, webhook: ms for one answer */
};

struct sink_settings {
	const char *bind;	   /* where classify pushes verdicts */
	struct conf_texts connect; /* ingest's endpoints, for acks */
	struct conf_maps targets;  /* struct sink_target; none: stdout */
	const char *dead_letters;  /* a JSONL file, or NULL */
	struct http_settings http;
	bool text;		   /* title and text in each record */
	int scores;		   /* SINK_SCORES_* */
	bool ordered;		   /* lines in the order of seq */
	/* Not in the file; `vigie run` and the command line set them. */
	bool truncate; /* start JSONL files anew */
	bool summary;  /* a table for people at the end, on stderr */
	const struct keys_settings *keys; /* NULL: no tcp */
};

enum { SINK_SCORES_GIVEN, SINK_SCORES_ALL };

extern const struct conf_key sink_keys[];

/* Run until stop_asked(); the caller has called stop_install(), so that writing
 * to nobody and past a limit are errors and no signals. What has no room when
 * we are to stop is not acknowledged and stays with ingest. Returns 0 after a
 * drain; -EPIPE when the reader of standard output has gone; -EADDRINUSE when
 * another sink writes to a file or is bound; -EIO when a sync failed, after
 * which nothing more is acknowledged; -EINVAL for a target that names no place
 * or several; -errno: all with the sentence. */
int sink_run(const struct sink_settings *s, struct err *e);

#endif
