#include "ingest/source_folder.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FOLDER_DEPTH_MAX = 64 };

/* One folder on the way down to where we are. */
struct level {
	struct dirent **names;
	int n, at;
	size_t path; /* length of the folder's own path */
};

struct source_folder {
	struct source *file; /* being read, or NULL */
	struct level levels[FOLDER_DEPTH_MAX];
	size_t depth;
	char path[PATH_MAX]; /* of the file or folder in hand */
};

static int is_shown(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* Not alphasort(), whose order changes with the locale. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Go down into f->path. */
static int enter(struct source_folder *f, struct err *e)
{
	struct level l = { .path = strlen(f->path) };

	if (f->depth == FOLDER_DEPTH_MAX)
		return err_set(e, -ELOOP,
			       "%s: more than %d folders within each other",
			       f->path, FOLDER_DEPTH_MAX);
	l.n = scandir(f->path, &l.names, is_shown, by_bytes);
	if (l.n < 0)
		return err_sys(e, -errno, "%s", f->path);
	f->levels[f->depth++] = l;
	return 0;
}

static void leave(struct source_folder *f)
{
	struct level *l = &f->levels[--f->depth];

	for (int i = 0; i < l->n; i++)
		free(l->names[i]);
	free(l->names);
}

/* Put the next name of the deepest folder into f->path. */
static int name_next(struct source_folder *f, struct err *e)
{
	struct level *l = &f->levels[f->depth - 1];
	const char *name = l->names[l->at++]->d_name;
	size_t n = strlen(name), at = l->path;

	f->path[at] = '\0';
	if (at + n + 2 > sizeof(f->path))
		return err_sys(e, -ENAMETOOLONG, "%s/%s", f->path, name);
	if (at && f->path[at - 1] != '/')
		f->path[at++] = '/';
	memcpy(f->path + at, name, n + 1);
	return 0;
}

/* Look at f->path: go down into a folder, open a file, pass over the rest. */
static int visit(struct source_folder *f, struct err *e)
{
	struct stat st;
	bool linked;

	if (lstat(f->path, &st))
		return err_sys(e, -errno, "%s", f->path);
	linked = S_ISLNK(st.st_mode);
	if (linked && stat(f->path, &st))
		return err_sys(e, -errno, "%s: where the link leads", f->path);
	if (S_ISDIR(st.st_mode) && !linked)
		return enter(f, e);
	if (S_ISREG(st.st_mode))
		return source_open(NULL, f->path, NULL, &f->file, e);
	return 0;
}

/* The trouble of one file is not the folder's, unless we ran out ourselves. */
static int spare_the_rest(int r)
{
	bool ours = r == -ENOMEM || r == -EMFILE || r == -ENFILE;

	return r < 0 && !ours ? STEP_REJECT : r;
}

/* One step through the tree: STEP_END at its end. */
static int walk(struct source_folder *f, struct err *e)
{
	struct level *l;
	int r;

	if (!f->depth)
		return STEP_END;
	l = &f->levels[f->depth - 1];
	if (l->at == l->n) {
		leave(f);
		return 0;
	}
	r = name_next(f, e);
	return spare_the_rest(r ? r : visit(f, e));
}

/* The next piece of the open file, which is closed when it has no more. */
static int read_on(struct source_folder *f, struct raw *ret, struct err *e)
{
	int r = source_next(f->file, ret, e);

	if (r == STEP_END || r < 0) {
		source_free(f->file);
		f->file = NULL;
	}
	return spare_the_rest(r);
}

int source_folder_next(void *self, struct raw *ret, struct err *e)
{
	struct source_folder *f = self;
	int r;

	do {
		while (!f->file) {
			r = walk(f, e);
			if (r)
				return r;
		}
		r = read_on(f, ret, e);
	} while (r == STEP_END);
	return r;
}

int source_folder_open(const char *path, void **ret, struct err *e)
{
	struct source_folder *f;
	size_t n = strlen(path);
	int r;

	if (n >= sizeof(f->path))
		return err_sys(e, -ENAMETOOLONG, "%s", path);
	f = calloc(1, sizeof(*f));
	if (!f)
		return err_sys(e, -ENOMEM, "%s", path);
	memcpy(f->path, path, n + 1);
	r = enter(f, e);
	if (r) {
		free(f);
		return r;
	}
	*ret = f;
	return 0;
}

void source_folder_close(void *self)
{
	struct source_folder *f = self;

	source_free(f->file);
	while (f->depth)
		leave(f);
	free(f);
}
