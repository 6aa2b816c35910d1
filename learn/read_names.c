#include "learn/read_names.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/near.h"

void read_names_init(struct read_names *t)
{
	*t = (struct read_names){ .room = 0 };
	buf_init(&t->v, UINT32_MAX);
}

void read_names_done(struct read_names *t)
{
	buf_done(&t->v);
	free(t->slots);
	t->slots = NULL;
	t->room = 0;
}

uint32_t read_names_count(const struct read_names *t)
{
	return (uint32_t)(t->v.n / sizeof(char *));
}

const char *read_names_at(const struct read_names *t, uint32_t i)
{
	return ((const char **)(void *)t->v.p)[i];
}

/* The slot that holds the name, or the free one where it belongs. */
static uint32_t *slot_of(const struct read_names *t, struct str name)
{
	size_t i = hash_xx(name, 0) & (t->room - 1);

	while (t->slots[i] && !str_is(name, read_names_at(t, t->slots[i] - 1)))
		i = (i + 1) & (t->room - 1);
	return &t->slots[i];
}

int read_names_find(const struct read_names *t, struct str name)
{
	return t->room ? (int)*slot_of(t, name) - 1 : -1;
}

static int grow(struct read_names *t)
{
	size_t room = t->room ? 2 * t->room : 64;
	uint32_t *slots = calloc(room, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	free(t->slots);
	t->slots = slots;
	t->room = room;
	for (uint32_t i = 0; i < read_names_count(t); i++)
		*slot_of(t, str_of(read_names_at(t, i))) = i + 1;
	return 0;
}

int read_names_add(struct read_names *t, const char *name)
{
	if (2 * (size_t)read_names_count(t) >= t->room && grow(t))
		return -ENOMEM;
	buf_add(&t->v, &name, sizeof(name));
	if (buf_error(&t->v))
		return -ENOMEM;
	*slot_of(t, str_of(name)) = read_names_count(t);
	return 0;
}

const char *read_names_near(const struct read_names *t, struct str typed)
{
	struct near n;

	near_init(&n, typed);
	for (uint32_t i = 0; i < read_names_count(t); i++)
		near_offer(&n, read_names_at(t, i));
	return near_best(&n);
}
