/* read_names.h -- names and their numbers, in the order in which they came:
 * the topics of a corpus, and its stances. Looked up by hash. Borrows the
 * names, owns the table. */
#ifndef VIGIE_READ_NAMES_H
#define VIGIE_READ_NAMES_H

#include <stdint.h>

#include "base/str.h"

struct read_names {
	struct buf v; /* const char * each */
	uint32_t *slots; /* 1 + number; 0: free */
	size_t room; /* slots: a power of two, or 0 */
};

void read_names_init(struct read_names *t);
void read_names_done(struct read_names *t);
uint32_t read_names_count(const struct read_names *t);
const char *read_names_at(const struct read_names *t, uint32_t i);
/* The number of a name, or -1. */
int read_names_find(const struct read_names *t, struct str name);
/* Add a name, which is not there yet and outlives the table. 0 or -ENOMEM. */
int read_names_add(struct read_names *t, const char *name);
/* The name nearest to one that was mistyped, or NULL. Looks at all. */
const char *read_names_near(const struct read_names *t, struct str typed);

#endif
