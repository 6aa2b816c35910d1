/* warc.h -- a crawl archive (WARC 1.0 and 1.1, ISO 28500) record by record, as
 * it streams by: a gzip member a record, one around all, or plain. What is
 * damaged is said, and reading goes on at the next place where a record begins.
 * Memory: about 500 KB and the block in hand. One thread. */
#ifndef VIGIE_WARC_H
#define VIGIE_WARC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "ingest/members.h"

enum {
	WARC_HEAD_MAX = 64 << 10,     /* bytes of a record's header lines */
	WARC_BLOCK_MAX = (16 << 20) + (64 << 10), /* of what it holds */
	WARC_LARGE_KEPT = 64 << 10, /* of what holds more, at most */
};

/* Borrowed until the next call. What the record does not say has p NULL. */
struct warc_record {
	struct str type, uri, date, id, mime; /* mime: of the block */
	struct str block; /* all of it, or what there was */
	uint64_t length;  /* that the block should have */
	bool complete;	  /* the block is whole, and undamaged as far as gzip
			   * can tell */
	bool large; /* than WARC_BLOCK_MAX: block is how it begins, perhaps */
	char why[96];	  /* it is not complete: "cut off after 12 bytes" */
	uint64_t number;  /* from 1 */
	struct members_at at, next; /* where it begins; what is behind it */
};

struct warc;

/* From the beginning (zeros), or from `next` of the record of that number. 0
 * or -errno. */
int warc_open(const struct members_input *in, struct members_at from,
	      uint64_t number, struct warc **ret);
void warc_free(struct warc *w);
/* 0: a record; STEP_REJECT with the sentence ("at byte B: …") where there
 * should be one and is none: call again; STEP_WAIT; STEP_END; -errno. e is
 * clear. */
int warc_next(struct warc *w, struct warc_record *ret, struct err *e);
/* Where reading goes on when called again; bytes of the file read so far. */
struct members_at warc_at(const struct warc *w);
uint64_t warc_number(const struct warc *w);
uint64_t warc_offset(const struct warc *w);

#endif
