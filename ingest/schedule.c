#include "ingest/schedule.h"

enum {
	MINUTE = 60000,
	HOUR = 60 * MINUTE,
	DAY = 24 * HOUR,
	JITTER = 20, /* a part in so many */
};

static int64_t longer(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t shorter(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* A feed may say any number. */
static int64_t minutes(int64_t n)
{
	return n > SCHEDULE_REST_MAX / MINUTE ? SCHEDULE_REST_MAX : n * MINUTE;
}

static int64_t back_off(int64_t failures)
{
	int64_t pause = HOUR;

	if (failures <= 0)
		return 0;
	while (--failures > 0 && pause < DAY)
		pause *= 2;
	return shorter(pause, DAY);
}

/* splitmix64: seeds that differ by one bit give unlike numbers. */
static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

int64_t schedule_first(uint64_t seed, int64_t spread_ms)
{
	return spread_ms <= 0
		       ? 0
		       : (int64_t)(mix(seed) % ((uint64_t)spread_ms + 1));
}

int64_t schedule_pause(const struct schedule *s)
{
	int64_t pause = longer(s->every, back_off(s->failures));

	pause = longer(pause, minutes(s->ttl_minutes));
	pause = longer(pause, minutes(s->sy_minutes));
	pause = longer(pause, s->max_age_ms);
	pause = shorter(pause, s->at_most);
	pause = longer(pause, shorter(s->retry_after_ms, SCHEDULE_REST_MAX));
	pause = longer(pause, 1);
	return pause + schedule_first(s->seed, pause / JITTER);
}
