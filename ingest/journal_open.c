/* Opening a journal: the lock, the replay, and what a crash or a failing disk
 * left to be put right. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/broken.h"
#include "base/file.h"
#include "ingest/journal_parts.h"

enum {
	NOTES_MAX = 8,
	COPY_BLOCK = 1 << 20,
	ASIDE_NAME = sizeof("damaged-16 digits-at most 20 digits.bin") + 16,
};

struct recovery {
	struct journal *j;
	const struct journal_replay *replay;
	struct buf *notes;
	uint64_t noted;
	uint64_t tail; /* bytes at the end that are no frames */
	bool has_tail;
	struct err *e;
};

static void note_gap(struct recovery *rec, const struct journal_gap *gap,
		     const char *what, const char *then)
{
	char name[JOURNAL_NAME_MAX];

	if (rec->noted++ >= NOTES_MAX)
		return;
	journal_name(gap->segment, name);
	buf_printf(rec->notes,
		   "%s/%s: %" PRIu64 " bytes at byte %" PRIu64 " %s",
		   rec->j->path, name, gap->n, gap->at, what);
	if (gap->frames)
		buf_printf(rec->notes, " (%" PRIu64 " frame%s, %" PRIu64
				       " article%s)",
			   gap->frames, gap->frames == 1 ? "" : "s",
			   gap->articles, gap->articles == 1 ? "" : "s");
	buf_printf(rec->notes, "; %s\n", then);
}

/* Setting bytes aside. */

static int copy(int from, uint64_t at, uint64_t n, int to)
{
	struct journal_scan s;
	struct str block;
	int r = 0;

	journal_scan_init(&s);
	journal_scan_file(&s, from, at, at + n);
	while (!r && at < s.size) {
		r = journal_scan_bytes(&s, at, COPY_BLOCK, &block);
		if (!r)
			r = file_write_all(to, block);
		at += block.n;
	}
	journal_scan_done(&s);
	return r;
}

/* The name says where the bytes were; a file of that name holds them since an
 * earlier opening. They outlast the cut that may follow. 0 or -errno. */
static int set_aside(struct recovery *rec, const struct journal_gap *gap,
		     int from, char name[ASIDE_NAME])
{
	struct journal *j = rec->j;
	int fd, r;

	snprintf(name, ASIDE_NAME, "damaged-%016" PRIu64 "-%" PRIu64 ".bin",
		 gap->segment, gap->at);
	fd = openat(j->folder, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? 0 : -errno;
	r = copy(from, gap->at, gap->n, fd);
	if (!r && gap->tail)
		r = journal_sync(fd);
	close(fd);
	if (!r && gap->tail)
		r = journal_sync_folder(j);
	if (r)
		unlinkat(j->folder, name, 0);
	return r;
}

/* What the walk tells. */

static int take_gap(void *self, const struct journal_gap *gap, int fd)
{
	struct recovery *rec = self;
	struct journal *j = rec->j;
	char name[ASIDE_NAME], then[ASIDE_NAME + 64];
	int r = 0;

	if (!gap->n) {
		note_gap(rec, gap, "are left and more are missing",
			 "reading goes on behind them");
	} else if (gap->tail && gap->torn) {
		note_gap(rec, gap, "of a frame that was never finished",
			 "they are cut off");
	} else {
		r = set_aside(rec, gap, fd, name);
		snprintf(then, sizeof(then), r ? "not set aside: %s"
					       : "set aside in %s",
			 r ? strerror(-r) : name);
		note_gap(rec, gap, "are damaged", then);
	}
	if (gap->tail) {
		rec->has_tail = true;
		rec->tail = gap->n;
		j->stats.cut_bytes = gap->n;
		j->cuts = !r;
		j->cut_segment = gap->segment;
		j->cut_at = gap->at;
	}
	if (gap->tail && gap->torn)
		return 0;
	j->stats.damaged_bytes += gap->n;
	j->stats.damaged_frames += gap->frames ? gap->frames : gap->tail;
	j->stats.damaged_articles += gap->articles;
	return 0;
}

static int take_segment(void *self, const struct journal_segment *s)
{
	struct journal *j = ((struct recovery *)self)->j;
	int r = journal_reserve(j);

	if (r)
		return r;
	j->kept[j->n++] = (struct journal_kept){
		.seg = *s, .counted = s->damaged ? s->bytes : 0
	};
	j->stats.bytes += s->bytes;
	return 0;
}

static int take_entry(void *self, const struct journal_entry *entry)
{
	const struct journal_replay *to = ((struct recovery *)self)->replay;

	return to && to->each ? to->each(to->self, entry) : 0;
}

static void take_progress(void *self, uint64_t done, uint64_t total)
{
	const struct journal_replay *to = ((struct recovery *)self)->replay;

	if (to && to->progress)
		to->progress(to->self, done, total);
}

/* The folder and its lock. */

static int sync_parent(const char *path, struct err *e)
{
	struct str full = str_of(path), folder;
	char name[4096];
	int fd, r = 0;

	while (full.n > 1 && full.p[full.n - 1] == '/')
		full.n--;
	snprintf(name, sizeof(name), STR_FMT, STR_ARG(full));
	folder = file_folder(name);
	if (folder.n)
		name[folder.n] = '\0';
	fd = open(folder.n ? name : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || (!broken("nosync") && fsync(fd)))
		r = err_sys(e, -errno, "folder of %s", path);
	if (fd >= 0)
		close(fd);
	return r;
}

static int open_folder(struct journal *j, struct err *e)
{
	int r = 0;

	if (!mkdir(j->path, 0700))
		r = sync_parent(j->path, e);
	else if (errno != EEXIST)
		r = err_sys(e, -errno, "%s", j->path);
	if (r)
		return r;
	j->folder = open(j->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (j->folder < 0)
		return err_sys(e, -errno, "%s", j->path);
	j->lock = openat(j->folder, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (j->lock < 0)
		return err_sys(e, -errno, "%s/lock", j->path);
	if (!flock(j->lock, LOCK_EX | LOCK_NB))
		return 0;
	if (errno == EWOULDBLOCK)
		return err_set(e, -EADDRINUSE,
			       "%s: another ingest has this journal open: give "
			       "each its own folder",
			       j->path);
	return err_sys(e, -errno, "%s/lock: lock", j->path);
}

/* After the walk. */

static uint64_t higher(uint64_t bytes, uint64_t least)
{
	uint64_t n = bytes / least;

	return n > WIRE_WINDOW_MAX ? n : WIRE_WINDOW_MAX;
}

/* Numbers that were given may have been in the tail: go on above all that can
 * have been. */
static void rise(struct recovery *rec)
{
	struct journal_sum *sum = &rec->j->sum;

	if (!rec->has_tail || !sum->has_origin || broken("no-cut"))
		return;
	sum->next += higher(rec->tail, JOURNAL_ARTICLE_MIN);
	sum->frame += higher(rec->tail, JOURNAL_FRAME_HEAD);
}

/* A segment that was about to be begun when the power went holds nothing. That
 * it held something once cannot be ruled out. */
static void look_at_newest(struct recovery *rec)
{
	const struct journal_segment *s = &rec->j->kept[rec->j->n - 1].seg;
	char name[JOURNAL_NAME_MAX];

	if (s->bytes)
		return;
	rec->has_tail = true;
	journal_name(s->number, name);
	buf_printf(rec->notes, "%s/%s: empty; numbers go on %d higher\n",
		   rec->j->path, name, WIRE_WINDOW_MAX);
}

/* Frames that a killed life wrote may still be in memory only, and they are
 * about to be relied on. */
static int open_newest(struct journal *j, struct err *e)
{
	const struct journal_segment *s = &j->kept[j->n - 1].seg;
	char name[JOURNAL_NAME_MAX];

	journal_name(s->number, name);
	j->fd = openat(j->folder, name, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (j->fd < 0)
		return err_sys(e, -errno, "%s/%s", j->path, name);
	if (journal_sync(j->fd) || journal_sync_folder(j))
		return err_set(e, -EIO, "%s/%s: sync failed", j->path, name);
	return 0;
}

/* Nothing is ever appended behind damage. */
static bool wants_new(const struct journal *j)
{
	const struct journal_segment *s;

	if (!j->n)
		return true;
	s = &j->kept[j->n - 1].seg;
	return !s->has_head || (s->damaged && !broken("no-cut"));
}

static int settle(struct recovery *rec)
{
	struct journal *j = rec->j;
	struct err why = { "" };
	int r = 0;

	if (j->n)
		look_at_newest(rec);
	rise(rec);
	if (!j->sum.has_origin && getrandom(j->sum.origin.id, WIRE_ORIGIN_SIZE,
					    0) != WIRE_ORIGIN_SIZE)
		return err_sys(rec->e, -errno, "random numbers");
	j->sum.has_origin = true;
	j->next = j->sum.next;
	if (j->n)
		r = open_newest(j, rec->e);
	if (r || !wants_new(j))
		return r;
	r = journal_begin(j, &why);
	if (r != STEP_WAIT)
		return r ? err_set(rec->e, r, "%s", why.text) : 0;
	/* A full disk is no reason not to send what is there. */
	buf_printf(rec->notes, "%s\n", why.text);
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
	return 0;
}

static void note_rest(struct recovery *rec)
{
	const struct journal *j = rec->j;

	if (rec->noted > NOTES_MAX)
		buf_printf(rec->notes,
			   "%s: %" PRIu64 " places are damaged, the first %d "
			   "of them named above\n",
			   j->path, rec->noted, NOTES_MAX);
	if (j->sum.unknown)
		buf_printf(rec->notes,
			   "%s: passed over %" PRIu64 " entr%s of kinds that "
			   "this version does not know\n",
			   j->path, j->sum.unknown,
			   j->sum.unknown == 1 ? "y" : "ies");
}

static int recover(struct recovery *rec)
{
	const struct journal_visitor v = { .entry = take_entry,
					   .gap = take_gap,
					   .segment = take_segment,
					   .progress = take_progress,
					   .self = rec };
	struct journal *j = rec->j;
	int r = open_folder(j, rec->e);

	if (!r)
		r = journal_walk(j->folder, j->path, &v, &j->sum, rec->e);
	if (!r)
		r = settle(rec);
	if (!r)
		note_rest(rec);
	return r;
}

int journal_open(const struct journal_settings *s,
		 const struct journal_replay *replay, struct buf *notes,
		 struct journal **ret, struct err *e)
{
	struct journal *j = calloc(1, sizeof(*j));
	struct recovery rec = { .j = j, .replay = replay, .notes = notes,
				.e = e };
	int r = -ENOMEM;

	if (!j)
		return err_set(e, r, "%s: not enough memory", s->path);
	j->s = *s;
	j->folder = j->lock = j->fd = -1;
	j->since_ms = -1;
	buf_init(&j->group, JOURNAL_FRAME_MAX);
	journal_cursor_init(&j->cursor);
	j->path = strdup(s->path);
	j->s.path = j->path;
	if (j->path)
		r = recover(&rec);
	if (r == -ENOMEM)
		err_set(e, r, "%s: not enough memory", s->path);
	if (r) {
		journal_free(j);
		return r;
	}
	*ret = j;
	return 0;
}

struct again {
	uint64_t above;
	const struct journal_replay *to;
};

static int take_again(void *self, const struct journal_entry *entry)
{
	const struct again *a = self;

	return entry->frame > a->above ? a->to->each(a->to->self, entry) : 0;
}

int journal_each(struct journal *j, uint64_t frame,
		 const struct journal_replay *replay, struct err *e)
{
	struct again a = { frame, replay };
	const struct journal_visitor v = { .entry = take_again,
					   .progress = NULL,
					   .self = &a };
	struct journal_sum ignored;

	return frame < j->sum.last
		       ? journal_walk(j->folder, j->path, &v, &ignored, e)
		       : 0;
}
