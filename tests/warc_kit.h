/* warc_kit.h -- crawl archives made for tests: records, gzip members, and an
 * input that lies in memory. */
#ifndef VIGIE_WARC_KIT_H
#define VIGIE_WARC_KIT_H

#include <errno.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include "base/err.h"
#include "base/str.h"
#include "ingest/members.h"

/* Append a record whose Content-Length is length, whatever block has. */
static inline void kit_record_of(struct buf *b, const char *type,
				 const char *uri, struct str block,
				 const char *length)
{
	buf_printf(b, "WARC/1.0\r\nWARC-Type: %s\r\n", type);
	if (uri)
		buf_printf(b, "WARC-Target-URI: %s\r\n", uri);
	buf_printf(b, "WARC-Date: 2026-01-02T03:04:05Z\r\n"
		      "WARC-Record-ID: <urn:uuid:%s>\r\n"
		      "Content-Length: %s\r\n\r\n", type, length);
	buf_add_str(b, block);
	buf_add_z(b, "\r\n\r\n");
}

static inline void kit_record(struct buf *b, const char *type,
			      const char *uri, struct str block)
{
	char length[32];

	snprintf(length, sizeof(length), "%zu", block.n);
	kit_record_of(b, type, uri, block, length);
}

/* Append in as one gzip member (window 31), or as zlib (15) or bare deflate
 * (-15). */
static inline void kit_deflate(struct buf *b, struct str in, int window)
{
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)in.p,
		       .avail_in = (unsigned)in.n };
	unsigned char block[4096];
	int r;

	deflateInit2(&z, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
	do {
		z.next_out = block;
		z.avail_out = sizeof(block);
		r = deflate(&z, Z_FINISH);
		buf_add(b, block, sizeof(block) - z.avail_out);
	} while (r == Z_OK);
	deflateEnd(&z);
}

static inline void kit_gzip(struct buf *b, struct str in)
{
	kit_deflate(b, in, 31);
}

/* A record in a member of its own. */
static inline void kit_member(struct buf *b, const char *type,
			      const char *uri, struct str block)
{
	struct buf one;

	buf_init(&one, 256 << 20);
	kit_record(&one, type, uri, block);
	kit_gzip(b, buf_view(&one));
	buf_done(&one);
}

/* Bytes handed out by at most `step` (0: all); every other call waits, and
 * seeks fail, when so asked. */
struct kit_input {
	struct str bytes;
	size_t at, step;
	bool waits, waited, pipe;
	bool grows; /* at its end wait for more */
};

static inline int kit_read(void *self, void *p, size_t n, size_t *got)
{
	struct kit_input *in = self;
	size_t left = in->bytes.n - in->at;

	*got = 0;
	if (in->waits && (in->waited = !in->waited))
		return STEP_WAIT;
	if (!left && in->grows)
		return STEP_WAIT;
	n = n < left ? n : left;
	if (in->step && n > in->step)
		n = in->step;
	if (n)
		memcpy(p, in->bytes.p + in->at, n);
	in->at += n;
	*got = n;
	return 0;
}

static inline int kit_seek(void *self, uint64_t offset)
{
	struct kit_input *in = self;

	if (in->pipe)
		return -ESPIPE;
	in->at = offset < in->bytes.n ? (size_t)offset : in->bytes.n;
	return 0;
}

static inline struct members_input kit_members(struct kit_input *in)
{
	return (struct members_input){ kit_read, kit_seek, in };
}

#endif
