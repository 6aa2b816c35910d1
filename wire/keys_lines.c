#include "wire/keys_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files: bounded, and written by nobody but their owner. */

static int check_owner(const char *path, const struct stat *st, struct err *e)
{
	const struct passwd *owner;

	if (st->st_uid == geteuid() || st->st_uid == 0)
		return 0;
	owner = getpwuid(st->st_uid);
	return err_set(e, -EACCES,
		       "%s belongs to %s: run as that user, or chown it", path,
		       owner ? owner->pw_name : "somebody else");
}

static int check_mode(const char *path, const struct stat *st, bool secret,
		      struct err *e)
{
	if (!S_ISREG(st->st_mode))
		return err_set(e, -EINVAL, "%s is no file", path);
	if (secret && st->st_mode & (S_IXUSR | S_IRWXG | S_IRWXO))
		return err_set(e, -EACCES,
			       "%s holds a secret, and its mode is %04o: "
			       "chmod 0600 %s",
			       path, (unsigned)st->st_mode & 07777, path);
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return err_set(e, -EACCES,
			       "others can write to %s: chmod go-w %s", path,
			       path);
	return check_owner(path, st, e);
}

int keys_check_folder(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st))
		return err_sys(e, -errno, "keys.folder %s", path);
	if (!S_ISDIR(st.st_mode))
		return err_set(e, -ENOTDIR, "keys.folder %s is no folder",
			       path);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return err_set(e, -EACCES,
			       "others can write in %s: chmod 0700 %s", path,
			       path);
	return check_owner(path, &st, e);
}

static int read_fd(int fd, struct buf *b)
{
	ssize_t n;

	do {
		char block[4096];

		n = read(fd, block, sizeof(block));
		if (n > 0)
			buf_add(b, block, (size_t)n);
		explicit_bzero(block, sizeof(block));
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? -errno : buf_error(b);
}

/* The whole of folder/name; path is then its path. */
int keys_read_file(const char *folder, const char *name, bool secret,
		   char path[PATH_MAX], struct buf *b, struct err *e)
{
	struct stat st;
	int fd, r;

	if (snprintf(path, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
		return err_set(e, -ENAMETOOLONG, "%s: name too long", folder);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	r = fstat(fd, &st) ? err_sys(e, -errno, "%s", path)
			   : check_mode(path, &st, secret, e);
	if (!r) {
		r = read_fd(fd, b);
		if (r == -EMSGSIZE)
			err_set(e, r,
				"%s is larger than the %d bytes that it "
				"may have",
				path, KEYS_FILE_MAX);
		else if (r)
			err_sys(e, r, "%s", path);
	}
	close(fd);
	return r == -EMSGSIZE ? -EINVAL : r;
}

/* Lines of words. */

int keys_wrong(const struct keys_line *l, struct str at, struct err *e,
	       const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(e, -EINVAL, "%s:%zu:%zu: %s", l->file, l->number,
		       (size_t)(at.p - l->all.p) + 1, text);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void skip_blanks(struct str *s)
{
	while (s->n && is_blank(*s->p)) {
		s->p++;
		s->n--;
	}
}

/* Empty, and at the end of the line, when there is none. */
struct str keys_word(struct keys_line *l)
{
	struct str word;

	skip_blanks(&l->rest);
	word = (struct str){ l->rest.p, 0 };
	while (l->rest.n && !is_blank(*l->rest.p)) {
		l->rest.p++;
		l->rest.n--;
		word.n++;
	}
	return word;
}

/* Keys. */

int keys_read_key(const struct keys_line *l, struct str word,
		  unsigned char key[KEY_SIZE], struct err *e)
{
	size_t good = curve_span(word);

	if (!word.n)
		return keys_wrong(l, word, e, "a key is missing here");
	if (good < word.n)
		return keys_wrong(l, (struct str){ word.p + good, 1 }, e,
				  "no key has this character in it; it is %d "
				  "characters of Z85, as 'vigie keygen --show' "
				  "prints them",
				  KEY_TEXT);
	if (word.n != KEY_TEXT)
		return keys_wrong(l, word, e,
				  "a key has %d characters, this has %zu",
				  KEY_TEXT, word.n);
	if (!curve_decode(word, key))
		return keys_wrong(l, word, e,
				  "this is no key, although it has its "
				  "length: copy it again");
	return 0;
}

/* No key begins so: it would be more than four bytes can hold. */
static bool is_comment(struct str word)
{
	return str_starts(word, STR("#"));
}

/* Each line that says something is given to take(self, line). */
int keys_each_line(const char *path, struct str text,
		   int (*take)(void *self, struct keys_line *l, struct err *e),
		   void *self, struct err *e)
{
	struct keys_line l = { .file = path };
	int r = 0;

	while (text.n && !r) {
		struct keys_line look;
		struct str word;

		l.all = l.rest = str_cut(&text, '\n');
		if (++l.number > KEYS_LINES_MAX)
			return keys_wrong(
				&l, l.all, e,
				"more than the %d lines that it may have",
				KEYS_LINES_MAX);
		look = l;
		word = keys_word(&look);
		if (word.n && !is_comment(word))
			r = take(self, &l, e);
	}
	return r;
}

int keys_no_more(struct keys_line *l, struct err *e)
{
	struct str word = keys_word(l);

	if (!word.n || is_comment(word))
		return 0;
	return keys_wrong(l, word, e, "nothing is expected behind the key");
}
