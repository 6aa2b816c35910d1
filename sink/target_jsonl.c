/* target_jsonl.c -- lines into a file (lines.h), or to standard output. What is
 * no regular file (standard output, a pipe) is written to and no more: nothing
 * is synced, and nothing is found again. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink/lines.h"
#include "sink/sink.h"
#include "sink/target.h"

enum { READER_WAIT_MS = 250 };

struct jsonl {
	struct lines *file; /* NULL: a stream, which has the rest */
	int fd;
	const char *path;   /* for sentences */
	struct buf pending; /* not written yet */
};

/* Opening. */

static int open_file(struct jsonl *j, const struct target_options *o,
		     struct err *e)
{
	struct lines_options l = { .path = o->place,
				   .truncate = o->truncate,
				   .found = o->found,
				   .notes = o->notes };

	if (o->settings) {
		l.rotate_size = o->settings->rotate_size;
		l.rotate_every = o->settings->rotate_every;
	}
	return lines_open(&l, &j->file, e);
}

/* Of a pipe we must not be a reader ourselves. */
static int open_place(struct jsonl *j, const struct target_options *o,
		      struct err *e)
{
	struct stat st;

	if (!strcmp(o->place, "-")) {
		j->fd = STDOUT_FILENO;
		j->path = "standard output";
		return 0;
	}
	if (stat(o->place, &st) || S_ISREG(st.st_mode))
		return open_file(j, o, e);
	j->fd = open(o->place, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC,
		     0644);
	return j->fd < 0 ? err_sys(e, -errno, "%s", o->place) : 0;
}

static void jsonl_close(void *self)
{
	struct jsonl *j = self;

	lines_free(j->file);
	if (j->fd > STDERR_FILENO)
		close(j->fd);
	buf_done(&j->pending);
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
	buf_init(&j->pending, TARGET_PENDING_MAX);
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

	return j->file != NULL;
}

/* Writing. */

static int jsonl_write(void *self, const struct record *line, struct err *e)
{
	struct jsonl *j = self;
	int r;

	if (j->file)
		return lines_write(j->file, line->line, e);
	buf_add_str(&j->pending, line->line);
	r = buf_error(&j->pending);
	return r ? err_sys(e, r, "%s: lines in memory", j->path) : 0;
}

/* A pipe takes PIPE_BUF bytes without blocking when it says that it takes any,
 * pipe(7); so a reader that pauses does not pause us. */
static int write_stream(struct jsonl *j, struct err *e)
{
	struct pollfd p = { .fd = j->fd, .events = POLLOUT };
	size_t at = 0;
	int why = 0;

	while (at < j->pending.n && !why) {
		size_t left = j->pending.n - at;
		ssize_t n = -1;

		if (poll(&p, 1, READER_WAIT_MS) > 0)
			n = write(j->fd, j->pending.p + at,
				  left < PIPE_BUF ? left : PIPE_BUF);
		else
			errno = EAGAIN;
		if (n < 0)
			why = errno;
		else
			at += (size_t)n;
	}
	memmove(j->pending.p, j->pending.p + at, j->pending.n - at);
	j->pending.n -= at;
	if (why == ENOSPC || why == EDQUOT || why == EFBIG)
		return err_set(e, STEP_WAIT, "%s: %s", j->path, strerror(why));
	if (why == EAGAIN || why == EINTR)
		return STEP_WAIT;
	return why ? err_sys(e, -why, "%s", j->path) : 0;
}

static int jsonl_commit(void *self, struct err *e)
{
	struct jsonl *j = self;

	if (j->file)
		return lines_commit(j->file, e);
	return j->pending.n ? write_stream(j, e) : 0;
}

static uint64_t jsonl_bytes(const void *self)
{
	const struct jsonl *j = self;

	return j->file ? lines_size(j->file) : 0;
}

static uint64_t jsonl_records(const void *self)
{
	const struct jsonl *j = self;

	return j->file ? lines_count(j->file) : 0;
}

const struct target_kind target_jsonl = {
	.name = "jsonl",
	.weaker = NULL, /* but standard output; see commits() */
	.open = jsonl_open,
	.commits = jsonl_commits,
	.write = jsonl_write,
	.commit = jsonl_commit,
	.close = jsonl_close,
	.bytes = jsonl_bytes,
	.records = jsonl_records,
};
