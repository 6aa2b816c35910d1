#include "commands/handled.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"

enum { HANDLED_MAX = 1 << 30 };

static int path_of(const struct letters *l, char out[PATH_MAX], struct err *e)
{
	if (snprintf(out, PATH_MAX, "%s.handled", l->path) >= PATH_MAX)
		return err_sys(e, -ENAMETOOLONG, "%s", l->path);
	return 0;
}

/* Reading. */

static int by_name(const void *a, const void *b)
{
	const struct letter_at *x = *(struct letter_at *const *)a;
	const struct letter_at *y = *(struct letter_at *const *)b;
	int order = origin_cmp(x->origin, y->origin);

	return order ? order : (x->seq > y->seq) - (x->seq < y->seq);
}

/* The letters by name, to look them up. */
static struct letter_at **sorted(struct letters *l)
{
	struct letter_at **v = calloc(l->n + 1, sizeof(struct letter_at *));

	for (size_t i = 0; v && i < l->n; i++)
		v[i] = &l->v[i];
	if (v && l->n)
		qsort(v, l->n, sizeof(struct letter_at *), by_name);
	return v;
}

static bool read_line(struct str line, struct letter_at *ret)
{
	json_t *o = json_parse(line, NULL);
	const json_t *seq = json_object_get(o, "seq");
	const char *hex = json_string_value(json_object_get(o, "origin"));
	bool good = json_is_integer(seq) && json_integer_value(seq) >= 0 &&
		    hex && !origin_parse(str_of(hex), &ret->origin);

	ret->seq = good ? (uint64_t)json_integer_value(seq) : 0;
	json_decref(o);
	return good;
}

static void mark(struct letters *l, struct letter_at **v, const char *path,
		 struct str rest)
{
	for (size_t number = 1; rest.n; number++) {
		struct letter_at key, *at = &key, **found;

		if (!read_line(str_cut(&rest, '\n'), &key)) {
			log_line(LOG_WARN, "%s:%zu: cannot be understood; "
				 "passed over", path, number);
			continue;
		}
		found = l->n ? bsearch(&at, v, l->n,
				       sizeof(struct letter_at *), by_name)
			     : NULL;
		if (found)
			(*found)->handled = true;
	}
}

int handled_read(struct letters *l, struct err *e)
{
	struct letter_at **v;
	char path[PATH_MAX];
	struct str all;
	int r = path_of(l, path, e);

	if (!r && access(path, F_OK) && errno == ENOENT)
		return 0;
	if (!r)
		r = file_read(path, HANDLED_MAX, &all, e);
	if (r)
		return r;
	v = sorted(l);
	if (v)
		mark(l, v, path, all);
	else
		r = -ENOMEM;
	free(v);
	free((char *)all.p);
	return r;
}

/* Writing. */

/* Behind a piece of a line, which a crash left, a new one begins. */
static bool ends_in_line(int fd)
{
	off_t n = lseek(fd, 0, SEEK_END);
	char last = '\n';

	return n <= 0 || pread(fd, &last, 1, n - 1) != 1 || last == '\n';
}

static int append(int fd, struct buf *line)
{
	int r = buf_error(line);

	if (!r && flock(fd, LOCK_EX))
		r = -errno;
	if (!r && !ends_in_line(fd))
		r = file_write_all(fd, STR("\n"));
	if (!r)
		r = file_write_all(fd, buf_view(line));
	if (!r && fsync(fd))
		r = -errno;
	return r;
}

int handled_add(const struct letters *l, const struct letter_at *at,
		const char *what, struct err *e)
{
	char path[PATH_MAX], now[CLOCK_STAMP_MAX], hex[WIRE_ORIGIN_HEX];
	struct buf line;
	int fd, r = path_of(l, path, e);

	if (r)
		return r;
	fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_sys(e, -errno, "%s", path);
	buf_init(&line, 4096);
	clock_stamp(now);
	origin_hex(at->origin, hex);
	buf_printf(&line, "{\"origin\":\"%s\",\"seq\":%llu,\"what\":\"%s\","
		   "\"when\":\"%s\"}\n",
		   hex, (unsigned long long)at->seq, what, now);
	r = append(fd, &line);
	buf_done(&line);
	close(fd);
	return r ? err_sys(e, r, "%s", path) : 0;
}
