/* read_file.h -- which form a file of labelled data has, and its reader. */
#ifndef VIGIE_READ_FILE_H
#define VIGIE_READ_FILE_H

#include "learn/read_sink.h"

/* The RECIPE_FORMAT_* that the ending of a name stands for, in either case; of
 * a name without an ending (standard input, "-", among them) JSON lines;
 * RECIPE_FORMAT_AUTO when the ending says nothing. */
int read_format_of(const char *path);

/* Hand the documents of the file or folder at path to s, in the recipe's format
 * or, where that is auto, as a folder or by the file's name. Leaves s->path
 * as it was. Returns 0; -EINVAL when the name tells no format, and when the
 * format has no named fields where the recipe needs them (targets, only);
 * -EBADMSG when the file as a whole cannot be understood; other -errno; each
 * with the sentence. */
int read_file(struct read_sink *s, const char *path, struct err *e);

#endif
