/* keys.h -- for tests: folders of keys that trust each other, or do not. */
#ifndef VIGIE_TEST_KEYS_H
#define VIGIE_TEST_KEYS_H

#include <sys/stat.h>
#include <unistd.h>

#include "tests/check_main.h"
#include "wire/keys.h"

/* Write path/name with this mode. */
static inline void keys_write(const char *path, const char *name, mode_t mode,
			      const char *text)
{
	char file[CHECK_PATH_MAX];

	check_file(path, name, text, strlen(text), file);
	ck_assert_int_eq(chmod(file, mode), 0);
}

static inline void keys_append(const char *path, const char *name,
			       const char *text)
{
	char file[CHECK_PATH_MAX];
	FILE *f;

	snprintf(file, sizeof(file), "%s/%s", path, name);
	f = fopen(file, "a");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

/* A folder with a new pair. */
static inline void keys_folder_new(char path[CHECK_PATH_MAX])
{
	struct err e = { "" };

	check_folder(path);
	ck_assert_msg(keys_generate(path, &e) == 0, "%s", e.text);
}

static inline void keys_public(const char *path, char out[KEY_TEXT + 1])
{
	char secret[KEY_TEXT + 1];
	struct err e = { "" };
	struct keys *k;

	ck_assert_msg(keys_open(path, &k, &e) == 0, "%s", e.text);
	keys_own(k, out, secret);
	keys_free(k);
}

/* Let the peer whose folder this is connect to those of path. */
static inline void keys_allow(const char *path, const char *peer,
			      const char *name)
{
	char key[KEY_TEXT + 1], line[256];

	keys_public(peer, key);
	snprintf(line, sizeof(line), "%s  %s\n", key, name);
	keys_append(path, "allowed", line);
}

/* Let those of path know the server at the endpoint, whose folder this is. */
static inline void keys_know(const char *path, const char *endpoint,
			     const char *server)
{
	char key[KEY_TEXT + 1], line[512];

	keys_public(server, key);
	snprintf(line, sizeof(line), "%s  %s\n", endpoint, key);
	keys_append(path, "servers", line);
}

#endif
