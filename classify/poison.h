/* poison.h -- articles that kill who judges them, for tests of what is done
 * about such. In the program as it is shipped there is nothing of it. */
#ifndef VIGIE_POISON_H
#define VIGIE_POISON_H

#include "wire/article.h"

#ifdef VIGIE_BREAK
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* With VIGIE_POISON in the environment: abort, loop for ever, or read where
 * nothing is, as the title says. */
static inline void poison(const struct article *a)
{
	static volatile const char *nowhere;
	struct str t = a->title;

	if (!getenv("VIGIE_POISON"))
		return;
	if (memmem(t.p, t.n, "POISON-ABORT", 12))
		abort();
	while (memmem(t.p, t.n, "POISON-LOOP", 11))
		;
	if (memmem(t.p, t.n, "POISON-SEGV", 11))
		_exit(*nowhere);
}
#else
static inline void poison(const struct article *a)
{
	(void)a;
}
#endif

#endif
