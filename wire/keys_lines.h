/* keys_lines.h -- the files of a folder of keys: bounded, written by nobody but
 * their owner, and read as lines of words. Owns nothing. */
#ifndef VIGIE_KEYS_LINES_H
#define VIGIE_KEYS_LINES_H

#include <limits.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "wire/curve.h"

enum { KEYS_FILE_MAX = 1 << 20, KEYS_LINES_MAX = 10000 };

/* 0; -EACCES when others can write in it or it is somebody else's; -errno. */
int keys_check_folder(const char *path, struct err *e);
/* Add the whole of folder/name to b, whose ceiling is KEYS_FILE_MAX; path is
 * then its path. A secret one may be read by its owner only. Returns 0;
 * -ENOENT without a sentence; -EACCES, -EINVAL, -errno with it. */
int keys_read_file(const char *folder, const char *name, bool secret,
		   char path[PATH_MAX], struct buf *b, struct err *e);

struct keys_line {
	const char *file;
	size_t number;
	struct str all, rest; /* rest: behind the words that were taken */
};

/* Give each line that is neither empty nor a comment to take(self, line),
 * until one returns other than 0, which is then returned. */
int keys_each_line(const char *path, struct str text,
		   int (*take)(void *self, struct keys_line *l, struct err *e),
		   void *self, struct err *e);
/* Empty, and at the end of the line, when there is none. */
struct str keys_word(struct keys_line *l);
/* 0, or -EINVAL when a word is left that begins no comment. */
int keys_no_more(struct keys_line *l, struct err *e);
/* The bytes of a word that is a key; else -EINVAL, whose sentence never shows
 * the word, which may be a secret. */
int keys_read_key(const struct keys_line *l, struct str word,
		  unsigned char key[KEY_SIZE], struct err *e);
/* "FILE:LINE:COLUMN: sentence", the column that of at; returns -EINVAL. */
int keys_wrong(const struct keys_line *l, struct str at, struct err *e,
	       const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
