#include "ingest/source_text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/position.h"
#include "wire/article.h"

struct source_text {
	const struct source_options *o;
	int fd; /* -1: not open */
	bool is_stdin, stream, fifo;
	bool done; /* what there was is read */
	struct stat seen; /* the file that was read, or is being read */
	struct buf bytes, key;
	char block[65536], position[POSITION_MAX];
};

static const char *called(const struct source_text *t)
{
	return t->is_stdin ? "standard input" : t->o->path;
}

static void shut(struct source_text *t)
{
	if (t->fd > STDIN_FILENO)
		close(t->fd);
	t->fd = -1;
}

/* STEP_WAIT: it is not there yet. */
static int open_path(struct source_text *t, struct err *e)
{
	/* Or a named pipe would block until somebody writes. */
	t->fd = open(t->o->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (t->fd < 0 && errno == ENOENT && t->o->follow)
		return STEP_WAIT;
	if (t->fd < 0 || fstat(t->fd, &t->seen))
		return err_sys(e, -errno, "%s", t->o->path);
	t->stream = !S_ISREG(t->seen.st_mode);
	t->fifo = S_ISFIFO(t->seen.st_mode);
	if (t->stream)
		buf_clear(&t->key);
	return 0;
}

/* Was the file read before, just as it is now? */
static int recall(struct source_text *t, struct err *e)
{
	struct buf was;
	int r;

	buf_init(&was, 4096);
	position_text(&t->seen, t->position);
	r = position_recall(t->o, buf_view(&t->key), &was, e);
	if (!r)
		t->done = str_is(buf_view(&was), t->position);
	buf_done(&was);
	if (t->done)
		shut(t);
	return r < 0 ? r : 0;
}

static int open_first(struct source_text *t, struct err *e)
{
	int r;

	if (t->is_stdin) {
		t->fd = STDIN_FILENO;
		t->stream = true;
		return 0;
	}
	r = position_key(t->o->path, &t->key);
	if (r)
		return err_sys(e, r, "%s", t->o->path);
	r = open_path(t, e);
	return r ? r : recall(t, e);
}

int source_text_open(const struct source_options *o, void **ret,
		     struct err *e)
{
	struct source_text *t = calloc(1, sizeof(*t));
	int r;

	if (!t)
		return err_sys(e, -ENOMEM, "%s", o->path);
	t->o = o;
	t->is_stdin = !strcmp(o->path, "-");
	t->fd = -1;
	buf_init(&t->bytes, ARTICLE_TEXT_MAX);
	buf_init(&t->key, PATH_MAX + 16);
	r = open_first(t, e);
	if (r < 0) {
		source_text_close(t);
		return r;
	}
	*ret = t;
	return 0;
}

int source_text_resume(const struct source_options *o, struct str ahead,
		       void **ret, struct err *e)
{
	struct source_text *t;
	void *self = NULL;
	int r = source_text_open(o, &self, e);

	if (r)
		return r;
	t = self;
	buf_add_str(&t->bytes, ahead);
	*ret = t;
	return 0;
}

static bool begins(struct str s, const char *tag)
{
	size_t n = strlen(tag);

	return s.n >= n && !strncasecmp(s.p, tag, n);
}

static bool is_page(const struct source_text *t)
{
	const char *dot = strrchr(called(t), '.');
	struct str s = buf_view(&t->bytes);

	if (dot && (!strcasecmp(dot, ".html") || !strcasecmp(dot, ".htm")))
		return true;
	if (begins(s, "\xEF\xBB\xBF"))
		s = (struct str){ s.p + 3, s.n - 3 };
	s = str_trim(s);
	return begins(s, "<!doctype html") || begins(s, "<html");
}

/* Gather the file. STEP_WAIT leaves it half done and the next call goes on. */
static int gather(struct source_text *t)
{
	size_t got = 1;
	int r = 0;

	while (!r && got) {
		r = source_read(t->fd, t->block, sizeof(t->block), &got);
		if (r)
			break;
		buf_add(&t->bytes, t->block, got);
		r = buf_error(&t->bytes);
	}
	return r;
}

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       position_time(a->st_mtim) == position_time(b->st_mtim);
}

/* After the text was read: is there another? */
static int begin_again(struct source_text *t, struct err *e)
{
	struct pollfd ready = { t->fd, POLLIN, 0 };
	struct stat st;

	if (!t->o->follow || (t->stream && !t->fifo))
		return STEP_END;
	if (t->fifo) {
		if (poll(&ready, 1, 0) <= 0 || !(ready.revents & POLLIN))
			return STEP_WAIT;
	} else if (stat(t->o->path, &st) || same(&st, &t->seen)) {
		return STEP_WAIT;
	}
	t->done = false;
	buf_clear(&t->bytes);
	return t->fifo ? 0 : open_path(t, e);
}

/* A file that is being written is left for later. */
static bool is_unfinished(struct source_text *t)
{
	struct stat now;

	if (!t->o->follow || t->stream)
		return t->o->follow && t->fifo && !t->bytes.n;
	return !t->bytes.n || fstat(t->fd, &now) || !same(&now, &t->seen);
}

/* The whole text into t->bytes. -EMSGSIZE: too large. */
static int read_whole(struct source_text *t, struct err *e)
{
	int r = 0;

	if (t->done)
		r = begin_again(t, e);
	else if (t->fd < 0)
		r = open_first(t, e);
	if (!r && t->done)
		return t->o->follow ? STEP_WAIT : STEP_END;
	if (!r)
		r = gather(t);
	if (r > 0)
		return r;
	t->done = true;
	if (!r && is_unfinished(t)) {
		t->seen.st_size = -1; /* as if it had changed */
		r = STEP_WAIT;
	}
	if (!t->fifo)
		shut(t);
	return r;
}

/* What to remember of the text in hand. */
static void describe(struct source_text *t, struct raw *ret)
{
	*ret = (struct raw){ .kind = RAW_TEXT,
			     .place = called(t),
			     .file = t->is_stdin ? NULL : t->o->path,
			     .key = buf_view(&t->key) };
	if (!ret->key.n)
		return;
	position_text(&t->seen, t->position);
	ret->position = str_of(t->position);
}

int source_text_next(void *self, struct raw *ret, struct err *e)
{
	struct source_text *t = self;
	int r = read_whole(t, e);

	if (r > 0)
		return r;
	describe(t, ret);
	if (r == 0 && is_page(t))
		return err_set(e, STEP_REJECT,
			       "%s: an HTML page; pages are not read yet: give "
			       "its text, or JSON lines with title and text",
			       called(t));
	if (r == -EMSGSIZE)
		return err_set(e, STEP_REJECT,
			       "%s: larger than %d bytes; a text file is one "
			       "article", called(t), ARTICLE_TEXT_MAX);
	if (r)
		return err_sys(e, r, "%s", called(t));
	ret->bytes = buf_view(&t->bytes);
	return 0;
}

void source_text_close(void *self)
{
	struct source_text *t = self;

	shut(t);
	buf_done(&t->bytes);
	buf_done(&t->key);
	free(t);
}
