/* memo.h -- what was worked out for a key, kept until another key comes that
 * has the same place. It takes entries times (8 + size) bytes and never
 * more; pages that no entry was put into are not used. Two keys that are equal
 * are one: they are hashes of 64 bits, as those of terms are. One thread a
 * memo. */
#ifndef VIGIE_MEMO_H
#define VIGIE_MEMO_H

#include <stddef.h>
#include <stdint.h>

struct memo {
	char *v;
	size_t entries, size; /* a power of two of them; bytes of one */
};

/* Size is a multiple of 8. Returns 0 or -ENOMEM. */
int memo_init(struct memo *m, size_t entries, size_t size);
void memo_done(struct memo *m);

static inline uint64_t *memo_place(const struct memo *m, uint64_t key)
{
	size_t i = (size_t)(key >> 20) & (m->entries - 1);

	return (uint64_t *)(void *)(m->v + i * (m->size + sizeof(key)));
}

/* The key will be asked for soon. */
static inline void memo_expect(const struct memo *m, uint64_t key)
{
	const char *e = (const char *)memo_place(m, key);

	__builtin_prefetch(e);
	__builtin_prefetch(e + 64);
}

/* What was kept for the key, or NULL; valid until the next memo_put(). */
static inline const void *memo_find(const struct memo *m, uint64_t key)
{
	const uint64_t *e = memo_place(m, key);

	return *e == key && key ? e + 1 : NULL;
}

/* Where what is worked out for the key goes; it holds what was there. */
static inline void *memo_put(const struct memo *m, uint64_t key)
{
	uint64_t *e = memo_place(m, key);

	*e = key;
	return e + 1;
}

#endif
