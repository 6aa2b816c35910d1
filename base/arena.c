#include "base/arena.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

int arena_open(struct arena *a, size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return -ENOMEM;
	a->p = p;
	a->end = a->p + n;
	return 0;
}

void arena_close(struct arena a)
{
	if (a.p)
		munmap(a.p, (size_t)(a.end - a.p));
}

void *arena_room(struct arena *a, size_t n)
{
	size_t pad = -(uintptr_t)a->p & (_Alignof(max_align_t) - 1);
	size_t left = (size_t)(a->end - a->p);
	void *at;

	if (pad > left || n > left - pad)
		return NULL;
	at = a->p + pad;
	a->p += pad + n;
	return at;
}

void *arena_take(struct arena *a, size_t n)
{
	void *at = arena_room(a, n);

	return at ? memset(at, 0, n) : NULL;
}

void *arena_extend(struct arena *a, size_t n)
{
	void *at = a->p;

	if (n > (size_t)(a->end - a->p))
		return NULL;
	a->p += n;
	return memset(at, 0, n);
}

void *arena_room_array(struct arena *a, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		return NULL;
	return arena_room(a, n * size);
}

void *arena_take_array(struct arena *a, size_t n, size_t size)
{
	void *at = arena_room_array(a, n, size);

	return at ? memset(at, 0, n * size) : NULL;
}

struct str arena_copy(struct arena *a, struct str s)
{
	char *p = arena_room(a, s.n + 1);

	if (!p)
		return (struct str){ NULL, 0 };
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return (struct str){ p, s.n };
}

size_t arena_left(struct arena a)
{
	return (size_t)(a.end - a.p);
}
