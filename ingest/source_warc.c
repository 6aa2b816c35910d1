#include "ingest/source_warc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "ingest/harvest.h"
#include "ingest/position.h"
#include "ingest/warc.h"
#include "ingest/warc_find.h"

enum {
	TURN_MS = 500, /* without an article, before others have their turn */
};

struct source_warc {
	const struct source_options *o;
	int fd; /* -1: not open */
	bool is_stdin, stream, ended;
	int64_t until_ms; /* of clock_ms(): nothing more is read in this turn */
	struct stat seen; /* the file in hand */
	struct warc *warc;
	struct warc_record record;
	struct warc_find find;
	struct harvest harvest; /* of the record in hand */
	struct position_bytes before, behind; /* the record in hand */
	uint64_t short_pages; /* passed over */
	size_t head_n;
	char head[POSITION_HEAD];
	struct buf key;
	char place[PATH_MAX + 64], position[POSITION_MAX];
};

static const char *called(const struct source_warc *s)
{
	return s->is_stdin ? "standard input" : s->o->path;
}

/* Who writes the file may go on. And one record may be gigabytes to be passed
 * over, while others wait: as if there were no more for now. */
static int read_on(void *self, void *p, size_t n, size_t *got)
{
	struct source_warc *s = self;
	ssize_t k;
	int r;

	*got = 0;
	if (clock_ms() > s->until_ms)
		return STEP_WAIT;
	if (s->stream) {
		r = source_read(s->fd, p, n, got);
		return !r && !*got && s->o->follow ? STEP_WAIT : r;
	}
	do
		k = read(s->fd, p, n);
	while (k < 0 && errno == EINTR);
	if (k < 0)
		return -errno;
	*got = (size_t)k;
	return !k && s->o->follow ? STEP_WAIT : 0;
}

static int seek_to(void *self, uint64_t offset)
{
	struct source_warc *s = self;

	if (s->stream)
		return -ESPIPE;
	return lseek(s->fd, (off_t)offset, SEEK_SET) < 0 ? -errno : 0;
}

/* The CRC of how the file begins, up to where it was read. */
static uint32_t head_of(struct source_warc *s, uint64_t offset)
{
	size_t n = offset < POSITION_HEAD ? (size_t)offset : POSITION_HEAD;
	ssize_t got = 0;

	if (s->head_n < n)
		got = pread(s->fd, s->head, sizeof(s->head), 0);
	if (got > 0)
		s->head_n = (size_t)got;
	if (n > s->head_n)
		n = s->head_n;
	return hash_crc32c(0, (struct str){ s->head, n });
}

static struct position_bytes position_at(struct source_warc *s,
					 struct members_at at,
					 uint64_t number)
{
	return (struct position_bytes){
		.inode = s->seen.st_ino,
		.offset = at.offset,
		.within = at.within,
		.number = number,
		.head = s->stream ? 0 : head_of(s, at.offset),
	};
}

/* Where it was, if this is that file. */
static int recall(struct source_warc *s, struct position_bytes *was,
		  struct err *e)
{
	struct buf b;
	bool known;
	int r;

	*was = (struct position_bytes){ 0 };
	if (s->stream)
		return 0;
	buf_init(&b, 4096);
	r = position_recall(s->o, buf_view(&s->key), &b, e);
	known = !r && position_bytes_parse(buf_view(&b), was);
	buf_done(&b);
	if (r)
		return r == STEP_END ? 0 : r;
	if (known && was->inode == s->seen.st_ino &&
	    (uint64_t)s->seen.st_size >= was->offset &&
	    head_of(s, was->offset) == was->head)
		return 0;
	position_note(s->o, "cut short or written anew since it was read; "
			    "read from its beginning");
	*was = (struct position_bytes){ 0 };
	return 0;
}

static int begin(struct source_warc *s, struct position_bytes from,
		 struct err *e)
{
	const struct members_input in = { read_on,
					  s->stream ? NULL : seek_to, s };
	const struct members_at at = { from.offset, from.within };
	int r;

	s->ended = false;
	s->before = s->behind = from;
	r = warc_open(&in, at, from.number, &s->warc);
	return r ? err_sys(e, r, "%s", called(s)) : 0;
}

/* A sentence rather than garbage. */
static int check_form(const struct source_warc *s, struct err *e)
{
	unsigned char p[4];

	if (!s->stream && pread(s->fd, p, 4, 0) == 4 &&
	    !memcmp(p, "\x28\xb5\x2f\xfd", 4))
		return err_set(e, -EINVAL,
			       "%s: compressed with zstd, which is not read; "
			       "unpack it first: zstd -d FILE", s->o->path);
	return 0;
}

/* STEP_WAIT: it is not there yet. */
static int open_path(struct source_warc *s, struct err *e)
{
	/* Or a named pipe would block until somebody writes. */
	s->fd = s->is_stdin ? STDIN_FILENO
			    : open(s->o->path,
				   O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (s->fd < 0 && errno == ENOENT && s->o->follow)
		return STEP_WAIT;
	if (s->fd < 0 || fstat(s->fd, &s->seen))
		return err_sys(e, -errno, "%s", called(s));
	s->stream = !S_ISREG(s->seen.st_mode);
	s->head_n = 0;
	if (S_ISDIR(s->seen.st_mode))
		return err_sys(e, -EISDIR, "%s", called(s));
	return check_form(s, e);
}

static int open_first(struct source_warc *s, struct err *e)
{
	struct position_bytes from = { 0 };
	int r = s->is_stdin ? 0 : position_key(s->o->path, &s->key);

	if (r)
		return err_sys(e, r, "%s", s->o->path);
	r = open_path(s, e);
	if (s->stream)
		buf_clear(&s->key);
	if (!r)
		r = recall(s, &from, e);
	return r ? r : begin(s, from, e);
}

static void shut(struct source_warc *s)
{
	warc_free(s->warc);
	s->warc = NULL;
	if (s->fd > STDIN_FILENO)
		close(s->fd);
	s->fd = -1;
}

int source_warc_open(const struct source_options *o, void **ret,
		     struct err *e)
{
	struct source_warc *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return err_sys(e, -ENOMEM, "%s", o->path);
	s->o = o;
	s->fd = -1;
	s->is_stdin = !strcmp(o->path, "-");
	buf_init(&s->key, PATH_MAX + 16);
	warc_find_init(&s->find);
	harvest_init(&s->harvest, o->tools);
	r = open_first(s, e);
	if (r < 0) {
		source_warc_close(s);
		return r;
	}
	*ret = s;
	return 0;
}

/* Another file under our path, or this one cut. */
static bool is_another(const struct source_warc *s)
{
	struct stat st;

	return !s->stream && !stat(s->o->path, &st) &&
	       (st.st_ino != s->seen.st_ino || st.st_dev != s->seen.st_dev ||
		(uint64_t)st.st_size < warc_offset(s->warc));
}

/* Nothing more for now: go on with what the path names now, or wait. */
static int begin_again(struct source_warc *s, struct err *e)
{
	int r;

	if (!s->o->follow || !is_another(s))
		return STEP_WAIT;
	shut(s);
	r = open_path(s, e);
	if (!r)
		r = begin(s, (struct position_bytes){ 0 }, e);
	return r ? r : STEP_WAIT; /* it is read at the next call */
}

static void note_short(struct source_warc *s)
{
	if (s->short_pages)
		position_note(s->o, "pages that hold no article (fewer than %d "
			      "characters of text) and were passed over: "
			      "%" PRIu64, HARVEST_LEAST, s->short_pages);
	s->short_pages = 0;
}

/* All of it is read, also what came after the last article. */
static int finish(struct source_warc *s, struct err *e)
{
	const struct source_memory *m = s->o->memory;
	int r = 0;

	note_short(s);
	if (m && m->remember && s->key.n) {
		position_bytes(&s->behind, s->position);
		r = m->remember(m->self, buf_view(&s->key),
				str_of(s->position));
	}
	if (r < 0)
		return err_sys(e, r, "%s: remembering where it was",
			       called(s));
	return r ? r : STEP_END;
}

static void describe(struct source_warc *s, struct raw *ret)
{
	ret->place = s->place;
	ret->file = s->is_stdin ? NULL : s->o->path;
	ret->key = buf_view(&s->key);
	/* A record is done with its last piece; until then a restart reads it
	 * again, and what came of it is known (raw.once). */
	position_bytes(harvest_more(&s->harvest) ? &s->before : &s->behind,
		       s->position);
	ret->position = ret->key.n ? str_of(s->position)
				   : (struct str){ NULL, 0 };
}

static void set_place(struct source_warc *s, uint64_t number, uint64_t byte)
{
	snprintf(s->place, sizeof(s->place),
		 "%s: record %" PRIu64 " at byte %" PRIu64, called(s), number,
		 byte);
}

/* The record in hand: 0, STEP_END: nothing in it, STEP_REJECT, -errno. */
static int look(struct source_warc *s, struct err *e)
{
	const struct warc_record *r = &s->record;
	struct harvest_find f;
	int code;

	set_place(s, r->number, r->at.offset);
	s->before = s->behind;
	s->behind = position_at(s, r->next, r->number);
	code = warc_find(&s->find, r, &f, e);
	if (!code) {
		code = harvest_begin(&s->harvest, &f, e);
		s->short_pages += code == STEP_END;
	} else if (code == STEP_END && !r->complete) {
		position_note(s->o, "record %" PRIu64 " at byte %" PRIu64
			      ": %s", r->number, r->at.offset, r->why);
	}
	return code == STEP_REJECT ? err_at(e, code, "%s: ", s->place) : code;
}

/* As far as the next record in which something is. */
static int find_record(struct source_warc *s, struct err *e)
{
	int r = STEP_END;

	while (r == STEP_END) {
		r = warc_next(s->warc, &s->record, e);
		if (r == STEP_REJECT) {
			s->before = s->behind;
			s->behind = position_at(s, warc_at(s->warc),
						warc_number(s->warc));
			snprintf(s->place, sizeof(s->place), "%s", called(s));
			return err_at(e, r, "%s: ", s->place);
		}
		if (r == STEP_END) {
			s->ended = true;
			return STEP_END;
		}
		r = r ? r : look(s, e);
		if (r == STEP_END && clock_ms() > s->until_ms)
			return STEP_WAIT;
	}
	return r;
}

int source_warc_next(void *self, struct raw *ret, struct err *e)
{
	struct source_warc *s = self;
	int r = s->fd < 0 ? open_first(s, e) : 0;

	s->until_ms = clock_ms() + TURN_MS;
	if (!r && !s->ended && !harvest_more(&s->harvest))
		r = find_record(s, e);
	if (r == STEP_WAIT && s->warc)
		r = begin_again(s, e);
	if (s->ended)
		return finish(s, e);
	if (r == STEP_WAIT)
		return r;
	*ret = (struct raw){ .kind = RAW_PARSED };
	if (!r) {
		r = harvest_next(&s->harvest, ret, e);
		if (r == STEP_REJECT)
			err_at(e, r, "%s: ", s->place);
	}
	describe(s, ret);
	return r < 0 && !e->text[0] ? err_sys(e, r, "%s", s->place) : r;
}

void source_warc_progress(const void *self, uint64_t *done, uint64_t *total)
{
	const struct source_warc *s = self;

	*done = *total = 0;
	if (!s->warc || s->stream)
		return;
	*done = warc_offset(s->warc);
	*total = (uint64_t)s->seen.st_size;
}

void source_warc_close(void *self)
{
	struct source_warc *s = self;

	shut(s);
	warc_find_done(&s->find);
	harvest_done(&s->harvest);
	buf_done(&s->key);
	free(s);
}
