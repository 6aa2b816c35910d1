/* file.h -- whole files in, whole files out. */
#ifndef VIGIE_FILE_H
#define VIGIE_FILE_H

#include "base/err.h"
#include "base/str.h"

/* Read path ("-": standard input) into ret, at most max bytes. The caller
 * frees ret->p, which has a NUL behind its end. Errors: -errno, -EFBIG past
 * max, each with its sentence. */
int file_read(const char *path, size_t max, struct str *ret, struct err *e);
/* Replace path by the bytes s: written beside it, synced, renamed. What is
 * there and no regular file, as a device or a pipe, is written into. */
int file_write(const char *path, struct str s, struct err *e);
/* Sync the folder that path is in, so that a rename there is for good. */
int file_sync_folder(const char *path, struct err *e);
/* Write all of s to fd, over short writes and EINTR. */
int file_write_all(int fd, struct str s);
/* The folder of path, as far as its last slash ("" when there is none). */
struct str file_folder(const char *path);

#endif
