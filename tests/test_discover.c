#include "parse/discover.h"

#include "tests/parse_kit.h"

#define HEAD "{\"document\":\"links\"}\n"

static void finds(const char *html, const char *want)
{
	parse_kit_is(discover_parse, html, "http://e.example/a/", want);
}

START_TEST(parse_links_are_found_comments_last)
{
	finds("<html><head><link rel='stylesheet' href='s.css'>"
	      "<link rel='alternate' type='application/rss+xml' "
	      "title='Comments on X' href='/comments/feed'>"
	      "<LINK REL='Alternate home' TYPE='application/atom+xml; "
	      "charset=utf-8' TITLE='News' HREF='atom.xml'>"
	      "<link rel='alternate' hreflang='fr' href='/fr'>"
	      "<link rel='alternate' type='application/json' href='/wp-json'>"
	      "<link rel='feed' href='/f'></head>"
	      "<body><a href='/feed'>RSS</a></body></html>",
	      HEAD "{\"url\":\"http://e.example/a/atom.xml\","
	      "\"title\":\"News\","
	      "\"type\":\"application/atom+xml; charset=utf-8\"}\n"
	      "{\"url\":\"http://e.example/f\"}\n"
	      "{\"url\":\"http://e.example/comments/feed\","
	      "\"title\":\"Comments on X\","
	      "\"type\":\"application/rss+xml\"}\n");
}
END_TEST

START_TEST(parse_anchors_are_taken_where_no_link_is)
{
	finds("<a href='/about'>About</a><a href='/feed/'>Our <b>RSS</b></a>"
	      "<a href='http://feeds.feedburner.com/x'>x</a>"
	      "<a href='/?feed=rss2'></a><a href='/feedback'>no</a>"
	      "<a href='/feed/'>again</a>",
	      HEAD "{\"url\":\"http://e.example/feed/\","
	      "\"title\":\"Our RSS\"}\n"
	      "{\"url\":\"http://feeds.feedburner.com/x\",\"title\":\"x\"}\n"
	      "{\"url\":\"http://e.example/?feed=rss2\"}\n");
}
END_TEST

START_TEST(parse_base_holds_for_all_links)
{
	finds("<head><base href='http://b.example/x/'><link rel='alternate' "
	      "type='text/xml' href='f'></head>",
	      HEAD "{\"url\":\"http://b.example/x/f\","
	      "\"type\":\"text/xml\"}\n");
}
END_TEST

START_TEST(parse_links_to_elsewhere_are_left_out)
{
	finds("<link rel='alternate' type='application/rss+xml' "
	      "href='javascript:x'><link rel='alternate' "
	      "type='application/rss+xml'>", HEAD);
	finds("", HEAD);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(parse_links_are_found_comments_last),
		CHECK_TEST(parse_anchors_are_taken_where_no_link_is),
		CHECK_TEST(parse_base_holds_for_all_links),
		CHECK_TEST(parse_links_to_elsewhere_are_left_out),
		CHECK_END,
	};

	return check_main("discover", tests);
}
