#include "parse/charset.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check_main.h"

static struct arena arena;
static struct err err;

/* A copy of exactly the size, so that ASan sees a read past its end. */
static int convert(struct str bytes, struct str *ret)
{
	struct str copy = { NULL, bytes.n };
	char *p = malloc(bytes.n + !bytes.n);
	int r;

	memcpy(p, bytes.p, bytes.n);
	copy.p = p;
	err_clear(&err);
	ck_assert_int_eq(arena_open(&arena, 1 << 16), 0);
	r = charset_to_utf8(copy, &arena, ret, &err);
	if (!r)
		*ret = arena_copy(&arena, *ret);
	free(p);
	return r;
}

static void gives(struct str bytes, struct str want)
{
	struct str got = { NULL, 0 };

	ck_assert_int_eq(convert(bytes, &got), 0);
	ck_assert_uint_eq(got.n, want.n);
	ck_assert_mem_eq(got.p, want.p, want.n);
	arena_close(arena);
}

static void refuses(struct str bytes, const char *sentence)
{
	struct str got = { NULL, 0 };

	ck_assert_int_eq(convert(bytes, &got), STEP_REJECT);
	ck_assert_str_eq(err.text, sentence);
	arena_close(arena);
}

START_TEST(to_utf8_utf8_is_the_same)
{
	gives(STR("\xC3\xA9t\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"),
	      STR("\xC3\xA9t\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"));
	gives(STR("\t\n\r\f plain"), STR("\t\n\r\f plain"));
	gives(STR(""), STR(""));
}
END_TEST

START_TEST(to_utf8_utf8_mark_is_cut_off)
{
	gives(STR("\xEF\xBB\xBF\xC3\xA9"), STR("\xC3\xA9"));
	gives(STR("\xEF\xBB\xBF"), STR(""));
}
END_TEST

START_TEST(to_utf8_utf8_mark_before_latin1_is_refused)
{
	refuses(STR("\xEF\xBB\xBF" "caf\xE9."),
		"byte 6 is 0xE9, which is no UTF-8 there, though the byte "
		"order mark says UTF-8");
}
END_TEST

START_TEST(to_utf8_latin1_is_converted)
{
	gives(STR("caf\xE9 \xAB \xA0\xE0 \xBB"),
	      STR("caf\xC3\xA9 \xC2\xAB \xC2\xA0\xC3\xA0 \xC2\xBB"));
}
END_TEST

START_TEST(to_utf8_windows1252_is_converted)
{
	gives(STR("l\x92\xE9t\xE9 \x80 \x85 \x9C\xFF"),
	      STR("l\xE2\x80\x99\xC3\xA9t\xC3\xA9 \xE2\x82\xAC \xE2\x80\xA6 "
		  "\xC5\x93\xC3\xBF"));
}
END_TEST

START_TEST(to_utf8_undefined_byte_is_refused)
{
	refuses(STR("caf\xE9 \x81"),
		"byte 5 is 0x81, which neither UTF-8 nor Windows-1252 has; "
		"save it as UTF-8");
	refuses(STR("\x8D"),
		"byte 0 is 0x8D, which neither UTF-8 nor Windows-1252 has; "
		"save it as UTF-8");
}
END_TEST

START_TEST(to_utf8_any_other_control_is_refused)
{
	char s[3] = "ab", want[128];

	for (int c = 0; c < 0x20; c++) {
		s[2] = (char)c;
		if (c && strchr("\t\n\r\f", c)) {
			gives((struct str){ s, 3 }, (struct str){ s, 3 });
			continue;
		}
		snprintf(want, sizeof(want),
			 "no text: byte 2 is 0x%02X, a control character; if "
			 "it is a text all the same, save it as UTF-8", c);
		refuses((struct str){ s, 3 }, want);
	}
}
END_TEST

START_TEST(to_utf8_utf16_little_is_converted)
{
	gives(STR("\xFF\xFE" "A\0\xE9\0\xAC\x20\x3D\xD8\x00\xDE\n\0"),
	      STR("A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\n"));
	gives(STR("\xFF\xFE\x3D\xD8\x00\xDE"), STR("\xF0\x9F\x98\x80"));
	gives(STR("\xFF\xFE"), STR(""));
}
END_TEST

START_TEST(to_utf8_utf16_big_is_converted)
{
	gives(STR("\xFE\xFF\0A\0\xE9\x20\xAC\xD8\x3D\xDE\x00\0\n"),
	      STR("A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\n"));
}
END_TEST

START_TEST(to_utf8_utf16_cut_or_broken_is_refused)
{
	refuses(STR("\xFF\xFE" "A\0B"),
		"UTF-16 of 5 bytes: the last character is cut in two");
	refuses(STR("\xFF\xFE" "A\0\x3D\xD8"),
		"UTF-16 with half a pair, 0xD83D, at byte 4");
	refuses(STR("\xFF\xFE\x3D\xD8" "A\0"),
		"UTF-16 with half a pair, 0xD83D, at byte 2");
	refuses(STR("\xFF\xFE\x00\xDE"),
		"UTF-16 with half a pair, 0xDE00, at byte 2");
	refuses(STR("\xFF\xFE" "A\0\0\0"),
		"no text: byte 4 is 0x00, a control character; if it is a "
		"text all the same, save it as UTF-8");
}
END_TEST

START_TEST(to_utf8_small_arena_is_no_memory)
{
	char block[64];
	struct arena small = { block, block + sizeof(block) };
	struct str got, bytes = { "\xE9\xE9\xE9\xE9\xE9\xE9\xE9\xE9\xE9\xE9"
				  "\xE9\xE9\xE9\xE9\xE9\xE9\xE9\xE9\xE9\xE9"
				  "\xE9\xE9", 22 };

	err_clear(&err);
	ck_assert_int_eq(charset_to_utf8(bytes, &small, &got, &err), -ENOMEM);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(to_utf8_utf8_is_the_same),
		CHECK_TEST(to_utf8_utf8_mark_is_cut_off),
		CHECK_TEST(to_utf8_utf8_mark_before_latin1_is_refused),
		CHECK_TEST(to_utf8_latin1_is_converted),
		CHECK_TEST(to_utf8_windows1252_is_converted),
		CHECK_TEST(to_utf8_undefined_byte_is_refused),
		CHECK_TEST(to_utf8_any_other_control_is_refused),
		CHECK_TEST(to_utf8_utf16_little_is_converted),
		CHECK_TEST(to_utf8_utf16_big_is_converted),
		CHECK_TEST(to_utf8_utf16_cut_or_broken_is_refused),
		CHECK_TEST(to_utf8_small_arena_is_no_memory),
		CHECK_END,
	};

	return check_main("charset", tests);
}
