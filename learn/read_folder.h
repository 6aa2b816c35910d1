/* read_folder.h -- a folder per label, a file per document:
 * FOLDER/sport/17.txt is the text of a document about sport. */
#ifndef VIGIE_READ_FOLDER_H
#define VIGIE_READ_FOLDER_H

#include "learn/read_sink.h"

/* Hand the documents of the folder at path to s, folders and files in the order
 * of their names' bytes. Every regular file in a label's folder is a document,
 * "sport/17.txt" its id; names that begin with a dot are passed over in
 * silence, whatever else lies there and files that are not UTF-8 with a
 * complaint. Links are followed. Leaves s->path as it was. Returns 0, also
 * then, or -errno with the sentence. */
int read_folder(struct read_sink *s, const char *path, struct err *e);

#endif
