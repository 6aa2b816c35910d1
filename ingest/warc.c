#include "ingest/warc.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/warc_head.h"

enum {
	SURE = 7,  /* bytes that tell a record: "WARC/1." */
	MAGIC = 4, /* and a gzip member */
	BACK_FREE = 1 << 20,
	BACK_TIMES = 4, /* what was read, and some, may be read again */
};

/*  PART -> GAP -> HEAD -> BLOCK -> TAIL -> (a record is given) -> GAP …
 *   ^               \______________\______ SEARCH <-> PROBE -> HEAD
 *
 * A state is left only when it is done, so that STEP_WAIT can come in any. */
enum state {
	PART,	/* a new part is to be begun */
	GAP,	/* newlines before a record */
	HEAD,
	BLOCK,
	TAIL,	/* newlines behind it */
	SEARCH, /* for where a record begins */
	PROBE,	/* what looks like a gzip member: is a record in it? */
};

struct warc {
	struct members *m;
	enum state state;
	struct warc_record now;
	struct buf head, block;
	uint64_t had;	   /* bytes of the block gone by */
	struct members_at begin; /* of the block */
	size_t newlines;   /* of the tail: bytes */
	uint64_t top, again; /* bytes read so far; and read again */
	bool line_ends;	   /* searching: the byte before ended a line */
	bool crossed;	   /* from one part into the next, within a record */
};

int warc_open(const struct members_input *in, struct members_at from,
	      uint64_t number, struct warc **ret)
{
	struct warc *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return -ENOMEM;
	r = members_open(in, from, &w->m);
	if (r) {
		free(w);
		return r;
	}
	w->now.number = number;
	buf_init(&w->head, WARC_HEAD_MAX);
	buf_init(&w->block, WARC_BLOCK_MAX);
	*ret = w;
	return 0;
}

void warc_free(struct warc *w)
{
	if (!w)
		return;
	members_free(w->m);
	buf_done(&w->head);
	buf_done(&w->block);
	free(w);
}

struct members_at warc_at(const struct warc *w)
{
	return members_at(w->m);
}

uint64_t warc_number(const struct warc *w)
{
	return w->now.number;
}

uint64_t warc_offset(const struct warc *w)
{
	return members_offset(w->m);
}

/* Read again from this byte of the file, looking for a record. How much is read
 * again is bounded by what was read, or crafted lengths would make it the
 * square. False: it cannot be; go on from here. */
static bool search_from(struct warc *w, uint64_t offset)
{
	uint64_t now = members_offset(w->m), far = now - offset;

	w->state = SEARCH;
	w->line_ends = true;
	w->top = now > w->top ? now : w->top;
	if (w->again + far > BACK_FREE + BACK_TIMES * w->top ||
	    members_back(w->m, offset))
		return false;
	w->again += far;
	return true;
}

/* The part is damaged, or no record is where one should be. */
static void look_on(struct warc *w)
{
	w->state = SEARCH;
	w->line_ends = true;
	if (members_damage(w->m) && members_is_gzip(w->m))
		search_from(w, members_part(w->m) + 1);
}

static int no_record(struct warc *w, const char *why, struct err *e)
{
	const char *damage = members_damage(w->m);

	err_set(e, STEP_REJECT, "at byte %" PRIu64 ": %s%s%s%s; looking for "
		"the next", w->now.at.offset, why, damage ? " (gzip: " : "",
		damage ? damage : "", damage ? ")" : "");
	look_on(w);
	return STEP_REJECT;
}

static int turn(struct warc *w)
{
	int r = members_turn(w->m);

	if (!r)
		w->state = GAP;
	return r;
}

/* Newlines gone by, their number in w->newlines. */
static int skip_newlines(struct warc *w, struct str *s)
{
	int r;

	for (;;) {
		size_t n = 0;

		r = members_look(w->m, 1, s);
		while (!r && n < s->n && (s->p[n] == '\r' || s->p[n] == '\n'))
			n++;
		if (r || !n)
			return r;
		members_take(w->m, n);
		w->newlines += n;
	}
}

static bool is_gzip(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	return s.n >= MAGIC && p[0] == 0x1f && p[1] == 0x8b && p[2] == 8 &&
	       !(p[3] & 0xe0);
}

static bool is_record(struct str s)
{
	return str_starts(s, STR("WARC/1.")) || str_starts(s, STR("WARC/0."));
}

static void begin_head(struct warc *w)
{
	buf_clear(&w->head);
	w->crossed = false;
	w->state = HEAD;
}

/* Before a record: is there one? */
static int gap(struct warc *w, struct err *e)
{
	struct str s;
	int r = skip_newlines(w, &s);

	if (!r)
		r = members_look(w->m, SURE, &s);
	if (r)
		return r;
	w->now.at = members_at(w->m);
	if (!s.n && !members_damage(w->m)) {
		w->state = PART;
		return 0;
	}
	if (!is_record(s)) {
		if (!members_is_gzip(w->m) && is_gzip(s)) {
			w->state = PART;
			return 0;
		}
		return no_record(w, "no WARC record begins here", e);
	}
	begin_head(w);
	return 0;
}

/* Of a record: bytes that go on with it; none: it has no more. A few write one
 * record into several gzip members. */
static int look_within(struct warc *w, struct str *ret)
{
	int r = members_look(w->m, 1, ret);

	if (!r && !ret->n && !w->crossed && members_is_gzip(w->m) &&
	    !members_damage(w->m)) {
		r = members_turn(w->m);
		w->crossed = !r;
	}
	if (r == STEP_END)
		return 0;
	if (r || !w->crossed)
		return r;
	r = members_look(w->m, SURE, ret);
	if (!r && (is_record(*ret) || !members_is_gzip(w->m)))
		ret->n = 0;
	else if (!r)
		w->crossed = false;
	return r;
}

static bool parse_head(struct warc *w)
{
	struct warc_record r = { .at = w->now.at,
				 .number = w->now.number + 1 };
	bool sized = warc_head(&w->head, &r);

	w->now = r;
	return sized;
}

/* Line by line as far as the empty one. */
static int head(struct warc *w, struct err *e)
{
	struct str s;
	const char *end;
	size_t n;
	int r = look_within(w, &s);

	if (r)
		return r;
	if (!s.n)
		return no_record(w, "a record's headers are cut off", e);
	end = memchr(s.p, '\n', s.n);
	n = end ? (size_t)(end - s.p) + 1 : s.n;
	buf_add(&w->head, s.p, n);
	members_take(w->m, n);
	if (buf_error(&w->head) == -ENOMEM)
		return -ENOMEM;
	if (buf_error(&w->head))
		return no_record(w, "a record's headers are larger than 64 KB",
				 e);
	s = buf_view(&w->head);
	if (!str_ends(s, STR("\n\r\n")) && !str_ends(s, STR("\n\n")))
		return 0;
	if (!parse_head(w))
		return no_record(w, "the Content-Length of a record is missing "
				 "or no number", e);
	w->begin = members_at(w->m);
	w->had = w->newlines = 0;
	buf_clear(&w->block);
	w->now.large = w->now.length > WARC_BLOCK_MAX;
	w->state = BLOCK;
	return 0;
}

static int block(struct warc *w)
{
	while (w->had < w->now.length) {
		uint64_t left = w->now.length - w->had;
		struct str s;
		int r = look_within(w, &s);

		if (r)
			return r;
		if (!s.n)
			break;
		if (s.n > left)
			s.n = (size_t)left;
		if (!w->now.large || w->block.n + s.n <= WARC_LARGE_KEPT)
			buf_add_str(&w->block, s);
		members_take(w->m, s.n);
		w->had += s.n;
	}
	w->state = TAIL;
	return buf_error(&w->block);
}

static bool is_cut(const struct warc *w)
{
	return w->had < w->now.length;
}

/* Where in a block another record begins, or NULL. */
static const char *find_record(struct str b)
{
	static const struct str begins = { "\r\n\r\nWARC/1.", 11 };
	const char *p = b.p, *end = b.p + b.n;

	while (p && (size_t)(end - p) >= begins.n) {
		if (str_starts((struct str){ p, (size_t)(end - p) }, begins))
			return p;
		p = memchr(p + 1, '\r', (size_t)(end - p) - 1);
	}
	return NULL;
}

/* What should be behind the block is not: if another record begins within it,
 * its length is wrong. */
static void mend(struct warc *w)
{
	struct str b = buf_view(&w->block);
	const char *p = find_record(b);
	size_t n = p ? (size_t)(p - b.p) : 0;

	if (members_is_gzip(w->m) || (!p && !w->now.large))
		return;
	if (!search_from(w, w->begin.offset + n))
		return;
	w->had = n;
	w->block.n = n;
	w->state = PART; /* for give() to see */
}

static void give(struct warc *w, struct warc_record *ret)
{
	struct warc_record *r = &w->now;
	const char *damage = members_damage(w->m);
	bool mended = w->state == PART;

	r->complete = !is_cut(w) && !damage;
	if (is_cut(w))
		snprintf(r->why, sizeof(r->why),
			 "cut off after %" PRIu64 " of %" PRIu64 " bytes",
			 w->had, r->length);
	else if (damage)
		snprintf(r->why, sizeof(r->why), "damaged (gzip: %s)", damage);
	w->state = mended ? SEARCH : GAP;
	if (!mended && damage)
		look_on(w);
	r->next = members_at(w->m);
	r->block = buf_view(&w->block);
	*ret = *r;
}

/* The newlines behind a block; then it can be given. While more is waited for,
 * who has the two that there must be gives it at once. */
static int tail(struct warc *w, struct warc_record *ret)
{
	struct str s = { NULL, 0 };
	int r = skip_newlines(w, &s);
	bool follows;

	if (!r)
		r = members_look(w->m, SURE, &s);
	if (r && (r != STEP_WAIT || w->newlines < 4 || is_cut(w)))
		return r;
	follows = r || !s.n || is_record(s) || is_gzip(s);
	if (is_cut(w) || !follows)
		mend(w);
	give(w, ret);
	return STEP_END;
}

static size_t find(const struct warc *w, struct str s)
{
	bool plain = !members_is_gzip(w->m), ends = w->line_ends;
	size_t i = 0;

	for (; i < s.n; i++) {
		struct str at = { s.p + i, s.n - i };

		if (s.p[i] == 'W' && ends && is_record(at))
			break;
		if (s.p[i] == 0x1f && plain && is_gzip(at))
			break;
		ends = s.p[i] == '\n';
	}
	return i;
}

static int search(struct warc *w)
{
	struct str s;
	size_t i, n;
	int r = members_look(w->m, SURE, &s);

	if (r)
		return r;
	i = find(w, s);
	if (i < s.n) {
		members_take(w->m, i);
		w->now.at = members_at(w->m);
		begin_head(w);
		if (s.p[i] == 'W')
			return 0;
		w->state = PROBE;
		return members_turn(w->m);
	}
	/* What has begun at the end is looked at again with more. */
	n = s.n < SURE ? s.n : s.n - SURE + 1;
	if (n)
		w->line_ends = s.p[n - 1] == '\n';
	members_take(w->m, n);
	if (n)
		return 0;
	w->line_ends = true;
	return members_turn(w->m);
}

static int probe(struct warc *w)
{
	struct str s;
	int r = members_look(w->m, SURE, &s);

	if (r)
		return r;
	w->state = HEAD;
	if (is_record(s))
		return 0;
	w->state = SEARCH;
	w->line_ends = false;
	members_back(w->m, members_part(w->m) + 1);
	return 0;
}

static int step(struct warc *w, struct warc_record *ret, struct err *e)
{
	switch (w->state) {
	case PART:
		return turn(w);
	case GAP:
		return gap(w, e);
	case HEAD:
		return head(w, e);
	case BLOCK:
		return block(w);
	case TAIL:
		return tail(w, ret);
	case SEARCH:
		return search(w);
	case PROBE:
		return probe(w);
	}
	return 0;
}

int warc_next(struct warc *w, struct warc_record *ret, struct err *e)
{
	bool given = false;
	int r = 0;

	while (!r) {
		given = w->state == TAIL;
		r = step(w, ret, e);
	}
	return r == STEP_END && given ? 0 : r;
}
