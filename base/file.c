#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_all(int fd, struct buf *b)
{
	for (;;) {
		size_t had = b->n;
		char *at = buf_grow(b, 65536);
		ssize_t n;

		if (!at) {
			/* The last stretch may be shorter than a block. */
			if (b->error != -EMSGSIZE || had >= b->max)
				return b->error;
			b->error = 0;
			at = buf_grow(b, b->max - had);
			if (!at)
				return b->error;
		}
		n = read(fd, at, b->n - had);
		b->n = had + (n > 0 ? (size_t)n : 0);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
	}
}

int file_read(const char *path, size_t max, struct str *ret, struct err *e)
{
	bool inherited = !strcmp(path, "-");
	int fd = inherited ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct buf b;
	int r;

	if (fd < 0)
		return err_sys(e, -errno, "%s", path);
	if (inherited)
		path = "standard input";
	/* One byte over: what fills it is too large, else the NUL goes there. */
	buf_init(&b, max + 1);
	r = read_all(fd, &b);
	if (!inherited)
		close(fd);
	if (!r)
		buf_add_char(&b, '\0');
	if (!r)
		r = buf_error(&b);
	if (r == -EMSGSIZE)
		r = err_set(e, -EFBIG, "%s: larger than %zu bytes", path, max);
	else if (r < 0)
		err_sys(e, r, "%s", path);
	if (r < 0) {
		buf_done(&b);
		return r;
	}
	ret->n = b.n - 1;
	ret->p = buf_steal(&b);
	return 0;
}

int file_write_all(int fd, struct str s)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		s.p += n;
		s.n -= (size_t)n;
	}
	return 0;
}

static int sync_folder(const char *path)
{
	struct str folder = file_folder(path);
	char name[4096];
	int fd, r;

	snprintf(name, sizeof(name), STR_FMT, STR_ARG(folder));
	fd = open(folder.n ? name : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = fsync(fd) ? -errno : 0;
	close(fd);
	return r;
}

/* What is there and no regular file: a device or a pipe, which a rename would
 * put a file in the place of. */
static bool is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode);
}

static int write_into(const char *path, struct str s, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int r = fd < 0 ? -errno : file_write_all(fd, s);

	if (fd >= 0 && close(fd) && !r)
		r = -errno;
	return r ? err_sys(e, r, "%s", path) : 0;
}

int file_sync_folder(const char *path, struct err *e)
{
	int r = sync_folder(path);

	return r ? err_sys(e, r, "%s", path) : 0;
}

int file_write(const char *path, struct str s, struct err *e)
{
	char beside[4096];
	int fd, r;

	if (is_special(path))
		return write_into(path, s, e);
	if (snprintf(beside, sizeof(beside), "%s.new", path) >=
	    (int)sizeof(beside))
		return err_set(e, -ENAMETOOLONG, "%s: name too long", path);
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_sys(e, -errno, "%s", beside);
	r = file_write_all(fd, s);
	if (!r && fsync(fd))
		r = -errno;
	if (close(fd) && !r)
		r = -errno;
	if (!r && rename(beside, path))
		r = -errno;
	if (r) {
		unlink(beside);
		return err_sys(e, r, "%s", path);
	}
	r = sync_folder(path);
	return r ? err_sys(e, r, "%s", path) : 0;
}

struct str file_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	return (struct str){ path, slash ? (size_t)(slash - path) + 1 : 0 };
}
