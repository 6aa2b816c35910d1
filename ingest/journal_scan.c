#include "ingest/journal_scan.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1 << 20, PAGE = 4096 };

void journal_scan_init(struct journal_scan *s)
{
	*s = (struct journal_scan){ .fd = -1 };
	buf_init(&s->block, JOURNAL_FRAME_MAX + BLOCK);
}

void journal_scan_done(struct journal_scan *s)
{
	buf_done(&s->block);
}

void journal_scan_file(struct journal_scan *s, int fd, uint64_t at,
		       uint64_t size)
{
	s->fd = fd;
	s->at = at;
	s->size = size;
	s->spent = 0;
	buf_clear(&s->block);
	s->block_at = at;
}

/* One page of a disk that fails. */
static ssize_t read_page(int fd, char *p, size_t n, uint64_t at)
{
	size_t page = PAGE - at % PAGE;
	ssize_t got;

	if (n < page)
		page = n;
	do
		got = pread(fd, p, page, (off_t)at);
	while (got < 0 && errno == EINTR);
	if (got >= 0 || errno != EIO)
		return got;
	memset(p, 0, page);
	return (ssize_t)page;
}

/* Fill the last n bytes of the block, which are [at, at + n) of the file; where
 * it turns out to be shorter, so is the block. */
static int fill(struct journal_scan *s, uint64_t at, size_t n)
{
	char *p = s->block.p + s->block.n - n;

	while (n) {
		ssize_t got = pread(s->fd, p, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EIO)
			got = read_page(s->fd, p, n, at);
		if (got < 0)
			return -errno;
		if (!got)
			break;
		p += got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
	s->block.n -= n;
	return 0;
}

static bool has(const struct journal_scan *s, uint64_t at, size_t n)
{
	return at >= s->block_at && at - s->block_at <= s->block.n &&
	       n <= s->block.n - (size_t)(at - s->block_at);
}

/* Move the block to begin at `at` and to hold n bytes at least. */
static int load(struct journal_scan *s, uint64_t at, size_t n)
{
	size_t keep = 0, want = n < BLOCK ? BLOCK : n;

	if (want > s->size - at)
		want = (size_t)(s->size - at);
	if (s->block.n && has(s, at, 0)) {
		keep = s->block.n - (size_t)(at - s->block_at);
		memmove(s->block.p, s->block.p + (at - s->block_at), keep);
	}
	buf_clear(&s->block);
	s->block_at = at;
	if (!buf_grow(&s->block, want))
		return buf_error(&s->block);
	return fill(s, at + keep, want - keep);
}

int journal_scan_bytes(struct journal_scan *s, uint64_t at, size_t n,
		       struct str *ret)
{
	int r = 0;

	*ret = (struct str){ "", 0 };
	if (at >= s->size)
		return 0;
	if (n > s->size - at)
		n = (size_t)(s->size - at);
	if (!has(s, at, n))
		r = load(s, at, n);
	if (r) {
		buf_clear(&s->block);
		return r;
	}
	if (!has(s, at, n)) {
		/* Somebody made the file shorter. */
		n = s->block.n;
		s->size = at + n;
	}
	if (n)
		*ret = (struct str){ s->block.p + (at - s->block_at), n };
	return 0;
}

static bool believe(const struct journal_scan *s, struct str bytes,
		    struct journal_frame *ret)
{
	return journal_frame_read(bytes, ret) && ret->number > s->number &&
	       ret->seq >= s->seq &&
	       (!s->has_origin || !origin_cmp(ret->origin, s->origin));
}

/* Does a frame begin at `at`? */
static int begins(struct journal_scan *s, uint64_t at,
		  struct journal_frame *frame, bool *ret)
{
	struct str head;
	int r = journal_scan_bytes(s, at, JOURNAL_FRAME_HEAD, &head);

	if (!r)
		*ret = believe(s, head, frame);
	return r;
}

/* What the block holds from `at` on: a head at least, unless the file ends. */
static int rest_of_block(struct journal_scan *s, uint64_t at, struct str *ret)
{
	int r = journal_scan_bytes(s, at, JOURNAL_FRAME_HEAD, ret);

	if (!r && ret->n)
		ret->n = s->block.n - (size_t)(at - s->block_at);
	return r;
}

static const char *find_mark(struct str block)
{
	const char *end = block.p + block.n, *p = block.p;

	while (end - p >= JOURNAL_FRAME_MARK) {
		p = memchr(p, journal_mark[0],
			   (size_t)(end - p) - JOURNAL_FRAME_MARK + 1);
		if (!p || !memcmp(p, journal_mark, JOURNAL_FRAME_MARK))
			return p;
		p++;
	}
	return NULL;
}

/* The next place from `at` on where a frame begins; else the size. */
static int find(struct journal_scan *s, uint64_t at, uint64_t *ret)
{
	struct journal_frame frame;
	struct str block;
	bool found = false;
	int r = 0;

	while (!r && at < s->size) {
		const char *mark;

		r = rest_of_block(s, at, &block);
		if (r)
			break;
		mark = find_mark(block);
		if (!mark) {
			/* A part of a mark may end the block. */
			at += block.n < JOURNAL_FRAME_MARK
				      ? block.n
				      : block.n - JOURNAL_FRAME_MARK + 1;
			if (at + JOURNAL_FRAME_MARK > s->size)
				at = s->size;
			continue;
		}
		at += (uint64_t)(mark - block.p);
		r = begins(s, at, &frame, &found);
		if (found)
			break;
		at++;
	}
	*ret = at < s->size ? at : s->size;
	return r;
}

/* The beginning of a mark, or of a frame's head, at the end of the file. */
static bool is_short_head(struct str bytes)
{
	size_t n = bytes.n < JOURNAL_FRAME_MARK ? bytes.n : JOURNAL_FRAME_MARK;

	return bytes.n < JOURNAL_FRAME_HEAD &&
	       !memcmp(bytes.p, journal_mark, n);
}

static int garbage(struct journal_scan *s, struct str head,
		   struct journal_piece *ret)
{
	uint64_t end;
	int r = 0;

	ret->found = JOURNAL_GARBAGE;
	if (is_short_head(head)) {
		ret->found = JOURNAL_SHORT;
		end = s->size;
	} else {
		r = find(s, s->at + 1, &end);
	}
	ret->n = end - s->at;
	s->at = end;
	return r;
}

/* Does a frame begin at `at` that may follow upon this one? */
static int begins_behind(struct journal_scan *s, uint64_t at,
			 const struct journal_frame *frame,
			 struct journal_frame *next, bool *ret)
{
	const uint64_t number = s->number, seq = s->seq;
	int r;

	s->number = frame->number;
	s->seq = frame->end;
	r = begins(s, at, next, ret);
	s->number = number;
	s->seq = seq;
	return r;
}

/* The entries are damaged. Where the frame says that it ends, the next one
 * should begin; where none does, one may begin within. Who forged heads within
 * heads would have us verify for ever: after so much we take their word. */
static int damaged(struct journal_scan *s, struct journal_piece *ret)
{
	uint64_t n = JOURNAL_FRAME_HEAD + (uint64_t)ret->frame.length;
	bool ends = s->at + n == s->size || s->spent / 4 > s->size;
	struct journal_frame next;
	int r = 0;

	ret->found = JOURNAL_DAMAGED;
	ret->entries = (struct str){ "", 0 };
	if (!ends)
		r = begins_behind(s, s->at + n, &ret->frame, &next, &ends);
	s->spent += n;
	ret->has_frame = ends;
	ret->n = ends ? n : JOURNAL_FRAME_HEAD;
	if (ends) {
		s->number = ret->frame.number;
		s->seq = ret->frame.end;
	}
	s->at += ret->n;
	return r;
}

static int whole(struct journal_scan *s, struct journal_piece *ret)
{
	size_t n = JOURNAL_FRAME_HEAD + ret->frame.length;
	struct str bytes;
	int r;

	if (n > s->size - s->at) {
		ret->found = JOURNAL_SHORT;
		ret->n = JOURNAL_FRAME_HEAD;
		s->at += ret->n;
		return 0;
	}
	r = journal_scan_bytes(s, s->at, n, &bytes);
	if (r)
		return r;
	if (bytes.n < n)
		return journal_scan_next(s, ret); /* shorter now */
	ret->entries = (struct str){ bytes.p + JOURNAL_FRAME_HEAD,
				     bytes.n - JOURNAL_FRAME_HEAD };
	if (!journal_frame_check(&ret->frame, ret->entries))
		return damaged(s, ret);
	ret->found = JOURNAL_GOOD;
	ret->has_frame = true;
	ret->n = n;
	s->at += n;
	s->number = ret->frame.number;
	s->seq = ret->frame.end;
	s->origin = ret->frame.origin;
	s->has_origin = true;
	return 0;
}

int journal_scan_next(struct journal_scan *s, struct journal_piece *ret)
{
	struct str head;
	int r = journal_scan_bytes(s, s->at, JOURNAL_FRAME_HEAD, &head);

	if (r)
		return r;
	if (!head.n)
		return STEP_END;
	*ret = (struct journal_piece){ .at = s->at };
	if (believe(s, head, &ret->frame))
		return whole(s, ret);
	return garbage(s, head, ret);
}

int journal_scan_skip(struct journal_scan *s, uint64_t seq)
{
	struct journal_frame frame;
	bool found;
	int r = begins(s, s->at, &frame, &found);

	while (!r && found && frame.end <= seq) {
		uint64_t n = JOURNAL_FRAME_HEAD + (uint64_t)frame.length;
		struct journal_frame next;

		/* Where it says that it ends, another begins: else who knows
		 * what it holds. The last one is looked at. */
		if (n > s->size - s->at)
			break;
		r = begins_behind(s, s->at + n, &frame, &next, &found);
		if (r || !found)
			break;
		s->at += n;
		s->number = frame.number;
		s->seq = frame.end;
		frame = next;
	}
	return r;
}
