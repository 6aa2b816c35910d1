#include <stdbool.h>

#include "ingest/schedule.h"
#include "tests/check_main.h"

enum { MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

static struct schedule usual(void)
{
	return (struct schedule){ .every = HOUR, .at_most = DAY,
				  .max_age_ms = -1, .retry_after_ms = -1 };
}

/* The pause for any seed is in expected and a twentieth more. */
static void expect(struct schedule s, int64_t expected)
{
	for (s.seed = 0; s.seed < 1000; s.seed++) {
		int64_t pause = schedule_pause(&s);

		ck_assert_int_ge(pause, expected);
		ck_assert_int_le(pause, expected + expected / 20);
	}
}

START_TEST(pause_nothing_said_is_every)
{
	expect(usual(), HOUR);
}
END_TEST

START_TEST(pause_feed_asks_for_longer_is_that)
{
	struct schedule s = usual();

	s.ttl_minutes = 90;
	expect(s, 90 * MINUTE);
	s.sy_minutes = 120;
	expect(s, 2 * HOUR);
	s.max_age_ms = 3 * HOUR;
	expect(s, 3 * HOUR);
	s.retry_after_ms = 4 * HOUR;
	expect(s, 4 * HOUR);
}
END_TEST

START_TEST(pause_feed_asks_for_shorter_is_every)
{
	struct schedule s = usual();

	s.ttl_minutes = s.sy_minutes = 59;
	s.max_age_ms = HOUR - 1;
	s.retry_after_ms = 1000;
	expect(s, HOUR);
}
END_TEST

START_TEST(pause_feed_asks_for_too_long_is_at_most)
{
	struct schedule s = usual();

	s.ttl_minutes = 1440;
	expect(s, DAY);
	s.ttl_minutes = 1441;
	expect(s, DAY);
	s.ttl_minutes = s.sy_minutes = INT64_MAX;
	s.max_age_ms = INT64_MAX;
	expect(s, DAY);
}
END_TEST

START_TEST(pause_negative_numbers_are_not_said)
{
	struct schedule s = usual();

	s.ttl_minutes = s.sy_minutes = INT64_MIN / MINUTE;
	s.max_age_ms = s.retry_after_ms = s.failures = INT64_MIN;
	expect(s, HOUR);
}
END_TEST

START_TEST(pause_retry_after_goes_past_at_most_up_to_a_week)
{
	struct schedule s = usual();

	s.retry_after_ms = 2 * (int64_t)DAY;
	expect(s, 2 * (int64_t)DAY);
	s.retry_after_ms = SCHEDULE_REST_MAX;
	expect(s, SCHEDULE_REST_MAX);
	s.retry_after_ms = INT64_MAX;
	expect(s, SCHEDULE_REST_MAX);
}
END_TEST

START_TEST(pause_failures_in_a_row_go_from_an_hour_to_a_day)
{
	static const int hours[] = { 5, 1, 2, 4, 8, 16, 24, 24 };
	struct schedule s = usual();

	for (s.failures = 1; s.failures < 8; s.failures++)
		expect(s, hours[s.failures] * (int64_t)HOUR);
	s.failures = INT64_MAX;
	expect(s, DAY);
}
END_TEST

START_TEST(pause_failure_is_never_sooner_than_a_good_poll)
{
	struct schedule s = usual();

	s.every = 6 * HOUR;
	s.failures = 1;
	expect(s, 6 * HOUR);
	s.every = 7 * (int64_t)DAY;
	s.at_most = 30 * (int64_t)DAY;
	s.failures = 20;
	expect(s, 7 * (int64_t)DAY);
}
END_TEST

START_TEST(pause_failure_with_a_short_at_most_is_that)
{
	struct schedule s = usual();

	s.every = 5 * MINUTE;
	s.at_most = 30 * MINUTE;
	s.failures = 4;
	expect(s, 30 * MINUTE);
}
END_TEST

START_TEST(pause_two_seeds_differ_and_one_repeats)
{
	struct schedule s = usual(), other = usual();

	other.seed = 1;
	ck_assert_int_eq(schedule_pause(&s), schedule_pause(&s));
	ck_assert_int_ne(schedule_pause(&s), schedule_pause(&other));
}
END_TEST

START_TEST(pause_nothing_set_is_still_positive)
{
	struct schedule s = { 0 };

	ck_assert_int_ge(schedule_pause(&s), 1);
}
END_TEST

START_TEST(first_is_within_the_spread)
{
	bool seen[8] = { false };

	for (uint64_t seed = 0; seed < 1000; seed++) {
		int64_t at = schedule_first(seed, 7);

		ck_assert_int_ge(at, 0);
		ck_assert_int_le(at, 7);
		seen[at] = true;
	}
	for (size_t i = 0; i < 8; i++)
		ck_assert(seen[i]);
	ck_assert_int_eq(schedule_first(1, 0), 0);
	ck_assert_int_eq(schedule_first(1, -1), 0);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(pause_nothing_said_is_every),
		CHECK_TEST(pause_feed_asks_for_longer_is_that),
		CHECK_TEST(pause_feed_asks_for_shorter_is_every),
		CHECK_TEST(pause_feed_asks_for_too_long_is_at_most),
		CHECK_TEST(pause_negative_numbers_are_not_said),
		CHECK_TEST(pause_retry_after_goes_past_at_most_up_to_a_week),
		CHECK_TEST(pause_failures_in_a_row_go_from_an_hour_to_a_day),
		CHECK_TEST(pause_failure_is_never_sooner_than_a_good_poll),
		CHECK_TEST(pause_failure_with_a_short_at_most_is_that),
		CHECK_TEST(pause_two_seeds_differ_and_one_repeats),
		CHECK_TEST(pause_nothing_set_is_still_positive),
		CHECK_TEST(first_is_within_the_spread),
		CHECK_END,
	};

	return check_main("schedule", tests);
}
