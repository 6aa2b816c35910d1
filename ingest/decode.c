#include "ingest/decode.h"

/* zlib does not write to what it reads, and so its header says it. */
#define ZLIB_CONST
#include <brotli/decode.h>
#include <errno.h>
#include <strings.h>
#include <zlib.h>

#include "base/err.h"

enum {
	BLOCK = 1 << 15,
	WINDOW_RAW = -15,      /* deflate without a frame */
	WINDOW_ANY = 15 + 32,  /* gzip or zlib, by its first bytes */
};

enum decode_coding decode_coding(struct str name)
{
	static const struct {
		struct str name;
		enum decode_coding coding;
	} known[] = {
		{ { "gzip", 4 }, DECODE_GZIP },
		{ { "x-gzip", 6 }, DECODE_GZIP },
		{ { "deflate", 7 }, DECODE_DEFLATE },
		{ { "br", 2 }, DECODE_BR },
		{ { "identity", 8 }, DECODE_NONE },
		{ { "none", 4 }, DECODE_NONE },
		{ { "utf-8", 5 }, DECODE_NONE }, /* a charset, misplaced */
		{ { "", 0 }, DECODE_NONE },
	};

	name = str_trim(name);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (name.n == known[i].name.n &&
		    !strncasecmp(name.p ? name.p : "", known[i].name.p, name.n))
			return known[i].coding;
	return DECODE_OTHER;
}

/* Several gzip members in a row are one text. */
static bool begins_again(z_stream *z)
{
	return z->avail_in > 1 && z->next_in[0] == 0x1f &&
	       z->next_in[1] == 0x8b && inflateReset(z) == Z_OK;
}

static int inflate_all(z_stream *z, struct buf *out)
{
	unsigned char block[BLOCK];
	int r;

	do {
		z->next_out = block;
		z->avail_out = sizeof(block);
		r = inflate(z, Z_NO_FLUSH);
		if (r == Z_MEM_ERROR)
			return -ENOMEM;
		buf_add(out, block, sizeof(block) - z->avail_out);
		if (buf_error(out))
			return buf_error(out);
		if (r == Z_STREAM_END && begins_again(z))
			r = Z_OK;
	} while (r == Z_OK);
	return r == Z_STREAM_END ? 0 : STEP_END;
}

static int inflate_as(int window, struct str in, struct buf *out)
{
	z_stream z = { .next_in = (const Bytef *)in.p,
		       .avail_in = (unsigned)in.n };
	int r;

	if (inflateInit2(&z, window) != Z_OK)
		return -ENOMEM;
	r = inflate_all(&z, out);
	inflateEnd(&z);
	return r;
}

static int brotli_all(BrotliDecoderState *s, struct str in, struct buf *out)
{
	unsigned char block[BLOCK];
	const unsigned char *next = (const unsigned char *)in.p;
	BrotliDecoderResult r;

	do {
		unsigned char *to = block;
		size_t room = sizeof(block);

		r = BrotliDecoderDecompressStream(s, &in.n, &next, &room, &to,
						  NULL);
		buf_add(out, block, sizeof(block) - room);
		if (buf_error(out))
			return buf_error(out);
	} while (r == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT);
	return r == BROTLI_DECODER_RESULT_SUCCESS ? 0 : STEP_END;
}

static int brotli(struct str in, struct buf *out)
{
	BrotliDecoderState *s = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	int r;

	if (!s)
		return -ENOMEM;
	r = brotli_all(s, in, out);
	BrotliDecoderDestroyInstance(s);
	return r;
}

int decode(enum decode_coding coding, struct str in, struct buf *out)
{
	size_t had = out->n;
	int r = STEP_END;

	if (in.n > UINT32_MAX)
		return -EMSGSIZE;
	if (!in.n)
		return 0;
	if (coding == DECODE_GZIP || coding == DECODE_DEFLATE)
		r = inflate_as(WINDOW_ANY, in, out);
	if (coding == DECODE_DEFLATE && r == STEP_END && out->n == had)
		r = inflate_as(WINDOW_RAW, in, out);
	if (coding == DECODE_BR)
		r = brotli(in, out);
	return r == STEP_END && out->n == had ? STEP_REJECT : r;
}
