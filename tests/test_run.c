#include "base/run.h"

#include <stdbool.h>
#include <string.h>

#include "tests/check_main.h"

/* Every byte at every place of texts around one step: what stops a run is
 * found there, and nothing else stops it. */
static void stops(size_t (*run)(const char *, size_t),
		  bool (*is_stop)(unsigned char))
{
	for (size_t n = 1; n < 36; n++)
		for (size_t at = 0; at < n; at++)
			for (int c = 0; c < 256; c++) {
				char text[40];
				size_t want = is_stop((unsigned char)c) ? at
									: n;

				memset(text, 'a', sizeof(text));
				text[at] = (char)c;
				text[n] = '\0'; /* behind the end */
				ck_assert_uint_eq(run(text, n), want);
			}
}

static bool is_control(unsigned char c)
{
	return c < 0x20;
}

static bool is_quoted(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\';
}

static bool is_unprintable(unsigned char c)
{
	return c < 0x20 || c >= 0x7F;
}

static bool is_foreign(unsigned char c)
{
	return c >= 0x80;
}

static bool is_no_letter(unsigned char c)
{
	return !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z');
}

static bool is_unclean(unsigned char c)
{
	return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7F ||
	       c == 0xC2 || c == 0xE2 || c == 0xEF;
}

START_TEST(run_ends_at_the_first_stop)
{
	stops(run_quoted, is_quoted);
	stops(run_uncontrolled, is_control);
	stops(run_printable, is_unprintable);
	stops(run_ascii, is_foreign);
	stops(run_letters, is_no_letter);
	stops(run_clean, is_unclean);
}
END_TEST

START_TEST(run_ends_at_the_first_of_several)
{
	ck_assert_uint_eq(run_quoted("ab\"\\\n\"cdefgh", 12), 2);
	ck_assert_uint_eq(run_printable("0123456789\xC3\xA9\x7F", 13), 10);
	ck_assert_uint_eq(run_uncontrolled("\xFF\x80\x7F \x1F\x01", 6), 4);
	for (int c = 1; c < 256; c++) {
		const char text[] = { 'a', (char)c, '"', '#', '\x1F', '!', ']',
				      '\\', 'z' };
		size_t want = is_quoted((unsigned char)c) ? 1 : 2;

		ck_assert_uint_eq(run_quoted(text, 9), want);
		ck_assert_uint_eq(run_quoted(text, 7), want);
	}
}
END_TEST

START_TEST(run_of_nothing_is_nothing)
{
	ck_assert_uint_eq(run_quoted("", 0), 0);
	ck_assert_uint_eq(run_uncontrolled("", 0), 0);
	ck_assert_uint_eq(run_printable("", 0), 0);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(run_ends_at_the_first_stop),
		CHECK_TEST(run_ends_at_the_first_of_several),
		CHECK_TEST(run_of_nothing_is_nothing),
		CHECK_END,
	};

	return check_main("run", tests);
}
