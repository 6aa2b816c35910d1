/* broken.h -- guarantees that a build for tests can break, one by one, so that
 * a test of a guarantee is seen to fail without it. The program as it is
 * shipped has nothing of this: broken() is constant. */
#ifndef VIGIE_BROKEN_H
#define VIGIE_BROKEN_H

#include <stdbool.h>

#ifdef VIGIE_BREAK
#include <stdlib.h>
#include <string.h>

/* Is this guarantee to be broken? VIGIE_BREAK in the environment names them:
 * "nosync ack-early no-dedup no-cut no-memory feed-early". */
static inline bool broken(const char *guarantee)
{
	const char *named = getenv("VIGIE_BREAK");

	return named && strstr(named, guarantee);
}
#else
#define broken(guarantee) false
#endif

#endif
