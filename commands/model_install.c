#include "commands/model_install.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h> /* RENAME_EXCHANGE */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "classify/model.h"

/* Bytes of a file that are a bundle, and the name and id it goes by. */
struct found {
	struct str bytes;
	char label[BUNDLE_NAME_MAX + 80];
};

static void found_done(struct found *f)
{
	free((void *)f->bytes.p);
	f->bytes = (struct str){ NULL, 0 };
}

/* Read and verify path. What is written later are these bytes, not whatever is
 * in the file by then. */
static int find(const char *path, struct found *ret, struct err *e)
{
	struct model *m;
	int r = file_read(path, SIZE_MAX / 2, &ret->bytes, e);

	if (r)
		return r;
	r = model_view(path, ret->bytes, &m, e);
	if (!r) {
		r = model_selftest(m, e);
		if (r)
			err_at(e, r, "%s: ", path);
		snprintf(ret->label, sizeof(ret->label), "%s@sha256:%s",
			 m->name, m->id);
		model_free(m);
	}
	if (r)
		found_done(ret);
	return r;
}

static int beside(const char *path, char out[PATH_MAX], struct err *e)
{
	if (snprintf(out, PATH_MAX, "%s.previous", path) >= PATH_MAX)
		return err_set(e, -ENAMETOOLONG, "%s: name too long", path);
	return 0;
}

/* What is at `to` now, of which a damaged one is not worth to be kept: it would
 * take the place of one that can be gone back to. */
static int keep(const char *to, const struct found *now, struct err *e)
{
	char previous[PATH_MAX];
	int r = beside(to, previous, e);

	return r ? r : file_write(previous, now->bytes, e);
}

int model_install(const char *from, const char *to, struct err *e)
{
	struct found new = { .label = "" }, now = { .label = "" };
	struct err why = { "" };
	int r = find(from, &new, e);

	if (r)
		return r;
	r = find(to, &now, &why);
	if (r == -EBADMSG)
		log_line(LOG_WARN, "%s; it is not kept", why.text);
	else if (r && r != -ENOENT)
		err_set(e, r, "%s", why.text);
	if (!r && !strcmp(now.label, new.label)) {
		printf("%s is what is installed\n", new.label);
		goto out;
	}
	if (!r)
		r = keep(to, &now, e);
	else if (r == -EBADMSG || r == -ENOENT)
		r = 0;
	if (!r)
		r = file_write(to, new.bytes, e);
	if (!r) {
		printf("installed  %s\n", new.label);
		if (now.bytes.p)
			printf("previous   %s\n", now.label);
	}
out:
	found_done(&new);
	found_done(&now);
	return r;
}

/* The two names change places in one step; where the file system cannot, the
 * one that judges is replaced first. */
static int exchange(const char *at, const char *previous,
		    const struct found *back, struct err *e)
{
	struct str now;
	int r;

	/* glibc has renameat2(2) for _GNU_SOURCE alone */
	if (!syscall(SYS_renameat2, AT_FDCWD, at, AT_FDCWD, previous,
		     RENAME_EXCHANGE))
		return file_sync_folder(at, e);
	if (errno == ENOENT) /* nothing to keep */
		return file_write(at, back->bytes, e);
	if (errno != EINVAL && errno != ENOSYS)
		return err_sys(e, -errno, "%s", at);
	r = file_read(at, SIZE_MAX / 2, &now, e);
	if (r)
		return r;
	r = file_write(at, back->bytes, e);
	if (!r)
		r = file_write(previous, now, e);
	free((void *)now.p);
	return r;
}

int model_rollback(const char *at, struct err *e)
{
	struct found back = { .label = "" }, now = { .label = "" };
	struct err ignored = { "" };
	char previous[PATH_MAX];
	int r = beside(at, previous, e);

	if (!r)
		r = find(previous, &back, e);
	if (r == -ENOENT)
		err_at(e, r, "there is nothing to go back to: ");
	if (r)
		return r;
	r = find(at, &now, &ignored);
	if (r)
		snprintf(now.label, sizeof(now.label),
			 r == -ENOENT ? "(none)" : "(damaged)");
	r = exchange(at, previous, &back, e);
	if (!r)
		printf("installed  %s\nprevious   %s\n", back.label, now.label);
	found_done(&back);
	found_done(&now);
	return r;
}
