#include "ingest/tail.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "ingest/rotated.h"

enum { TRIES = 4 }; /* while names change under our eyes */

struct tail {
	const struct source_options *o;
	struct buf key;
	char *folder;	  /* of the path, as far as its slash */
	const char *base; /* its name there */
	int fd;		  /* -1: none yet */
	bool stream;	  /* no regular file: no position */
	bool fifo;
	bool behind; /* of a time before the path's file of now */
	bool moved;  /* the path names another file: read once more */
	bool ended;  /* until tail_turn() */
	bool known;  /* `was` was asked for */
	bool has;    /* and there is one, not yet found again */
	struct position was;
	dev_t dev;
	ino_t inode;
	uint64_t offset; /* bytes read, from the file's beginning */
	char head[POSITION_HEAD];
	uint32_t whole_head; /* its hash, once it is whole … */
	uint64_t whole_life; /* … in this life */
	struct tail_file at;
	char path[PATH_MAX]; /* of the file in hand */
};

static size_t head_size(uint64_t offset)
{
	return offset < POSITION_HEAD ? (size_t)offset : POSITION_HEAD;
}

static int fail(const struct tail *t, int r, struct err *e)
{
	return err_sys(e, r, "%s", t->path);
}

static void join(const struct tail *t, const char *name, char ret[PATH_MAX])
{
	snprintf(ret, PATH_MAX, "%s%s", t->folder, name);
}

/* Take fd as the file in hand, after so many bytes and lines. */
static void adopt(struct tail *t, int fd, const struct stat *st,
		  const char *path, uint64_t offset, uint64_t line)
{
	if (t->fd >= 0 && t->fd != fd && t->fd != STDIN_FILENO)
		close(t->fd);
	t->fd = fd;
	t->dev = st->st_dev;
	t->inode = st->st_ino;
	t->stream = !S_ISREG(st->st_mode);
	t->fifo = S_ISFIFO(st->st_mode);
	if (t->stream)
		buf_clear(&t->key);
	t->behind = t->moved = t->ended = t->has = false;
	t->offset = t->at.offset = offset;
	t->at.line = line;
	t->at.life++;
	if (path != t->path)
		snprintf(t->path, sizeof(t->path), "%s", path);
	if (offset)
		lseek(fd, (off_t)offset, SEEK_SET);
}

static void note_cut(const struct tail *t)
{
	position_note(t->o, "cut short or written anew since it was read; read "
			    "from its beginning");
}

/* The file was cut or written anew. */
static void restart(struct tail *t)
{
	note_cut(t);
	lseek(t->fd, 0, SEEK_SET);
	t->offset = t->at.offset = t->at.line = 0;
	t->at.life++;
}

/* Does the file begin with what we know of it? */
static bool same_head(int fd, const char *head, size_t n)
{
	char now[POSITION_HEAD];

	return pread(fd, now, n, 0) == (ssize_t)n && !memcmp(now, head, n);
}

/* Is this the file that we remember? Its head is then in t->head. */
static bool is_remembered(struct tail *t, int fd, const struct stat *st)
{
	size_t n = head_size(t->was.offset);

	return st->st_ino == t->was.inode &&
	       (uint64_t)st->st_size >= t->was.offset &&
	       pread(fd, t->head, n, 0) == (ssize_t)n &&
	       hash_crc32c(0, (struct str){ t->head, n }) == t->was.head;
}

/* Where we were, asked for once. */
static int recall(struct tail *t, struct err *e)
{
	struct buf b;
	int r;

	if (t->known)
		return 0;
	buf_init(&b, 4096);
	r = position_recall(t->o, buf_view(&t->key), &b, e);
	if (!r && position_parse(buf_view(&b), &t->was))
		t->has = true;
	else if (!r)
		position_note(t->o, "what is remembered of it is not of this "
				    "kind; read from its beginning");
	buf_done(&b);
	t->known = r >= 0;
	return r < 0 ? r : 0;
}

static int open_path(const char *path, int *fd, struct stat *st)
{
	*st = (struct stat){ 0 };
	/* Or a named pipe would block until somebody writes. */
	*fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0)
		return -errno;
	if (fstat(*fd, st)) {
		int r = -errno;

		close(*fd);
		return r;
	}
	return 0;
}

static bool adopt_renamed(struct tail *t, int fd, const struct stat *st,
			  const char *name, const char *path)
{
	if (is_remembered(t, fd, st)) {
		adopt(t, fd, st, path, t->was.offset, t->was.line);
		return true;
	}
	if (st->st_ino != t->was.inode || !rotated_is(name, t->base))
		return false;
	note_cut(t);
	adopt(t, fd, st, path, 0, 0);
	return true;
}

/* The remembered file under another name of its folder; when the name is one
 * of rotation, also if it was cut before it was renamed. 0 or -ENOENT. */
static int find_renamed(struct tail *t)
{
	char name[ROTATED_NAME], path[PATH_MAX];
	struct stat st;
	int fd;

	for (int i = 0; i < TRIES; i++) {
		if (rotated_find(t->folder, t->base, t->was.inode, name))
			return -ENOENT;
		join(t, name, path);
		if (open_path(path, &fd, &st))
			continue;
		if (adopt_renamed(t, fd, &st, name, path)) {
			t->behind = true;
			return 0;
		}
		close(fd);
	}
	return -ENOENT;
}

/* fd is the path's file of now, and we were somewhere. */
static void begin_remembered(struct tail *t, int fd, const struct stat *st)
{
	bool same = st->st_ino == t->was.inode;

	if (is_remembered(t, fd, st)) {
		adopt(t, fd, st, t->o->path, t->was.offset, t->was.line);
		return;
	}
	if (!same && !find_renamed(t)) {
		close(fd);
		return;
	}
	if (same)
		note_cut(t);
	else
		position_note(t->o, "another file than the one that was read, "
				    "which is not beside it; read from its "
				    "beginning");
	adopt(t, fd, st, t->o->path, 0, 0);
}

/* The first file, when there is one. */
static int begin(struct tail *t, struct err *e)
{
	struct stat st;
	int fd, r = recall(t, e);

	if (r)
		return r;
	r = open_path(t->o->path, &fd, &st);
	if (r == -ENOENT && t->has && !find_renamed(t))
		return 0;
	if (r == -ENOENT && t->o->follow)
		return STEP_WAIT;
	if (r)
		return fail(t, r, e);
	if (t->has && S_ISREG(st.st_mode))
		begin_remembered(t, fd, &st);
	else
		adopt(t, fd, &st, t->o->path, 0, 0);
	return 0;
}

static int begin_stdin(struct tail *t)
{
	struct stat st = { 0 };

	fstat(STDIN_FILENO, &st);
	st.st_mode = S_IFCHR; /* whatever it is: nothing is remembered */
	adopt(t, STDIN_FILENO, &st, "standard input", 0, 0);
	return 0;
}

int tail_open(const struct source_options *o, struct tail **ret, struct err *e)
{
	struct tail *t = calloc(1, sizeof(*t));
	struct str folder = file_folder(o->path);
	int r;

	if (!t)
		return err_sys(e, -ENOMEM, "%s", o->path);
	t->o = o;
	t->fd = -1;
	t->at.path = t->path;
	t->base = o->path + folder.n;
	t->folder = strndup(folder.p, folder.n);
	snprintf(t->path, sizeof(t->path), "%s", o->path);
	buf_init(&t->key, PATH_MAX + 16);
	if (!strcmp(o->path, "-"))
		r = begin_stdin(t);
	else if (!t->folder)
		r = fail(t, -ENOMEM, e);
	else
		r = position_key(o->path, &t->key);
	if (!r && t->fd < 0)
		r = begin(t, e);
	if (r < 0) {
		tail_close(t);
		return err_sys(e, r, "%s", o->path);
	}
	*ret = t;
	return 0;
}

void tail_close(struct tail *t)
{
	if (!t)
		return;
	if (t->fd >= 0 && t->fd != STDIN_FILENO)
		close(t->fd);
	buf_done(&t->key);
	free(t->folder);
	free(t);
}

/* Was the file cut or written anew since we looked last? Asked before each
 * read: after it, it would be too late. */
static void look(struct tail *t)
{
	struct stat st;

	if (fstat(t->fd, &st) || ((uint64_t)st.st_size >= t->offset &&
				  same_head(t->fd, t->head,
					    head_size(t->offset))))
		return;
	restart(t);
}

/* What the path named after the file in hand: its name and inode. 0; STEP_END
 * when there is nothing, or only a file that nobody has written to yet: who
 * writes may still be at ours. */
static int find_next(const struct tail *t, char path[PATH_MAX], struct stat *st)
{
	char name[ROTATED_NAME], ours[ROTATED_NAME];
	bool there = !stat(t->o->path, st);

	if (there && st->st_ino == t->inode && st->st_dev == t->dev)
		return STEP_END;
	if (rotated_find(t->folder, t->base, t->inode, ours))
		ours[0] = '\0'; /* deleted, or moved elsewhere */
	if (rotated_next(t->folder, t->base, ours, name))
		return STEP_END;
	join(t, name, path);
	if (stat(path, st) || st->st_ino == t->inode)
		return STEP_END;
	if (t->o->follow && !st->st_size && !strcmp(name, t->base))
		return STEP_END;
	return 0;
}

static int read_stream(struct tail *t, void *p, size_t n, size_t *got,
		       struct err *e)
{
	int r = source_read(t->fd, p, n, got);

	if (r < 0)
		return fail(t, r, e);
	t->offset += *got;
	t->ended = !r && !*got;
	return t->ended ? STEP_END : r;
}

/* The end of the file in hand, for now: STEP_END when it is one for good, 0
 * when it is to be read once more. */
static int at_end(struct tail *t)
{
	char path[PATH_MAX];
	struct stat st;

	if (t->o->follow && !t->moved) {
		if (find_next(t, path, &st))
			return STEP_WAIT;
		t->moved = true;
		return 0;
	}
	t->ended = true;
	return STEP_END;
}

static int read_file(struct tail *t, void *p, size_t n, size_t *got,
		     struct err *e)
{
	size_t had;
	int r;

	do {
		if (t->o->follow)
			look(t);
		r = source_read(t->fd, p, n, got);
		if (r)
			return r < 0 ? fail(t, r, e) : r;
		r = *got ? 0 : at_end(t);
	} while (!r && !*got);
	had = head_size(t->offset);
	memcpy(t->head + had, p, head_size(had + *got) - had);
	t->offset += *got;
	return r;
}

int tail_read(struct tail *t, void *p, size_t n, size_t *got, struct err *e)
{
	int r;

	*got = 0;
	if (t->ended)
		return STEP_END;
	r = t->fd < 0 ? begin(t, e) : 0;
	if (r)
		return r;
	return t->stream ? read_stream(t, p, n, got, e)
			 : read_file(t, p, n, got, e);
}

/* The next one who writes into the pipe. */
static int turn_stream(struct tail *t)
{
	struct pollfd ready = { t->fd, POLLIN, 0 };

	if (!t->fifo || !t->o->follow)
		return STEP_END;
	if (poll(&ready, 1, 0) <= 0 || !(ready.revents & POLLIN))
		return STEP_WAIT;
	t->ended = false;
	t->offset = 0;
	t->at.life++;
	return 0;
}

/* Open what find_next() found, if it still is what bears that name, and if
 * nothing has come in between. */
static int open_next(struct tail *t, const char *path, const struct stat *want,
		     struct err *e)
{
	struct stat st, again;
	char now[PATH_MAX];
	int fd, r = open_path(path, &fd, &st);

	if (r)
		return r == -ENOENT ? STEP_WAIT : err_sys(e, r, "%s", path);
	if (st.st_ino != want->st_ino || find_next(t, now, &again) ||
	    again.st_ino != want->st_ino) {
		close(fd);
		return STEP_WAIT;
	}
	adopt(t, fd, &st, path, 0, 0);
	t->behind = strcmp(path, t->o->path) != 0;
	return 0;
}

int tail_turn(struct tail *t, struct err *e)
{
	bool last = !t->o->follow && !t->behind;
	char path[PATH_MAX];
	struct stat st;
	int r;

	if (t->stream)
		return turn_stream(t);
	for (int i = 0; i < TRIES && !last; i++) {
		if (find_next(t, path, &st))
			break;
		r = open_next(t, path, &st, e);
		if (r != STEP_WAIT)
			return r;
	}
	return t->o->follow ? STEP_WAIT : STEP_END;
}

struct tail_file tail_at(const struct tail *t)
{
	return t->at;
}

struct str tail_key(const struct tail *t)
{
	return buf_view(&t->key);
}

/* Asked for with every line, of which few are near the beginning. */
static uint32_t head_hash(struct tail *t, size_t n)
{
	if (n < POSITION_HEAD)
		return hash_crc32c(0, (struct str){ t->head, n });
	if (t->whole_life != t->at.life) {
		t->whole_head = hash_crc32c(0, (struct str){ t->head, n });
		t->whole_life = t->at.life;
	}
	return t->whole_head;
}

void tail_position(struct tail *t, uint64_t offset, uint64_t line,
		   char out[POSITION_MAX])
{
	struct position p = { t->inode, offset, line,
			      head_hash(t, head_size(offset)) };

	position_lines(&p, out);
}
