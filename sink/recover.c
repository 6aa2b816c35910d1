#include "sink/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/broken.h"
#include "base/file.h"
#include "sink/checkpoint.h"
#include "sink/record.h"
#include "sink/rotate.h"
#include "sink/scan.h"

/* What the checkpoint says, and from when it is. */
struct known {
	bool is_there;
	struct checkpoint c;
	struct timespec written;
};

static int read_known(struct recovery *v, struct known *k, struct err *e)
{
	struct err why = { "" };
	struct stat st;
	int r = checkpoint_read(v->checkpoint, &k->c, v->found, &why);

	k->is_there = !r && !stat(v->checkpoint, &st);
	if (k->is_there)
		k->written = st.st_mtim;
	if (r == -ENOMEM)
		return r;
	if (r == -EACCES)
		return err_set(e, r, "%s", why.text);
	if (r && r != -ENOENT)
		buf_printf(v->notes, "%s; the whole output is read instead\n",
			   why.text);
	v->records = k->is_there ? k->c.records : 0;
	return 0;
}

/* Files that got another name. */

static bool is_older(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec ||
	       (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

/* Nothing was written to it since the checkpoint, nor was it copied here. */
static bool is_covered(const struct known *k, const struct stat *st)
{
	return k->is_there && is_older(&st->st_mtim, &k->written);
}

static int scan_rotated(struct recovery *v, const struct known *k,
			const char *path, struct err *e)
{
	struct scan s = { .path = path,
			  .found = v->found,
			  .notes = v->notes };
	struct stat st;
	int r;

	s.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (s.fd < 0)
		return errno == ENOENT ? 0 : err_sys(e, -errno, "%s", path);
	if (fstat(s.fd, &st) || !S_ISREG(st.st_mode) || is_covered(k, &st)) {
		close(s.fd);
		return 0;
	}
	if (k->is_there && checkpoint_fits(&k->c, s.fd))
		s.from = (off_t)k->c.offset;
	r = scan_file(&s, e);
	if (!r && s.size > s.end)
		scan_refuse(&s, "its last line has no end");
	scan_end(&s);
	v->records += s.fresh;
	buf_done(&s.tail);
	close(s.fd);
	return r;
}

static int scan_all_rotated(struct recovery *v, const struct known *k,
			    struct err *e)
{
	struct rotated all;
	int r = rotated_list(v->path, &all, e);

	for (size_t i = 0; i < all.n && !r; i++)
		r = scan_rotated(v, k, all.v[i], e);
	rotated_done(&all);
	return r;
}

/* The file itself. */

/* A piece of a record is what a crash left: cut it off. Any other bytes are
 * somebody's, perhaps all that a foreign file holds: they become a line. */
static int mend_tail(struct scan *s, struct err *e)
{
	int r;

	if (s->size == s->end || broken("no-cut"))
		return 0;
	if (record_is_torn(buf_view(&s->tail))) {
		buf_printf(s->notes,
			   "%s: cut %lld bytes of an incomplete last line\n",
			   s->path, (long long)(s->size - s->end));
		return ftruncate(s->fd, s->end)
			       ? err_sys(e, -errno, "%s", s->path)
			       : 0;
	}
	s->lines++;
	scan_refuse(s, "neither a record nor a whole line");
	r = file_write_all(s->fd, STR("\n"));
	return r ? err_sys(e, r, "%s", s->path) : 0;
}

static int scan_current(struct recovery *v, struct err *e)
{
	struct scan s = { .path = v->path,
			  .fd = v->fd,
			  .found = v->found,
			  .notes = v->notes,
			  .from = (off_t)v->covered };
	int r = scan_file(&s, e);

	if (!r)
		r = mend_tail(&s, e);
	scan_end(&s);
	v->records += s.fresh;
	buf_done(&s.tail);
	return r;
}

/* Lines that a killed life wrote may still be in memory only, and they are
 * about to be acknowledged. A file whose name is lost with the power holds
 * nothing. */
static int sync_found(const struct recovery *v, struct err *e)
{
	struct str folder = file_folder(v->path);
	char name[PATH_MAX];
	int fd, r = 0;

	if (!broken("nosync") && fdatasync(v->fd))
		return err_sys(e, -EIO, "%s: sync", v->path);
	snprintf(name, sizeof(name), STR_FMT, STR_ARG(folder));
	fd = open(folder.n ? name : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd))
		r = err_sys(e, -errno, "folder of %s", v->path);
	if (fd >= 0)
		close(fd);
	return r;
}

int recover_lines(struct recovery *v, struct err *e)
{
	struct known k = { .is_there = false };
	int r = read_known(v, &k, e);

	v->covered = 0;
	if (r)
		return r;
	if (k.is_there && checkpoint_fits(&k.c, v->fd))
		v->covered = k.c.offset;
	else if (!v->anew)
		r = scan_all_rotated(v, &k, e);
	if (!r)
		r = scan_current(v, e);
	return r ? r : sync_found(v, e);
}
