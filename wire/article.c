#include "wire/article.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "base/hash.h"

static const char magic[4] = { 'V', 'G', 'I', 'E' };

enum {
	PREAMBLE = 8,
	HEAD_SIZE = 64,
	HEAD_COUNT_AT = 40,
	RECORD_PARTS = 6,
	RECORD_HEAD = 12 + 4 * RECORD_PARTS,
	CREDIT_SIZE = PREAMBLE + 4 * 8,
	OBITUARY_HEAD = PREAMBLE + 8 + 4 + 4 + 4 + 4,
	OBITUARY_MODEL_MAX = 512,
	ACK_HEAD = PREAMBLE + WIRE_ORIGIN_SIZE + 8 + 4 + 8 + 4,
};

/* The lowest bytes of x, lowest first; where the next go. */
static char *set(char *at, uint64_t x, size_t bytes)
{
	x = htole64(x);
	memcpy(at, &x, bytes);
	return at + bytes;
}

static void put(struct buf *b, uint64_t x, size_t bytes)
{
	char at[8];

	set(at, x, bytes);
	buf_add(b, at, bytes);
}

static uint64_t get(const char **p, size_t bytes)
{
	uint64_t x = 0;

	memcpy(&x, *p, bytes);
	*p += bytes;
	return le64toh(x);
}

static void put_preamble(struct buf *b, enum wire_kind kind)
{
	buf_add(b, magic, sizeof(magic));
	put(b, WIRE_VERSION, 2);
	put(b, kind, 2);
}

enum wire_kind wire_kind_of(struct str s)
{
	const char *p = s.p;
	uint64_t kind;

	if (s.n < PREAMBLE || memcmp(p, magic, sizeof(magic)))
		return 0;
	p += sizeof(magic);
	if (get(&p, 2) != WIRE_VERSION)
		return 0;
	kind = get(&p, 2);
	return kind >= WIRE_ARTICLES && kind <= WIRE_OBITUARY
		       ? (enum wire_kind)kind
		       : 0;
}

size_t article_size(const struct article *a)
{
	return RECORD_HEAD + a->meta.n + a->title.n + a->text.n + a->target.n +
	       a->keys.n + a->verdict.n;
}

void batch_begin(struct buf *out, const struct batch_head *h)
{
	put_preamble(out, h->kind);
	buf_add(out, h->origin.id, WIRE_ORIGIN_SIZE);
	put(out, h->batch, 8);
	put(out, h->session, 8);
	put(out, h->count, 4);
	put(out, h->flags, 4);
	put(out, h->low, 8);
	put(out, h->window, 8);
}

void batch_add(struct buf *out, const struct article *a)
{
	const struct str part[RECORD_PARTS] = { a->meta,   a->title, a->text,
						a->target, a->keys,
						a->verdict };
	char head[RECORD_HEAD], *p = head;

	p = set(p, a->seq, 8);
	p = set(p, a->flags, 4);
	for (size_t i = 0; i < RECORD_PARTS; i++)
		p = set(p, part[i].n, 4);
	buf_add(out, head, sizeof(head));
	for (size_t i = 0; i < RECORD_PARTS; i++)
		buf_add_str(out, part[i]);
}

void batch_add_packed(struct buf *out, struct str record)
{
	buf_add_str(out, record);
}

int record_open(struct str record, struct article *ret, struct err *e)
{
	struct batch_reader r = { .rest = record, .left = 1 };
	int code = batch_next(&r, ret, e);

	if (!code && r.rest.n)
		return err_set(e, -EPROTO, "%zu bytes behind a record",
			       r.rest.n);
	return code;
}

int batch_end(struct buf *out, uint32_t count)
{
	if (buf_error(out))
		return buf_error(out);
	set(out->p + HEAD_COUNT_AT, count, 4);
	return 0;
}

int batch_open(struct batch_reader *r, struct str s, struct err *e)
{
	const char *p = s.p;
	struct batch_head head, *h = &head;

	h->kind = wire_kind_of(s);
	if (s.n < HEAD_SIZE || s.n > WIRE_BATCH_MAX ||
	    (h->kind != WIRE_ARTICLES && h->kind != WIRE_VERDICTS))
		return err_set(e, -EPROTO,
			       "a message of %zu bytes is no batch of protocol "
			       "version %d",
			       s.n, WIRE_VERSION);
	p += PREAMBLE;
	memcpy(h->origin.id, p, WIRE_ORIGIN_SIZE);
	p += WIRE_ORIGIN_SIZE;
	h->batch = get(&p, 8);
	h->session = get(&p, 8);
	h->count = (uint32_t)get(&p, 4);
	h->flags = (uint32_t)get(&p, 4);
	h->low = get(&p, 8);
	h->window = get(&p, 8);
	if (h->count > WIRE_COUNT_MAX || h->window > WIRE_WINDOW_MAX)
		return err_set(e, -EPROTO,
			       "a batch claims %u records in a window of %llu",
			       h->count, (unsigned long long)h->window);
	r->head = head;
	r->rest = (struct str){ p, s.n - HEAD_SIZE };
	r->left = h->count;
	return 0;
}

int batch_next(struct batch_reader *r, struct article *ret, struct err *e)
{
	struct str part[RECORD_PARTS];
	const char *p = r->rest.p;
	size_t left = r->rest.n;
	struct article a = { 0 };

	if (!r->left)
		return left ? err_set(e, -EPROTO, "%zu bytes behind a batch",
				      left)
			    : STEP_END;
	if (left < RECORD_HEAD)
		goto cut;
	a.seq = get(&p, 8);
	a.flags = (uint32_t)get(&p, 4);
	for (size_t i = 0; i < RECORD_PARTS; i++)
		part[i].n = get(&p, 4);
	left -= RECORD_HEAD;
	for (size_t i = 0; i < RECORD_PARTS; i++) {
		if (part[i].n > left)
			goto cut;
		part[i].p = p;
		p += part[i].n;
		left -= part[i].n;
	}
	a.meta = part[0];
	a.title = part[1];
	a.text = part[2];
	a.target = part[3];
	a.keys = part[4];
	a.verdict = part[5];
	*ret = a;
	r->rest = (struct str){ p, left };
	r->left--;
	return 0;
cut:
	return err_set(e, -EPROTO, "a batch ends inside a record");
}

void credit_write(struct buf *out, const struct credit *c)
{
	put_preamble(out, WIRE_CREDIT);
	put(out, c->session, 8);
	put(out, c->done_batches, 8);
	put(out, c->room_records, 8);
	put(out, c->room_bytes, 8);
}

int credit_read(struct str s, struct credit *ret, struct err *e)
{
	const char *p = s.p;

	if (s.n != CREDIT_SIZE || wire_kind_of(s) != WIRE_CREDIT)
		return err_set(e, -EPROTO,
			       "a message of %zu bytes is no credit", s.n);
	p += PREAMBLE;
	ret->session = get(&p, 8);
	ret->done_batches = get(&p, 8);
	ret->room_records = get(&p, 8);
	ret->room_bytes = get(&p, 8);
	return 0;
}

void ack_write(struct buf *out, const struct ack *a)
{
	put_preamble(out, WIRE_ACK);
	buf_add(out, a->origin.id, WIRE_ORIGIN_SIZE);
	put(out, a->epoch, 8);
	put(out, a->flags, 4);
	put(out, a->low, 8);
	put(out, a->bits.n, 4);
	buf_add_str(out, a->bits);
}

int ack_read(struct str s, struct ack *ret, struct err *e)
{
	const char *p = s.p;
	struct ack a;

	if (s.n < ACK_HEAD || wire_kind_of(s) != WIRE_ACK)
		goto wrong;
	p += PREAMBLE;
	memcpy(a.origin.id, p, WIRE_ORIGIN_SIZE);
	p += WIRE_ORIGIN_SIZE;
	a.epoch = get(&p, 8);
	a.flags = (uint32_t)get(&p, 4);
	a.low = get(&p, 8);
	a.bits.n = get(&p, 4);
	a.bits.p = p;
	if (a.bits.n != s.n - ACK_HEAD || a.bits.n > WIRE_WINDOW_MAX / 8)
		goto wrong;
	*ret = a;
	return 0;
wrong:
	return err_set(e, -EPROTO, "a message of %zu bytes is no ack", s.n);
}

void obituary_write(struct buf *out, const struct obituary *o)
{
	put_preamble(out, WIRE_OBITUARY);
	put(out, o->session, 8);
	put(out, o->signal, 4);
	put(out, o->code, 4);
	put(out, o->judging, 4);
	put(out, o->model.n, 4);
	buf_add_str(out, o->model);
}

int obituary_read(struct str s, struct obituary *ret, struct err *e)
{
	const char *p = s.p;
	struct obituary o;

	if (s.n < OBITUARY_HEAD || wire_kind_of(s) != WIRE_OBITUARY)
		goto wrong;
	p += PREAMBLE;
	o.session = get(&p, 8);
	o.signal = (uint32_t)get(&p, 4);
	o.code = (uint32_t)get(&p, 4);
	o.judging = get(&p, 4) != 0;
	o.model.n = get(&p, 4);
	o.model.p = p;
	if (o.model.n != s.n - OBITUARY_HEAD || o.model.n > OBITUARY_MODEL_MAX)
		goto wrong;
	*ret = o;
	return 0;
wrong:
	return err_set(e, -EPROTO, "a message of %zu bytes is no obituary",
		       s.n);
}

void origin_hex(struct origin o, char out[WIRE_ORIGIN_HEX])
{
	hash_hex(o.id, WIRE_ORIGIN_SIZE, out);
}

static int digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
				      : -1;
}

int origin_parse(struct str hex, struct origin *ret)
{
	struct origin o;

	if (hex.n != 2 * WIRE_ORIGIN_SIZE)
		return -EINVAL;
	for (size_t i = 0; i < WIRE_ORIGIN_SIZE; i++) {
		int hi = digit(hex.p[2 * i]), lo = digit(hex.p[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return -EINVAL;
		o.id[i] = (unsigned char)(hi << 4 | lo);
	}
	*ret = o;
	return 0;
}

int origin_cmp(struct origin a, struct origin b)
{
	return memcmp(a.id, b.id, WIRE_ORIGIN_SIZE);
}
