#include "parse/references.h"

#include "tests/check_main.h"

static void decodes(const char *text, enum references_rule r, const char *want)
{
	struct buf b;

	/* It never grows: this much room is enough. */
	buf_init(&b, strlen(text));
	references_decode(&b, str_of(text), r);
	ck_assert_int_eq(buf_error(&b), 0);
	ck_assert_msg(str_is(buf_view(&b), want), "%s", text);
	buf_done(&b);
}

START_TEST(decode_xml_wants_semicolons_of_names)
{
	decodes("&amp;&lt;&gt;&quot;&apos;", REFERENCES_XML, "&<>\"'");
	decodes("&eacute;&Eacute;&thetasym;", REFERENCES_XML, "éÉϑ");
	decodes("&eacute &amp &copy=", REFERENCES_XML, "&eacute &amp &copy=");
	decodes("&#146;", REFERENCES_XML, "\xC2\x92");
}
END_TEST

START_TEST(decode_html_reads_as_browsers_do)
{
	decodes("&eacute &amp &copy=", REFERENCES_HTML, "é & &copy=");
	decodes("&#146;&#128;", REFERENCES_HTML, "’€");
	decodes("&alpha &alpha;", REFERENCES_HTML, "&alpha α");
}
END_TEST

START_TEST(decode_what_is_none_stays)
{
	decodes("& &; &&amp; &#; &#x; &x", REFERENCES_HTML,
		"& &; && &#; &#x; &x");
	decodes("&toolonganame;&AMP;", REFERENCES_XML, "&toolonganame;&AMP;");
	decodes("&", REFERENCES_XML, "&");
	decodes("", REFERENCES_XML, "");
}
END_TEST

START_TEST(decode_numbers_that_are_no_character_do_no_harm)
{
	decodes("&#55296;&#1114112;&#99999999999999999999;", REFERENCES_XML,
		"\uFFFD\uFFFD\uFFFD");
	decodes("a&#0;&#7;&#10;b", REFERENCES_XML, "a\nb");
	decodes("&#x1F600;", REFERENCES_XML, "\U0001F600");
}
END_TEST

START_TEST(find_first_and_last_are_found)
{
	ck_assert_uint_eq(references_find(STR("AElig")), 0xC6);
	ck_assert_uint_eq(references_find(STR("zwnj")), 0x200C);
	ck_assert_uint_eq(references_find(STR("nosuch")), 0);
	ck_assert_uint_eq(references_find(STR("")), 0);
	ck_assert_uint_eq(references_find(STR("thetasymm")), 0);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(decode_xml_wants_semicolons_of_names),
		CHECK_TEST(decode_html_reads_as_browsers_do),
		CHECK_TEST(decode_what_is_none_stays),
		CHECK_TEST(decode_numbers_that_are_no_character_do_no_harm),
		CHECK_TEST(find_first_and_last_are_found),
		CHECK_END,
	};

	return check_main("references", tests);
}
