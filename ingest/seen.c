#include "ingest/seen.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/str.h"

enum { ROOM_FIRST = 64 };

void seen_done(struct seen *s)
{
	free(s->v);
	*s = (struct seen){ 0 };
}

static uint64_t hash_of(const char *path)
{
	return hash_xx(str_of(path), 0) | 1;
}

/* Where hash is, or the free place where it would be. */
static struct seen_file *place(const struct seen *s, uint64_t hash)
{
	size_t i = hash >> 1 & (s->room - 1);

	while (s->v[i].hash && s->v[i].hash != hash)
		i = (i + 1) & (s->room - 1);
	return &s->v[i];
}

/* Move those that a walk from this one on has met into another table. */
static int rebuild(struct seen *s, size_t room, uint64_t walk)
{
	struct seen to = { calloc(room, sizeof(*to.v)), 0, room };

	if (!to.v)
		return -ENOMEM;
	for (size_t i = 0; i < s->room; i++) {
		if (!s->v[i].hash || s->v[i].walk < walk)
			continue;
		*place(&to, s->v[i].hash) = s->v[i];
		to.n++;
	}
	free(s->v);
	*s = to;
	return 0;
}

struct seen_file *seen_find(const struct seen *s, const char *path)
{
	struct seen_file *f = s->room ? place(s, hash_of(path)) : NULL;

	return f && f->hash ? f : NULL;
}

struct seen_file *seen_use(struct seen *s, const char *path)
{
	struct seen_file *f;

	if (2 * (s->n + 1) > s->room &&
	    rebuild(s, s->room ? 2 * s->room : ROOM_FIRST, 0))
		return NULL;
	f = place(s, hash_of(path));
	if (!f->hash) {
		f->hash = hash_of(path);
		s->n++;
	}
	return f;
}

int seen_forget(struct seen *s, uint64_t walk)
{
	for (size_t i = 0; i < s->room; i++)
		if (s->v[i].hash && s->v[i].walk < walk)
			return rebuild(s, s->room, walk);
	return 0;
}

bool seen_same(const struct seen_file *f, const struct stat *st)
{
	return f->inode == st->st_ino && f->size == (uint64_t)st->st_size &&
	       f->changed == position_time(st->st_ctim);
}

void seen_set(struct seen_file *f, const struct stat *st)
{
	f->inode = st->st_ino;
	f->size = (uint64_t)st->st_size;
	f->changed = position_time(st->st_ctim);
}
