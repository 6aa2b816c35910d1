#include "learn/read_folder.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"

struct folder {
	struct read_sink *sink;
	const char *label; /* name of the sub-folder in hand */
	size_t count;	   /* files */
};

/* What is done with each name of a folder. */
typedef int visitor(struct folder *f, const char *path, const char *name,
		    struct err *e);

static int is_shown(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* Not alphasort(), whose order changes with the locale. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int visit_all(struct folder *f, const char *folder, visitor *visit,
		     struct err *e)
{
	struct dirent **names;
	char path[PATH_MAX];
	int n = scandir(folder, &names, is_shown, by_bytes), r = 0;

	if (n < 0)
		return err_sys(e, -errno, "%s", folder);
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;

		if (!r && snprintf(path, sizeof(path), "%s/%s", folder,
				   name) >= (int)sizeof(path))
			r = err_sys(e, -ENAMETOOLONG, "%s/%s", folder, name);
		if (!r)
			r = visit(f, path, name, e);
		free(names[i]);
	}
	free(names);
	return r;
}

static int take(struct folder *f, const char *name, struct str text)
{
	struct raw_label label = { str_of(f->label), { NULL, 0 } };
	struct raw_example x = {
		.text = read_unmarked(text),
		.labels = &label,
		.n = 1,
	};
	char id[2 * NAME_MAX + 2];

	if (!str_trim(x.text).n) {
		read_complain(f->sink, 0, 0, "no text: the file is empty");
		return 0;
	}
	if (!read_is_text(f->sink, 0, 0, "file", text))
		return 0;
	snprintf(id, sizeof(id), "%s/%s", f->label, name);
	x.id = str_of(id);
	return f->sink->example(f->sink->arg, &x);
}

static int visit_file(struct folder *f, const char *path, const char *name,
		      struct err *e)
{
	struct stat st;
	struct str text;
	int r;

	if (stat(path, &st))
		return err_sys(e, -errno, "%s", path);
	f->sink->path = path;
	if (!S_ISREG(st.st_mode)) {
		read_complain(f->sink, 0, 0,
			      "is no file and is passed over: the documents of "
			      "a label lie in its folder itself");
		return 0;
	}
	log_progress("reading, files", ++f->count, 0);
	r = read_bytes(f->sink, path, &text, e);
	if (r)
		return r;
	r = take(f, name, text);
	free((char *)text.p);
	return r;
}

static int visit_label(struct folder *f, const char *path, const char *name,
		       struct err *e)
{
	struct stat st;

	if (stat(path, &st))
		return err_sys(e, -errno, "%s", path);
	f->sink->path = path;
	if (!S_ISDIR(st.st_mode)) {
		read_complain(f->sink, 0, 0,
			      "is no folder and is passed over: documents lie "
			      "in a folder that has their label's name");
		return 0;
	}
	if (!read_is_text(f->sink, 0, 0, "folder's name", str_of(name)))
		return 0;
	f->label = name;
	return visit_all(f, path, visit_file, e);
}

int read_folder(struct read_sink *s, const char *path, struct err *e)
{
	struct folder f = { .sink = s };
	const char *before = s->path;
	char *folder = strdup(path);
	size_t n = strlen(path);
	int r;

	if (!folder)
		return -ENOMEM;
	while (n > 1 && folder[n - 1] == '/')
		folder[--n] = '\0';
	r = visit_all(&f, folder, visit_label, e);
	log_progress("reading, files", 0, 0);
	s->path = before;
	free(folder);
	return r;
}
