/* follow.h -- a memory and a writer for tests of sources that are followed:
 * files in a folder of the test's own, and what was handed out of them. */
#ifndef VIGIE_TESTS_FOLLOW_H
#define VIGIE_TESTS_FOLLOW_H

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/source.h"
#include "tests/check_main.h"

enum { FOLLOW_PATH = CHECK_PATH_MAX + 512, MEMORIES = 64 };

static char folder[CHECK_PATH_MAX];
static struct err err;
static struct buf notes;
static struct source *s;
static struct source_options options;
static struct {
	char key[FOLLOW_PATH], position[256];
} memories[MEMORIES];

static inline int recall(void *self, struct str key, struct buf *position)
{
	(void)self;
	for (int i = 0; i < MEMORIES; i++) {
		if (!memories[i].key[0] || !str_is(key, memories[i].key))
			continue;
		buf_clear(position);
		buf_add_z(position, memories[i].position);
		return 0;
	}
	return STEP_END;
}

static const struct source_memory memory = { .recall = recall };

static inline void remember(const struct raw *raw)
{
	int i = 0;

	if (!raw->key.n)
		return;
	while (memories[i].key[0] && !str_is(raw->key, memories[i].key))
		ck_assert_int_lt(++i, MEMORIES);
	snprintf(memories[i].key, FOLLOW_PATH, STR_FMT, STR_ARG(raw->key));
	ck_assert_uint_lt(raw->position.n, 112);
	snprintf(memories[i].position, 256, STR_FMT, STR_ARG(raw->position));
}

static inline const char *at(const char *name)
{
	static char path[4][FOLLOW_PATH];
	static int turn;
	char *p = path[turn++ % 4];

	snprintf(p, FOLLOW_PATH, "%s/%s", folder, name);
	return p;
}

static inline void put_flags(const char *name, const char *bytes, int flags)
{
	int fd = open(at(name), O_WRONLY | flags, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, strlen(bytes)),
			 (ssize_t)strlen(bytes));
	close(fd);
}

static inline void append(const char *name, const char *bytes)
{
	put_flags(name, bytes, O_CREAT | O_APPEND);
}

/* In place: the same inode. */
static inline void rewrite(const char *name, const char *bytes)
{
	put_flags(name, bytes, O_TRUNC);
}

static inline void rotate(const char *from, const char *to)
{
	ck_assert_int_eq(rename(at(from), at(to)), 0);
}

/* Open folder/name ("" for the folder) with what is remembered. */
static inline void reopen(const char *name, bool follow)
{
	static char path[FOLLOW_PATH];

	source_free(s);
	s = NULL;
	snprintf(path, sizeof(path), "%s%s%s", folder, *name ? "/" : "", name);
	options = (struct source_options){ .path = path, .follow = follow,
					   .memory = &memory,
					   .notes = &notes };
	ck_assert_msg(!source_open(&options, &s, &err), "%s", err.text);
}

static inline void begin(void)
{
	check_folder(folder);
	buf_init(&notes, 1 << 16);
}

static inline void done(void)
{
	source_free(s);
	buf_done(&notes);
	check_folder_done(folder);
}

static inline int next(struct raw *raw)
{
	return source_next(s, raw, &err);
}

static inline void gives(const char *bytes)
{
	struct raw raw;
	int r = next(&raw);

	ck_assert_msg(!r, "%d, not '%s': %s", r, bytes, err.text);
	ck_assert_msg(str_is(raw.bytes, bytes), "'" STR_FMT "', not '%s'",
		      STR_ARG(raw.bytes), bytes);
	remember(&raw);
}

static inline void waits(void)
{
	struct raw raw;

	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(next(&raw), STEP_WAIT);
}

static inline void ends(void)
{
	struct raw raw;

	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(next(&raw), STEP_END);
}

#endif
