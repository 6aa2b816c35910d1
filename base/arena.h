/* arena.h -- memory of one article: taken piece by piece, given back at once.
 * An arena passed by value is scratch: what the callee takes dies with its
 * copy, so nothing needs freeing. The block belongs to who called
 * arena_open(). One thread an arena. */
#ifndef VIGIE_ARENA_H
#define VIGIE_ARENA_H

#include <stddef.h>

#include "base/str.h"

struct arena {
	char *p, *end;
};

/* Map n bytes (a ceiling: pages are only used when touched). Returns 0 or
 * -ENOMEM; close with the value that open gave. */
int arena_open(struct arena *a, size_t n);
void arena_close(struct arena a);
/* n zeroed bytes aligned for anything, or NULL when the arena is full. */
void *arena_take(struct arena *a, size_t n);
/* n times size zeroed bytes, or NULL, also when the product overflows. */
void *arena_take_array(struct arena *a, size_t n, size_t size);
/* The same two, not zeroed: for what is written before it is read. */
void *arena_room(struct arena *a, size_t n);
void *arena_room_array(struct arena *a, size_t n, size_t size);
/* n zeroed bytes right behind what was taken last, which so grows, or NULL. For
 * arrays whose length shows on the way: begin with arena_take(a, 0). */
void *arena_extend(struct arena *a, size_t n);
/* A copy with a NUL behind it; p is NULL when the arena is full. */
struct str arena_copy(struct arena *a, struct str s);
/* What is left, in bytes. */
size_t arena_left(struct arena a);

#endif
