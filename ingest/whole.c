#include "ingest/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/position.h"

struct whole {
	const struct source_options *o;
	int fd; /* -1: not open */
	bool is_stdin, stream, fifo;
	bool done; /* what there was is read */
	struct stat seen; /* the file that was read, or is being read */
	struct buf bytes, key;
	char block[65536], position[POSITION_MAX];
};

static const char *called(const struct whole *w)
{
	return w->is_stdin ? "standard input" : w->o->path;
}

static void shut(struct whole *w)
{
	if (w->fd > STDIN_FILENO)
		close(w->fd);
	w->fd = -1;
}

/* STEP_WAIT: it is not there yet. */
static int open_path(struct whole *w, struct err *e)
{
	/* Or a named pipe would block until somebody writes. */
	w->fd = open(w->o->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (w->fd < 0 && errno == ENOENT && w->o->follow)
		return STEP_WAIT;
	if (w->fd < 0 || fstat(w->fd, &w->seen))
		return err_sys(e, -errno, "%s", w->o->path);
	w->stream = !S_ISREG(w->seen.st_mode);
	w->fifo = S_ISFIFO(w->seen.st_mode);
	if (w->stream)
		buf_clear(&w->key);
	return 0;
}

/* Was the file read before, just as it is now? */
static int recall(struct whole *w, struct err *e)
{
	struct buf was;
	int r;

	buf_init(&was, 4096);
	position_text(&w->seen, w->position);
	r = position_recall(w->o, buf_view(&w->key), &was, e);
	if (!r)
		w->done = str_is(buf_view(&was), w->position);
	buf_done(&was);
	if (w->done)
		shut(w);
	return r < 0 ? r : 0;
}

static int open_first(struct whole *w, struct err *e)
{
	int r;

	if (w->is_stdin) {
		w->fd = STDIN_FILENO;
		w->stream = true;
		return 0;
	}
	r = position_key(w->o->path, &w->key);
	if (r)
		return err_sys(e, r, "%s", w->o->path);
	r = open_path(w, e);
	return r ? r : recall(w, e);
}

int whole_open(const struct source_options *o, size_t max,
	       struct whole **ret, struct err *e)
{
	struct whole *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return err_sys(e, -ENOMEM, "%s", o->path);
	w->o = o;
	w->is_stdin = !strcmp(o->path, "-");
	w->fd = -1;
	buf_init(&w->bytes, max);
	buf_init(&w->key, PATH_MAX + 16);
	r = open_first(w, e);
	if (r < 0) {
		whole_close(w);
		return r;
	}
	*ret = w;
	return 0;
}

void whole_begin(struct whole *w, struct str ahead)
{
	buf_add_str(&w->bytes, ahead);
}

/* Gather the file. STEP_WAIT leaves it half done and the next call goes on. */
static int gather(struct whole *w)
{
	size_t got = 1;
	int r = 0;

	while (!r && got) {
		r = source_read(w->fd, w->block, sizeof(w->block), &got);
		if (r)
			break;
		buf_add(&w->bytes, w->block, got);
		r = buf_error(&w->bytes);
	}
	return r;
}

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       position_time(a->st_mtim) == position_time(b->st_mtim);
}

/* After the text was read: is there another? */
static int begin_again(struct whole *w, struct err *e)
{
	struct pollfd ready = { w->fd, POLLIN, 0 };
	struct stat st;

	if (!w->o->follow || (w->stream && !w->fifo))
		return STEP_END;
	if (w->fifo) {
		if (poll(&ready, 1, 0) <= 0 || !(ready.revents & POLLIN))
			return STEP_WAIT;
	} else if (stat(w->o->path, &st) || same(&st, &w->seen)) {
		return STEP_WAIT;
	}
	w->done = false;
	buf_clear(&w->bytes);
	return w->fifo ? 0 : open_path(w, e);
}

/* A file that is being written is left for later. */
static bool is_unfinished(struct whole *w)
{
	struct stat now;

	if (!w->o->follow || w->stream)
		return w->o->follow && w->fifo && !w->bytes.n;
	return !w->bytes.n || fstat(w->fd, &now) || !same(&now, &w->seen);
}

/* The whole text into w->bytes. -EMSGSIZE: too large. */
static int read_whole(struct whole *w, struct err *e)
{
	int r = 0;

	if (w->done)
		r = begin_again(w, e);
	else if (w->fd < 0)
		r = open_first(w, e);
	if (!r && w->done)
		return w->o->follow ? STEP_WAIT : STEP_END;
	if (!r)
		r = gather(w);
	if (r > 0)
		return r;
	w->done = true;
	if (!r && is_unfinished(w)) {
		w->seen.st_size = -1; /* as if it had changed */
		r = STEP_WAIT;
	}
	if (!w->fifo)
		shut(w);
	return r;
}

/* What to remember of the text in hand. */
static void describe(struct whole *w, struct raw *ret)
{
	*ret = (struct raw){ .kind = RAW_TEXT,
			     .place = called(w),
			     .file = w->is_stdin ? NULL : w->o->path,
			     .key = buf_view(&w->key) };
	if (!ret->key.n)
		return;
	position_text(&w->seen, w->position);
	ret->position = str_of(w->position);
}

int whole_next(struct whole *w, struct raw *ret, struct err *e)
{
	int r = read_whole(w, e);

	if (r > 0)
		return r;
	describe(w, ret);
	if (r == -EMSGSIZE)
		return r;
	if (r)
		return err_sys(e, r, "%s", called(w));
	ret->bytes = buf_view(&w->bytes);
	return 0;
}

void whole_close(struct whole *w)
{
	if (!w)
		return;
	shut(w);
	buf_done(&w->bytes);
	buf_done(&w->key);
	free(w);
}
