#include "classify/bundle_bytes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "classify/bundle.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25 /* Linux 6.1; not yet in the headers of glibc 2.36 */
#endif

enum {
	HUGE_PAGE = 2 << 20,
	CHUNK = 256 << 10, /* fits the processor's cache */
	PATIENCE_MS = 60000,
	LEAVE_MS = 1000,
	TURN_NS = 2000000,
	NAME_SIZE = HASH_SHA_HEX + sizeof(".vigie"),
};

static const char NEW[] = "new";

/* Memory. Look-ups go all over a bundle, and with small pages most of them miss
 * the TLB; a huge page covers 512 small ones, where both address and file
 * begin at a multiple of it. */

static size_t whole_pages(size_t n)
{
	return (n + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
}

/* Address space for n bytes, to be given back as whole_pages(n); or NULL. */
static char *reserve(size_t n)
{
	size_t room = whole_pages(n);
	char *p = mmap(NULL, room + HUGE_PAGE, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	size_t before;

	if (p == MAP_FAILED)
		return NULL;
	before = -(uintptr_t)p % HUGE_PAGE;
	if (before)
		munmap(p, before);
	munmap(p + before + room, HUGE_PAGE - before);
	return p + before;
}

static int read_into(char *p, int fd, size_t n)
{
	size_t have = 0;

	while (have < n) {
		ssize_t more = pread(fd, p + have, n - have, (off_t)have);

		if (more == 0)
			return 0;
		if (more < 0 && errno != EINTR)
			return -errno;
		have += more > 0 ? (size_t)more : 0;
	}
	return 0;
}

int bundle_bytes_own(int fd, size_t size, struct bundle_bytes *ret)
{
	char *p = reserve(size);
	int r;

	if (!p)
		return -ENOMEM;
	r = mprotect(p, size, PROT_READ | PROT_WRITE) ? -errno : 0;
	(void)madvise(p, size, MADV_HUGEPAGE);
	if (!r)
		r = read_into(p, fd, size);
	if (!r)
		r = mprotect(p, size, PROT_READ) ? -errno : 0;
	if (r) {
		munmap(p, whole_pages(size));
		return r;
	}
	*ret = (struct bundle_bytes){ { p, size }, NULL, -1, -1 };
	return 0;
}

/* NULL when it cannot be. */
static char *map(int fd, size_t size)
{
	char *p = reserve(size);

	if (p && mmap(p, size, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) ==
			 MAP_FAILED) {
		munmap(p, whole_pages(size));
		return NULL;
	}
	return p;
}

int bundle_bytes_map(int fd, size_t size, struct bundle_bytes *ret)
{
	char *p = map(fd, size);

	if (!p)
		return -ENOMEM;
	*ret = (struct bundle_bytes){ { p, size }, NULL, -1, -1 };
	return 0;
}

/* The folder. */

/* In base others may write, as in /tmp: what has our name there is ours only
 * when it is. */
static int open_folder(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return err_sys(e, -errno, "folder %s", path);
	if (!fstat(fd, &st) && st.st_uid == geteuid() && !(st.st_mode & 077))
		return fd;
	close(fd);
	return err_set(e, -EACCES, "folder %s is not this user's alone", path);
}

/* The lock is held while a bundle is written, some seconds at worst. Its holder
 * may have been stopped, so the wait ends. */
static int lock_folder(int fd, int64_t patience_ms)
{
	int64_t until_ms = clock_ms() + patience_ms;
	const struct timespec turn = { 0, TURN_NS };

	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		if (clock_ms() >= until_ms)
			return -EWOULDBLOCK;
		nanosleep(&turn, NULL);
	}
	return 0;
}

static void write_path(const char *base, char out[PATH_MAX])
{
	snprintf(out, PATH_MAX, "%s/vigie-bundles-%u", base,
		 (unsigned)geteuid());
}

/* That of sockets, which base is as a rule, is made by whoever comes first. */
static int make_folder(const char *base, const char *path)
{
	if (!mkdir(path, 0700) || errno == EEXIST)
		return 0;
	if (errno == ENOENT && !mkdir(base, 0700) && !mkdir(path, 0700))
		return 0;
	return errno == EEXIST ? 0 : -errno;
}

static bool is_there(int folder)
{
	struct stat st;

	return !fstat(folder, &st) && st.st_nlink;
}

/* The folder, locked; made when `make`. One that was removed between our
 * opening it and our lock is another's past: begin again. */
static int enter(const char *base, bool make, struct err *e)
{
	char path[PATH_MAX];
	int fd, r;

	write_path(base, path);
	for (;;) {
		r = make ? make_folder(base, path) : 0;
		if (r)
			return err_sys(e, r, "folder %s", path);
		fd = open_folder(path, e);
		if (fd < 0)
			return fd;
		r = lock_folder(fd, make ? PATIENCE_MS : LEAVE_MS);
		if (r || is_there(fd))
			break;
		close(fd);
	}
	if (!r)
		return fd;
	close(fd);
	return err_sys(e, r, "locking folder %s", path);
}

/* With the lock: whatever nobody holds goes. Not where the folder went while we
 * waited: what has its name now is others', who may be about to fill it. */
static void sweep(int folder, const char *base)
{
	int again = is_there(folder)
			    ? openat(folder, ".",
				     O_RDONLY | O_DIRECTORY | O_CLOEXEC)
			    : -1;
	DIR *d = again < 0 ? NULL : fdopendir(again);
	char path[PATH_MAX];
	struct dirent *at;

	while (d && (at = readdir(d))) {
		int fd = *at->d_name == '.' /* none of ours */
				 ? -1
				 : openat(folder, at->d_name,
					  O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
						  O_CLOEXEC);

		if (fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB))
			unlinkat(folder, at->d_name, 0);
		if (fd >= 0)
			close(fd);
	}
	if (again < 0)
		return;
	if (d)
		closedir(d);
	else
		close(again);
	write_path(base, path);
	rmdir(path); /* when it is empty */
}

/* The copy. */

static int write_name(int fd, size_t size, char out[NAME_SIZE])
{
	unsigned char digest[BUNDLE_TRAILER];
	char hex[HASH_SHA_HEX];
	off_t at = (off_t)(size - sizeof(digest));

	if (size < sizeof(digest) ||
	    pread(fd, digest, sizeof(digest), at) != (ssize_t)sizeof(digest))
		return -EBADMSG;
	hash_hex(digest, sizeof(digest), hex);
	snprintf(out, NAME_SIZE, "%s.vigie", hex);
	return 0;
}

/* /run is small, and needed by others. */
static int check_room(int folder, size_t size)
{
	struct statvfs v;
	uint64_t left;

	if (fstatvfs(folder, &v))
		return -errno;
	left = (uint64_t)v.f_bavail * v.f_frsize;
	return left < size + (uint64_t)v.f_blocks * v.f_frsize / 8 ? -ENOSPC
								    : 0;
}

static int pour(int from, int to, size_t size)
{
	char *chunk = malloc(CHUNK);
	size_t done = 0;
	int r = chunk ? 0 : -ENOMEM;

	while (!r && done < size) {
		ssize_t n = pread(from, chunk, CHUNK, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			r = n ? -errno : -EBADMSG; /* it shrank */
		else
			r = file_write_all(to, (struct str){ chunk,
							     (size_t)n });
		done += n > 0 ? (size_t)n : 0;
	}
	free(chunk);
	return r;
}

static int make(const struct bundle_bytes *b, const char *name, int from,
		size_t size)
{
	int r = check_room(b->folder, size), to;

	if (r)
		return r;
	unlinkat(b->folder, NEW, 0);
	to = openat(b->folder, NEW,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400);
	if (to < 0)
		return -errno;
	r = pour(from, to, size);
	close(to);
	if (!r && renameat(b->folder, NEW, b->folder, name))
		r = -errno;
	if (r)
		unlinkat(b->folder, NEW, 0);
	return r;
}

/* Open, lock and map what has that name: -ENOENT where it is not there, or
 * nothing that we would have made. */
static int take(struct bundle_bytes *b, const char *name, size_t size)
{
	int fd = openat(b->folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	char *p;

	if (fd < 0)
		return errno == ELOOP ? -ENOENT : -errno;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) ||
	    st.st_uid != geteuid() || (st.st_mode & 0777) != 0400 ||
	    (size_t)st.st_size != size || flock(fd, LOCK_SH | LOCK_NB)) {
		close(fd);
		return -ENOENT;
	}
	p = map(fd, size);
	if (!p) {
		close(fd);
		return -ENOMEM;
	}
	b->view = (struct str){ p, size };
	b->file = fd;
	return 0;
}

static void let_go(struct bundle_bytes *b)
{
	munmap((void *)b->view.p, whole_pages(b->view.n));
	if (b->file >= 0)
		close(b->file);
	b->view = (struct str){ NULL, 0 };
	b->file = -1;
}

/* Has the file these bytes? A mapping of it might be cut off under us. */
static bool is_same(struct str bytes, int fd)
{
	char *chunk = malloc(CHUNK);
	size_t done = 0;

	while (chunk && done < bytes.n) {
		ssize_t n = pread(fd, chunk, CHUNK, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || (size_t)n > bytes.n - done ||
		    memcmp(chunk, bytes.p + done, (size_t)n))
			break;
		done += (size_t)n;
	}
	free(chunk);
	return done == bytes.n;
}

static int take_anew(struct bundle_bytes *b, const char *name, int fd,
		     size_t size)
{
	int r = make(b, name, fd, size);

	return r ? r : take(b, name, size);
}

/* With the lock. *made: from the file, just now. */
static int find(struct bundle_bytes *b, const char *name, int fd, size_t size,
		bool *made)
{
	int r = take(b, name, size);

	*made = r == -ENOENT;
	if (*made)
		r = take_anew(b, name, fd, size);
	sweep(b->folder, b->base);
	flock(b->folder, LOCK_UN);
	return r;
}

/* What is there may be damaged, or be what somebody else installed under a
 * digest that it does not have. Then ours takes the name; who has the other
 * mapped keeps it. */
static int replace(struct bundle_bytes *b, const char *name, int fd,
		   size_t size)
{
	int r = lock_folder(b->folder, PATIENCE_MS);

	let_go(b);
	if (r)
		return r;
	r = take_anew(b, name, fd, size);
	sweep(b->folder, b->base);
	flock(b->folder, LOCK_UN);
	return r;
}

static int share(struct bundle_bytes *b, int fd, size_t size, struct err *e)
{
	char name[NAME_SIZE];
	bool made;
	int r = write_name(fd, size, name);

	if (r)
		return r;
	b->folder = enter(b->base, true, e);
	if (b->folder < 0)
		return b->folder;
	r = find(b, name, fd, size, &made);
	/* Without the lock, so that others may look at the same time. */
	if (!r && !made && !is_same(b->view, fd))
		r = replace(b, name, fd, size);
	if (r)
		close(b->folder);
	return r;
}

int bundle_bytes_shared(const char *base, int fd, size_t size,
			struct bundle_bytes *ret, struct err *e)
{
	struct bundle_bytes b = { .base = base, .file = -1 };
	int r = share(&b, fd, size, e);

	if (r)
		return err_sys(e, r, "a copy in folder %s", base);
	/* On a tmpfs, whatever its settings; elsewhere it is refused. */
	(void)madvise((void *)b.view.p, size / HUGE_PAGE * HUGE_PAGE,
		      MADV_COLLAPSE);
	*ret = b;
	return 0;
}

void bundle_bytes_done(struct bundle_bytes *b)
{
	if (!b->view.p)
		return;
	let_go(b);
	if (!b->base)
		return;
	if (!lock_folder(b->folder, LEAVE_MS))
		sweep(b->folder, b->base);
	close(b->folder);
}

void bundle_bytes_sweep(const char *base)
{
	struct err ignored = { "" };
	int folder = enter(base, false, &ignored);

	if (folder < 0)
		return;
	sweep(folder, base);
	close(folder);
}
