#include "parse/feed.h"

#include "tests/parse_kit.h"

#define HEAD(format) \
	"{\"document\":\"feed\",\"format\":\"" format "\",\"encoding\":\"utf-8\""

/* The item that one item's elements in RSS 2.0 make. */
static void item(const char *elements, const char *want)
{
	char text[4096], lines[4096];

	snprintf(text, sizeof(text), "<rss version='2.0' "
		 "xmlns:dc='http://purl.org/dc/elements/1.1/' "
		 "xmlns:media='http://search.yahoo.com/mrss/'>"
		 "<channel><item>%s</item></channel></rss>", elements);
	snprintf(lines, sizeof(lines), HEAD("rss20") "}\n{%s}\n", want);
	parse_kit_is(feed_parse, text, "http://e.example/feed", lines);
}

/* The same of an entry in Atom 1.0. */
static void entry(const char *elements, const char *want)
{
	char text[4096], lines[4096];

	snprintf(text, sizeof(text), "<feed "
		 "xmlns='http://www.w3.org/2005/Atom'><entry>%s</entry></feed>",
		 elements);
	snprintf(lines, sizeof(lines), HEAD("atom10") "}\n{%s}\n", want);
	parse_kit_is(feed_parse, text, "http://e.example/feed", lines);
}

START_TEST(parse_rss_gives_head_and_items)
{
	parse_kit_is(feed_parse,
		"<?xml version='1.0'?><rss version='2.0'><channel>"
		"<title>The \"Daily\"</title><link>/home</link>"
		"<description>News &amp;amp; more</description>"
		"<language>fr_FR</language><ttl>30</ttl>"
		"<lastBuildDate>Tue, 29 Nov 2022 10:00:00 +0100"
		"</lastBuildDate>"
		"<item><title>One</title><link>http://e.example/1</link>"
		"<guid>http://e.example/1</guid>"
		"<pubDate>Tue, 29 Nov 2022 10:00:00 GMT</pubDate>"
		"<description>&lt;p>First.&lt;/p>&lt;p>Second.&lt;/p>"
		"</description></item><item><title>Two</title></item>"
		"</channel></rss>", "http://e.example/feed",
		HEAD("rss20") ",\"url\":\"http://e.example/home\","
		"\"title\":\"The \\\"Daily\\\"\","
		"\"description\":\"News & more\","
		"\"updated\":\"2022-11-29T09:00:00Z\","
		"\"language\":\"fr-FR\",\"ttl\":30}\n"
		"{\"id\":\"http://e.example/1\",\"url\":\"http://e.example/1\","
		"\"title\":\"One\",\"summary\":\"First.\\nSecond.\","
		"\"published\":\"2022-11-29T10:00:00Z\"}\n"
		"{\"title\":\"Two\"}\n");
}
END_TEST

START_TEST(parse_atom_gives_head_and_items)
{
	parse_kit_is(feed_parse,
		"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en' "
		"xml:base='http://e.example/a/'><title type='html'>A &lt;b>B"
		"&lt;/b></title><subtitle>S</subtitle><id>tag:e,1</id>"
		"<link href='.'/><link rel='self' href='f.xml'/>"
		"<link rel='hub' href='http://hub.example/'/>"
		"<link rel='next' href='f2.xml'/>"
		"<author><name>Ann</name></author>"
		"<entry><id>tag:e,2</id><link rel='replies' href='r'/>"
		"<link href='one'/><title>1 &lt; 2</title>"
		"<link rel='enclosure' href='x.mp3'/>"
		"<summary type='xhtml'><div xmlns='http://www.w3.org/1999/"
		"xhtml'>a<br/>b &lt;i></div></summary>"
		"<content type='html'>&lt;p>Long&amp;nbsp;story</content>"
		"<category term='cloud'/><category term='EU'/>"
		"<author><name>Bo</name><email>b@e.example</email></author>"
		"<published>2022-11-29T10:00:00Z</published>"
		"<updated>2022-11-30T10:00:00+01:00</updated></entry></feed>",
		NULL,
		HEAD("atom10") ",\"id\":\"tag:e,1\","
		"\"url\":\"http://e.example/a/\",\"title\":\"A B\","
		"\"description\":\"S\",\"author\":\"Ann\",\"language\":\"en\","
		"\"self\":\"http://e.example/a/f.xml\","
		"\"hub\":\"http://hub.example/\","
		"\"next\":\"http://e.example/a/f2.xml\"}\n"
		"{\"id\":\"tag:e,2\",\"url\":\"http://e.example/a/one\","
		"\"title\":\"1 < 2\",\"summary\":\"a\\nb <i>\","
		"\"content\":\"Long\u00A0story\","
		"\"author\":\"Bo (b@e.example)\","
		"\"updated\":\"2022-11-30T09:00:00Z\","
		"\"published\":\"2022-11-29T10:00:00Z\","
		"\"categories\":[\"cloud\",\"EU\"],"
		"\"enclosure\":\"http://e.example/a/x.mp3\","
		"\"comments\":\"http://e.example/a/r\"}\n");
}
END_TEST

START_TEST(parse_json_feed_gives_head_and_items)
{
	parse_kit_is(feed_parse,
		"{\"version\":\"https://jsonfeed.org/version/1.1\","
		"\"title\":\"J\",\"home_page_url\":\"/\",\"feed_url\":\"f\","
		"\"expired\":true,\"authors\":[{\"name\":\"A\"}],"
		"\"items\":[{\"id\":7,\"url\":\"1\",\"content_html\":"
		"\"<p>x</p><p>y</p>\",\"date_published\":"
		"\"2022-11-29T10:00:00+01:00\",\"tags\":[\"a\",3,\"b\"],"
		"\"authors\":[{\"name\":\"B\"},{\"name\":\"C\"}]},5,"
		"{\"id\":\"z\",\"content_text\":\"1 <b> 2\","
		"\"summary\":\"s\"}]}", "http://e.example/feed.json",
		HEAD("json11") ",\"url\":\"http://e.example/\","
		"\"title\":\"J\",\"author\":\"A\","
		"\"self\":\"http://e.example/f\",\"stale\":true}\n"
		"{\"id\":\"7\",\"url\":\"http://e.example/1\","
		"\"summary\":\"x\\ny\",\"content\":\"x\\ny\","
		"\"author\":\"B, C\",\"published\":\"2022-11-29T09:00:00Z\","
		"\"categories\":[\"a\",\"b\"]}\n"
		"{\"id\":\"z\",\"summary\":\"s\",\"content\":\"1 <b> 2\"}\n");
}
END_TEST

START_TEST(parse_rdf_gives_items_beside_the_channel)
{
	parse_kit_is(feed_parse,
		"<rdf:RDF xmlns='http://purl.org/rss/1.0/' xmlns:rdf="
		"'http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
		"xmlns:dc='http://purl.org/dc/elements/1.1/' "
		"xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>"
		"<channel rdf:about='http://e.example/'><title>R</title>"
		"<sy:updatePeriod>daily</sy:updatePeriod>"
		"<sy:updateFrequency>4</sy:updateFrequency></channel>"
		"<image><title>no</title></image>"
		"<item rdf:about='http://e.example/1'><title>One</title>"
		"<link>http://e.example/1</link><dc:creator>Cy</dc:creator>"
		"<dc:date>2022-11-29</dc:date><dc:subject>s</dc:subject>"
		"</item></rdf:RDF>", NULL,
		HEAD("rss10") ",\"title\":\"R\",\"every\":360}\n"
		"{\"id\":\"http://e.example/1\",\"url\":\"http://e.example/1\","
		"\"title\":\"One\",\"author\":\"Cy\","
		"\"updated\":\"2022-11-29T00:00:00Z\","
		"\"categories\":[\"s\"]}\n");
}
END_TEST

START_TEST(parse_format_is_told_apart)
{
	static const struct {
		const char *text, *format;
	} cases[] = {
		{ "<rss version='0.91'/>", "rss091u" },
		{ "<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91'>"
		  "<rss version='0.91'/>", "rss091n" },
		{ "<rss version='0.92'/>", "rss092" },
		{ "<rss version='2.1'/>", "rss20" },
		{ "<RSS/>", "rss" },
		{ "<feed version='0.3' xmlns='http://purl.org/atom/ns#'/>",
		  "atom03" },
		{ "<feed/>", "atom" },
		{ "<a:feed xmlns:a='http://www.w3.org/2005/Atom'/>",
		  "atom10" },
		{ "<channel/>", "cdf" },
		{ "{\"items\":[],\"version\":"
		  "\"https://jsonfeed.org/version/1\"}", "json1" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char want[128];

		snprintf(want, sizeof(want), "{\"document\":\"feed\","
			 "\"format\":\"%s\",\"encoding\":\"utf-8\"}\n",
			 cases[i].format);
		parse_kit_is(feed_parse, cases[i].text, NULL, want);
	}
}
END_TEST

START_TEST(parse_page_is_refused)
{
	parse_kit_refused(feed_parse, "<html><body>404</body></html>",
			  "line 1");
	parse_kit_refused(feed_parse, "", "no feed");
	parse_kit_refused(feed_parse, "just text", "no feed");
	parse_kit_refused(feed_parse, "{\"a\":1}", "items");
	parse_kit_refused(feed_parse, "{", "JSON");
}
END_TEST

START_TEST(parse_title_may_be_html)
{
	item("<title>AT&amp;amp;T</title>", "\"title\":\"AT&T\"");
	item("<title>a &lt;b>bold&lt;/b> one</title>",
	     "\"title\":\"a bold one\"");
	item("<title><![CDATA[R&D <i>x</i>]]></title>",
	     "\"title\":\"R&D x\"");
	item("<title>is 1 &lt; 2?</title>", "\"title\":\"is 1 < 2?\"");
	item("<title>the &lt;blink> tag</title>",
	     "\"title\":\"the <blink> tag\"");
	item("<title>a <em>b</em> &lt;c></title>", "\"title\":\"a b <c>\"");
	item("<title>two\n  lines</title>", "\"title\":\"two lines\"");
}
END_TEST

START_TEST(parse_title_of_the_feed_itself_counts_first)
{
	item("<media:title>m</media:title><title>t</title>",
	     "\"title\":\"t\"");
	item("<title>t</title><media:title>m</media:title>",
	     "\"title\":\"t\"");
	item("<media:title>m</media:title>", "\"title\":\"m\"");
	item("<image><title>i</title></image><title>t</title>",
	     "\"title\":\"t\"");
	item("<x:title>x</x:title><title>t</title>", "\"title\":\"t\"");
}
END_TEST

START_TEST(parse_text_escaped_twice_is_plain)
{
	item("<description>&amp;lt;p&amp;gt;One&amp;lt;/p&amp;gt;"
	     "</description>", "\"summary\":\"One\"");
	item("<description>use &amp;lt;p&amp;gt; tags</description>",
	     "\"summary\":\"use <p> tags\"");
}
END_TEST

START_TEST(parse_text_encoded_twice_is_repaired)
{
	item("<title>d&#195;&#169;j&#195;&#160;</title>",
	     "\"title\":\"déjà\"");
	item("<title>it&#146;s</title>", "\"title\":\"it’s\"");
	item("<title>déjà</title>", "\"title\":\"déjà\"");
}
END_TEST

START_TEST(parse_description_and_summary_are_both_kept)
{
	item("<description>d</description><summary>s</summary>",
	     "\"summary\":\"d\",\"content\":\"s\"");
	item("<description>d</description><media:description>m"
	     "</media:description>", "\"summary\":\"d\"");
}
END_TEST

START_TEST(parse_empty_texts_are_absent_but_not_those_of_markup)
{
	item("<description/><title> </title>", "");
	item("<description>&lt;img src='x'&gt;</description>",
	     "\"summary\":\"\"");
}
END_TEST

START_TEST(parse_guid_is_the_address_where_there_is_none)
{
	item("<guid>http://e.example/g</guid>",
	     "\"id\":\"http://e.example/g\",\"url\":\"http://e.example/g\"");
	item("<guid isPermaLink='false'>http://e.example/g</guid>",
	     "\"id\":\"http://e.example/g\"");
	item("<guid>http://e.example/g</guid><link>/l</link>",
	     "\"id\":\"http://e.example/g\",\"url\":\"http://e.example/l\"");
	item("<guid>12345</guid>", "\"id\":\"12345\"");
	entry("<id>/relative</id>", "\"id\":\"http://e.example/relative\","
	      "\"url\":\"http://e.example/relative\"");
}
END_TEST

START_TEST(parse_repeated_id_is_left_out_of_all)
{
	parse_kit_is(feed_parse,
		"<rss version='2.0'><item><guid>a</guid><title>1</title></item>"
		"<item><guid>b</guid></item><item><guid>a</guid></item>"
		"<item><title>4</title><guid>a</guid></item></rss>", NULL,
		HEAD("rss20") "}\n{\"title\":\"1\"}\n{\"id\":\"b\"}\n{}\n"
		"{\"title\":\"4\"}\n");
}
END_TEST

START_TEST(parse_link_is_the_alternate_page)
{
	entry("<link rel='enclosure' href='e'/><link rel='alternate' "
	      "type='text/html' href='a'/><link rel='via' href='v'/>",
	      "\"url\":\"http://e.example/a\","
	      "\"enclosure\":\"http://e.example/e\"");
	entry("<link type='application/pdf' href='p'/><link href='a'/>",
	      "\"url\":\"http://e.example/a\"");
	entry("<link type='application/pdf' href='p'/>",
	      "\"url\":\"http://e.example/p\"");
	entry("<link rel='enclosure'>e</link><link>a</link>",
	      "\"url\":\"http://e.example/a\"");
}
END_TEST

START_TEST(parse_people_are_named)
{
	item("<author>a@e.example (Ann)</author>",
	     "\"author\":\"a@e.example (Ann)\"");
	item("<dc:creator>Ann</dc:creator><dc:creator>Bo</dc:creator>",
	     "\"author\":\"Ann, Bo\"");
	item("<author>a@e.example</author><dc:creator>Ann</dc:creator>",
	     "\"author\":\"Ann\"");
	entry("<author><name>Ann</name></author><author><name>Bo</name>"
	      "</author><contributor><name>C</name></contributor>",
	      "\"author\":\"Ann, Bo\"");
	entry("<author><email>a@e.example</email></author>",
	      "\"author\":\"a@e.example\"");
}
END_TEST

START_TEST(parse_base64_is_text_or_nothing)
{
	entry("<content type='application/octet-stream'>PGI+\n eDwvYj4="
	      "</content>", "\"summary\":\"x\",\"content\":\"x\"");
	entry("<content type='image/png'>gICA</content><title>t</title>",
	      "\"title\":\"t\"");
}
END_TEST

START_TEST(parse_inline_markup_is_markup)
{
	item("<description>a<p>b &lt;i></p>c</description>",
	     "\"summary\":\"a\\nb <i>\\nc\"");
	entry("<content type='html'><div>a &lt;b>b&lt;/b></div></content>",
	      "\"summary\":\"a b\",\"content\":\"a b\"");
}
END_TEST

START_TEST(parse_broken_xml_is_read)
{
	item("<title>Fish & chips <3</title><link>/?a=1&b=2</link>",
	     "\"url\":\"http://e.example/?a=1&b=2\","
	     "\"title\":\"Fish & chips <3\"");
	item("<title>&eacute;t&eacute; &unknown;</title>",
	     "\"title\":\"été &unknown;\"");
	item("<link>/a<title>t</title>",
	     "\"url\":\"http://e.example/a\",\"title\":\"t\"");
	item("<x:y>1</x:y><title>t", "\"title\":\"t\"");
	parse_kit_is(feed_parse, " junk <br> <rss version='2.0'><item>"
		"<title>1</title><item><title>2</title></item><item>"
		"<title>3</title><link>http://e.example/</li", NULL,
		HEAD("rss20") "}\n{\"title\":\"1\"}\n{\"title\":\"2\"}\n"
		"{\"url\":\"http://e.example/\",\"title\":\"3\"}\n");
}
END_TEST

START_TEST(parse_entities_of_a_document_type_are_not_believed)
{
	parse_kit_is(feed_parse, "<!DOCTYPE rss [<!ENTITY a 'x'><!ENTITY b "
		"SYSTEM 'file:///etc/passwd'>]><rss version='2.0'><channel>"
		"<title>&a;&b;</title></channel></rss>", NULL,
		HEAD("rss20") ",\"title\":\"&a;&b;\"}\n");
}
END_TEST

START_TEST(parse_base_that_is_no_web_address_is_none)
{
	parse_kit_is(feed_parse, "<rss version='2.0'><item><link>/x</link>"
		"</item></rss>", "javascript:alert(1)",
		HEAD("rss20") "}\n{\"url\":\"/x\"}\n");
}
END_TEST

static void encoding(const char *type, const char *declared,
		     const char *charset, const char *want)
{
	struct document d = { .type = type, .charset = charset };
	char text[256], name[64];
	struct err e = { "" };
	struct arena a;
	struct buf out;

	snprintf(text, sizeof(text), "<?xml version='1.0' %s?><rss/>%s",
		 declared, strcmp(charset, "koi8-r") ? "" : "ж");
	snprintf(name, sizeof(name), "\"encoding\":\"%s\"", want);
	d.bytes = str_of(text);
	ck_assert_int_eq(arena_open(&a, DOCUMENT_ARENA), 0);
	buf_init(&out, DOCUMENT_ANSWER_MAX);
	ck_assert_int_eq(feed_parse(&d, a, &out, &e), 0);
	buf_add_char(&out, '\0');
	ck_assert_msg(strstr(out.p, name) != NULL, "%s", out.p);
	buf_done(&out);
	arena_close(a);
}

START_TEST(parse_encoding_is_what_was_said)
{
	encoding(NULL, "", "utf-8", "utf-8");
	encoding(NULL, "encoding='ISO-8859-1'", "utf-8", "iso-8859-1");
	encoding("application/xml", "encoding='koi8-r'", "utf-8", "koi8-r");
	encoding("application/xml; charset='us-ascii'", "encoding='koi8-r'",
		 "utf-8", "us-ascii");
	encoding("text/xml", "encoding='koi8-r'", "utf-8", "us-ascii");
	encoding("text/xml; charset=gb2312", "", "utf-8", "gb18030");
	encoding("text/xml", "", "koi8-r", "koi8-r");
	encoding(NULL, "encoding='utf-16'", "utf-16le", "utf-16le");
}
END_TEST

START_TEST(parse_as_html_escapes_what_came_as_html)
{
	struct document d = { .as_html = true };
	struct err e = { "" };
	struct arena a;
	struct buf out;

	d.bytes = STR("<rss><item><title>a &lt;x> b</title><description>"
		      "&lt;p>a &amp;lt;x></description></item></rss>");
	ck_assert_int_eq(arena_open(&a, DOCUMENT_ARENA), 0);
	buf_init(&out, DOCUMENT_ANSWER_MAX);
	ck_assert_int_eq(feed_parse(&d, a, &out, &e), 0);
	buf_add_char(&out, '\0');
	ck_assert_str_eq(strchr(out.p, '\n') + 1,
			 "{\"title\":\"a <x> b\",\"summary\":\"a &lt;x>\"}\n");
	buf_done(&out);
	arena_close(a);
}
END_TEST

static size_t lines_of(const struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		n += b->p[i] == '\n';
	return n;
}

static size_t items(size_t n, bool *cut)
{
	struct str text = parse_kit_repeat("<rss>", "<item><title>x</title>"
					   "</item>", "", 5 + 29 * n);
	struct err e = { "" };
	struct buf out;
	size_t lines;

	ck_assert_int_eq(parse_kit(feed_parse, text, NULL, NULL, &out, &e), 0);
	lines = lines_of(&out) - 1;
	buf_add_char(&out, '\0');
	*strchr(out.p, '\n') = '\0';
	*cut = strstr(out.p, "\"cut\":true") != NULL;
	buf_done(&out);
	free((char *)text.p);
	return lines;
}

START_TEST(parse_items_stop_at_the_ceiling)
{
	bool cut;

	ck_assert_uint_eq(items(FEED_ITEMS_MAX - 1, &cut), FEED_ITEMS_MAX - 1);
	ck_assert(!cut);
	ck_assert_uint_eq(items(FEED_ITEMS_MAX, &cut), FEED_ITEMS_MAX);
	ck_assert(!cut);
	ck_assert_uint_eq(items(FEED_ITEMS_MAX + 1, &cut), FEED_ITEMS_MAX);
	ck_assert(cut);
}
END_TEST

START_TEST(parse_text_that_is_too_long_is_left_out)
{
	struct str text = parse_kit_repeat("<rss version='2.0'><item><title>t"
		"</title><description>", "long text ", "</description></item>",
		FEED_TEXT_MAX + 1000);
	struct err e = { "" };
	struct buf out;

	ck_assert_int_eq(parse_kit(feed_parse, text, NULL, NULL, &out, &e), 0);
	buf_add_char(&out, '\0');
	ck_assert_str_eq(out.p, HEAD("rss20") ",\"cut\":true}\n"
			 "{\"title\":\"t\"}\n");
	buf_done(&out);
	free((char *)text.p);
}
END_TEST

/* Each of these was, or would be, quadratic in a parser that looks ahead. */
START_TEST(parse_hostile_is_read_in_linear_time)
{
	static const char *const pieces[] = {
		"<item>", "<a ", "<", "<!--", "<?", "<![CDATA[", "<!DOCTYPE [",
		"<a b=\"", "<a b=\"<a b='>'\" ", "<a b=\"><a b='>", "</a>",
		"&amp;", "<b>&lt;", "<a xmlns:b='u'>", "<a xml:base='u/'>",
		"<title>&lt;a b=", "<link>x</link>", "<category>c</category>",
		"<author>a</author>", "<description><![CDATA[<script>",
	};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		struct str text = parse_kit_repeat("<rss><channel><item>"
			"<description>", pieces[i], "", 2 << 20);
		struct err e = { "" };
		struct buf out;

		ck_assert_int_eq(parse_kit(feed_parse, text, NULL,
					   "http://e.example/", &out, &e), 0);
		buf_done(&out);
		free((char *)text.p);
	}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(parse_rss_gives_head_and_items),
		CHECK_TEST(parse_atom_gives_head_and_items),
		CHECK_TEST(parse_json_feed_gives_head_and_items),
		CHECK_TEST(parse_rdf_gives_items_beside_the_channel),
		CHECK_TEST(parse_format_is_told_apart),
		CHECK_TEST(parse_page_is_refused),
		CHECK_TEST(parse_title_may_be_html),
		CHECK_TEST(parse_title_of_the_feed_itself_counts_first),
		CHECK_TEST(parse_text_escaped_twice_is_plain),
		CHECK_TEST(parse_text_encoded_twice_is_repaired),
		CHECK_TEST(parse_description_and_summary_are_both_kept),
		CHECK_TEST(parse_empty_texts_are_absent_but_not_those_of_markup),
		CHECK_TEST(parse_guid_is_the_address_where_there_is_none),
		CHECK_TEST(parse_repeated_id_is_left_out_of_all),
		CHECK_TEST(parse_link_is_the_alternate_page),
		CHECK_TEST(parse_people_are_named),
		CHECK_TEST(parse_base64_is_text_or_nothing),
		CHECK_TEST(parse_inline_markup_is_markup),
		CHECK_TEST(parse_broken_xml_is_read),
		CHECK_TEST(parse_entities_of_a_document_type_are_not_believed),
		CHECK_TEST(parse_base_that_is_no_web_address_is_none),
		CHECK_TEST(parse_encoding_is_what_was_said),
		CHECK_TEST(parse_as_html_escapes_what_came_as_html),
		CHECK_TEST(parse_items_stop_at_the_ceiling),
		CHECK_TEST(parse_text_that_is_too_long_is_left_out),
		CHECK_TEST(parse_hostile_is_read_in_linear_time),
		CHECK_END,
	};

	return check_main("feed", tests);
}
