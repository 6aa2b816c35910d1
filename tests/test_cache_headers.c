#include "ingest/cache_headers.h"

#include "tests/check_main.h"

#define NOW INT64_C(784111777000) /* Sun, 06 Nov 1994 08:49:37 GMT */

static struct cache_headers head(const char *lines)
{
	struct str rest = str_of(lines);
	struct cache_headers c;

	cache_headers_init(&c);
	do {
		struct str line = str_cut(&rest, '\n');
		struct str name = str_cut(&line, ':');

		cache_headers_add(&c, name, line);
	} while (rest.p);
	return c;
}

static int64_t max_age(const char *lines)
{
	struct cache_headers c = head(lines);

	return cache_headers_max_age(&c, NOW);
}

static int64_t retry_after(const char *lines)
{
	struct cache_headers c = head(lines);

	return cache_headers_retry_after(&c, NOW);
}

static int64_t date(const char *s)
{
	return cache_headers_date(str_of(s));
}

START_TEST(date_three_forms_are_one_moment)
{
	ck_assert_int_eq(date("Sun, 06 Nov 1994 08:49:37 GMT"), NOW / 1000);
	ck_assert_int_eq(date("Sunday, 06-Nov-94 08:49:37 GMT"), NOW / 1000);
	ck_assert_int_eq(date("Sun Nov  6 08:49:37 1994"), NOW / 1000);
}
END_TEST

START_TEST(date_leap_days_and_centuries_are_counted)
{
	ck_assert_int_eq(date("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
	ck_assert_int_eq(date("Tue, 29 Feb 2000 23:59:60 GMT"), 951868800);
	ck_assert_int_eq(date("Wed, 01 Mar 2000 00:00:00 GMT"), 951868800);
	ck_assert_int_eq(date("Fri, 31 Dec 9999 23:59:59 GMT"), 253402300799);
	ck_assert_int_eq(date("Sunday, 01-Jan-69 00:00:00 GMT"), 3124224000);
	ck_assert_int_eq(date("Thursday, 01-Jan-70 00:00:00 GMT"), 0);
}
END_TEST

START_TEST(date_that_is_none_is_not_understood)
{
	static const char *const wrong[] = {
		"", "0", "-1", "now", "Sun,", "Sun, 06 Nov 1994",
		"Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
		"Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 00 Nov 1994 00:00:00",
		"Sun, 32 Nov 1994 00:00:00", "Sun, 06 Nop 1994 00:00:00",
		"Sun, 06 Nov 1969 00:00:00", "Sun, 06 Nov 199 00:00:00",
		"Sun, 06 Nov 19940 00:00:00", "Sun, x6 Nov 1994 00:00:00",
		"Sun, 06 Nov 1994 ::", "Sun, 06 Nov 1994 08:49:37:1",
		"1994-11-06T08:49:37Z",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(date(wrong[i]) == -1, "%s", wrong[i]);
}
END_TEST

START_TEST(max_age_in_seconds_is_milliseconds)
{
	ck_assert_int_eq(max_age("Cache-Control: max-age=300"), 300000);
	ck_assert_int_eq(max_age("cache-control: public, MAX-AGE = \"7\" "),
			 7000);
	ck_assert_int_eq(max_age("Cache-Control: max-age=0"), 0);
	ck_assert_int_eq(max_age("Cache-Control: private\n"
				 "Cache-Control: max-age=5\n"
				 "Cache-Control: max-age=4"),
			 5000);
}
END_TEST

START_TEST(max_age_not_said_or_nonsense_is_not_said)
{
	ck_assert_int_eq(max_age("Date: Sun, 06 Nov 1994 08:49:37 GMT"), -1);
	ck_assert_int_eq(max_age("Cache-Control: s-maxage=300"), -1);
	ck_assert_int_eq(max_age("Cache-Control: max-age"), -1);
	ck_assert_int_eq(max_age("Cache-Control: max-age="), -1);
	ck_assert_int_eq(max_age("Cache-Control: max-age=-5"), -1);
	ck_assert_int_eq(max_age("Cache-Control: max-age=5x"), -1);
	ck_assert_int_eq(max_age("Cache-Control: ,,="), -1);
	ck_assert_int_eq(max_age("X-Cache-Control: max-age=5"), -1);
}
END_TEST

START_TEST(max_age_too_large_is_the_largest)
{
	ck_assert_int_eq(max_age("Cache-Control: max-age=2147483646"),
			 INT64_C(2147483646000));
	ck_assert_int_eq(max_age("Cache-Control: max-age=2147483648"),
			 INT64_C(2147483647000));
	ck_assert_int_eq(
		max_age("Cache-Control: max-age=99999999999999999999999999"),
		INT64_C(2147483647000));
}
END_TEST

START_TEST(max_age_no_store_or_no_cache_is_no_time)
{
	ck_assert_int_eq(max_age("Cache-Control: no-store, max-age=5"), 0);
	ck_assert_int_eq(max_age("Cache-Control: max-age=5, no-cache"), 0);
	/* Only about the field that it names. */
	ck_assert_int_eq(
		max_age("Cache-Control: max-age=5, no-cache=\"Set-Cookie\""),
		5000);
}
END_TEST

START_TEST(max_age_what_aged_in_caches_is_taken_off)
{
	ck_assert_int_eq(max_age("Cache-Control: max-age=300\nAge: 100"),
			 200000);
	ck_assert_int_eq(max_age("Age: 301\nCache-Control: max-age=300"), 0);
	ck_assert_int_eq(max_age("Age: x\nCache-Control: max-age=300"),
			 300000);
}
END_TEST

START_TEST(expires_is_measured_from_the_servers_date)
{
	ck_assert_int_eq(max_age("Expires: Sun, 06 Nov 1994 08:50:37 GMT"),
			 60000);
	ck_assert_int_eq(max_age("Date: Sun, 06 Nov 1994 08:50:30 GMT\n"
				 "Expires: Sun, 06 Nov 1994 08:50:37 GMT"),
			 7000);
}
END_TEST

START_TEST(expires_passed_or_nonsense_is_no_time)
{
	ck_assert_int_eq(max_age("Expires: Sun, 06 Nov 1994 08:49:36 GMT"), 0);
	ck_assert_int_eq(max_age("Expires: 0"), 0);
	ck_assert_int_eq(max_age("Expires: -1"), 0);
}
END_TEST

START_TEST(expires_beside_max_age_does_not_count)
{
	ck_assert_int_eq(max_age("Expires: Sun, 06 Nov 1994 08:50:37 GMT\n"
				 "Cache-Control: max-age=5"),
			 5000);
}
END_TEST

START_TEST(retry_after_seconds_or_date_is_a_span)
{
	ck_assert_int_eq(retry_after("Retry-After: 120"), 120000);
	ck_assert_int_eq(retry_after("retry-after:0"), 0);
	ck_assert_int_eq(
		retry_after("Retry-After: Sun, 06 Nov 1994 08:49:47 GMT"),
		10000);
	ck_assert_int_eq(
		retry_after("Retry-After: Sun, 06 Nov 1994 08:49:47 GMT\n"
			    "Date: Sun, 06 Nov 1994 08:49:46 GMT"),
		1000);
	ck_assert_int_eq(
		retry_after("Retry-After: Sun, 06 Nov 1994 08:00:00 GMT"), 0);
}
END_TEST

START_TEST(retry_after_not_said_or_nonsense_is_not_said)
{
	ck_assert_int_eq(retry_after("Cache-Control: max-age=1"), -1);
	ck_assert_int_eq(retry_after("Retry-After: soon"), -1);
	ck_assert_int_eq(retry_after("Retry-After: -5"), -1);
	ck_assert_int_eq(retry_after("Retry-After:"), -1);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(date_three_forms_are_one_moment),
		CHECK_TEST(date_leap_days_and_centuries_are_counted),
		CHECK_TEST(date_that_is_none_is_not_understood),
		CHECK_TEST(max_age_in_seconds_is_milliseconds),
		CHECK_TEST(max_age_not_said_or_nonsense_is_not_said),
		CHECK_TEST(max_age_too_large_is_the_largest),
		CHECK_TEST(max_age_no_store_or_no_cache_is_no_time),
		CHECK_TEST(max_age_what_aged_in_caches_is_taken_off),
		CHECK_TEST(expires_is_measured_from_the_servers_date),
		CHECK_TEST(expires_passed_or_nonsense_is_no_time),
		CHECK_TEST(expires_beside_max_age_does_not_count),
		CHECK_TEST(retry_after_seconds_or_date_is_a_span),
		CHECK_TEST(retry_after_not_said_or_nonsense_is_not_said),
		CHECK_END,
	};

	return check_main("cache_headers", tests);
}
