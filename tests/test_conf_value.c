#include "tests/conf_table.h"

START_TEST(parse_numbers_at_their_bounds)
{
	good("count: 1048575\n");
	good("count: 1048576\n");
	bad_at("count: 1048577\n", "f:1:8: ", "from -1 to 1048576");
	good("count: 0\n");
	good("count: -1\n");
	bad_at("count: -2\n", "f:1:8: ", "from -1 to 1048576");
	good("any-count: 9223372036854775807\n");
	bad_at("any-count: 9223372036854775808\n", "f:1:12: ", "whole number");
	bad_at("any-count: 99999999999999999999999999999999999\n", "f:1:12: ",
	       "whole number");
	good("real: 1\n");
	good("real: 0\n");
	bad_at("real: 1.0000001\n", "f:1:7: ", "from 0 to 1");
	bad_at("real: -1e-9\n", "f:1:7: ", "from 0 to 1");
	bad_at("real: .inf\n", "f:1:7: ", "a number");
	bad_at("real: inf\n", "f:1:7: ", "a number");
	bad_at("real: nan\n", "f:1:7: ", "a number");
	bad_at("real: 1e999\n", "f:1:7: ", "a number");
	good("range: [1, 5]\n");
	good("range: [3, 3]\n");
	bad_at("range: [0, 5]\n", "f:1:8: ", "from 1 to 5");
	bad_at("range: [1, 6]\n", "f:1:8: ", "from 1 to 5");
	bad_at("range: [3, 2]\n", "f:1:8: ", "larger last");
	bad_at("range: [3]\n", "f:1:8: ", "a list");
	bad_at("range: [1, 2, 3]\n", "f:1:8: ", "a list");
	bad_at("range: [1, [2]]\n", "f:1:8: ", "a list");
	good("reals: [0, 100]\n");
	bad_at("reals: [0, 100.5]\n", "f:1:12: ", "from 0 to 100");
	conf_done(&conf);
}
END_TEST

START_TEST(parse_sizes_and_times_in_each_unit)
{
	static const struct {
		const char *yaml;
		int64_t size, time;
	} ok[] = {
		{ "size: 1024", 1024, 5000 },
		{ "size: 1k", 1024, 5000 },
		{ "size: 1K", 1024, 5000 },
		{ "size: 2M", 2097152, 5000 },
		{ "size: 1G", 1073741824, 5000 },
		{ "size: 0.5M", 524288, 5000 },
		{ "size: 2 M", 2097152, 5000 },
		{ "time: 1ms", 65536, 1 },
		{ "time: 2s", 65536, 2000 },
		{ "time: 3m", 65536, 180000 },
		{ "time: 1h", 65536, 3600000 },
		{ "time: 0.5s", 65536, 500 },
	};
	static const char *const wrong[] = {
		"size: 1023",	 "size: 1073741825", "size: -5k",
		"size: k",	 "size: 1kk",	     "size: 1e300G",
		"size: 1e999",	 "size: ''",	     "time: 0ms",
		"time: 3600001ms", "time: 1e300d",   "time: -1s",
		"time: s",	 "time: 1 week",     "time: 2h",
	};

	for (size_t i = 0; i < sizeof(ok) / sizeof(ok[0]); i++) {
		good(ok[i].yaml);
		ck_assert_int_eq(v.size, ok[i].size);
		ck_assert_int_eq(v.time, ok[i].time);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		bad_at(wrong[i], "f:1:7: ", "expected a");
	conf_done(&conf);
}
END_TEST

START_TEST(parse_booleans_in_each_word)
{
	static const char *const yes[] = { "true", "yes", "on", "'on'" };
	static const char *const no[] = { "false", "no", "off" };

	for (size_t i = 0; i < 4; i++) {
		char text[32];

		snprintf(text, sizeof(text), "flag: %s", yes[i]);
		good(text);
		ck_assert(v.flag);
	}
	for (size_t i = 0; i < 3; i++) {
		char text[32];

		snprintf(text, sizeof(text), "flag: %s", no[i]);
		good(text);
		ck_assert(!v.flag);
	}
	bad_at("flag: True\n", "f:1:7: ", "true or false");
	bad_at("flag: 1\n", "f:1:7: ", "true or false");
	conf_done(&conf);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(parse_numbers_at_their_bounds),
		CHECK_TEST(parse_sizes_and_times_in_each_unit),
		CHECK_TEST(parse_booleans_in_each_word),
		CHECK_END,
	};

	return check_main("conf_value", tests);
}
