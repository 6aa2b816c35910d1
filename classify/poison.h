/* poison.h -- articles that kill who judges them, for tests of what is done
 * about such. In the program as it is shipped there is nothing of it. */
#ifndef VIGIE_POISON_H
#define VIGIE_POISON_H

#include "wire/article.h"

#ifdef VIGIE_BREAK
#include <signal.h>
#include <stdlib.h>

static inline bool poison_has(struct str s, struct str word)
{
	for (; s.n >= word.n; s.p++, s.n--)
		if (str_starts(s, word))
			return true;
	return false;
}

/* With VIGIE_POISON in the environment: abort, loop for ever, or die as one does
 * who reads where nothing is, as the title says. */
static inline void poison(const struct article *a)
{
	struct str t = a->title;

	if (!getenv("VIGIE_POISON"))
		return;
	if (poison_has(t, STR("POISON-ABORT")))
		abort();
	while (poison_has(t, STR("POISON-LOOP")))
		;
	if (poison_has(t, STR("POISON-SEGV")))
		raise(SIGSEGV);
}
#else
static inline void poison(const struct article *a)
{
	(void)a;
}
#endif

#endif
