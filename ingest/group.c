#include "ingest/group.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "ingest/journal_frame.h"

enum { ROOM_MIN = 256 };

void group_init(struct group *g, size_t max)
{
	*g = (struct group){ .room = 0 };
	buf_init(&g->entries, max < UINT32_MAX ? max : UINT32_MAX - 1);
}

void group_done(struct group *g)
{
	buf_done(&g->entries);
	free(g->slots);
}

static void entry_at(const struct group *g, uint32_t slot,
		     struct journal_entry *ret)
{
	struct str rest = buf_view(&g->entries);

	rest.p += slot - 1;
	rest.n -= slot - 1;
	journal_entry_next(&rest, ret);
}

/* Where the last entry of this name stands, or the free place for it. */
static uint32_t *place(const struct group *g, enum journal_kind kind,
		       struct str name)
{
	size_t at = (size_t)hash_xx(name, (uint64_t)kind);

	for (;; at++) {
		uint32_t *slot = &g->slots[at & (g->room - 1)];
		struct journal_entry entry;

		if (!*slot)
			return slot;
		entry_at(g, *slot, &entry);
		if (entry.kind == kind && str_eq(entry.name, name))
			return slot;
	}
}

static int grow(struct group *g)
{
	size_t had = g->room, room = had ? 2 * had : ROOM_MIN;
	uint32_t *old = g->slots, *more = calloc(room, sizeof(*more));

	if (!more)
		return -ENOMEM;
	g->slots = more;
	g->room = room;
	for (size_t i = 0; i < had; i++) {
		struct journal_entry entry;

		if (!old[i])
			continue;
		entry_at(g, old[i], &entry);
		*place(g, entry.kind, entry.name) = old[i];
	}
	free(old);
	return 0;
}

int group_add(struct group *g, const struct journal_entry *entry)
{
	size_t at = g->entries.n;
	uint32_t *slot;
	int r = 2 * (g->used + 1) > g->room ? grow(g) : 0;

	if (r)
		return r;
	slot = place(g, entry->kind, entry->name);
	journal_entry_write(&g->entries, entry);
	r = buf_error(&g->entries);
	if (r) {
		g->entries.n = at;
		g->entries.error = 0;
		return r;
	}
	g->used += !*slot;
	*slot = (uint32_t)at + 1;
	return 0;
}

bool group_find(const struct group *g, enum journal_kind kind, struct str name,
		struct str *value)
{
	struct journal_entry entry;
	uint32_t *slot;

	if (!g->used)
		return false;
	slot = place(g, kind, name);
	if (!*slot)
		return false;
	entry_at(g, *slot, &entry);
	*value = entry.value;
	return true;
}

void group_clear(struct group *g)
{
	if (g->used)
		memset(g->slots, 0, g->room * sizeof(*g->slots));
	g->used = 0;
	buf_clear(&g->entries);
}
