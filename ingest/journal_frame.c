#include "ingest/journal_frame.h"

#include <errno.h>
#include <string.h>

#include "base/hash.h"

enum { HEAD_CRC_AT = 12, FRAME_CRC_AT = 8, CRC_SIZE = 4 };

static const char magic[8] = { 'V', 'I', 'G', 'I', 'E', 'J', 'N', 'L' };
const char journal_mark[JOURNAL_FRAME_MARK] = { '\xf7', 'V', 'I', 'G',
						'F',	'R', 'M', '\xfa' };

static void put(unsigned char **at, uint64_t x, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		*(*at)++ = (unsigned char)(x >> 8 * i);
}

static uint64_t get(const char **p, size_t bytes)
{
	uint64_t x = 0;

	for (size_t i = 0; i < bytes; i++)
		x |= (uint64_t)(unsigned char)(*p)[i] << 8 * i;
	*p += bytes;
	return x;
}

static uint32_t get_u32(const char **p)
{
	return (uint32_t)get(p, 4);
}

static uint32_t crc_of(uint32_t before, const void *p, size_t n)
{
	return hash_crc32c(before, (struct str){ p, n });
}

static uint32_t head_crc(const void *head)
{
	const char *p = head;

	return crc_of(crc_of(0, p, HEAD_CRC_AT), p + HEAD_CRC_AT + CRC_SIZE,
		      JOURNAL_HEAD - HEAD_CRC_AT - CRC_SIZE);
}

static uint32_t frame_crc(const void *frame)
{
	return crc_of(0, (const char *)frame + FRAME_CRC_AT + CRC_SIZE,
		      JOURNAL_FRAME_HEAD - FRAME_CRC_AT - CRC_SIZE);
}

void journal_head_write(const struct journal_head *h,
			unsigned char out[JOURNAL_HEAD])
{
	unsigned char *at = out + sizeof(magic);

	memcpy(out, magic, sizeof(magic));
	put(&at, h->version, 4);
	put(&at, 0, CRC_SIZE);
	memcpy(at, h->origin.id, WIRE_ORIGIN_SIZE);
	at += WIRE_ORIGIN_SIZE;
	put(&at, h->segment, 8);
	put(&at, h->seq, 8);
	put(&at, h->frame, 8);
	put(&at, h->before, 8);
	put(&at, h->total, 8);
	at = out + HEAD_CRC_AT;
	put(&at, head_crc(out), CRC_SIZE);
}

bool journal_head_read(struct str bytes, struct journal_head *ret)
{
	struct journal_head h;
	const char *p = bytes.p;

	if (bytes.n < JOURNAL_HEAD || memcmp(p, magic, sizeof(magic)))
		return false;
	p += sizeof(magic);
	h.version = get_u32(&p);
	if (get_u32(&p) != head_crc(bytes.p))
		return false;
	memcpy(h.origin.id, p, WIRE_ORIGIN_SIZE);
	p += WIRE_ORIGIN_SIZE;
	h.segment = get(&p, 8);
	h.seq = get(&p, 8);
	h.frame = get(&p, 8);
	h.before = get(&p, 8);
	h.total = get(&p, 8);
	if (h.seq >= JOURNAL_NUMBER_MAX || h.frame >= JOURNAL_NUMBER_MAX ||
	    h.before >= h.frame || h.total >= JOURNAL_NUMBER_MAX)
		return false;
	*ret = h;
	return true;
}

void journal_frame_write(const struct journal_frame *f,
			 unsigned char out[JOURNAL_FRAME_HEAD])
{
	unsigned char *at = out + FRAME_CRC_AT + CRC_SIZE;

	memcpy(out, journal_mark, JOURNAL_FRAME_MARK);
	put(&at, f->length, 4);
	put(&at, f->crc, 4);
	put(&at, f->articles, 4);
	put(&at, f->entries, 4);
	put(&at, 0, 4);
	memcpy(at, f->origin.id, WIRE_ORIGIN_SIZE);
	at += WIRE_ORIGIN_SIZE;
	put(&at, f->number, 8);
	put(&at, f->seq, 8);
	put(&at, f->end, 8);
	put(&at, f->total, 8);
	at = out + FRAME_CRC_AT;
	put(&at, frame_crc(out), CRC_SIZE);
}

static bool can_be(const struct journal_frame *f)
{
	return f->length <= JOURNAL_FRAME_MAX - JOURNAL_FRAME_HEAD &&
	       f->articles <= f->entries &&
	       f->entries <= f->length / JOURNAL_ENTRY_HEAD && f->number &&
	       f->number < JOURNAL_NUMBER_MAX && f->end < JOURNAL_NUMBER_MAX &&
	       f->seq <= f->end && f->articles <= f->end - f->seq &&
	       f->total < JOURNAL_NUMBER_MAX;
}

bool journal_frame_read(struct str bytes, struct journal_frame *ret)
{
	struct journal_frame f;
	const char *p = bytes.p;

	if (bytes.n < JOURNAL_FRAME_HEAD ||
	    memcmp(p, journal_mark, JOURNAL_FRAME_MARK))
		return false;
	p += FRAME_CRC_AT;
	if (get_u32(&p) != frame_crc(bytes.p))
		return false;
	f.length = get_u32(&p);
	f.crc = get_u32(&p);
	f.articles = get_u32(&p);
	f.entries = get_u32(&p);
	p += 4;
	memcpy(f.origin.id, p, WIRE_ORIGIN_SIZE);
	p += WIRE_ORIGIN_SIZE;
	f.number = get(&p, 8);
	f.seq = get(&p, 8);
	f.end = get(&p, 8);
	f.total = get(&p, 8);
	if (!can_be(&f))
		return false;
	*ret = f;
	return true;
}

bool journal_frame_check(const struct journal_frame *f, struct str entries)
{
	uint64_t next = f->seq;
	uint32_t n = 0, articles = 0;
	struct journal_entry entry;
	int r;

	if (entries.n != f->length || hash_crc32c(0, entries) != f->crc)
		return false;
	while (!(r = journal_entry_next(&entries, &entry))) {
		n++;
		if (entry.kind != JOURNAL_ARTICLE)
			continue;
		if (entry.seq < next || entry.seq >= f->end)
			return false;
		next = entry.seq + 1;
		articles++;
	}
	return r == STEP_END && n == f->entries && articles == f->articles;
}

void journal_entry_write(struct buf *out, const struct journal_entry *entry)
{
	size_t n = JOURNAL_ENTRY_HEAD + entry->name.n + entry->value.n;
	unsigned char *at = buf_grow(out, n);

	if (!at)
		return;
	put(&at, entry->kind, 4);
	put(&at, entry->name.n, 4);
	put(&at, entry->value.n, 4);
	put(&at, entry->seq, 8);
	if (entry->name.n)
		memcpy(at, entry->name.p, entry->name.n);
	if (entry->value.n)
		memcpy(at + entry->name.n, entry->value.p, entry->value.n);
}

int journal_entry_next(struct str *rest, struct journal_entry *ret)
{
	const char *p = rest->p;
	size_t name, value, left;

	if (!rest->n)
		return STEP_END;
	if (rest->n < JOURNAL_ENTRY_HEAD)
		return -EBADMSG;
	ret->kind = (enum journal_kind)get_u32(&p);
	name = get_u32(&p);
	value = get_u32(&p);
	ret->seq = get(&p, 8);
	left = rest->n - JOURNAL_ENTRY_HEAD;
	if (name > left || value > left - name)
		return -EBADMSG;
	ret->name = (struct str){ p, name };
	ret->value = (struct str){ p + name, value };
	*rest = (struct str){ p + name + value, left - name - value };
	return 0;
}
