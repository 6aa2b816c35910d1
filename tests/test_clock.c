/* test_clock.c -- the one unit test that looks at a clock: it is the clock. */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/check_main.h"

START_TEST(ns_read_in_a_row_never_goes_back)
{
	int64_t last = clock_ns();

	for (int i = 0; i < 100000; i++) {
		int64_t now = clock_ns();

		ck_assert_int_ge(now, last);
		last = now;
	}
}
END_TEST

START_TEST(ms_is_the_same_clock_as_ns)
{
	int64_t before = clock_ns() / 1000000, ms = clock_ms();

	ck_assert_int_ge(ms, before);
	ck_assert_int_le(ms, clock_ns() / 1000000);
	ck_assert_int_gt(ms, 0);
}
END_TEST

START_TEST(stamp_is_the_utc_of_now)
{
	char out[CLOCK_STAMP_MAX + 1];
	time_t before = time(NULL);
	struct tm tm = { 0 };

	out[CLOCK_STAMP_MAX] = 'x';
	clock_stamp(out);
	ck_assert_uint_eq(strlen(out), 20);
	ck_assert_int_eq(out[CLOCK_STAMP_MAX], 'x');
	ck_assert_int_eq(sscanf(out, "%d-%d-%dT%d:%d:%dZ", &tm.tm_year,
				&tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min,
				&tm.tm_sec),
			 6);
	tm.tm_year -= 1900;
	tm.tm_mon--;
	ck_assert_int_ge(timegm(&tm), before);
	ck_assert_int_le(timegm(&tm), time(NULL));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(ns_read_in_a_row_never_goes_back),
		CHECK_TEST(ms_is_the_same_clock_as_ns),
		CHECK_TEST(stamp_is_the_utc_of_now),
		CHECK_END,
	};

	return check_main("clock", tests);
}
