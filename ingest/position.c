#include "ingest/position.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"

/* Asked for with every line: without printf. */
void position_lines(const struct position *p, char out[POSITION_MAX])
{
	const uint64_t numbers[] = { p->inode, p->offset, p->line };
	unsigned char head[4];
	struct buf b;

	buf_over(&b, out, POSITION_MAX);
	buf_add_z(&b, "lines1 ");
	for (size_t i = 0; i < 3; i++) {
		buf_add_u64(&b, numbers[i]);
		buf_add_char(&b, ' ');
	}
	for (size_t i = 0; i < 4; i++)
		head[i] = (unsigned char)(p->head >> (24 - 8 * i));
	hash_hex(head, 4, out + b.n);
}

/* A copy that ends, for sscanf(). */
static bool terminate(struct str s, char text[POSITION_MAX])
{
	if (s.n >= POSITION_MAX)
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return true;
}

bool position_parse(struct str s, struct position *ret)
{
	char text[POSITION_MAX];
	int end = -1;

	return terminate(s, text) &&
	       sscanf(text,
		      "lines1 %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNx32
		      "%n", &ret->inode, &ret->offset, &ret->line, &ret->head,
		      &end) == 4 && end == (int)s.n;
}

void position_bytes(const struct position_bytes *p, char out[POSITION_MAX])
{
	snprintf(out, POSITION_MAX,
		 "bytes1 %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
		 " %08" PRIx32,
		 p->inode, p->offset, p->within, p->number, p->head);
}

bool position_bytes_parse(struct str s, struct position_bytes *ret)
{
	char text[POSITION_MAX];
	int end = -1;

	return terminate(s, text) &&
	       sscanf(text,
		      "bytes1 %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
		      " %" SCNx32 "%n", &ret->inode, &ret->offset,
		      &ret->within, &ret->number, &ret->head, &end) == 5 &&
	       end == (int)s.n;
}

/* Everything up to the entries. */
static int entries_of(const struct stat *st, char out[POSITION_MAX])
{
	return snprintf(out, POSITION_MAX, "entries1 %ju %jd %" PRId64 " ",
			(uintmax_t)st->st_ino, (intmax_t)st->st_size,
			position_time(st->st_mtim));
}

void position_entries(const struct stat *st, uint64_t entries,
		      uint64_t pieces, char out[POSITION_MAX])
{
	int n = entries_of(st, out);

	snprintf(out + n, (size_t)(POSITION_MAX - n), "%" PRIu64 " %" PRIu64,
		 entries, pieces);
}

bool position_entries_parse(struct str s, const struct stat *st,
			    uint64_t *entries, uint64_t *pieces)
{
	char text[POSITION_MAX], now[POSITION_MAX];
	int n = entries_of(st, now), end = -1;

	return terminate(s, text) && !strncmp(text, now, (size_t)n) &&
	       sscanf(text + n, "%" SCNu64 " %" SCNu64 "%n", entries, pieces,
		      &end) == 2 && n + end == (int)s.n;
}

int64_t position_time(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void position_text(const struct stat *st, char out[POSITION_MAX])
{
	snprintf(out, POSITION_MAX, "text1 %ju %jd %" PRId64,
		 (uintmax_t)st->st_ino, (intmax_t)st->st_size,
		 position_time(st->st_mtim));
}

/* A folder that is not there yet has no real path: the one it is given. */
static int add_folder(struct str given, struct buf *ret)
{
	char folder[PATH_MAX], real[PATH_MAX];

	if (given.n >= sizeof(folder))
		return -ENAMETOOLONG;
	if (!given.n)
		given = STR(".");
	memcpy(folder, given.p, given.n);
	folder[given.n] = '\0';
	if (!realpath(folder, real)) {
		if (errno != ENOENT)
			return -errno;
		if (folder[0] != '/' && getcwd(real, sizeof(real))) {
			buf_add_z(ret, real);
			buf_add_char(ret, '/');
		}
		buf_add_z(ret, folder);
		return 0;
	}
	buf_add_z(ret, real);
	return 0;
}

int position_key(const char *path, struct buf *ret)
{
	struct str folder = file_folder(path);
	int r;

	buf_clear(ret);
	buf_add_z(ret, "file:");
	r = add_folder(folder, ret);
	if (r)
		return r;
	if (ret->n && !buf_error(ret) && ret->p[ret->n - 1] != '/')
		buf_add_char(ret, '/');
	buf_add_z(ret, path + folder.n);
	return buf_error(ret);
}

int position_recall(const struct source_options *o, struct str key,
		    struct buf *ret, struct err *e)
{
	int r;

	buf_clear(ret);
	if (!o->memory || !key.n)
		return STEP_END;
	r = o->memory->recall(o->memory->self, key, ret);
	return r < 0 ? err_sys(e, r, "%s: recalling where it was", o->path)
		     : r;
}

void position_note(const struct source_options *o, const char *fmt, ...)
{
	char text[PATH_MAX + 256];
	va_list ap;

	if (!o->notes)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_printf(o->notes, "%s: %s\n", o->path, text);
}
