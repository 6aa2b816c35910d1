/* group.h -- the entries of a group that state.h is to hear of once it is
 * committed, and the last of each name among them, found at once: what was
 * noted with one article is to be known with the next. One thread. */
#ifndef VIGIE_GROUP_H
#define VIGIE_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "ingest/journal.h"

struct group {
	struct buf entries; /* as journal_frame.h writes them */
	uint32_t *slots;    /* one above an offset in them; 0: free */
	size_t room, used;  /* of slots: a power of two */
};

/* An empty group of so many bytes at most. */
void group_init(struct group *g, size_t max);
void group_done(struct group *g);
/* Take a copy of an entry. 0, -EMSGSIZE, -ENOMEM. */
int group_add(struct group *g, const struct journal_entry *entry);
/* The value of the last entry of this kind and name, valid until the next call
 * but this; false when there is none. */
bool group_find(const struct group *g, enum journal_kind kind, struct str name,
		struct str *value);
void group_clear(struct group *g);

#endif
