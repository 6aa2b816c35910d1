#include "learn/read_sink.h"

#include <errno.h>

#include "tests/test_read_gather.h"

static struct gather g;

START_TEST(complain_names_the_place)
{
	gather_init(&g);
	read_complain(&g.sink, 3, 7, "wrong %d", 1);
	read_complain(&g.sink, 3, 0, "worse");
	read_complain(&g.sink, 0, 0, "worst");
	ck_assert_uint_eq(g.sink.count, 3);
	GATHER_ASSERT_STR(buf_view(&g.sink.report),
			  "F:3:7: wrong 1\nF:3: worse\nF: worst\n");
	gather_done(&g);
}
END_TEST

START_TEST(complain_is_one_line)
{
	gather_init(&g);
	read_complain(&g.sink, 1, 0, "'%s'", "a\nb\tc\x7f");
	GATHER_ASSERT_STR(buf_view(&g.sink.report), "F:1: 'a b c '\n");
	gather_done(&g);
}
END_TEST

START_TEST(shown_is_cut_between_characters)
{
	char text[203];

	memset(text, 'x', sizeof(text));
	memcpy(text + 199, "\xC3\xA9", 2);
	ck_assert_uint_eq(read_shown((struct str){ text, 200 }).n, 200);
	ck_assert_uint_eq(read_shown((struct str){ text, 203 }).n, 199);
	ck_assert_uint_eq(read_shown(STR("short")).n, 5);
}
END_TEST

START_TEST(is_text_names_the_first_wrong_byte)
{
	gather_init(&g);
	ck_assert(read_is_text(&g.sink, 1, 0, "line", STR("déjà vu")));
	ck_assert(read_is_text(&g.sink, 1, 0, "line", STR("")));
	ck_assert(read_is_text(&g.sink, 1, 0, "line",
			       (struct str){ NULL, 0 }));
	ck_assert(!read_is_text(&g.sink, 2, 0, "line", STR("ab\xE9 \0")));
	ck_assert(!read_is_text(&g.sink, 3, 4, "cell", STR("\0\xE9")));
	ck_assert(!read_is_text(&g.sink, 0, 0, "file", STR("abc\0")));
	GATHER_ASSERT_STR(buf_view(&g.sink.report),
			  "F:2: byte 3 of the line is no UTF-8\n"
			  "F:3:4: byte 1 of the cell is NUL, which is no "
			  "text\n"
			  "F: byte 4 of the file is NUL, which is no text\n");
	gather_done(&g);
}
END_TEST

START_TEST(unmarked_takes_one_mark_off)
{
	GATHER_ASSERT_STR(read_unmarked(STR("\xEF\xBB\xBFx")), "x");
	GATHER_ASSERT_STR(read_unmarked(STR("x\xEF\xBB\xBF")),
			  "x\xEF\xBB\xBF");
	GATHER_ASSERT_STR(read_unmarked(STR("\xEF\xBB")), "\xEF\xBB");
	GATHER_ASSERT_STR(read_unmarked(STR("")), "");
}
END_TEST

START_TEST(bytes_are_handed_on)
{
	char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
	struct str s;

	gather_init(&g);
	check_folder(folder);
	check_file(folder, "a", "a\0b", 3, path);
	ck_assert_int_eq(read_bytes(&g.sink, path, &s, &g.why), 0);
	ck_assert_uint_eq(s.n, 3);
	ck_assert_mem_eq(s.p, "a\0b", 4);
	ck_assert(str_eq(buf_view(&g.bytes), s));
	free((char *)s.p);
	strcat(path, "b");
	ck_assert_int_eq(read_bytes(&g.sink, path, &s, &g.why), -ENOENT);
	ck_assert_ptr_nonnull(strstr(g.why.text, path));
	check_folder_done(folder);
	gather_done(&g);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(complain_names_the_place),
		CHECK_TEST(complain_is_one_line),
		CHECK_TEST(shown_is_cut_between_characters),
		CHECK_TEST(is_text_names_the_first_wrong_byte),
		CHECK_TEST(unmarked_takes_one_mark_off),
		CHECK_TEST(bytes_are_handed_on),
		CHECK_END,
	};

	return check_main("read_sink", tests);
}
