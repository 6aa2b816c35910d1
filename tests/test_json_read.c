#include "base/json_read.h"

#include <stddef.h>
#include <string.h>

#include "tests/check_main.h"

static _Alignas(max_align_t) char block[256];

/* The string behind the first quote of s, as it is without escapes; NULL when
 * it is none. With an arena, and with malloc(). */
static void reads(const char *s, const char *want)
{
	struct arena a = { block, block + sizeof(block) };

	for (int with = 0; with < 2; with++) {
		struct json_reader r;
		struct str got;
		bool good;

		json_read_begin(&r, str_of(s), with ? &a : NULL);
		ck_assert(json_take(&r, '"'));
		good = json_take_string(&r, &got);
		ck_assert_msg(good == (want != NULL), "%s", s);
		if (good)
			ck_assert_msg(str_is(got, want), "%s", s);
		json_read_end(&r);
	}
}

START_TEST(take_string_without_escapes_is_as_written)
{
	reads("\"\"", "");
	reads("\"a longer one than sixteen bytes\" ,", "a longer one than "
						       "sixteen bytes");
	reads("\"\xC3\xA9\x7F/\"", "\xC3\xA9\x7F/");
}
END_TEST

START_TEST(take_string_escapes_are_undone)
{
	reads("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t");
	reads("\"a\\u00e9b\\uABCD\"", "a\xC3\xA9" "b\xEA\xAF\x8D");
	reads("\"\\uD83D\\uDE00\"", "\xF0\x9F\x98\x80");
}
END_TEST

START_TEST(take_string_what_is_none_is_refused)
{
	static const char *const bad[] = {
		"\"", "\"a", "\"a\\", "\"a\\\"", "\"\\x\"", "\"\\u\"",
		"\"\\u12\"", "\"\\u12g4\"", "\"\\u0000\"", "\"\\ud800\"",
		"\"\\ud800\\n\"", "\"\\ud800\\u0041\"", "\"\\udc00\"",
		"\"a\nb\"", "\"a\\n\nb\"",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		reads(bad[i], NULL);
}
END_TEST

START_TEST(take_string_several_stay_where_they_are)
{
	struct str s = STR("\"\\n1\"\"2\"\"\\n3\""), got[3];
	struct arena a = { block, block + s.n };
	struct json_reader r;

	json_read_begin(&r, s, &a);
	for (int i = 0; i < 3; i++)
		ck_assert(json_take(&r, '"') && json_take_string(&r, &got[i]));
	ck_assert(str_is(got[0], "\n1"));
	ck_assert(str_is(got[1], "2"));
	ck_assert(str_is(got[2], "\n3"));
	ck_assert_uint_eq(r.tokens, 6);
}
END_TEST

START_TEST(take_string_without_room_for_its_escapes_is_refused)
{
	struct str s = STR("\"\\n\""), got;
	struct arena a = { block, block + s.n - 1 };
	struct json_reader r;

	json_read_begin(&r, s, &a);
	ck_assert(json_take(&r, '"') && !json_take_string(&r, &got));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(take_string_without_escapes_is_as_written),
		CHECK_TEST(take_string_escapes_are_undone),
		CHECK_TEST(take_string_what_is_none_is_refused),
		CHECK_TEST(take_string_several_stay_where_they_are),
		CHECK_TEST(take_string_without_room_for_its_escapes_is_refused),
		CHECK_END,
	};

	return check_main("json_read", tests);
}
