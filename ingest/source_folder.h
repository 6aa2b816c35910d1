/* source_folder.h -- every file below a folder, each read by its looks, in
 * byte order of the names within each folder, so that the order is the same
 * everywhere. Holds the names on the way down and one open file. A row of the
 * table in source.c. */
#ifndef VIGIE_SOURCE_FOLDER_H
#define VIGIE_SOURCE_FOLDER_H

#include "ingest/source.h"

/* As struct source_kind says. Regular files only: links to files are followed,
 * links to folders are not (they may lead in circles), hidden names are passed
 * over. A file or folder inside that cannot be read is STEP_REJECT, and the
 * rest goes on. */
int source_folder_open(const char *path, void **ret, struct err *e);
int source_folder_next(void *self, struct raw *ret, struct err *e);
void source_folder_close(void *self);

#endif
