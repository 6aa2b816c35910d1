#include "learn/read_lines.h"

#include "tests/check_main.h"

/* The lines of z, each in brackets. */
static void lines_are(struct str z, const char *expected)
{
	struct read_lines l = read_lines_of(z);
	struct str line;
	struct buf b;
	size_t n = 0;

	buf_init(&b, 4096);
	while (read_lines_next(&l, &line)) {
		ck_assert_uint_eq(l.number, ++n);
		buf_printf(&b, "[" STR_FMT "]", STR_ARG(line));
	}
	ck_assert_msg(str_is(buf_view(&b), expected), "got '" STR_FMT "'",
		      STR_ARG(buf_view(&b)));
	buf_done(&b);
}

START_TEST(lines_end_in_lf_or_crlf)
{
	lines_are(STR("a\nb\r\nc"), "[a][b][c]");
	lines_are(STR("a\n"), "[a]");
	lines_are(STR("\n\r\n"), "[][]");
	lines_are(STR("a\rb\r"), "[a\rb]");
	lines_are(STR(""), "");
}
END_TEST

START_TEST(lines_begin_behind_the_mark)
{
	lines_are(STR("\xEF\xBB\xBF" "a\n\xEF\xBB\xBF" "b"),
		  "[a][\xEF\xBB\xBF" "b]");
	lines_are(STR("\xEF\xBB\xBF"), "");
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(lines_end_in_lf_or_crlf),
		CHECK_TEST(lines_begin_behind_the_mark),
		CHECK_END,
	};

	return check_main("read_lines", tests);
}
