#include "ingest/http_payload.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "ingest/decode.h"

enum { CHUNK_DIGITS_MAX = 8 };

struct head {
	struct str type, coding, transfer;
};

static bool is_named(struct str name, const char *want)
{
	return name.n == strlen(want) && !strncasecmp(name.p, want, name.n);
}

/* The first of a name counts. */
static void keep_header(struct str line, struct head *h)
{
	struct str name = str_trim(str_cut(&line, ':'));
	struct str *to = is_named(name, "content-type") ? &h->type
			 : is_named(name, "content-encoding") ? &h->coding
			 : is_named(name, "transfer-encoding") ? &h->transfer
							       : NULL;

	if (to && line.p && !to->p)
		*to = str_trim(line);
}

/* "HTTP/1.1 200 OK", also "HTTP/2 200". 0: it is none. */
static int read_status(struct str line)
{
	int status = 0;

	if (line.n < 5 || strncasecmp(line.p, "HTTP/", 5))
		return 0;
	str_cut(&line, ' ');
	line = str_trim(line);
	if (!line.p || line.n < 3)
		return 0;
	for (int i = 0; i < 3; i++) {
		if (line.p[i] < '0' || line.p[i] > '9')
			return 0;
		status = status * 10 + line.p[i] - '0';
	}
	return status < 100 ? 0 : status;
}

static int read_head(struct str *block, struct head *h)
{
	int status = read_status(str_trim(str_cut(block, '\n')));

	while (block->p) {
		struct str line = str_cut(block, '\n');

		if (!str_trim(line).n)
			break;
		keep_header(line, h);
	}
	return status;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The line before a chunk: "1a2b" and perhaps ";extension". */
static bool read_size(struct str line, size_t *ret)
{
	size_t n = 0, i = 0;

	line = str_trim(line);
	while (i < line.n && i <= CHUNK_DIGITS_MAX && digit_of(line.p[i]) >= 0)
		n = n << 4 | (size_t)digit_of(line.p[i++]);
	if (!i || i > CHUNK_DIGITS_MAX)
		return false;
	line = str_trim((struct str){ line.p + i, line.n - i });
	*ret = n;
	return !line.n || line.p[0] == ';';
}

/* One chunk off *rest: 0; STEP_END: there is no more; STEP_REJECT: no chunk
 * begins here. */
static int cut_chunk(struct str *rest, struct str *chunk)
{
	struct str after = *rest, line = str_cut(&after, '\n');
	size_t n;

	if (!after.p || !read_size(line, &n))
		return STEP_REJECT;
	*chunk = (struct str){ after.p, n < after.n ? n : after.n };
	rest->p = after.p + chunk->n;
	rest->n = after.n - chunk->n;
	if (rest->n && rest->p[0] == '\r')
		*rest = (struct str){ rest->p + 1, rest->n - 1 };
	if (rest->n && rest->p[0] == '\n')
		*rest = (struct str){ rest->p + 1, rest->n - 1 };
	return n ? 0 : STEP_END;
}

/* Where no chunk begins any more, the rest is taken as it is: chunks are undone
 * by some who keep the header. */
static int undo_chunks(struct http_payload *p, struct buf *out)
{
	struct str rest = p->bytes, chunk;
	int r = 0;

	while (!r) {
		r = cut_chunk(&rest, &chunk);
		if (!r)
			buf_add_str(out, chunk);
		p->chunked |= !r || r == STEP_END;
	}
	if (!p->chunked)
		return 0;
	p->cut |= r == STEP_REJECT;
	if (r == STEP_REJECT)
		buf_add_str(out, rest);
	p->bytes = buf_view(out);
	return buf_error(out);
}

static int undo_coding(struct http_payload *p, struct buf *out, struct err *e)
{
	enum decode_coding coding = decode_coding(p->coding);
	int r;

	if (coding == DECODE_OTHER)
		return err_set(e, STEP_REJECT,
			       "its Content-Encoding '" STR_FMT "' is not known",
			       STR_ARG(p->coding));
	if (coding == DECODE_NONE) {
		p->coding = (struct str){ NULL, 0 };
		return 0;
	}
	r = decode(coding, p->bytes, out);
	if (r == STEP_REJECT) { /* undone by who keeps the header */
		p->coding = (struct str){ NULL, 0 };
		return 0;
	}
	p->cut |= r == STEP_END;
	p->bytes = buf_view(out);
	return r < 0 ? r : 0;
}

int http_payload_read(struct str block, struct buf *chunks,
		      struct buf *decoded, struct http_payload *ret,
		      struct err *e)
{
	struct head h = { .type = { NULL, 0 } };
	struct http_payload p = { .status = read_head(&block, &h) };
	int r = 0;

	if (!p.status)
		return err_set(e, STEP_REJECT,
			       "no HTTP response: its first line is none");
	buf_clear(chunks);
	buf_clear(decoded);
	p.mime = h.type;
	p.coding = h.coding;
	p.bytes = block;
	if (decode_coding(h.transfer) == DECODE_OTHER)
		r = undo_chunks(&p, chunks);
	if (!r)
		r = undo_coding(&p, decoded, e);
	if (r == -EMSGSIZE)
		return err_set(e, STEP_REJECT,
			       "its payload is larger than %d bytes once it is "
			       "decoded", HTTP_PAYLOAD_MAX);
	if (!r)
		*ret = p;
	return r;
}
