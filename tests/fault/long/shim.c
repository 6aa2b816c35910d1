/* shim.c -- for LD_PRELOAD under the long scenarios:
 *	SHIM_MALLOC=K	the Kth allocation that the program itself asks for
 *			fails (libzmq's own end it by design, so theirs do not)
 *	SHIM_CLOCK=FILE	the wall clock goes wrong by the seconds that FILE
 *			holds, read at each look; CLOCK_MONOTONIC stays right */
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

static atomic_long count;
static long fail_at = -1;
static unsigned long begin, end; /* of the program's text */

/* Where the program lies; the first line of its map is its own. */
static void find_program(void)
{
	char line[512], exe[512];
	unsigned long from, to;
	FILE *f;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	fail_at = 0; /* what stdio allocates is not to be counted */
	f = n > 0 ? fopen("/proc/self/maps", "r") : NULL;
	if (!f)
		return;
	exe[n] = '\0';
	while (fgets(line, sizeof(line), f)) {
		char path[400] = "";

		if (sscanf(line, "%lx-%lx %*s %*s %*s %*s %399s", &from, &to,
			   path) < 3)
			continue;
		for (int i = 0; path[i] == exe[i]; i++)
			if (!path[i]) {
				begin = begin ? begin : from;
				end = to;
				break;
			}
	}
	fclose(f);
	if (getenv("SHIM_MALLOC"))
		fail_at = atol(getenv("SHIM_MALLOC"));
}

static int fails(const void *caller)
{
	unsigned long at = (unsigned long)caller;

	if (fail_at < 0)
		find_program();
	if (fail_at <= 0 || at < begin || at >= end ||
	    atomic_fetch_add(&count, 1) + 1 != fail_at)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t n)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL
						  : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return fails(__builtin_return_address(0)) ? NULL
						  : __libc_realloc(p, n);
}

/* The clock. Straight system calls: no allocation, no lock. */

static time_t wrong_by(void)
{
	const char *name = getenv("SHIM_CLOCK");
	FILE *f = name ? fopen(name, "re") : NULL;
	long by = 0;

	if (f) {
		if (fscanf(f, "%ld", &by) != 1)
			by = 0;
		fclose(f);
	}
	return by;
}

int clock_gettime(clockid_t clock, struct timespec *t)
{
	int r = (int)syscall(SYS_clock_gettime, clock, t);

	if (!r && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		t->tv_sec += wrong_by();
	return r;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone)
{
	struct timespec now;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	t->tv_sec = now.tv_sec;
	t->tv_usec = now.tv_nsec / 1000;
	return 0;
}

time_t time(time_t *ret)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (ret)
		*ret = now.tv_sec;
	return now.tv_sec;
}
