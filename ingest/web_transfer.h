/* web_transfer.h -- one request and its answer over HTTP, many at once: libcurl
 * behind one descriptor. Follows no redirect and waits for nobody's turn: that
 * is web.c's. Refuses addresses that are not public, when it connects. One
 * thread. */
#ifndef VIGIE_WEB_TRANSFER_H
#define VIGIE_WEB_TRANSFER_H

#include "ingest/web.h"
#include "ingest/web_head.h"
#include "ingest/web_url.h"

/* What User-Agent says unless told otherwise. */
#define WEB_AGENT "vigie/" VIGIE_VERSION " (+https://vigie.example/)"

struct web_transfers;
struct web_transfer;

int web_transfers_open(const struct web_settings *s,
		       struct web_transfers **ret, struct err *e);
/* After all of its transfers. */
void web_transfers_free(struct web_transfers *t);
int web_transfers_fd(const struct web_transfers *t);
/* Milliseconds until web_transfers_turn() is due, or -1. */
int64_t web_transfers_pause(const struct web_transfers *t);
int web_transfers_turn(struct web_transfers *t, struct err *e);
/* One that is over and was not told yet, or NULL. */
struct web_transfer *web_transfers_over(struct web_transfers *t);

/* All are copied; those that are NULL are not sent, nor those with a control
 * character. */
struct web_ask {
	const struct web_url *url;
	const char *agent, *accept, *etag, *last_modified;
	size_t body; /* most bytes of it */
	bool cut;    /* what is more is left out; else that is refused */
	void *owner;
};

int web_transfer_start(struct web_transfers *t, const struct web_ask *ask,
		       struct web_transfer **ret);
/* Also one that is not over. */
void web_transfer_free(struct web_transfer *x);
void *web_transfer_owner(const struct web_transfer *x);

/* Of one that is over; borrowed from it. */
struct web_got {
	enum web_result result;
	int status;
	const struct web_head *head;
	struct str body;
	const char *why; /* not WEB_ANSWER: what was wrong */
};

void web_transfer_got(struct web_transfer *x, struct web_got *ret);

#endif
