#include "ingest/rotated.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { COUNTER_DIGITS = 5 }; /* at most; a date has more */

/* What follows base and '.' or '-', or NULL: digits, and what a time has
 * between them. */
static const char *suffix(const char *name, const char *base)
{
	size_t n = strlen(base);
	const char *s = name + n + 1;

	if (strncmp(name, base, n) || (name[n] != '.' && name[n] != '-') ||
	    !isdigit((unsigned char)*s) || strspn(s, "0123456789-_T:.") !=
						   strlen(s))
		return NULL;
	return s;
}

static bool is_counter(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return !s[n] && n <= COUNTER_DIGITS;
}

/* Which of two suffixes is the newer file's? 0: cannot be said. */
static int compare(const char *a, const char *b)
{
	long x, y;

	if (is_counter(a) != is_counter(b))
		return 0;
	if (!is_counter(a))
		return strcmp(a, b);
	x = strtol(a, NULL, 10);
	y = strtol(b, NULL, 10);
	return (x < y) - (x > y);
}

bool rotated_is(const char *name, const char *base)
{
	return suffix(name, base) != NULL;
}

bool rotated_lines(const char *name)
{
	static const char *const ends[] = { ".jsonl", ".ndjson", ".json" };

	for (const char *p = name; *p; p++)
		for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
			if (!strncasecmp(p, ends[i], strlen(ends[i])) &&
			    suffix(p + strlen(ends[i]), ""))
				return true;
	return false;
}

/* Compared by what stat(2) says: readdir(3) may know another inode. */
static bool has_inode(int folder, const struct dirent *d, const char *base,
		      uint64_t inode)
{
	struct stat st;

	if (d->d_ino != inode && strcmp(d->d_name, base) &&
	    !rotated_is(d->d_name, base))
		return false;
	return !fstatat(folder, d->d_name, &st, 0) && S_ISREG(st.st_mode) &&
	       st.st_ino == inode;
}

static void keep(char name[ROTATED_NAME], const char *from)
{
	snprintf(name, ROTATED_NAME, "%s", from);
}

static int open_folder(const char *folder, DIR **ret)
{
	*ret = opendir(*folder ? folder : ".");
	return *ret ? 0 : -errno;
}

int rotated_find(const char *folder, const char *base, uint64_t inode,
		 char name[ROTATED_NAME])
{
	const struct dirent *d;
	DIR *dir;
	int r = open_folder(folder, &dir);

	if (r)
		return r;
	while ((d = readdir(dir)) && !has_inode(dirfd(dir), d, base, inode))
		;
	if (d)
		keep(name, d->d_name);
	closedir(dir);
	return d ? 0 : -ENOENT;
}

int rotated_next(const char *folder, const char *base, const char *ours,
		 char name[ROTATED_NAME])
{
	const char *from = suffix(ours, base), *best = NULL;
	const struct dirent *d;
	DIR *dir;
	int r;

	keep(name, base);
	if (!from)
		return 0;
	r = open_folder(folder, &dir);
	if (r)
		return r;
	while ((d = readdir(dir))) {
		const char *s = suffix(d->d_name, base);

		if (!s || compare(s, from) <= 0 ||
		    (best && compare(s, best) >= 0))
			continue;
		keep(name, d->d_name);
		best = suffix(name, base);
	}
	closedir(dir);
	return 0;
}
