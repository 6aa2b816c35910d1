#include "base/clock.h"

#include <string.h>
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

/* The same for a whole second, in which thousands of articles come. */
void clock_stamp(char out[CLOCK_STAMP_MAX])
{
	static _Thread_local time_t last;
	static _Thread_local char stamp[CLOCK_STAMP_MAX];
	time_t now = time(NULL);
	struct tm tm;

	if (now != last || !stamp[0]) {
		gmtime_r(&now, &tm);
		strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &tm);
		last = now;
	}
	memcpy(out, stamp, sizeof(stamp));
}
