/* target_jsonl.c -- lines into a file, or to standard output.
 *
 * The file is its own commit log: each line says whose it is and carries its
 * CRC, so that opening it tells what has been written and no second file has
 * to agree. A complete line is never withdrawn: who reads along with `tail -f`
 * sees each once. What is no regular file (standard output, a pipe) is written
 * to and no more: nothing is synced, and nothing is found again. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "sink/target.h"

enum {
	SCAN_BLOCK = 1 << 16,
	SCAN_NOTES_MAX = 8, /* lines that are complained about one by one */
	READER_WAIT_MS = 250,
};

struct jsonl {
	int fd;
	const char *path;  /* for sentences */
	bool is_file;	   /* a regular one */
	bool is_broken;	   /* a sync failed, and is never tried again */
	struct buf lines;  /* not written yet */
};

/* The scan of a file on opening. */

struct scan {
	struct jsonl *j;
	const struct target_options *o;
	struct buf line;      /* what has been read of the current one */
	uint64_t number;      /* of complete lines */
	uint64_t refused;     /* of them, those that are no records */
	off_t end;	      /* of the last complete line */
	off_t at;	      /* of what has been read */
};

static void note_line(struct scan *s, const char *why)
{
	if (++s->refused <= SCAN_NOTES_MAX)
		buf_printf(s->o->notes, "%s:%llu: %s; it is left alone\n",
			   s->j->path, (unsigned long long)s->number, why);
}

static int end_line(struct scan *s)
{
	struct err why = { "" };
	struct origin origin;
	uint64_t seq;
	int r = buf_error(&s->line);

	s->number++;
	if (r == -ENOMEM)
		return r;
	if (r)
		note_line(s, "longer than any record");
	else if (record_read(buf_view(&s->line), &origin, &seq, &why))
		note_line(s, why.text);
	else
		done_found(s->o->found, origin, seq);
	buf_clear(&s->line);
	return 0;
}

static int scan_block(struct scan *s, struct str block)
{
	const char *start = block.p;
	int r = 0;

	while (!r && memchr(block.p, '\n', block.n)) {
		buf_add_str(&s->line, str_cut(&block, '\n'));
		s->end = s->at + (block.p - start);
		r = end_line(s);
	}
	buf_add_str(&s->line, block);
	return r;
}

static int read_lines(struct scan *s, struct err *e)
{
	char block[SCAN_BLOCK];
	ssize_t n;
	int r = 0;

	while (!r && (n = pread(s->j->fd, block, sizeof(block), s->at))) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, -errno, "%s", s->j->path);
		r = scan_block(s, (struct str){ block, (size_t)n });
		s->at += n;
	}
	return r;
}

/* A piece of a record is what a crash left: cut it off. Any other bytes are
 * somebody's, perhaps all that a foreign file holds: they become a line. */
static int mend_tail(struct scan *s, struct err *e)
{
	struct jsonl *j = s->j;
	int r;

	if (s->at == s->end)
		return 0;
	if (record_is_torn(buf_view(&s->line))) {
		buf_printf(s->o->notes,
			   "%s: cut %lld bytes of an incomplete last line\n",
			   j->path, (long long)(s->at - s->end));
		return ftruncate(j->fd, s->end)
			       ? err_sys(e, -errno, "%s", j->path)
			       : 0;
	}
	s->number++;
	note_line(s, "neither a record nor a whole line");
	r = file_write_all(j->fd, STR("\n"));
	return r ? err_sys(e, r, "%s", j->path) : 0;
}

/* Lines that a killed life wrote may still be in memory only, and they are
 * about to be acknowledged. */
static int sync_found(struct jsonl *j, struct err *e)
{
	return fdatasync(j->fd) ? err_sys(e, -EIO, "%s: sync", j->path) : 0;
}

static int scan(struct jsonl *j, const struct target_options *o, struct err *e)
{
	struct scan s = { .j = j, .o = o };
	int r;

	buf_init(&s.line, RECORD_LINE_MAX);
	r = read_lines(&s, e);
	if (!r)
		r = mend_tail(&s, e);
	if (!r && s.refused > SCAN_NOTES_MAX)
		buf_printf(o->notes, "%s: %llu lines are no records, the "
			   "first %d of them named above\n",
			   j->path, (unsigned long long)s.refused,
			   SCAN_NOTES_MAX);
	buf_done(&s.line);
	return r ? r : sync_found(j, e);
}

/* Opening. */

/* A file whose name is lost with the power holds nothing. */
static int sync_folder(const char *path, struct err *e)
{
	struct str folder = file_folder(path);
	char name[PATH_MAX];
	int fd, r = 0;

	snprintf(name, sizeof(name), STR_FMT, STR_ARG(folder));
	fd = open(folder.n ? name : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd))
		r = err_sys(e, -errno, "folder of %s", path);
	if (fd >= 0)
		close(fd);
	return r;
}

/* Two writers would each be right about half of the lines. */
static int lock(struct jsonl *j, struct err *e)
{
	if (!flock(j->fd, LOCK_EX | LOCK_NB))
		return 0;
	if (errno == EWOULDBLOCK)
		return err_set(e, -EADDRINUSE,
			       "%s: another sink, or another target of this "
			       "one, is writing to it",
			       j->path);
	return err_sys(e, -errno, "%s: lock", j->path);
}

static int open_file(struct jsonl *j, const struct target_options *o,
		     struct err *e)
{
	int r = lock(j, e);

	if (!r && o->truncate && ftruncate(j->fd, 0))
		r = err_sys(e, -errno, "%s", j->path);
	if (!r)
		r = scan(j, o, e);
	return r ? r : sync_folder(j->path, e);
}

/* Reading is for the scan; of a pipe we must not be a reader ourselves. */
static int open_place(struct jsonl *j, const struct target_options *o,
		      struct err *e)
{
	int flags = O_APPEND | O_CREAT | O_CLOEXEC;
	struct stat st;

	if (!strcmp(o->place, "-")) {
		j->fd = STDOUT_FILENO;
		j->path = "standard output";
		return 0;
	}
	j->is_file = stat(o->place, &st) || S_ISREG(st.st_mode);
	flags |= j->is_file ? O_RDWR : O_WRONLY;
	j->fd = open(o->place, flags, 0644);
	if (j->fd < 0)
		return err_sys(e, -errno, "%s", o->place);
	return j->is_file ? open_file(j, o, e) : 0;
}

static void jsonl_close(void *self)
{
	struct jsonl *j = self;

	if (j->fd > STDERR_FILENO)
		close(j->fd);
	buf_done(&j->lines);
	free(j);
}

static int jsonl_open(const struct target_options *o, void **ret,
		      struct err *e)
{
	struct jsonl *j = calloc(1, sizeof(*j));
	int r;

	if (!j)
		return -ENOMEM;
	j->fd = -1;
	j->path = o->place;
	buf_init(&j->lines, TARGET_PENDING_MAX);
	r = open_place(j, o, e);
	if (r) {
		jsonl_close(j);
		return r;
	}
	*ret = j;
	return 0;
}

static bool jsonl_commits(const void *self)
{
	const struct jsonl *j = self;

	return j->is_file;
}

/* Writing. */

static int jsonl_write(void *self, const struct record *line, struct err *e)
{
	struct jsonl *j = self;
	int r;

	buf_add_str(&j->lines, line->line);
	r = buf_error(&j->lines);
	return r ? err_sys(e, r, "%s: lines in memory", j->path) : 0;
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
static int cut(struct jsonl *j, off_t start, size_t done, int why,
	       struct err *e)
{
	size_t whole = whole_lines((struct str){ j->lines.p, done });

	if (done > whole && ftruncate(j->fd, start + (off_t)whole))
		return err_sys(e, -EIO,
			       "%s: cannot cut the incomplete last line",
			       j->path);
	drop_front(&j->lines, whole);
	return err_set(e, STEP_WAIT, "%s: %s", j->path, strerror(why));
}

static int write_file(struct jsonl *j, struct err *e)
{
	struct stat st;
	size_t done;
	int why;

	if (fstat(j->fd, &st))
		return err_sys(e, -errno, "%s", j->path);
	why = write_some(j->fd, buf_view(&j->lines), &done);
	if (is_full(why))
		return cut(j, st.st_size, done, why, e);
	if (why)
		return err_sys(e, -why, "%s", j->path);
	buf_clear(&j->lines);
	return 0;
}

/* Once a sync has failed the pages count as clean: a second one would report
 * success for lines that are not on the disk. */
static int sync_file(struct jsonl *j, struct err *e)
{
	if (!fdatasync(j->fd))
		return 0;
	j->is_broken = true;
	return err_sys(e, -EIO, "%s: sync, after which what it holds is not "
		       "known", j->path);
}

/* A pipe takes PIPE_BUF bytes without blocking when it says that it takes any,
 * pipe(7); so a reader that pauses does not pause us. */
static int write_stream(struct jsonl *j, struct err *e)
{
	struct pollfd p = { .fd = j->fd, .events = POLLOUT };
	size_t at = 0;
	int why = 0;

	while (at < j->lines.n && !why) {
		size_t left = j->lines.n - at;
		ssize_t n = -1;

		if (poll(&p, 1, READER_WAIT_MS) > 0)
			n = write(j->fd, j->lines.p + at,
				  left < PIPE_BUF ? left : PIPE_BUF);
		else
			errno = EAGAIN;
		if (n < 0)
			why = errno;
		else
			at += (size_t)n;
	}
	drop_front(&j->lines, at);
	if (is_full(why))
		return err_set(e, STEP_WAIT, "%s: %s", j->path, strerror(why));
	if (why == EAGAIN || why == EINTR)
		return STEP_WAIT;
	return why ? err_sys(e, -why, "%s", j->path) : 0;
}

static int jsonl_commit(void *self, struct err *e)
{
	struct jsonl *j = self;
	int r;

	if (j->is_broken)
		return err_set(e, -EIO, "%s: an earlier sync failed", j->path);
	if (!j->lines.n)
		return 0;
	if (!j->is_file)
		return write_stream(j, e);
	r = write_file(j, e);
	return r ? r : sync_file(j, e);
}

const struct target_kind target_jsonl = {
	.name = "jsonl",
	.weaker = NULL, /* but standard output; see commits() */
	.open = jsonl_open,
	.commits = jsonl_commits,
	.write = jsonl_write,
	.commit = jsonl_commit,
	.close = jsonl_close,
};
