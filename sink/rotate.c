#include "sink/rotate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

enum {
	OPEN_TRIES = 10, /* against one that rotates in the same moment */
	NAME_TRIES = 10000,
};

/* Other files of that name. */

/* YYYYMMDDTHHMMSSZ, perhaps with -N behind it? */
static bool is_stamp(const char *p)
{
	static const char form[] = "ddddddddTddddddZ";
	size_t i = 0;

	for (; form[i]; i++)
		if (form[i] == 'd' ? p[i] < '0' || p[i] > '9' : p[i] != form[i])
			return false;
	if (p[i] == '-')
		i += 1 + strspn(p + i + 1, "0123456789");
	return !p[i];
}

static bool is_rotated(const char *entry, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(entry, name, n) && entry[n] == '.' &&
	       is_stamp(entry + n + 1);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int keep(struct rotated *r, struct str folder, const char *entry)
{
	char **v = realloc(r->v, (r->n + 1) * sizeof(*v));
	size_t size = folder.n + strlen(entry) + 1;

	if (!v)
		return -ENOMEM;
	r->v = v;
	v[r->n] = malloc(size);
	if (!v[r->n])
		return -ENOMEM;
	snprintf(v[r->n++], size, STR_FMT "%s", STR_ARG(folder), entry);
	return 0;
}

static void folder_of(const char *path, char out[PATH_MAX])
{
	struct str folder = file_folder(path);

	snprintf(out, PATH_MAX, STR_FMT, STR_ARG(folder));
	if (!folder.n)
		snprintf(out, PATH_MAX, ".");
}

int rotated_list(const char *path, struct rotated *ret, struct err *e)
{
	struct str folder = file_folder(path);
	const struct dirent *d;
	char name[PATH_MAX];
	DIR *dir;
	int r = 0;

	*ret = (struct rotated){ NULL, 0 };
	folder_of(path, name);
	dir = opendir(name);
	if (!dir)
		return err_sys(e, -errno, "%s", name);
	while (!r && (d = readdir(dir)))
		if (is_rotated(d->d_name, path + folder.n))
			r = keep(ret, folder, d->d_name);
	closedir(dir);
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), compare);
	return r;
}

void rotated_done(struct rotated *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->v[i]);
	free(r->v);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool rotate_is_named(const char *path, int fd)
{
	struct stat ours, there;
	struct rotated all;
	bool named = false;

	if (!rotated_list(path, &all, NULL) && !fstat(fd, &ours))
		for (size_t i = 0; i < all.n && !named; i++)
			named = !stat(all.v[i], &there) &&
				is_same(&ours, &there);
	rotated_done(&all);
	return named;
}

/* Opening. */

/* Two writers would each be right about half of the lines. */
static int lock(int fd, const char *path, struct err *e)
{
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return 0;
	if (errno == EWOULDBLOCK)
		return err_set(e, -EADDRINUSE,
			       "%s: another sink, or another target of this "
			       "one, is writing to it",
			       path);
	return err_sys(e, -errno, "%s: lock", path);
}

/* What was opened may have got another name before it was locked. */
static int open_once(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	struct stat ours = { 0 }, there = { 0 };
	int r;

	if (fd < 0)
		return err_sys(e, -errno, "%s", path);
	r = lock(fd, path, e);
	if (!r && (fstat(fd, &ours) || stat(path, &there)))
		r = errno == ENOENT ? -EAGAIN : err_sys(e, -errno, "%s", path);
	if (!r && !is_same(&ours, &there))
		r = -EAGAIN;
	if (r)
		close(fd);
	return r ? r : fd;
}

int rotate_open(const char *path, struct err *e)
{
	int r = -EAGAIN;

	for (int i = 0; i < OPEN_TRIES && r == -EAGAIN; i++)
		r = open_once(path, e);
	return r == -EAGAIN ? err_sys(e, r, "%s", path) : r;
}

/* Rotating. */

static int open_folder(const char *path, struct err *e)
{
	char name[PATH_MAX];
	int fd;

	folder_of(path, name);
	fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? err_sys(e, -errno, "%s", name) : fd;
}

static int sync_folder(int fd, const char *path, struct err *e)
{
	return fsync(fd) ? err_sys(e, -EIO, "folder of %s: sync", path) : 0;
}

/* Where a file system has no second names: none is overwritten either, since
 * nobody else makes names of this form. */
static int rename_to(const char *path, const char *to)
{
	struct stat st;

	if (!lstat(to, &st))
		return -EEXIST;
	return rename(path, to) ? -errno : 0;
}

static int name_once(const char *path, const char *to)
{
	if (!link(path, to))
		return 0;
	if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS)
		return rename_to(path, to);
	return -errno;
}

static int give_name(const char *path, struct err *e)
{
	time_t now = time(NULL);
	char stamp[sizeof("20221129T000000Z")], to[PATH_MAX];
	struct tm tm;
	int r = -EEXIST;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	for (int i = 1; i < NAME_TRIES && r == -EEXIST; i++) {
		int n = i == 1 ? snprintf(to, sizeof(to), "%s.%s", path, stamp)
			       : snprintf(to, sizeof(to), "%s.%s-%d", path,
					  stamp, i);

		r = n < (int)sizeof(to) ? name_once(path, to) : -ENAMETOOLONG;
	}
	return r ? err_sys(e, r, "%s: another name", path) : 0;
}

/* Somebody may have moved the file away, or put another in its place. */
static int check_is_ours(const char *path, int fd, struct err *e)
{
	struct stat ours, there;

	if (fstat(fd, &ours) || stat(path, &there))
		return err_sys(e, -errno, "%s", path);
	if (is_same(&ours, &there))
		return 0;
	return err_set(e, -ESTALE, "%s is not the file that is written to",
		       path);
}

/* The file that will be the next: empty, locked, as open to others as fd. */
static int make_next(const char *next, int fd, int *ret, struct err *e)
{
	struct stat st;
	int new, r = 0;

	if (fstat(fd, &st) || (unlink(next) && errno != ENOENT))
		return err_sys(e, -errno, "%s", next);
	new = open(next, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC,
		   0600);
	if (new < 0)
		return err_sys(e, -errno, "%s", next);
	if (fchmod(new, st.st_mode & 0777))
		r = err_sys(e, -errno, "%s", next);
	if (!r)
		r = lock(new, next, e);
	if (r)
		close(new);
	else
		*ret = new;
	return r;
}

/* The second name must last before the first is given away; *moved tells
 * whether that was done. */
static int replace(const char *path, const char *next, bool named, int folder,
		   bool *moved, struct err *e)
{
	int r = named ? 0 : give_name(path, e);

	*moved = false;
	if (!r)
		r = sync_folder(folder, path, e);
	if (!r && rename(next, path))
		r = err_sys(e, -errno, "%s", path);
	if (r)
		return r;
	*moved = true;
	return sync_folder(folder, path, e);
}

static int replace_with(const char *path, const char *next, bool named,
			int folder, int *fd, struct err *e)
{
	bool moved;
	int new = -1, r = make_next(next, *fd, &new, e);

	if (r)
		return r;
	r = replace(path, next, named, folder, &moved, e);
	if (moved) {
		close(*fd);
		*fd = new;
	} else {
		unlink(next);
		close(new);
	}
	return r;
}

int rotate_file(const char *path, int *fd, struct err *e)
{
	bool named = rotate_is_named(path, *fd);
	char next[PATH_MAX];
	int folder, r = named ? 0 : check_is_ours(path, *fd, e);

	if (r)
		return r;
	if (snprintf(next, sizeof(next), "%s.new", path) >= (int)sizeof(next))
		return err_sys(e, -ENAMETOOLONG, "%s", path);
	folder = open_folder(path, e);
	if (folder < 0)
		return folder;
	r = replace_with(path, next, named, folder, fd, e);
	close(folder);
	return r;
}
