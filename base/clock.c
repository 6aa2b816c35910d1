#include "base/clock.h"

#include <time.h>

int64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t clock_ms(void)
{
	return clock_ns() / 1000000;
}

void clock_stamp(char out[CLOCK_STAMP_MAX])
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(out, CLOCK_STAMP_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm);
}
