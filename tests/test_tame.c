#include "ingest/tame.h"

#include "tests/check_main.h"

static void gives(struct str s, size_t max, const char *want)
{
	struct buf b;

	buf_init(&b, 4096);
	tame(s, max, &b);
	ck_assert_uint_eq(b.n, strlen(want));
	ck_assert(str_is(buf_view(&b), want));
	buf_done(&b);
}

START_TEST(tame_text_is_kept)
{
	gives(STR("d/\303\251t\303\251 ?.html"), 99,
	      "d/\303\251t\303\251 ?.html");
	gives(STR(""), 99, "");
}
END_TEST

START_TEST(tame_controls_are_spaces_and_wrong_bytes_question_marks)
{
	gives(STR("a\033[1m\n\0b\x7f\xc2\x9b"), 99, "a [1m  b  ");
	gives(STR("\xff" "a\xc3"), 99, "?a?");
	gives(STR("?\xff?\xff\xff"), 99, "?????");
}
END_TEST

START_TEST(tame_size_limit_keeps_whole_characters)
{
	gives(STR("ab\303\251"), 2, "ab");
	gives(STR("ab\303\251"), 3, "ab");
	gives(STR("ab\303\251"), 4, "ab\303\251");
	gives(STR("ab\xff\xff"), 3, "ab?");
}
END_TEST

START_TEST(json_is_a_string_with_quotes)
{
	struct buf b;

	buf_init(&b, 4096);
	tame_json(STR("a\"\n\xff"), &b);
	ck_assert(str_is(buf_view(&b), "\"a\\\" ?\""));
	buf_clear(&b);
	tame_json(STR(""), &b);
	ck_assert(str_is(buf_view(&b), "\"\""));
	buf_done(&b);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(tame_text_is_kept),
		CHECK_TEST(
			tame_controls_are_spaces_and_wrong_bytes_question_marks),
		CHECK_TEST(tame_size_limit_keeps_whole_characters),
		CHECK_TEST(json_is_a_string_with_quotes),
		CHECK_END,
	};

	return check_main("tame", tests);
}
