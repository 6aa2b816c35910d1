/* allocations.h -- every malloc(), calloc() and realloc() of a test program,
 * counted, and one of them made to fail. Include it in one file of a program.
 * A child process that the code under test forks is spared. */
#ifndef VIGIE_TESTS_ALLOCATIONS_H
#define VIGIE_TESTS_ALLOCATIONS_H

#include <pthread.h>
#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ALLOCATIONS_REAL(name) __interceptor_##name
#else
#define ALLOCATIONS_REAL(name) __libc_##name
#endif

void *ALLOCATIONS_REAL(malloc)(size_t n);
void *ALLOCATIONS_REAL(calloc)(size_t n, size_t size);
void *ALLOCATIONS_REAL(realloc)(void *p, size_t n);

static unsigned long allocations;	  /* since the start */
static unsigned long allocations_fail; /* the one that fails, or 0 */

static int allocations_may(void)
{
	return ++allocations != allocations_fail;
}

void *malloc(size_t n)
{
	return allocations_may() ? ALLOCATIONS_REAL(malloc)(n) : NULL;
}

void *calloc(size_t n, size_t size)
{
	return allocations_may() ? ALLOCATIONS_REAL(calloc)(n, size) : NULL;
}

void *realloc(void *p, size_t n)
{
	return allocations_may() ? ALLOCATIONS_REAL(realloc)(p, n) : NULL;
}

static void allocations_spare_child(void)
{
	allocations_fail = 0;
}

/* Let the nth allocation from now fail; 0: none. */
static inline void allocations_fail_at(unsigned long nth)
{
	static int once;

	if (!once++)
		pthread_atfork(NULL, NULL, allocations_spare_child);
	allocations_fail = nth ? allocations + nth : 0;
}

/* Has the one that was to fail been reached? */
static inline int allocations_failed(void)
{
	return allocations_fail && allocations >= allocations_fail;
}

#endif
