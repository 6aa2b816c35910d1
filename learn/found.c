#include "learn/found.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "learn/report.h"

static const char *metric(const struct found *f)
{
	return report_metric_name(f->tuning->base->recipe->metric);
}

static const struct tried_one *result(const struct found *f, struct str setting)
{
	return tried_find(f->tuning->tried, setting);
}

/* How many settings were scored, and how many came to nothing. */
static size_t count_scored(const struct tried *t, size_t *told)
{
	size_t n = 0;

	*told = 0;
	for (size_t i = 0; i < t->n; i++) {
		n += isfinite(t->v[i].figure) ? 1 : 0;
		*told += t->v[i].told;
	}
	return n;
}

static void print_one(const struct found *f, struct str setting,
		      struct str what, FILE *out)
{
	const struct tried_one *one = result(f, setting);

	fprintf(out, "  %.4f", one->figure);
	if (f->tuning->folds->repeats > 1)
		fprintf(out, " ± %.4f", one->spread);
	fprintf(out, "  " STR_FMT "\n", STR_ARG(what));
}

static void print_steps(const struct found *f, FILE *out)
{
	const struct search_plan *p = &f->tuning->plan;

	print_one(f, STR(""), STR("the recipe as it is"), out);
	for (size_t i = 0; i < p->step_count; i++)
		print_one(f, p->steps[i].setting, p->steps[i].change, out);
}

static void print_end(const struct found *f, FILE *out)
{
	const struct tuning *t = f->tuning;
	long s = (long)(clock_ms() - t->began_ms) / 1000;
	size_t told, scored = count_scored(t->tried, &told);

	fprintf(out, "\n%zu settings were scored in %ld:%02ld", scored, s / 60,
		s % 60);
	if (told)
		fprintf(out, ", %zu of them by the table before", told);
	fprintf(out, "; %s.\n",
		t->plan.over ? "nothing more gains"
		: t->stopped ? "then the search was stopped"
			     : "then the time was up");
	if (!t->plan.step_count) {
		fprintf(out,
			"None gains more than %g: the recipe stays as it is.\n",
			t->least);
		return;
	}
	fprintf(out,
		"The best of so many is better by luck as well, and its figure "
		"flattered.\n\nThe best is the recipe with " STR_FMT "\n",
		STR_ARG(t->plan.setting));
}

void found_print(const struct found *f, FILE *out)
{
	fprintf(out, "%zu documents, %s, %s\n", f->tuning->corpus->n, f->how,
		metric(f));
	print_steps(f, out);
	print_end(f, out);
	if (f->fresh->made) {
		fputc('\n', out);
		fresh_print(f->fresh, f->tuning->base->recipe->metric, out);
	}
}

/* Paths. */

/* Of the folder that a file is in, with a slash at its end. 0 or -errno. */
static int real_folder(const char *file, char out[PATH_MAX])
{
	struct str folder = file_folder(file);
	char name[PATH_MAX];
	size_t n;

	if (folder.n >= sizeof(name))
		return -ENAMETOOLONG;
	snprintf(name, sizeof(name), STR_FMT, STR_ARG(folder));
	if (!realpath(folder.n ? name : ".", out))
		return -errno;
	n = strlen(out);
	if (n + 2 > PATH_MAX)
		return -ENAMETOOLONG;
	if (out[n - 1] != '/')
		memcpy(out + n, "/", 2);
	return 0;
}

/* Where a file or pattern is: a real folder, and what *name is beside it. A
 * pattern may be for folders as well. */
static int locate(const char **name, const char *from, char out[PATH_MAX])
{
	struct str folder = file_folder(from ? from : "");
	char whole[PATH_MAX];

	if (snprintf(whole, sizeof(whole), STR_FMT "%s", STR_ARG(folder),
		     *name) >= (int)sizeof(whole))
		return -ENAMETOOLONG;
	if (!real_folder(whole, out)) {
		*name += file_folder(*name).n;
		return 0;
	}
	return real_folder(from ? from : "", out);
}

int found_path(const char *name, const char *from, const char *to,
	       struct buf *out)
{
	char a[PATH_MAX], b[PATH_MAX];
	size_t common = 0;
	int r;

	if (name[0] == '/') {
		buf_add_z(out, name);
		return buf_error(out);
	}
	r = locate(&name, from, a);
	if (!r)
		r = real_folder(to, b);
	if (r)
		return r;
	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '/')
			common = i + 1;
	for (const char *p = b + common; *p; p++)
		if (*p == '/')
			buf_add_z(out, "../");
	buf_printf(out, "%s%s", a + common, name);
	return buf_error(out);
}

int found_check(const char *output, struct err *e)
{
	char folder[PATH_MAX];
	int r = real_folder(output, folder);

	if (!r && access(folder, W_OK))
		r = -errno;
	return r ? err_sys(e, r, "%s", output) : 0;
}

/* Names in out, a NUL behind each, and a list of them; free() its v. */
static int move_data(const struct found *f, const char *output, struct buf *out,
		     struct conf_texts *ret)
{
	const char *from = f->beside_recipe ? f->recipe : NULL, *at;
	int r = 0;

	ret->n = f->data->n;
	ret->v = calloc(ret->n + 1, sizeof(*ret->v));
	if (!ret->v)
		return -ENOMEM;
	for (size_t i = 0; i < ret->n && !r; i++) {
		r = found_path(f->data->v[i], from, output, out);
		buf_add_char(out, '\0');
	}
	if (!r)
		r = buf_error(out);
	at = out->p;
	for (size_t i = 0; i < ret->n && !r; i++) {
		ret->v[i] = at;
		at += strlen(at) + 1;
	}
	return r;
}

/* The recipe that won. */

/* Names of files must not end the line that they are in. */
static void end_comment(struct buf *b, size_t from)
{
	for (; from < b->n; from++)
		if ((unsigned char)b->p[from] < 0x20)
			b->p[from] = ' ';
	buf_add_char(b, '\n');
}

static void add_comments(const struct found *f, struct buf *b)
{
	const struct tuning *t = f->tuning;
	const struct search_plan *p = &t->plan;
	size_t told, scored = count_scored(t->tried, &told);

	buf_printf(b, "# Found by vigie tune %s from %s: %s %.4f in %s,",
		   VIGIE_VERSION, f->recipe, metric(f), p->figure, f->how);
	end_comment(b, 0);
	buf_printf(b,
		   "# where that has %.4f. The best of %zu settings is "
		   "flattered%s\n",
		   result(f, STR(""))->figure, scored,
		   f->fresh->made ? ";" : ".");
	if (f->fresh->made)
		buf_printf(b, "# on fresh folds it has %.4f, the other %.4f.\n",
			   f->fresh->figure[1], f->fresh->figure[0]);
	buf_printf(b, "# What was changed, one after the other:%s\n",
		   p->step_count ? "" : " nothing.");
	for (size_t i = 0; i < p->step_count; i++)
		buf_printf(b, "#   %.4f  " STR_FMT "\n", p->steps[i].figure,
			   STR_ARG(p->steps[i].change));
}

int found_write(const struct found *f, const char *output, struct err *e)
{
	struct recipe best = f->tuning->plan.best;
	struct conf_texts moved = { NULL, 0 };
	struct buf b, names;
	char *yaml = NULL;
	int r;

	buf_init(&b, 1 << 24);
	buf_init(&names, 1 << 24);
	r = move_data(f, output, &names, &moved);
	best.data = moved;
	if (!r) {
		yaml = setting_yaml(&best);
		add_comments(f, &b);
		buf_add_z(&b, yaml ? yaml : "");
		r = yaml ? buf_error(&b) : -ENOMEM;
	}
	if (!r)
		r = file_write(output, buf_view(&b), e);
	free(yaml);
	free(moved.v);
	buf_done(&b);
	buf_done(&names);
	return r ? err_sys(e, r, "%s", output) : 0;
}
