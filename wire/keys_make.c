/* keys_make.c -- a new folder of keys. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "wire/keys.h"
#include "wire/keys_lines.h"

/* Write folder/name, which must not be there. */
static int write_new(const char *folder, const char *name, mode_t mode,
		     struct str s, struct err *e)
{
	char path[PATH_MAX];
	int fd, r;

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= PATH_MAX)
		return err_set(e, -ENAMETOOLONG, "%s: name too long", folder);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return -errno;
	r = file_write_all(fd, s);
	if (!r && (fchmod(fd, mode) || fsync(fd)))
		r = -errno;
	if (close(fd) && !r)
		r = -errno;
	if (r)
		unlink(path);
	return r ? err_sys(e, r, "%s", path) : 0;
}

static int write_pair(const char *folder, const char *public_key,
		      const char *secret_key, struct err *e)
{
	char text[256], path[PATH_MAX];
	int n = snprintf(text, sizeof(text), "secret %s\npublic %s\n",
			 secret_key, public_key);
	int r = write_new(folder, "secret.key", 0600,
			  (struct str){ text, (size_t)n }, e);

	explicit_bzero(text, sizeof(text));
	if (r == -EEXIST)
		return err_set(e, r,
			       "%s/secret.key is there already: move it away "
			       "to make a new pair, whose public key all peers "
			       "must then be told",
			       folder);
	if (r)
		return err_sys(e, r, "%s/secret.key", folder);
	n = snprintf(text, sizeof(text), "public %s\n", public_key);
	snprintf(path, sizeof(path), "%s/public.key", folder);
	return file_write(path, (struct str){ text, (size_t)n }, e);
}

static int write_lists(const char *folder, struct err *e)
{
	static const struct {
		const char *name, *text;
	} lists[] = {
		{ "allowed", "# Who may connect to us, a line each: the public "
			     "key, then a name.\n" },
		{ "servers", "# Whom we connect to, a line each: "
			     "tcp://host:port (or tcp://host:* for every\n"
			     "# port of that host), then its public key.\n" },
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		int r = write_new(folder, lists[i].name, 0600,
				  str_of(lists[i].text), e);

		if (r && r != -EEXIST)
			return err_sys(e, r, "%s/%s", folder, lists[i].name);
	}
	return 0;
}

int keys_generate(const char *folder, struct err *e)
{
	char public_key[KEY_TEXT + 1], secret_key[KEY_TEXT + 1];
	int r = 0;

	if (mkdir(folder, 0700) && errno != EEXIST)
		return err_sys(e, -errno, "folder %s", folder);
	r = keys_check_folder(folder, e);
	if (!r)
		r = curve_pair(public_key, secret_key, e);
	if (!r)
		r = write_pair(folder, public_key, secret_key, e);
	explicit_bzero(secret_key, sizeof(secret_key));
	return r ? r : write_lists(folder, e);
}
