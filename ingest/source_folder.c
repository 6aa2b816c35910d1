#include "ingest/source_folder.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "ingest/rotated.h"
#include "ingest/seen.h"

enum {
	FOLDER_DEPTH_MAX = 64,
	PAUSE_MS = 1000, /* between two walks */
	ABSENT_WALKS = 2, /* rotation takes a name away for a moment */
};

/* One folder on the way down to where we are. */
struct level {
	struct dirent **names;
	int n, at;
	size_t path; /* length of the folder's own path */
};

struct source_folder {
	const struct source_options *o;
	struct source_options options; /* of the file */
	struct source_memory memory;
	struct source *file; /* being read, or NULL */
	struct level levels[FOLDER_DEPTH_MAX];
	size_t depth;
	struct seen seen;  /* when followed */
	uint64_t walk;	   /* the number of this one */
	int64_t due_ms;	   /* of the next; 0: not set */
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

/* Met before, just as it is now? Then there is nothing to read, nor to
 * complain of once more. */
static bool is_seen(struct source_folder *f, const struct stat *st)
{
	struct seen_file *file = seen_find(&f->seen, f->path);

	if (!file)
		return false;
	file->walk = f->walk;
	return seen_same(file, st);
}

static int see(struct source_folder *f, const struct stat *st, struct err *e)
{
	struct seen_file *file = f->o->follow ? seen_use(&f->seen, f->path)
					      : NULL;

	if (!file)
		return f->o->follow ? err_sys(e, -ENOMEM, "%s", f->path) : 0;
	file->walk = f->walk;
	seen_set(file, st);
	return 0;
}

/* Go down, or remember that it cannot be done. */
static int visit_folder(struct source_folder *f, const struct stat *st,
			struct err *e)
{
	int r = enter(f, e);

	if (r)
		see(f, st, NULL);
	return r;
}

static int visit_file(struct source_folder *f, const struct stat *st,
		      struct err *e)
{
	int r = see(f, st, e);

	/* It never ends, and nothing behind it would be read. */
	if (!r && source_is_polled(f->path, NULL))
		r = err_set(e, STEP_REJECT,
			    "%s: a list of feeds, to be named as a source of "
			    "its own", f->path);
	return r ? r : source_open(&f->options, &f->file, e);
}

static int visit_broken_link(struct source_folder *f, const struct stat *st,
			     struct err *e)
{
	err_sys(e, -errno, "%s: where the link leads", f->path);
	see(f, st, NULL);
	return -ENOENT;
}

/* Look at f->path: go down into a folder, open a file, pass over the rest. */
static int visit(struct source_folder *f, struct err *e)
{
	const char *name = strrchr(f->path, '/');
	struct stat st, link;
	bool linked, broken;

	if (f->o->follow && rotated_lines(name ? name + 1 : f->path))
		return 0;
	if (lstat(f->path, &link)) /* followed: it was there a moment ago */
		return f->o->follow && errno == ENOENT
			       ? 0
			       : err_sys(e, -errno, "%s", f->path);
	linked = S_ISLNK(link.st_mode);
	broken = linked && stat(f->path, &st);
	if (!linked || broken)
		st = link;
	if (f->o->follow && is_seen(f, &st))
		return 0;
	if (broken)
		return visit_broken_link(f, &st, e);
	if (S_ISDIR(st.st_mode) && !linked)
		return visit_folder(f, &st, e);
	return S_ISREG(st.st_mode) ? visit_file(f, &st, e) : 0;
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

/* Where the file in hand was: what was handed out since we began may not have
 * reached the memory yet. */
static int recall(void *self, struct str key, struct buf *position)
{
	struct source_folder *f = self;
	const struct seen_file *file = seen_find(&f->seen, f->path);

	if (file && file->position[0]) {
		buf_clear(position);
		buf_add_z(position, file->position);
		return buf_error(position);
	}
	if (!f->o->memory)
		return STEP_END;
	return f->o->memory->recall(f->o->memory->self, key, position);
}

static int remember(void *self, struct str key, struct str position)
{
	struct source_folder *f = self;
	const struct source_memory *m = f->o->memory;

	return m && m->remember ? m->remember(m->self, key, position) : 0;
}

static void keep_position(struct source_folder *f, struct str position)
{
	struct seen_file *file = seen_find(&f->seen, f->path);

	if (!file || !position.n || position.n >= sizeof(file->position))
		return;
	memcpy(file->position, position.p, position.n);
	file->position[position.n] = '\0';
}

/* The next piece of the open file, which is closed when it has no more: when
 * followed, until it has changed. */
static int read_on(struct source_folder *f, struct raw *ret, struct err *e)
{
	int r = source_next(f->file, ret, e);

	if (r == 0 || r == STEP_REJECT)
		keep_position(f, ret->position);
	if (r == STEP_WAIT && f->o->follow)
		r = STEP_END;
	if (r == STEP_END || r < 0) {
		source_free(f->file);
		f->file = NULL;
	}
	return spare_the_rest(r);
}

/* At the end of a walk: 0 when the next begins, else STEP_WAIT. */
static int walk_again(struct source_folder *f, struct err *e)
{
	struct err why = { "" };
	int r;

	if (!f->due_ms)
		f->due_ms = clock_ms() + PAUSE_MS;
	if (clock_ms() < f->due_ms)
		return STEP_WAIT;
	f->due_ms = 0;
	r = f->walk > ABSENT_WALKS
		    ? seen_forget(&f->seen, f->walk - ABSENT_WALKS)
		    : 0;
	f->walk++;
	snprintf(f->path, sizeof(f->path), "%s", f->o->path);
	if (!r)
		r = enter(f, &why);
	if (r == -ENOENT)
		return STEP_WAIT; /* it may come back */
	return r ? err_set(e, r, "%s", why.text) : 0;
}

/* Open the next file: STEP_END at the end of a walk that is the last. */
static int find_file(struct source_folder *f, struct err *e)
{
	int r = 0;

	while (!r && !f->file) {
		r = walk(f, e);
		if (r == STEP_END && f->o->follow)
			r = walk_again(f, e);
	}
	return r;
}

int source_folder_next(void *self, struct raw *ret, struct err *e)
{
	struct source_folder *f = self;
	int r;

	do {
		r = find_file(f, e);
		if (r)
			return r;
		r = read_on(f, ret, e);
	} while (r == STEP_END);
	return r;
}

void source_folder_hurry(void *self)
{
	struct source_folder *f = self;

	f->due_ms = 1;
}

int source_folder_open(const struct source_options *o, void **ret,
		       struct err *e)
{
	struct source_folder *f;
	size_t n = strlen(o->path);
	struct err why = { "" };
	int r;

	if (n >= sizeof(f->path))
		return err_sys(e, -ENAMETOOLONG, "%s", o->path);
	f = calloc(1, sizeof(*f));
	if (!f)
		return err_sys(e, -ENOMEM, "%s", o->path);
	f->o = o;
	memcpy(f->path, o->path, n + 1);
	f->memory = (struct source_memory){ .recall = recall, .self = f,
					    .remember = remember };
	f->options = *o;
	f->options.kind = f->options.name = NULL;
	f->options.path = f->path;
	if (o->follow)
		f->options.memory = &f->memory;
	r = enter(f, &why);
	if (r && !(r == -ENOENT && o->follow)) {
		free(f);
		return err_set(e, r, "%s", why.text);
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
	seen_done(&f->seen);
	free(f);
}
