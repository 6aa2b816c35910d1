/* rotated.h -- the names that rotation gives to the files that a path had:
 * NAME.1 (the higher the older), NAME-20240131 or NAME.2024-01-31 (the higher
 * the newer). Compressed ones are not read. Looks at folders; no state. */
#ifndef VIGIE_ROTATED_H
#define VIGIE_ROTATED_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

enum { ROTATED_NAME = NAME_MAX + 1 };

/* Is name one that rotation gives to base? */
bool rotated_is(const char *name, const char *base);
/* Is it one that rotation gives to a file of JSON lines? */
bool rotated_lines(const char *name);

/* The name in folder of the regular file with this inode. 0; -ENOENT; -errno. */
int rotated_find(const char *folder, const char *base, uint64_t inode,
		 char name[ROTATED_NAME]);
/* The name of what base was after it was the file that is now called ours:
 * base itself when nothing was between. 0 or -errno. */
int rotated_next(const char *folder, const char *base, const char *ours,
		 char name[ROTATED_NAME]);

#endif
