/* article.h -- what travels between the rooms: batches of articles on the way
 * to classify, the same with their verdicts on the way to the sink, and the
 * short messages of flow control. Pure functions over bytes; views into a
 * batch live as long as the batch.
 *
 *  head    0        4        8                24       32       40     44     48
 *          "VGIE"   ver,kind origin           batch    session  count  flags  …
 *          48       56
 *          low      window
 *  then    count records, each
 *          seq u64, flags u32, six lengths u32, then six parts of bytes:
 *          meta, title, text, target, keys, verdict
 *
 * A batch of no records asks a worker that is silent whether it is there; its
 * number is that of the last batch, so that its credit says nothing new.
 *
 * All integers are little-endian. One ZeroMQ frame carries the whole batch, so
 * that n articles cost one allocation and one system call. */
#ifndef VIGIE_ARTICLE_H
#define VIGIE_ARTICLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum {
	WIRE_VERSION = 3,
	WIRE_ORIGIN_SIZE = 16,
	WIRE_ORIGIN_HEX = 2 * WIRE_ORIGIN_SIZE + 1,
	/* What one article may hold (title, text and target together; meta),
	 * and what one message may. */
	ARTICLE_TEXT_MAX = 4 << 20,
	ARTICLE_META_MAX = 1 << 20,
	WIRE_BATCH_MAX = 32 << 20,
	WIRE_COUNT_MAX = 4096,
	/* The farthest that ingest runs ahead of the oldest unacknowledged. */
	WIRE_WINDOW_MAX = 65536,
};

enum wire_kind {
	WIRE_ARTICLES = 1, /* ingest to classify */
	WIRE_VERDICTS = 2, /* classify to sink */
	WIRE_CREDIT = 3,   /* classify to ingest */
	WIRE_ACK = 4,	   /* sink to ingest */
	WIRE_OBITUARY = 5, /* classify's guard to ingest */
};

struct origin {
	unsigned char id[WIRE_ORIGIN_SIZE];
};

/* flags of a batch */
enum {
	WIRE_WANT_TEXT = 1, /* the sink asks for title, text and target */
	WIRE_WANT_SCORES = 2, /* and for all decision values */
};

struct batch_head {
	enum wire_kind kind;
	struct origin origin;
	uint64_t batch;	  /* 1, 2, 3 … within the session */
	uint64_t session; /* ingest's name for one connected worker */
	uint32_t count;	  /* records that follow */
	uint32_t flags;
	uint64_t low;	 /* every seq below is acknowledged */
	uint64_t window; /* no seq reaches low + window */
};

/* flags of a record */
enum {
	/* Given up: `verdict` holds the members of its dead letter, classify
	 * hands it on as it is, the sink writes it among the dead letters.
	 * With ARTICLE_RAW text is the piece as it came, any bytes, and meta
	 * says only where from. */
	ARTICLE_DEAD = 1,
	ARTICLE_RAW = 2,
};

/* One article; the parts that have not been made yet are empty. */
struct article {
	uint64_t seq;
	uint32_t flags;
	struct str meta;    /* JSON members, without braces: for the sink */
	struct str title;   /* UTF-8, NFC, cleaned */
	struct str text;    /* the same */
	struct str target;  /* what its stance is asked towards, in one line;
			     * the same */
	struct str keys;    /* "topic.stance" lines, for publishing by prefix */
	struct str verdict; /* JSON members, without braces: for the sink */
};

/* Bytes that a takes in a batch. */
size_t article_size(const struct article *a);

/* Begin a batch in out, which is empty; count is written by batch_end(). */
void batch_begin(struct buf *out, const struct batch_head *h);
void batch_add(struct buf *out, const struct article *a);
/* Bytes of one record as batch_add() wrote them, appended as they are. */
void batch_add_packed(struct buf *out, struct str record);
/* Look into one record as batch_add() wrote it: 0 or -EPROTO. */
int record_open(struct str record, struct article *ret, struct err *e);
/* Set the count; returns buf_error(out). */
int batch_end(struct buf *out, uint32_t count);

struct batch_reader {
	struct batch_head head;
	struct str rest;
	uint32_t left;
};

/* Look into the bytes of a batch: every length is bounded before it is
 * believed. Returns 0, or -EPROTO with the sentence. */
int batch_open(struct batch_reader *r, struct str bytes, struct err *e);
/* The next article into *ret: 0, STEP_END after the last, -EPROTO. */
int batch_next(struct batch_reader *r, struct article *ret, struct err *e);

/* Classify to ingest: what it has finished in this session, and what it can
 * hold at once. Absolute, so that a lost or repeated message does no harm. */
struct credit {
	uint64_t session;	/* 0: none yet */
	uint64_t done_batches;	/* judged and handed on */
	uint64_t room_records;	/* may be on their way or in hand at once; */
	uint64_t room_bytes;	/* 0 and 0: I am leaving */
};

void credit_write(struct buf *out, const struct credit *c);
int credit_read(struct str bytes, struct credit *ret, struct err *e);

/* Sink to ingest: of this origin every seq below low is committed, and the
 * seqs low + i whose bit i is set in bits. Cumulative: a lost one does no
 * harm. epoch names the sink's life; a new one makes ingest re-send what the
 * old may have held. Of an origin of zeros it is a greeting: a sink is there. */
struct ack {
	struct origin origin;
	uint64_t epoch;
	uint32_t flags; /* WIRE_WANT_*: what this sink writes */
	uint64_t low;
	struct str bits; /* bit i is bits[i / 8] >> i % 8 & 1 */
};

void ack_write(struct buf *out, const struct ack *a);
int ack_read(struct str bytes, struct ack *ret, struct err *e);

/* The guard of a worker to ingest: the worker of this session is gone, killed
 * by this signal (0: it ended with a code by itself). */
struct obituary {
	uint64_t session;
	uint32_t signal;
	uint32_t code;
	/* It died while it judged an article; else of nothing that it was
	 * sent. */
	bool judging;
	struct str model; /* that it judged by, "name@sha256:…"; or nothing */
};

void obituary_write(struct buf *out, const struct obituary *o);
int obituary_read(struct str bytes, struct obituary *ret, struct err *e);

/* The kind of a message, 0 when it is none of ours. */
enum wire_kind wire_kind_of(struct str bytes);

void origin_hex(struct origin o, char out[WIRE_ORIGIN_HEX]);
/* Read 32 hexadecimal digits; 0 or -EINVAL. */
int origin_parse(struct str hex, struct origin *ret);
int origin_cmp(struct origin a, struct origin b);

#endif
