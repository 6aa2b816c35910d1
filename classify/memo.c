#include "classify/memo.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

int memo_init(struct memo *m, size_t entries, size_t size)
{
	assert(entries && !(entries & (entries - 1)) && size % 8 == 0);
	*m = (struct memo){ calloc(entries, size + sizeof(uint64_t)), entries,
			    size };
	return m->v ? 0 : -ENOMEM;
}

void memo_done(struct memo *m)
{
	free(m->v);
	*m = (struct memo){ .v = NULL };
}
