#include "learn/tried.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"

static const char head[] = "figure\tspread\tseconds\tsettings\n";
enum { TABLE_MAX = 1 << 30, SHOWN = 16 /* digits of a hash */ };

/* In memory. */

const struct tried_one *tried_find(const struct tried *t, struct str setting)
{
	uint64_t hash = hash_xx(setting, 0);

	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].hash == hash && str_is(setting, t->v[i].setting))
			return &t->v[i];
	return NULL;
}

static int keep(struct tried *t, struct str setting, struct tried_one one)
{
	struct tried_one *more;

	if (t->n == t->room) {
		t->room = 2 * t->room + 64;
		more = realloc(t->v, t->room * sizeof(*more));
		if (!more)
			return -ENOMEM;
		t->v = more;
	}
	one.hash = hash_xx(setting, 0);
	one.setting = malloc(setting.n + 1);
	if (!one.setting)
		return -ENOMEM;
	if (setting.n)
		memcpy(one.setting, setting.p, setting.n);
	one.setting[setting.n] = '\0';
	t->v[t->n++] = one;
	return 0;
}

/* Read. */

/* A whole field as a number; a dash is -INFINITY. */
static bool read_number(struct str field, double *ret)
{
	char text[64], *end;

	*ret = -INFINITY;
	if (str_is(field, "-"))
		return true;
	if (!field.n || field.n >= sizeof(text))
		return false;
	memcpy(text, field.p, field.n);
	text[field.n] = '\0';
	*ret = strtod(text, &end);
	return end == text + field.n && isfinite(*ret);
}

static int read_line(struct tried *t, struct str line, size_t number,
		     struct err *e)
{
	struct str rest = line, field[3];
	struct tried_one one = { .told = true };

	for (int i = 0; i < 3; i++)
		field[i] = str_cut(&rest, '\t');
	if (!rest.p || !read_number(field[0], &one.figure) ||
	    !read_number(field[1], &one.spread) ||
	    !read_number(field[2], &one.seconds) || !isfinite(one.seconds))
		return err_set(e, -EBADMSG,
			       "%s:%zu: expected a figure, its spread, seconds "
			       "and settings with tabs between",
			       t->path, number);
	return tried_find(t, rest) ? 0 : keep(t, rest, one);
}

static void first_line(const struct tried_of *of, char *out, size_t size)
{
	snprintf(out, size, "# vigie tune %s recipe %.*s data %.*s folds %.*s",
		 VIGIE_VERSION, SHOWN, of->recipe, SHOWN, of->data, SHOWN,
		 of->folds);
}

/* The word behind `name` in a first line. */
static struct str word_of(struct str line, const char *name)
{
	struct str rest = line;

	while (rest.p)
		if (str_is(str_cut(&rest, ' '), name))
			return str_cut(&rest, ' ');
	return (struct str){ NULL, 0 };
}

static int check_first(const struct tried *t, struct str line,
		       const struct tried_of *of, struct err *e)
{
	static const struct {
		const char *name, *what;
	} words[] = {
		{ "tune", "by another version of vigie" },
		{ "recipe", "from another recipe" },
		{ "data", "from other data" },
		{ "folds", "on other folds" },
	};
	char wanted[256];

	first_line(of, wanted, sizeof(wanted));
	if (str_is(line, wanted))
		return 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct str has = word_of(line, words[i].name);

		if (!has.p)
			break;
		if (!str_eq(has, word_of(str_of(wanted), words[i].name)))
			return err_set(e, -EBADMSG,
				       "%s: this table was made %s, so that "
				       "its figures say nothing here: name "
				       "another file, or remove it",
				       t->path, words[i].what);
	}
	return err_set(e, -EBADMSG,
		       "%s: no table of vigie tune: name another file",
		       t->path);
}

/* Only the last line can be torn: it is the one that was being written. */
static int cut_torn(struct tried *t, struct str *all)
{
	size_t n = all->n;

	while (n && all->p[n - 1] != '\n')
		n--;
	t->torn = n < all->n;
	all->n = n;
	return t->torn && ftruncate(t->fd, (off_t)n) ? -errno : 0;
}

static int read_lines(struct tried *t, struct str all,
		      const struct tried_of *of, struct err *e)
{
	struct str rest = all;
	int r = check_first(t, str_cut(&rest, '\n'), of, e);

	for (size_t number = 2; rest.n && !r; number++) {
		struct str line = str_cut(&rest, '\n');

		if (number > 2)
			r = read_line(t, line, number, e);
	}
	return r;
}

static int begin(struct tried *t, const struct tried_of *of)
{
	char first[256];
	struct buf b;
	int r;

	buf_init(&b, 1 << 12);
	first_line(of, first, sizeof(first));
	buf_printf(&b, "%s\n%s", first, head);
	r = buf_error(&b);
	if (!r)
		r = file_write_all(t->fd, buf_view(&b));
	buf_done(&b);
	return r;
}

static int read_table(struct tried *t, const struct tried_of *of, struct err *e)
{
	struct str all;
	int r = file_read(t->path, TABLE_MAX, &all, e);
	void *bytes;

	if (r)
		return r;
	bytes = (void *)all.p;
	if (all.n && memcmp(all.p, "# vigie tune", all.n < 12 ? all.n : 12))
		r = check_first(t, all, of, e);
	if (!r)
		r = cut_torn(t, &all);
	if (!r)
		r = all.n ? read_lines(t, all, of, e) : begin(t, of);
	free(bytes);
	return r;
}

int tried_open(struct tried *t, const char *path, const struct tried_of *of,
	       struct err *e)
{
	int r;

	*t = (struct tried){ .path = path, .fd = -1 };
	if (!path)
		return 0;
	t->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (t->fd < 0)
		return err_sys(e, -errno, "%s", path);
	if (flock(t->fd, LOCK_EX | LOCK_NB))
		return err_set(e, -EAGAIN,
			       "%s: another vigie tune is at work on it", path);
	r = read_table(t, of, e);
	return r ? err_sys(e, r, "%s", path) : 0;
}

void tried_done(struct tried *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->v[i].setting);
	free(t->v);
	if (t->fd >= 0)
		close(t->fd);
	*t = (struct tried){ .fd = -1 };
}

static int write_line(struct tried *t, const struct tried_one *one)
{
	struct buf b;
	int r;

	buf_init(&b, 1 << 20);
	if (isfinite(one->figure))
		buf_printf(&b, "%.6f\t%.6f", one->figure, one->spread);
	else
		buf_add_z(&b, "-\t-");
	buf_printf(&b, "\t%.2f\t%s\n", one->seconds, one->setting);
	r = buf_error(&b);
	if (!r)
		r = file_write_all(t->fd, buf_view(&b));
	buf_done(&b);
	return r;
}

int tried_add(struct tried *t, struct str setting, double figure, double spread,
	      double seconds, bool write, struct err *e)
{
	struct tried_one one = { .figure = round(figure * 1e6) / 1e6,
				 .spread = round(spread * 1e6) / 1e6,
				 .seconds = seconds };
	int r = keep(t, setting, one);

	if (!r && write && t->path)
		r = write_line(t, &t->v[t->n - 1]);
	return r ? err_sys(e, r, "%s", t->path ? t->path : "the table") : 0;
}
