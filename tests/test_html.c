#include "learn/html.h"

#include "tests/check_main.h"

static void becomes(struct str s, const char *expected)
{
	struct buf b;

	buf_init(&b, 1 << 10);
	html_add_text(&b, s);
	ck_assert_int_eq(buf_error(&b), 0);
	ck_assert_msg(str_is(buf_view(&b), expected), "'" STR_FMT "', not '%s'",
		      STR_ARG(buf_view(&b)), expected);
	buf_done(&b);
}

START_TEST(text_markup_is_escaped)
{
	becomes(STR("<script>alert('&')</script>\""),
		"&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;&quot;");
	becomes(STR("&amp;"), "&amp;amp;");
	becomes(STR(""), "");
}
END_TEST

START_TEST(text_other_scripts_stay)
{
	becomes(STR("été عربي 日本語 🙂 \xEF\xBF\xBD"),
		"été عربي 日本語 🙂 \xEF\xBF\xBD");
}
END_TEST

START_TEST(text_control_characters_become_blanks)
{
	becomes(STR("a\x01" "b\tc\nd\x7F" "e\x00" "f"), "a b c d e f");
}
END_TEST

/* XML has no U+FFFE and U+FFFF, and no bytes that are no characters. */
START_TEST(text_what_xml_cannot_hold_is_replaced)
{
	becomes(STR("a\xEF\xBF\xBE\xEF\xBF\xBF" "b"),
		"a\xEF\xBF\xBD\xEF\xBF\xBD" "b");
	becomes(STR("a\xC3"), "a\xEF\xBF\xBD");
	becomes(STR("\xFF\xFE<"), "\xEF\xBF\xBD\xEF\xBF\xBD&lt;");
	becomes(STR("\xED\xA0\x80"),
		"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}
END_TEST

START_TEST(tag_escapes_only_what_is_between)
{
	struct buf b;

	buf_init(&b, 1 << 10);
	html_add_tag(&b, "<b>", "a<b", "</b>");
	html_add_z(&b, ">");
	ck_assert(str_is(buf_view(&b), "<b>a&lt;b</b>&gt;"));
	buf_done(&b);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(text_markup_is_escaped),
		CHECK_TEST(text_other_scripts_stay),
		CHECK_TEST(text_control_characters_become_blanks),
		CHECK_TEST(text_what_xml_cannot_hold_is_replaced),
		CHECK_TEST(tag_escapes_only_what_is_between),
		CHECK_END,
	};

	return check_main("html", tests);
}
