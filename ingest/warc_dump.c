#include "ingest/warc_dump.h"

#include <errno.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/json.h"
#include "ingest/http_payload.h"
#include "ingest/tame.h"
#include "ingest/warc.h"

enum { SHA1_SIZE = 20 };

struct dump {
	FILE *out;
	struct buf line, chunks, decoded;
};

static int read_fd(void *self, void *p, size_t n, size_t *got)
{
	ssize_t k;

	do {
		k = read(*(int *)self, p, n);
	} while (k < 0 && errno == EINTR);
	*got = k > 0 ? (size_t)k : 0;
	return k < 0 ? -errno : 0;
}

static int seek_fd(void *self, uint64_t offset)
{
	return lseek(*(int *)self, (off_t)offset, SEEK_SET) < 0 ? -errno : 0;
}

static void add_text(struct buf *b, const char *name, struct str s)
{
	json_add_name(b, name);
	if (s.p)
		tame_json(s, b);
	else
		buf_add_z(b, "null");
}

static int add_payload(struct dump *d, const struct warc_record *r,
		       struct err *e)
{
	unsigned char sha[SHA1_SIZE];
	char hex[2 * SHA1_SIZE + 1];
	struct http_payload p;
	int code = http_payload_read(r->block, &d->chunks, &d->decoded, &p, e);

	if (code)
		return code;
	buf_printf(&d->line, ",\"status\":%d", p.status);
	if (p.mime.p)
		add_text(&d->line, "mime", p.mime);
	if (p.coding.n)
		add_text(&d->line, "coding", p.coding);
	if (p.chunked)
		buf_add_z(&d->line, ",\"chunked\":true");
	if (!EVP_Digest(p.bytes.p ? p.bytes.p : "", p.bytes.n, sha, NULL,
			EVP_sha1(), NULL))
		return -ENOMEM;
	hash_hex(sha, SHA1_SIZE, hex);
	buf_printf(&d->line, ",\"payload_bytes\":%zu,\"payload_sha1\":\"%s\"",
		   p.bytes.n, hex);
	return 0;
}

static void add_error(struct dump *d, const char *why)
{
	json_add_name(&d->line, "error");
	tame_json(str_of(why), &d->line);
}

static int add_record(struct dump *d, const struct warc_record *r)
{
	struct err why = { "" };
	int code = 0;

	add_text(&d->line, "type", r->type);
	add_text(&d->line, "uri", r->uri);
	add_text(&d->line, "date", r->date);
	add_text(&d->line, "id", r->id);
	buf_printf(&d->line, ",\"length\":%" PRIu64 ",\"complete\":%s",
		   r->length, r->complete ? "true" : "false");
	if (str_is(r->type, "response") && !r->large &&
	    str_starts(r->block, STR("HTTP/")))
		code = add_payload(d, r, &why);
	if (r->why[0])
		add_error(d, r->why);
	else if (code == STEP_REJECT)
		add_error(d, why.text);
	return code < 0 ? code : 0;
}

static int write_line(struct dump *d)
{
	buf_add_z(&d->line, "}\n");
	if (buf_error(&d->line))
		return buf_error(&d->line);
	if (fwrite(d->line.p, 1, d->line.n, d->out) != d->line.n)
		return errno ? -errno : -EIO;
	return 0;
}

static int dump_next(struct dump *d, struct warc *w, struct err *e)
{
	struct warc_record record;
	struct err why = { "" };
	int r = warc_next(w, &record, &why);

	buf_clear(&d->line);
	buf_add_char(&d->line, '{');
	if (r == STEP_REJECT)
		add_error(d, why.text);
	else if (!r)
		r = add_record(d, &record);
	if (r >= 0 && r != STEP_END)
		r = write_line(d);
	return r < 0 ? err_sys(e, r, "reading the archive") : r;
}

int warc_dump(int fd, FILE *out, struct err *e)
{
	const struct members_input in = { read_fd, seek_fd, &fd };
	struct dump d = { .out = out };
	struct warc *w;
	int r = warc_open(&in, (struct members_at){ 0, 0 }, 0, &w);

	if (r)
		return err_sys(e, r, "reading the archive");
	buf_init(&d.line, 1 << 20);
	buf_init(&d.chunks, HTTP_PAYLOAD_MAX);
	buf_init(&d.decoded, HTTP_PAYLOAD_MAX);
	while (!r)
		r = dump_next(&d, w, e);
	buf_done(&d.line);
	buf_done(&d.chunks);
	buf_done(&d.decoded);
	warc_free(w);
	return r == STEP_END ? 0 : r;
}
