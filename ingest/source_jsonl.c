#include "ingest/source_jsonl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*  block  [ … handed out | at … not yet looked at … n )  <- read(2)
 *  line   the bytes of the line in hand, gathered from one block or more
 *
 * read(2) returns what a pipe has, so a line leaves as soon as its newline is
 * there; stdio would wait for a full buffer. */
struct source_jsonl {
	int fd;
	char *path;
	uint64_t number;  /* of the line in hand, from 1 */
	bool whole;	  /* the line in hand is complete */
	struct buf line;
	size_t at, n;
	char block[65536];
	char place[PATH_MAX + 32];
};

/* The ceiling leaves room for the CR of a line of just RAW_MAX bytes. */
static int open_fd(int fd, const char *path, void **ret, struct err *e)
{
	struct source_jsonl *j = calloc(1, sizeof(*j));
	char *copy = strdup(path);

	if (!j || !copy) {
		free(j);
		free(copy);
		if (fd != STDIN_FILENO)
			close(fd);
		return err_sys(e, -ENOMEM, "%s", path);
	}
	j->fd = fd;
	j->path = copy;
	j->whole = true;
	buf_init(&j->line, RAW_MAX + 1);
	*ret = j;
	return 0;
}

int source_jsonl_open(const char *path, void **ret, struct err *e)
{
	int fd;

	if (!strcmp(path, "-"))
		return open_fd(STDIN_FILENO, "standard input", ret, e);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, -errno, "%s", path);
	return open_fd(fd, path, ret, e);
}

int source_jsonl_resume(struct str ahead, uint64_t lines, void **ret,
			struct err *e)
{
	struct source_jsonl *j;
	void *self = NULL;
	int r = open_fd(STDIN_FILENO, "standard input", &self, e);

	if (r)
		return r;
	j = self;
	j->number = lines;
	j->n = ahead.n;
	if (ahead.n)
		memcpy(j->block, ahead.p, ahead.n);
	*ret = j;
	return 0;
}

/* Read the next block; STEP_END when there is none. */
static int refill(struct source_jsonl *j, struct err *e)
{
	int r;

	j->at = j->n = 0;
	r = source_read(j->fd, j->block, sizeof(j->block), &j->n);
	if (r < 0)
		return err_sys(e, r, "%s", j->path);
	return r ? r : j->n ? 0 : STEP_END;
}

/* Gather a line. STEP_WAIT leaves it half done and the next call goes on. Past
 * its ceiling the buffer ignores what is added: so the rest of a line that is
 * too long goes by without being kept. */
static int gather(struct source_jsonl *j, struct err *e)
{
	if (j->whole)
		buf_clear(&j->line);
	j->whole = false;
	while (!j->whole) {
		int r = j->at < j->n ? 0 : refill(j, e);
		const char *p = j->block + j->at, *newline;
		size_t n;

		if (r == STEP_END && (j->line.n || j->line.error))
			break; /* the last line, without a newline */
		if (r)
			return r;
		newline = memchr(p, '\n', j->n - j->at);
		n = newline ? (size_t)(newline - p) : j->n - j->at;
		buf_add(&j->line, p, n);
		j->at += n + (newline != NULL);
		j->whole = newline != NULL;
	}
	j->whole = true;
	j->number++;
	return 0;
}

/* The line in hand without what belongs to the file and not to the line. */
static struct str content(const struct source_jsonl *j)
{
	static const struct str bom = { "\xEF\xBB\xBF", 3 };
	struct str s = buf_view(&j->line);

	if (j->number == 1 && str_starts(s, bom))
		s = (struct str){ s.p + bom.n, s.n - bom.n };
	if (str_ends(s, STR("\r")))
		s.n--;
	return s;
}

int source_jsonl_next(void *self, struct raw *ret, struct err *e)
{
	struct source_jsonl *j = self;
	struct str s;
	int r;

	do {
		r = gather(j, e);
		if (r)
			return r;
		s = content(j);
	} while (!buf_error(&j->line) && !str_trim(s).n);
	snprintf(j->place, sizeof(j->place), "%s:%" PRIu64, j->path, j->number);
	if (buf_error(&j->line) == -ENOMEM)
		return err_sys(e, -ENOMEM, "%s", j->place);
	if (buf_error(&j->line) || s.n > RAW_MAX)
		return err_set(e, STEP_REJECT,
			       "%s: a line of more than %d bytes; one line is "
			       "one article", j->place, RAW_MAX);
	*ret = (struct raw){ .kind = RAW_JSON, .bytes = s, .place = j->place,
			     .file = j->fd == STDIN_FILENO ? NULL : j->path };
	return 0;
}

void source_jsonl_close(void *self)
{
	struct source_jsonl *j = self;

	if (j->fd != STDIN_FILENO)
		close(j->fd);
	buf_done(&j->line);
	free(j->path);
	free(j);
}
