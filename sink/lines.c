#include "sink/lines.h"

#include <errno.h>
#include <limits.h>
#include <linux/stat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/broken.h"
#include "base/clock.h"
#include "base/file.h"
#include "sink/checkpoint.h"
#include "sink/recover.h"
#include "sink/rotate.h"
#include "sink/target.h"

enum {
	CHECKPOINT_EVERY = 64 << 20, /* bytes */
	EMPTY_PATH = 0x1000, /* AT_EMPTY_PATH, which wants _GNU_SOURCE */
	AGAIN_MS = 1000, /* after a checkpoint or rotation that failed */
};

struct lines {
	struct lines_options o;
	int fd;
	bool is_broken;	     /* a sync failed, and is never tried again */
	bool told;	     /* what hinders a checkpoint or a rotation */
	struct buf pending;  /* not written yet */
	uint64_t size;	     /* of the file */
	uint64_t covered;    /* of that, by the last checkpoint */
	uint64_t records;
	int64_t begun;	     /* when its first line came, clock_ms() */
	int64_t not_before;  /* the next try, clock_ms() */
	char checkpoint[PATH_MAX];
};

/* Opening. */

/* When a file that holds something began, on our clock: a restart does not
 * make it younger, where the file system knows when it was made. */
static int64_t begun_of(int fd)
{
	struct statx x;
	int64_t age = 0;

	if (!syscall(SYS_statx, fd, "", EMPTY_PATH,
		     STATX_BTIME | STATX_SIZE, &x) &&
	    x.stx_mask & STATX_BTIME && x.stx_size)
		age = (int64_t)time(NULL) - x.stx_btime.tv_sec;
	return clock_ms() - (age > 0 ? 1000 * age : 0);
}

/* A crash has left the file with both its names. */
static int finish_rotation(struct lines *l, struct err *e)
{
	struct stat st;

	if (fstat(l->fd, &st))
		return err_sys(e, -errno, "%s", l->o.path);
	if (st.st_nlink < 2 || !rotate_is_named(l->o.path, l->fd))
		return 0;
	return rotate_file(l->o.path, &l->fd, e);
}

static int start_anew(struct lines *l, struct err *e)
{
	if (unlink(l->checkpoint) && errno != ENOENT)
		return err_sys(e, -errno, "%s", l->checkpoint);
	if (ftruncate(l->fd, 0))
		return err_sys(e, -errno, "%s", l->o.path);
	return 0;
}

static int open_file(struct lines *l, struct err *e)
{
	struct recovery f = { .path = l->o.path,
			      .checkpoint = l->checkpoint,
			      .anew = l->o.truncate,
			      .found = l->o.found,
			      .notes = l->o.notes };
	struct stat st;
	int r;

	l->fd = rotate_open(l->o.path, e);
	if (l->fd < 0)
		return l->fd;
	r = finish_rotation(l, e);
	if (!r && l->o.truncate)
		r = start_anew(l, e);
	f.fd = l->fd;
	if (!r)
		r = recover_lines(&f, e);
	if (!r && fstat(l->fd, &st))
		r = err_sys(e, -errno, "%s", l->o.path);
	if (r)
		return r;
	l->size = (uint64_t)st.st_size;
	l->covered = f.covered;
	l->records = f.records;
	l->begun = begun_of(l->fd);
	return 0;
}

int lines_open(const struct lines_options *o, struct lines **ret,
	       struct err *e)
{
	struct lines *l = calloc(1, sizeof(*l));
	int r = 0;

	if (!l)
		return -ENOMEM;
	l->o = *o;
	l->fd = -1;
	buf_init(&l->pending, TARGET_PENDING_MAX);
	if (snprintf(l->checkpoint, sizeof(l->checkpoint), "%s.done",
		     o->path) >= (int)sizeof(l->checkpoint))
		r = err_sys(e, -ENAMETOOLONG, "%s", o->path);
	if (!r)
		r = open_file(l, e);
	if (r)
		lines_free(l);
	else
		*ret = l;
	return r;
}

void lines_free(struct lines *l)
{
	if (!l)
		return;
	if (l->fd >= 0)
		close(l->fd);
	buf_done(&l->pending);
	free(l);
}

uint64_t lines_count(const struct lines *l)
{
	return l->records;
}

uint64_t lines_size(const struct lines *l)
{
	return l->size;
}

/* Writing. */

int lines_write(struct lines *l, struct str line, struct err *e)
{
	int r;

	buf_add_str(&l->pending, line);
	r = buf_error(&l->pending);
	if (r)
		return err_sys(e, r, "%s: lines in memory", l->o.path);
	l->records++;
	return 0;
}

static void drop_front(struct buf *b, size_t n)
{
	memmove(b->p, b->p + n, b->n - n);
	b->n -= n;
}

/* Bytes of s as far as its last line end. */
static size_t whole_lines(struct str s)
{
	while (s.n && s.p[s.n - 1] != '\n')
		s.n--;
	return s.n;
}

/* What passes when somebody makes room. */
static bool is_full(int error)
{
	return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

/* Write as much of s as there is room for: 0 or errno, *done in any case. */
static int write_some(int fd, struct str s, size_t *done)
{
	*done = 0;
	while (*done < s.n) {
		ssize_t n = write(fd, s.p + *done, s.n - *done);

		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0)
			*done += (size_t)n;
	}
	return 0;
}

/* No room: the lines that are complete stay, the piece behind them goes, and
 * is the first to be written next time. */
static int cut(struct lines *l, off_t start, size_t done, int why,
	       struct err *e)
{
	size_t whole = whole_lines((struct str){ l->pending.p, done });

	if (broken("no-cut"))
		whole = done;
	if (done > whole && ftruncate(l->fd, start + (off_t)whole))
		return err_sys(e, -EIO,
			       "%s: cannot cut the incomplete last line",
			       l->o.path);
	drop_front(&l->pending, whole);
	return err_set(e, STEP_WAIT, "%s: %s", l->o.path, strerror(why));
}

static int write_pending(struct lines *l, struct err *e)
{
	struct stat st;
	size_t done;
	int why;

	if (fstat(l->fd, &st))
		return err_sys(e, -errno, "%s", l->o.path);
	if (!st.st_size)
		l->begun = clock_ms();
	why = write_some(l->fd, buf_view(&l->pending), &done);
	if (is_full(why))
		return cut(l, st.st_size, done, why, e);
	if (why)
		return err_sys(e, -why, "%s", l->o.path);
	l->size = (uint64_t)st.st_size + done;
	buf_clear(&l->pending);
	return 0;
}

/* Once a sync has failed the pages count as clean: a second one would report
 * success for lines that are not on the disk. */
static int sync_file(struct lines *l, struct err *e)
{
	if (broken("nosync") || !fdatasync(l->fd))
		return 0;
	l->is_broken = true;
	return err_sys(e, -EIO, "%s: sync, after which what it holds is not "
		       "known", l->o.path);
}

/* At a commit point: all that was written is in the file, and `found` is what
 * the file holds. */

static int write_checkpoint(struct lines *l, struct err *e)
{
	struct checkpoint c;
	int r = checkpoint_of(l->fd, l->size, &c);

	if (r)
		return err_sys(e, r, "%s", l->o.path);
	c.records = l->records;
	r = checkpoint_write(l->checkpoint, &c, l->o.found, e);
	if (!r)
		l->covered = l->size;
	return r;
}

static int rotate(struct lines *l, struct err *e)
{
	int r = write_checkpoint(l, e);

	if (!r)
		r = rotate_file(l->o.path, &l->fd, e);
	if (r)
		return r;
	l->size = l->covered = 0;
	l->begun = clock_ms();
	return 0;
}

static bool is_full_file(const struct lines *l, int64_t now)
{
	if (!l->size)
		return false;
	return (l->o.rotate_size &&
		l->size >= (uint64_t)l->o.rotate_size) ||
	       (l->o.rotate_every && now - l->begun >= l->o.rotate_every);
}

/* Also when the file was made shorter behind our back: what it lacks now would
 * be forgotten. */
static bool is_far(const struct lines *l)
{
	return l->size < l->covered || l->size - l->covered >= CHECKPOINT_EVERY;
}

/* Both can wait, but a disk that fails can not be trusted with lines. */
static int tidy_up(struct lines *l, struct err *e)
{
	struct err why = { "" };
	int64_t now = clock_ms();
	int r;

	if (now < l->not_before || !(is_full_file(l, now) || is_far(l)))
		return 0;
	r = is_full_file(l, now) ? rotate(l, &why) : write_checkpoint(l, &why);
	if (r == -EIO) {
		l->is_broken = true;
		return err_set(e, r, "%s", why.text);
	}
	if (r && !l->told)
		buf_printf(l->o.notes, "%s; it is put off\n", why.text);
	l->told = r != 0;
	l->not_before = r ? now + AGAIN_MS : 0;
	return 0;
}

int lines_commit(struct lines *l, struct err *e)
{
	int r = 0;

	if (l->is_broken)
		return err_set(e, -EIO, "%s: an earlier sync failed",
			       l->o.path);
	if (l->pending.n) {
		r = write_pending(l, e);
		if (!r)
			r = sync_file(l, e);
	}
	return r ? r : tidy_up(l, e);
}
