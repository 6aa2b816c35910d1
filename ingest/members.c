#include "ingest/members.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/err.h"

enum {
	BEHIND = 64 << 10, /* bytes of the file that stay within reach */
	RAW = 256 << 10,
	FIRST = 4 << 10, /* plain bytes made at first: few, when a part turns
			  * out to be none */
};

/*  raw    [ behind | at … not yet inflated … n )	base: raw[0] in the file
 *  plain  [ at … made and not taken … n )
 *
 * In a plain part the bytes are copied, which costs little and makes both
 * alike. */
struct members {
	struct members_input in;
	bool gzip, over, ended; /* the part is over; the file has ended */
	const char *damage;
	uint64_t part, within; /* where it begins; bytes of it taken */
	uint64_t skip;	       /* still to be taken unseen */
	uint64_t base;
	size_t raw_at, raw_n, at, n;
	z_stream z;
	unsigned char raw[BEHIND + RAW], plain[MEMBERS_LOOK];
};

int members_open(const struct members_input *in, struct members_at from,
		 struct members **ret)
{
	struct members *m = calloc(1, sizeof(*m));
	int r = 0;

	if (!m)
		return -ENOMEM;
	m->in = *in;
	m->over = true;
	m->skip = from.within;
	if (from.offset)
		r = in->seek ? in->seek(in->self, from.offset) : -ESPIPE;
	m->base = from.offset;
	if (!r && inflateInit2(&m->z, 15 + 16) != Z_OK)
		r = -ENOMEM;
	if (r) {
		free(m);
		return r;
	}
	*ret = m;
	return 0;
}

void members_free(struct members *m)
{
	if (!m)
		return;
	inflateEnd(&m->z);
	free(m);
}

/* More of the file behind what there is. 0, also at its end. */
static int fill(struct members *m)
{
	size_t got, drop;
	int r;

	if (m->raw_n == sizeof(m->raw)) {
		drop = m->raw_at > BEHIND ? m->raw_at - BEHIND : 0;
		memmove(m->raw, m->raw + drop, m->raw_n - drop);
		m->base += drop;
		m->raw_at -= drop;
		m->raw_n -= drop;
	}
	r = m->in.read(m->in.self, m->raw + m->raw_n,
		       sizeof(m->raw) - m->raw_n, &got);
	if (r)
		return r;
	m->raw_n += got;
	m->ended = !got;
	return 0;
}

static void begin(struct members *m, bool gzip)
{
	m->gzip = gzip;
	m->over = false;
	m->damage = NULL;
	m->part = m->base + m->raw_at;
	m->within = 0;
	m->at = m->n = 0;
	if (gzip)
		inflateReset(&m->z);
}

/* Into the window, or by seeking. */
static int go_to(struct members *m, uint64_t offset)
{
	int r;

	m->at = m->n = 0;
	if (offset >= m->base && offset - m->base <= m->raw_n) {
		m->raw_at = (size_t)(offset - m->base);
		return 0;
	}
	r = m->in.seek ? m->in.seek(m->in.self, offset) : -ESPIPE;
	if (r)
		return r;
	m->base = offset;
	m->raw_at = m->raw_n = 0;
	return 0;
}

/* What a plain part has copied and nobody took is not gone by. */
static int give_back(struct members *m)
{
	return !m->gzip && m->n > m->at
		       ? go_to(m, m->part + m->within)
		       : 0;
}

/* At least n bytes of the file, unless it ends before. */
static int have(struct members *m, size_t n)
{
	int r = 0;

	while (!r && !m->ended && m->raw_n - m->raw_at < n)
		r = fill(m);
	return r;
}

/* Some pad members with zeros, for tapes. */
static int skip_zeros(struct members *m)
{
	int r = have(m, 1);

	while (!r && m->raw_at < m->raw_n && !m->raw[m->raw_at]) {
		m->raw_at++;
		r = have(m, 1);
	}
	return r;
}

int members_turn(struct members *m)
{
	const unsigned char *p;
	int r = give_back(m);

	m->over = true;
	m->at = m->n = 0;
	m->ended = false;
	if (!r && m->gzip)
		r = skip_zeros(m);
	if (!r)
		r = have(m, 2);
	if (r)
		return r;
	if (m->raw_at == m->raw_n)
		return STEP_END;
	p = m->raw + m->raw_at;
	begin(m, m->raw_n - m->raw_at > 1 && p[0] == 0x1f && p[1] == 0x8b);
	return 0;
}

int members_back(struct members *m, uint64_t offset)
{
	int r = go_to(m, offset);

	m->skip = 0;
	begin(m, false);
	return r;
}

static void end(struct members *m, const char *damage)
{
	m->over = true;
	m->damage = damage;
}

static void make_gzip(struct members *m)
{
	size_t room = sizeof(m->plain) - m->n;
	int r;

	if (!m->within && !m->n && room > FIRST)
		room = FIRST;
	m->z.next_in = m->raw + m->raw_at;
	m->z.avail_in = (unsigned)(m->raw_n - m->raw_at);
	m->z.next_out = m->plain + m->n;
	m->z.avail_out = (unsigned)room;
	r = inflate(&m->z, Z_NO_FLUSH);
	m->raw_at = m->raw_n - m->z.avail_in;
	m->n += room - m->z.avail_out;
	if (r == Z_STREAM_END)
		end(m, NULL);
	else if (r != Z_OK && r != Z_BUF_ERROR)
		end(m, m->z.msg ? m->z.msg : "damaged");
}

static void make_plain(struct members *m)
{
	size_t room = sizeof(m->plain) - m->n, n = m->raw_n - m->raw_at;

	n = n < room ? n : room;
	memcpy(m->plain + m->n, m->raw + m->raw_at, n);
	m->raw_at += n;
	m->n += n;
}

/* More plain bytes, or the end of the part. */
static int make(struct members *m)
{
	int r = m->raw_at == m->raw_n ? fill(m) : 0;

	if (r)
		return r;
	if (m->raw_at == m->raw_n) {
		end(m, m->gzip ? "it is cut off" : NULL);
		return 0;
	}
	if (m->at) {
		memmove(m->plain, m->plain + m->at, m->n - m->at);
		m->n -= m->at;
		m->at = 0;
	}
	if (m->gzip)
		make_gzip(m);
	else
		make_plain(m);
	return 0;
}

static void pass_over(struct members *m)
{
	size_t n = m->n - m->at;

	if (n > m->skip)
		n = (size_t)m->skip;
	members_take(m, n);
	m->skip -= n;
}

int members_look(struct members *m, size_t n, struct str *ret)
{
	int r = 0;

	while (!r && !m->over && (m->skip || m->n - m->at < n)) {
		r = make(m);
		pass_over(m);
	}
	if (r)
		return r;
	*ret = (struct str){ (const char *)m->plain + m->at, m->n - m->at };
	return 0;
}

void members_take(struct members *m, size_t n)
{
	m->at += n;
	m->within += n;
}

bool members_is_gzip(const struct members *m)
{
	return m->gzip;
}

const char *members_damage(const struct members *m)
{
	return m->damage;
}

uint64_t members_part(const struct members *m)
{
	return m->part;
}

struct members_at members_at(const struct members *m)
{
	bool behind = m->over && m->at == m->n;

	if (m->skip) /* not yet where it was left */
		return (struct members_at){ m->part, m->within + m->skip };
	if (behind)
		return (struct members_at){ m->base + m->raw_at, 0 };
	if (!m->gzip)
		return (struct members_at){ m->part + m->within, 0 };
	return (struct members_at){ m->part, m->within };
}

uint64_t members_offset(const struct members *m)
{
	return m->base + m->raw_at;
}
