#include "parse/opml.h"

#include "tests/parse_kit.h"

START_TEST(parse_outlines_have_their_folders)
{
	parse_kit_is(opml_parse,
		"<opml version='2.0'><head><title>My &amp; list</title></head>"
		"<body><outline text='News'><outline title='France'>"
		"<outline text='a' title='A' type='rss' "
		"xmlUrl='http://a.example/f?x=1&amp;y' "
		"htmlUrl='http://a.example/'/></outline>"
		"<outline text='b' XMLURL='http://b.example/'/></outline>"
		"<outline text='c' xmlUrl='http://c.example/'>"
		"<outline text='d' xmlUrl='http://d.example/'/></outline>"
		"</body></opml>", NULL,
		"{\"document\":\"opml\",\"title\":\"My & list\"}\n"
		"{\"url\":\"http://a.example/f?x=1&y\",\"title\":\"A\","
		"\"site\":\"http://a.example/\",\"folder\":\"News/France\"}\n"
		"{\"url\":\"http://b.example/\",\"title\":\"b\","
		"\"folder\":\"News\"}\n"
		"{\"url\":\"http://c.example/\",\"title\":\"c\"}\n"
		"{\"url\":\"http://d.example/\",\"title\":\"d\"}\n");
}
END_TEST

START_TEST(parse_empty_list_has_a_head)
{
	parse_kit_is(opml_parse, "<opml/>", NULL, "{\"document\":\"opml\"}\n");
	parse_kit_is(opml_parse, "<opml><body><outline text='a'/><outline "
		     "xmlUrl=''/></body></opml>", NULL,
		     "{\"document\":\"opml\"}\n");
}
END_TEST

START_TEST(parse_broken_is_read_as_far_as_it_goes)
{
	parse_kit_is(opml_parse, "<opml><outline text='A & B' xmlUrl=http://a/>"
		     "<outline text='x'><outline xmlUrl='/f'", "http://e/",
		     "{\"document\":\"opml\"}\n"
		     "{\"url\":\"http://a\",\"title\":\"A & B\"}\n");
}
END_TEST

START_TEST(parse_too_many_tags_is_told)
{
	parse_kit_is_cut(opml_parse, "<opml>",
			 "{\"document\":\"opml\",\"cut\":true}\n");
}
END_TEST

START_TEST(parse_other_is_refused)
{
	parse_kit_refused(opml_parse, "<rss/>", "no OPML");
	parse_kit_refused(opml_parse, "", "no OPML");
}
END_TEST

START_TEST(parse_what_was_written_comes_back)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	opml_begin(&b, STR("List <1>"));
	opml_outline(&b, STR("http://a.example/?x=\"1\"&y"), STR("A & \"B\""),
		     STR("http://a.example/"));
	opml_outline(&b, STR("http://b.example/"), STR(""), STR(""));
	opml_end(&b);
	buf_add_char(&b, '\0');
	ck_assert_int_eq(buf_error(&b), 0);
	parse_kit_is(opml_parse, b.p, NULL,
		     "{\"document\":\"opml\",\"title\":\"List <1>\"}\n"
		     "{\"url\":\"http://a.example/?x=\\\"1\\\"&y\","
		     "\"title\":\"A & \\\"B\\\"\","
		     "\"site\":\"http://a.example/\"}\n"
		     "{\"url\":\"http://b.example/\","
		     "\"title\":\"http://b.example/\"}\n");
	buf_done(&b);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(parse_outlines_have_their_folders),
		CHECK_TEST(parse_empty_list_has_a_head),
		CHECK_TEST(parse_broken_is_read_as_far_as_it_goes),
		CHECK_TEST(parse_too_many_tags_is_told),
		CHECK_TEST(parse_other_is_refused),
		CHECK_TEST(parse_what_was_written_comes_back),
		CHECK_END,
	};

	return check_main("opml", tests);
}
