/* ingest.h -- the first room: read, understand, number, hand out, hear acks.
 *
 * Its memory is bounded by the window: at most `window` records and
 * window_bytes bytes (and one article more) between what was read and what the
 * sink has acknowledged. */
#ifndef VIGIE_INGEST_H
#define VIGIE_INGEST_H

#include <stdbool.h>

#include "base/conf.h"
#include "base/err.h"
#include "ingest/journal.h"
#include "ingest/push.h"
#include "ingest/web.h"
#include "wire/article.h"
#include "wire/http.h"
#include "wire/keys.h"

struct ingest_source {
	const char *path; /* a file, a folder, or "-" */
	const char *kind; /* NULL: by its looks */
	const char *name; /* for articles that name no source themselves */
	bool follow;	  /* more may come: wait for it */
	const char *url;  /* instead of path: http or https */
	int64_t every;	  /* milliseconds; 0: as web.every says */
	int full;	  /* enum source_full */
	const char *agent;
};

enum ingest_tidy { INGEST_TIDY_TEXTS, INGEST_TIDY_ALL, INGEST_TIDY_NONE };
enum ingest_repeats { INGEST_REPEATS_KEEP, INGEST_REPEATS_DROP };

struct ingest_settings {
	const char *bind;
	struct conf_maps sources; /* struct ingest_source */
	int64_t window, window_bytes;
	int64_t batch, batch_bytes;
	int64_t resend_after, worker_timeout, drain; /* milliseconds */
	int64_t solo; /* failures alone before an article is given up */
	struct journal_settings journal;
	struct push_settings push;
	struct http_settings http;
	struct web_settings web;
	int copies;		/* enum near_copies_policy */
	int64_t copies_window;	/* articles */
	double copies_at;	/* similarity */
	int repeats;		/* enum ingest_repeats */
	int tidy;		/* enum ingest_tidy */
	bool keep_raw; /* say in the record what was cut of the text */
	const struct keys_settings *keys; /* not in the file; NULL: no tcp */
	/* Not in the file; `vigie run FILE…` sets it: the same input gives the
	 * same numbers, and no clock time enters a record. */
	bool one_shot;
	/* Nor is this: what would be polled for ever is asked once. */
	bool once;
	bool progress; /* on a terminal */
};

extern const struct conf_key ingest_keys[];

/* Run until every source has ended and every article is acknowledged, or
 * stop_asked(). Returns 0; -ENOENT and the like when a source could not be
 * read (the others were); -EBADMSG when articles were refused and none was
 * accepted; -ETIMEDOUT when unacknowledged articles are left after the drain;
 * other -errno; each with the sentence. */
int ingest_run(const struct ingest_settings *s, struct err *e);

#endif
