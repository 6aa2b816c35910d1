#include "ingest/source_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "wire/article.h"

struct source_text {
	int fd;
	char *path;
	bool done;
	struct buf bytes;
	char block[65536];
};

static int open_fd(int fd, const char *path, void **ret, struct err *e)
{
	struct source_text *t = calloc(1, sizeof(*t));
	char *copy = strdup(path);

	if (!t || !copy) {
		free(t);
		free(copy);
		if (fd != STDIN_FILENO)
			close(fd);
		return err_sys(e, -ENOMEM, "%s", path);
	}
	t->fd = fd;
	t->path = copy;
	buf_init(&t->bytes, ARTICLE_TEXT_MAX);
	*ret = t;
	return 0;
}

int source_text_open(const char *path, void **ret, struct err *e)
{
	int fd;

	if (!strcmp(path, "-"))
		return open_fd(STDIN_FILENO, "standard input", ret, e);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, -errno, "%s", path);
	return open_fd(fd, path, ret, e);
}

int source_text_resume(struct str ahead, void **ret, struct err *e)
{
	struct source_text *t;
	void *self = NULL;
	int r = open_fd(STDIN_FILENO, "standard input", &self, e);

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
	const char *dot = strrchr(t->path, '.');
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

int source_text_next(void *self, struct raw *ret, struct err *e)
{
	struct source_text *t = self;
	int r = t->done ? STEP_END : gather(t);

	if (r > 0)
		return r;
	t->done = true;
	if (r == 0 && is_page(t))
		return err_set(e, STEP_REJECT,
			       "%s: an HTML page; pages are not read yet: give "
			       "its text, or JSON lines with title and text",
			       t->path);
	if (r == -EMSGSIZE)
		return err_set(e, STEP_REJECT,
			       "%s: larger than %d bytes; a text file is one "
			       "article", t->path, ARTICLE_TEXT_MAX);
	if (r)
		return err_sys(e, r, "%s", t->path);
	*ret = (struct raw){ .kind = RAW_TEXT, .bytes = buf_view(&t->bytes),
			     .place = t->path,
			     .file = t->fd == STDIN_FILENO ? NULL : t->path };
	return 0;
}

void source_text_close(void *self)
{
	struct source_text *t = self;

	if (t->fd != STDIN_FILENO)
		close(t->fd);
	buf_done(&t->bytes);
	free(t->path);
	free(t);
}
