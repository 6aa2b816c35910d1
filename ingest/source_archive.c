#include "ingest/source_archive.h"

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
#include "ingest/entry.h"
#include "ingest/position.h"
#include "ingest/unpack.h"

enum {
	TURN_MS = 500, /* without an article, before others have their turn */
};

struct source_archive {
	const struct source_options *o;
	int fd; /* -1: not open */
	bool ended;
	struct stat seen; /* the file in hand */
	struct unpack *unpack;
	struct entry entry;
	bool in_entry;
	uint64_t number; /* of the entry in hand, from 1 */
	uint64_t pieces; /* of it, handed out */
	uint64_t skip;	 /* of the first: pieces of an earlier run */
	uint64_t taken;	 /* entries that we could read */
	struct buf key;
	char name[UNPACK_NAME_MAX + 1], where[64];
	char file[PATH_MAX + UNPACK_NAME_MAX + 2];
	char title[PATH_MAX + UNPACK_NAME_MAX + 4];
	char place[PATH_MAX + UNPACK_NAME_MAX + 80], position[POSITION_MAX];
};

static void shut(struct source_archive *s)
{
	unpack_free(s->unpack);
	s->unpack = NULL;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

/* After how many entries, and pieces of the next, we were. */
static int recall(struct source_archive *s, uint64_t *entries,
		  struct err *e)
{
	struct buf b;
	int r;

	*entries = s->skip = 0;
	buf_init(&b, 4096);
	r = position_recall(s->o, buf_view(&s->key), &b, e);
	if (!r && !position_entries_parse(buf_view(&b), &s->seen, entries,
					  &s->skip)) {
		position_note(s->o, "it has changed since it was read; read "
				    "from its beginning");
		*entries = s->skip = 0;
	}
	buf_done(&b);
	return r < 0 ? r : 0;
}

/* STEP_WAIT: it is not there yet. */
static int open_path(struct source_archive *s, struct err *e)
{
	uint64_t entries;
	int r;

	s->fd = open(s->o->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (s->fd < 0 && errno == ENOENT && s->o->follow)
		return STEP_WAIT;
	if (s->fd < 0 || fstat(s->fd, &s->seen))
		return err_sys(e, -errno, "%s", s->o->path);
	r = recall(s, &entries, e);
	if (r)
		return r;
	s->number = entries;
	s->taken = 0;
	s->in_entry = false;
	/* All of it was read: there is nothing to ask a child for. */
	s->ended = entries == UINT64_MAX;
	if (s->ended)
		return 0;
	r = unpack_open(s->fd, entries, entry_is_wanted, &s->unpack, e);
	return r ? err_at(e, r, "%s: ", s->o->path) : 0;
}

int source_archive_open(const struct source_options *o, void **ret,
			struct err *e)
{
	struct source_archive *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return err_sys(e, -ENOMEM, "%s", o->path);
	s->o = o;
	s->fd = -1;
	buf_init(&s->key, PATH_MAX + 16);
	entry_init(&s->entry, o->tools);
	r = position_key(o->path, &s->key);
	r = r ? err_sys(e, r, "%s", o->path) : open_path(s, e);
	if (r < 0) {
		source_archive_close(s);
		return r;
	}
	*ret = s;
	return 0;
}

static void remember(struct source_archive *s, uint64_t entries,
		     uint64_t pieces)
{
	position_entries(&s->seen, entries, pieces, s->position);
}

static void describe(struct source_archive *s, struct raw *ret)
{
	snprintf(s->place, sizeof(s->place), "%s%s", s->title, s->where);
	ret->place = s->place;
	ret->file = s->file;
	ret->key = buf_view(&s->key);
	ret->position = str_of(s->position);
}

static void note_passed(struct source_archive *s)
{
	uint64_t all = unpack_entries(s->unpack);

	if (s->entry.short_pages)
		position_note(s->o, "pages that hold no article (fewer than %d "
			      "characters of text) and were passed over: "
			      "%" PRIu64, HARVEST_LEAST, s->entry.short_pages);
	if (!s->taken && all)
		position_note(s->o, "none of its %" PRIu64 " entries is a "
			      "page, a feed, a text, JSON lines or a crawl "
			      "archive", all);
	s->entry.short_pages = 0;
}

static int finish(struct source_archive *s, struct err *e)
{
	const struct source_memory *m = s->o->memory;
	int r = 0;

	note_passed(s);
	remember(s, UINT64_MAX, 0);
	if (m && m->remember)
		r = m->remember(m->self, buf_view(&s->key),
				str_of(s->position));
	if (r == STEP_WAIT)
		return r;
	s->ended = true;
	shut(s);
	return r < 0 ? err_sys(e, r, "%s: remembering where it was",
			       s->o->path)
		     : STEP_END;
}

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       position_time(a->st_mtim) == position_time(b->st_mtim);
}

/* All is read: is there another? */
static int begin_again(struct source_archive *s, struct err *e)
{
	struct stat st;
	int r;

	if (!s->o->follow)
		return STEP_END;
	if (stat(s->o->path, &st) || same(&st, &s->seen))
		return STEP_WAIT;
	shut(s);
	r = open_path(s, e);
	return r ? r : STEP_WAIT;
}

/* The one file of a .gz, which libarchive calls so, is called as that is. */
static bool is_alone(const struct unpack_entry *u)
{
	return str_is(u->name, "data");
}

/* How the entry is called, and in sentences and records. */
static struct str name_it(struct source_archive *s,
			  const struct unpack_entry *u)
{
	bool alone = is_alone(u);

	snprintf(s->name, sizeof(s->name), STR_FMT, STR_ARG(u->name));
	snprintf(s->file, sizeof(s->file), "%s%s%s", s->o->path,
		 alone ? "" : "/", alone ? "" : s->name);
	snprintf(s->title, sizeof(s->title), "%s%s%s", s->o->path,
		 alone ? "" : ": ", alone ? "" : s->name);
	return alone ? str_of(s->o->path) : u->name;
}

/* On to the next entry, which may have nothing in it: 0; STEP_WAIT; STEP_END:
 * there is none; STEP_REJECT; -errno. */
static int turn(struct source_archive *s, struct err *e)
{
	struct unpack_entry u = { .number = s->number };
	int r = unpack_next(s->unpack, &u, e);
	struct str name;

	if (r == STEP_WAIT || r == STEP_END)
		return r;
	if (r < 0 && !unpack_entries(s->unpack))
		return err_at(e, r, "%s: ", s->o->path);
	if (r < 0)
		return err_at(e, r, "%s: after entry %" PRIu64 ": ",
			      s->o->path, unpack_entries(s->unpack));
	if (u.number != s->number + 1)
		s->skip = 0; /* those were of another */
	s->number = u.number;
	s->pieces = 0;
	s->where[0] = '\0';
	name = name_it(s, &u);
	if (!r)
		r = entry_begin(&s->entry, name, u.bytes, str_of(s->file), e);
	/* The one file of a .gz comes whatever it is. */
	s->taken += r != STEP_END || s->entry.kind != ENTRY_NONE;
	s->in_entry = !r;
	remember(s, s->number, 0);
	if (r == STEP_END)
		return 0; /* nothing in this one */
	return r == STEP_REJECT ? err_at(e, r, "%s: ", s->title) : r;
}

/* The next piece of the entry in hand that was not handed out by an earlier
 * run. */
static int next_piece(struct source_archive *s, struct raw *ret,
		      struct err *e)
{
	int r;

	do {
		err_clear(e);
		*ret = (struct raw){ .kind = RAW_PARSED };
		r = entry_next(&s->entry, ret, s->where, e);
		s->pieces += r == 0 || r == STEP_REJECT;
	} while ((!r || r == STEP_REJECT) && s->pieces <= s->skip);
	s->in_entry = r == 0 || r == STEP_REJECT;
	if (!s->in_entry)
		s->skip = 0;
	remember(s, s->number - 1, s->pieces);
	return r == STEP_REJECT ? err_at(e, r, "%s%s: ", s->title, s->where)
				: r;
}

int source_archive_next(void *self, struct raw *ret, struct err *e)
{
	struct source_archive *s = self;
	int64_t until = clock_ms() + TURN_MS;
	int r = s->fd < 0 && !s->ended ? open_path(s, e) : 0;
	bool piece = false;

	if (!r && s->ended)
		return begin_again(s, e);
	while (!r && !piece) {
		piece = s->in_entry;
		r = piece ? next_piece(s, ret, e) : turn(s, e);
		if (r == STEP_END && !piece)
			return finish(s, e);
		if (r == STEP_END)
			r = piece = 0; /* of this entry */
		if (!r && !piece && clock_ms() > until)
			return STEP_WAIT;
	}
	if (!r || r == STEP_REJECT)
		describe(s, ret);
	else if (r < 0) /* which a folder makes a dead letter */
		ret->place = s->o->path;
	return r;
}

void source_archive_progress(const void *self, uint64_t *done,
			     uint64_t *total)
{
	const struct source_archive *s = self;

	*done = s->unpack ? unpack_offset(s->unpack) : 0;
	*total = s->fd >= 0 ? (uint64_t)s->seen.st_size : 0;
}

void source_archive_close(void *self)
{
	struct source_archive *s = self;

	shut(s);
	entry_done(&s->entry);
	buf_done(&s->key);
	free(s);
}
