/* source_folder.h -- every file below a folder, each read by its looks, in
 * byte order of the names within each folder, so that the order is the same
 * everywhere. Holds the names on the way down and one open file. Each file is
 * remembered under its own key. A row of the table in source.c.
 *
 * A folder that is followed is a place to drop files into: about every second
 * it is walked again, and files that are new or have changed are read, lines
 * from where they were. The files that rotation leaves in it (NAME.jsonl.1) are
 * no files of their own: their rest is read under the name they had. It also
 * keeps how each file looked (seen.h). */
#ifndef VIGIE_SOURCE_FOLDER_H
#define VIGIE_SOURCE_FOLDER_H

#include "ingest/source.h"

/* As struct source_kind says. Regular files only: links to files are followed,
 * links to folders are not (they may lead in circles), hidden names are passed
 * over. A file or folder inside that cannot be read is STEP_REJECT, and the
 * rest goes on; when followed it is tried again once it has changed. */
int source_folder_open(const struct source_options *o, void **ret,
		       struct err *e);
int source_folder_next(void *self, struct raw *ret, struct err *e);
void source_folder_close(void *self);

/* Walk again at the next call, whatever the time. */
void source_folder_hurry(void *self);

#endif
