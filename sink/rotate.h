/* rotate.h -- an output file that is full gets another name, and a new one its
 * own. At every moment there is a file of that name, and no file is ever
 * replaced by another: NAME gets the second name NAME.YYYYMMDDTHHMMSSZ (-2, -3
 * when that is taken), then NAME.new is renamed to NAME. One thread. */
#ifndef VIGIE_ROTATE_H
#define VIGIE_ROTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/err.h"

/* Paths of the files that NAME was rotated to, by name; the oldest first. */
struct rotated {
	char **v;
	size_t n;
};

/* 0 or -errno with the sentence; rotated_done() in either case. */
int rotated_list(const char *path, struct rotated *ret, struct err *e);
void rotated_done(struct rotated *r);

/* Open path for reading and appending, made when it is not there, and lock it
 * against a second writer. Returns the descriptor; -EADDRINUSE when another
 * has it; -errno: with the sentence. */
int rotate_open(const char *path, struct err *e);

/* Has the open file fd been given its second name already, by a life that was
 * killed before it could go on? */
bool rotate_is_named(const char *path, int fd);
/* Give the file at path, which is open and locked as *fd and synced, its
 * second name (unless it has it) and put an empty file, locked, in its place:
 * *fd is that one then, and the old one is closed. Returns 0; -EIO when a sync
 * failed, after which nothing is known; another -errno with the sentence when
 * it is to be tried again later: *fd is as it was. */
int rotate_file(const char *path, int *fd, struct err *e);

#endif
