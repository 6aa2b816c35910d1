/* schedule.h -- when a feed is polled next. Pure: what chance there is comes
 * from the seed.
 *
 * Between two polls lies the longest of what we want (web.every), what the feed
 * says of itself (ttl, sy:) and what its server says of the answer
 * (Cache-Control or Expires), but no more than web.at_most. After a failure an
 * hour, after each further one in a row twice as long, up to a day (or
 * at_most). A Retry-After is obeyed past at_most, up to SCHEDULE_REST_MAX. Up
 * to a twentieth is added to all of this, never taken away, so that feeds that
 * began together do not stay together. */
#ifndef VIGIE_SCHEDULE_H
#define VIGIE_SCHEDULE_H

#include <stdint.h>

#define SCHEDULE_REST_MAX (INT64_C(7) * 24 * 3600 * 1000) /* milliseconds */

struct schedule {
	int64_t every, at_most; /* milliseconds, of struct web_settings */
	/* Of the feed, as feed.h gives them; 0 or less: not said. */
	int64_t ttl_minutes, sy_minutes;
	/* Of its last answer, as struct web_answer gives them; 0 or less: not
	 * said. */
	int64_t max_age_ms, retry_after_ms;
	int64_t failures; /* in a row; 0: the last poll was a good one */
	uint64_t seed;	  /* another one for each feed and poll */
};

/* From the end of a poll to the next one, in milliseconds, at least 1. */
int64_t schedule_pause(const struct schedule *s);
/* The first poll of a feed that was never polled, out of many that start
 * together: 0..spread_ms, by the seed. */
int64_t schedule_first(uint64_t seed, int64_t spread_ms);

#endif
