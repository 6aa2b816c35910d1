#include "parse/date.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "tests/check_main.h"

struct pair {
	const char *from, *want; /* want is NULL for what is refused */
};

static void parses(const struct pair *pairs)
{
	for (; pairs->from; pairs++) {
		char out[DATE_MAX] = "untouched";
		int r = date_parse(str_of(pairs->from), out);

		ck_assert_msg(r == (pairs->want ? 0 : -EINVAL),
			      "'%s' returns %d, '%s'", pairs->from, r, out);
		ck_assert_str_eq(out, pairs->want ? pairs->want : "untouched");
	}
}

static void numbers(double x, const char *want)
{
	char out[DATE_MAX] = "untouched";

	ck_assert_int_eq(date_of_number(x, out), want ? 0 : -EINVAL);
	ck_assert_str_eq(out, want ? want : "untouched");
}

START_TEST(parse_part_of_a_date_stays_part)
{
	parses((const struct pair[]){
		{ "2022", "2022" },
		{ "2022-11", "2022-11" },
		{ "2022-11-29", "2022-11-29" },
		{ "20221129", "2022-11-29" },
		{ " 2022-11-29\n", "2022-11-29" },
		{ "0001", "0001" },
		{ NULL, NULL },
	});
}
END_TEST

START_TEST(parse_rfc3339_becomes_utc)
{
	parses((const struct pair[]){
		{ "2022-11-29T10:00:00+01:00", "2022-11-29T09:00:00Z" },
		{ "2022-11-29T10:00:00Z", "2022-11-29T10:00:00Z" },
		{ "2022-11-29t10:00:00z", "2022-11-29T10:00:00Z" },
		{ "2022-11-29T10:00:00.123456Z", "2022-11-29T10:00:00Z" },
		{ "2022-11-29T10:00:00,5-0530", "2022-11-29T15:30:00Z" },
		{ "2022-01-01T00:30:00+01:00", "2021-12-31T23:30:00Z" },
		{ "2020-02-28T23:59:59-00:01", "2020-02-29T00:00:59Z" },
		{ "0999-01-01T00:00:00Z", "0999-01-01T00:00:00Z" },
		{ NULL, NULL },
	});
}
END_TEST

START_TEST(parse_space_and_no_zone_is_utc)
{
	parses((const struct pair[]){
		{ "2022-11-29 10:00", "2022-11-29T10:00:00Z" },
		{ "2022-11-29 10:00:07", "2022-11-29T10:00:07Z" },
		{ "2022-11-29 10:00:07 +0100", "2022-11-29T09:00:07Z" },
		{ "2022-11-29 10:00 CET", "2022-11-29T09:00:00Z" },
		{ NULL, NULL },
	});
}
END_TEST

START_TEST(parse_rfc2822_becomes_utc)
{
	parses((const struct pair[]){
		{ "Tue, 29 Nov 2022 10:00:00 +0100", "2022-11-29T09:00:00Z" },
		{ "29 Nov 2022 10:00 GMT", "2022-11-29T10:00:00Z" },
		{ "Tue, 1 Nov 22 10:00:00 EST", "2022-11-01T15:00:00Z" },
		{ "1 Nov 99 10:00:00 UT", "1999-11-01T10:00:00Z" },
		{ "1 Nov 49 10:00:00 UT", "2049-11-01T10:00:00Z" },
		{ "1 Nov 50 10:00:00 UT", "1950-11-01T10:00:00Z" },
		{ "Tuesday, 29 November 2022 10:00:00 +01:00 (CET)",
		  "2022-11-29T09:00:00Z" },
		{ "tue, 29 nov 2022", "2022-11-29" },
		/* A wrong day of the week does no harm. */
		{ "Mon, 29 Nov 2022 10:00:00 Z", "2022-11-29T10:00:00Z" },
		{ NULL, NULL },
	});
}
END_TEST

START_TEST(parse_impossible_is_refused)
{
	parses((const struct pair[]){
		{ "0000", NULL },
		{ "2022-00", NULL },
		{ "2022-13", NULL },
		{ "2022-11-00", NULL },
		{ "2022-11-31", NULL },
		{ "2022-02-29", NULL },
		{ "1900-02-29", NULL },
		{ "20221000", NULL },
		{ "20220011", NULL },
		{ "2022-10-00T10:00:00Z", NULL },
		{ "2022-11-29T24:00:00Z", NULL },
		{ "2022-11-29T10:60:00Z", NULL },
		{ "2022-11-29T10:00:61Z", NULL },
		{ "2022-11-29T10:00:00+24:00", NULL },
		{ "2022-11-29T10:00:00+01:60", NULL },
		{ "0001-01-01T00:00:00+00:01", NULL },
		{ "9999-12-31T23:59:00-00:01", NULL },
		{ "31 Nov 2022 10:00:00 GMT", NULL },
		{ "0 Nov 2022", NULL },
		{ NULL, NULL },
	});
}
END_TEST

START_TEST(parse_last_possible_is_read)
{
	parses((const struct pair[]){
		{ "2022-12-31", "2022-12-31" },
		{ "2020-02-29", "2020-02-29" },
		{ "2000-02-29", "2000-02-29" },
		{ "2022-11-30", "2022-11-30" },
		{ "2022-11-29T23:59:59Z", "2022-11-29T23:59:59Z" },
		{ "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z" },
		{ "2022-11-29T10:00:00+23:59", "2022-11-28T10:01:00Z" },
		{ "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z" },
		{ "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z" },
		{ NULL, NULL },
	});
}
END_TEST

START_TEST(parse_other_forms_are_refused)
{
	parses((const struct pair[]){
		{ "", NULL },
		{ " ", NULL },
		{ "hier", NULL },
		{ "202", NULL },
		{ "20222", NULL },
		{ "2022-", NULL },
		{ "2022-1", NULL },
		{ "2022-11-", NULL },
		{ "2022-11-29T", NULL },
		{ "2022-11-29T10", NULL },
		{ "2022-11-29T10:0", NULL },
		{ "2022-11-29T10:00:", NULL },
		{ "2022-11-29T10:00:00.Z", NULL },
		{ "2022-11-29T10:00:00X", NULL },
		{ "2022-11-29T10:00:00+", NULL },
		{ "2022-11-29T10:00:00+01:", NULL },
		{ "2022-11-29T10:00:00Z.", NULL },
		{ "2022-11-29Z", NULL },
		{ "29/11/2022", NULL },
		{ "Foo, 29 Nov 2022", NULL },
		{ "29 Nof 2022", NULL },
		{ "29 Nov 202", NULL },
		{ "29 Nov 20222", NULL },
		{ "29 Nov 2022 10:00:00 XYZ", NULL },
		{ "29", NULL },
		{ "(", NULL },
		{ NULL, NULL },
	});
}
END_TEST

static void feeds(const struct pair *pairs)
{
	for (; pairs->from; pairs++) {
		char out[DATE_MAX] = "untouched";
		int r = date_parse_feed(str_of(pairs->from), out);

		ck_assert_msg(r == (pairs->want ? 0 : -EINVAL),
			      "'%s' returns %d, '%s'", pairs->from, r, out);
		ck_assert_str_eq(out, pairs->want ? pairs->want : "untouched");
	}
}

START_TEST(parse_feed_part_of_a_date_begins_there)
{
	feeds((const struct pair[]){
		{ "2022", "2022-01-01T00:00:00Z" },
		{ "2022-11", "2022-11-01T00:00:00Z" },
		{ "2022-11-29", "2022-11-29T00:00:00Z" },
		{ "tue, 29 nov 2022", "2022-11-29T00:00:00Z" },
		{ "November 2022", "2022-11-01T00:00:00Z" },
		{ NULL, NULL },
	});
}
END_TEST

START_TEST(parse_feed_short_iso_is_read)
{
	feeds((const struct pair[]){
		{ "221129", "2022-11-29T00:00:00Z" },
		{ "22-11-29", "2022-11-29T00:00:00Z" },
		{ "-22-11", "2022-11-01T00:00:00Z" },
		{ "-2211", "2022-11-01T00:00:00Z" },
		{ "2022-333", "2022-11-29T00:00:00Z" },
		{ "2022333", "2022-11-29T00:00:00Z" },
		{ "02333", "2002-11-29T00:00:00Z" },
		{ "2022-333T10:00:00+01:00", "2022-11-29T09:00:00Z" },
		{ "2020-366", "2020-12-31T00:00:00Z" },
		{ "2022-366", NULL },
		{ "2022-000", NULL },
		{ "22333", NULL }, /* or the year 2233? */
		{ NULL, NULL },
	});
}
END_TEST

START_TEST(parse_feed_order_of_parts_is_found)
{
	feeds((const struct pair[]){
		{ "Tue Nov 29 10:00:07 2022", "2022-11-29T10:00:07Z" },
		{ "Tue Nov 29 10:00:07 +0100 2022", "2022-11-29T09:00:07Z" },
		{ "Tue, 2022/11/29 10:00:07 CET", "2022-11-29T09:00:07Z" },
		{ "Nov 29, 2022", "2022-11-29T00:00:00Z" },
		{ "Tue,29 Nov, 2022 9:00:00 -0000", "2022-11-29T09:00:00Z" },
		{ "29/11/2022", "2022-11-29T00:00:00Z" },
		{ "11/29/2022 5:30 PM", "2022-11-29T17:30:00Z" },
		{ "11/29/2022 12:30:00 am", "2022-11-29T00:30:00Z" },
		{ "01.02.2022", "2022-02-01T00:00:00Z" },
		{ "02/02/2022", "2022-02-02T00:00:00Z" },
		{ "01/02/2022", NULL }, /* of which month? */
		{ NULL, NULL },
	});
}
END_TEST

START_TEST(parse_feed_languages_are_read)
{
	feeds((const struct pair[]){
		{ "29 novembre 2022 à 10h30", "2022-11-29T10:30:00Z" },
		{ "mardi 1er août 2023", "2023-08-01T00:00:00Z" },
		{ "Di, 29. Dezember 2022 10:00 MEZ", "2022-12-29T09:00:00Z" },
		{ "Dienstag, 29. März 2022 10:00", "2022-03-29T10:00:00Z" },
		{ "29 de marzo de 2022", "2022-03-29T00:00:00Z" },
		{ "2022년 11월 29일 01:00:00", "2022-11-28T16:00:00Z" },
		{ "2022-11-29 오후 01:00:00", "2022-11-29T04:00:00Z" },
		{ "Τρι, 29 Νοέ 2022 10:00:00 GMT", "2022-11-29T10:00:00Z" },
		{ "2022-március-29T9:15+01:00", "2022-03-29T08:15:00Z" },
		{ NULL, NULL },
	});
}
END_TEST

START_TEST(parse_feed_zones_by_name_are_known)
{
	feeds((const struct pair[]){
		{ "29 Nov 2022 10:00 ET", "2022-11-29T15:00:00Z" },
		{ "29 Nov 2022 10:00 MEST", "2022-11-29T08:00:00Z" },
		{ "29 Nov 2022 10:00 JST", "2022-11-29T01:00:00Z" },
		{ "29 Nov 2022 10:00 Etc/GMT", "2022-11-29T10:00:00Z" },
		{ "29 Nov 2022 10:00 GMT+01:00", "2022-11-29T09:00:00Z" },
		{ "29 Nov 2022 10:00 QQQ", "2022-11-29T10:00:00Z" },
		{ "29 Nov 2022 10:00 (CET)", "2022-11-29T10:00:00Z" },
		{ NULL, NULL },
	});
}
END_TEST

START_TEST(parse_feed_seconds_since_1970_are_read)
{
	feeds((const struct pair[]){
		{ "1669712400", "2022-11-29T09:00:00Z" },
		{ "2669712400", NULL },
		{ "166971240", NULL },
		{ NULL, NULL },
	});
}
END_TEST

START_TEST(parse_feed_nonsense_is_refused)
{
	feeds((const struct pair[]){
		{ "", NULL },
		{ "gestern", NULL },
		{ "29 zzz 2022", NULL },
		{ "Nov x 2022", NULL },
		{ "29 Nov zz 10:00", NULL },
		{ "29 Nov 2022 1:2:3:4", NULL },
		{ "29 Nov 2022 10:00 +zz:00", NULL },
		{ "29 Nov 2022 10:00 +00:zz", NULL },
		{ "29 Nov 2022 10:00 13:00", NULL },
		{ "99 Nov 2022", NULL },
		{ "29 Nov Dec 2022", NULL },
		{ "2022-11-29T10:00:00Ztail", NULL },
		{ "2022-11-29-01", NULL },
		{ "2022-11-29T25:00:00Z", NULL },
		{ "9999-12-31T23:59:59-00:01", NULL },
		{ "\xC3 29 Nov 2022", NULL },
		{ NULL, NULL },
	});
}
END_TEST

START_TEST(of_number_seconds_become_utc)
{
	numbers(1669712400, "2022-11-29T09:00:00Z");
	numbers(1669712400.9, "2022-11-29T09:00:00Z");
	numbers(0, "1970-01-01T00:00:00Z");
	numbers(-0.5, "1969-12-31T23:59:59Z");
	numbers(253402300799.0, "9999-12-31T23:59:59Z");
}
END_TEST

START_TEST(of_number_date_written_as_number_is_the_date)
{
	numbers(2022, "2022");
	numbers(20221129, "2022-11-29");
	numbers(20221399, "1970-08-23T01:03:19Z");
	numbers(999, "1970-01-01T00:16:39Z");
	numbers(10000, "1970-01-01T02:46:40Z");
	numbers(2022.5, "1970-01-01T00:33:42Z");
}
END_TEST

START_TEST(of_number_beyond_the_calendar_is_refused)
{
	numbers(253402300800.0, NULL);
	numbers(1669712400000.0, NULL);
	numbers(-1e12, NULL);
	numbers(INFINITY, NULL);
	numbers(NAN, NULL);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(parse_part_of_a_date_stays_part),
		CHECK_TEST(parse_rfc3339_becomes_utc),
		CHECK_TEST(parse_space_and_no_zone_is_utc),
		CHECK_TEST(parse_rfc2822_becomes_utc),
		CHECK_TEST(parse_impossible_is_refused),
		CHECK_TEST(parse_last_possible_is_read),
		CHECK_TEST(parse_other_forms_are_refused),
		CHECK_TEST(parse_feed_part_of_a_date_begins_there),
		CHECK_TEST(parse_feed_short_iso_is_read),
		CHECK_TEST(parse_feed_order_of_parts_is_found),
		CHECK_TEST(parse_feed_languages_are_read),
		CHECK_TEST(parse_feed_zones_by_name_are_known),
		CHECK_TEST(parse_feed_seconds_since_1970_are_read),
		CHECK_TEST(parse_feed_nonsense_is_refused),
		CHECK_TEST(of_number_seconds_become_utc),
		CHECK_TEST(of_number_date_written_as_number_is_the_date),
		CHECK_TEST(of_number_beyond_the_calendar_is_refused),
		CHECK_END,
	};

	return check_main("date", tests);
}
