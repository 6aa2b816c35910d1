#include "parse/sitemap.h"

#include "tests/parse_kit.h"

#define HEAD "{\"document\":\"sitemap\",\"index\":false}\n"

START_TEST(parse_sitemap_gives_addresses_and_dates)
{
	parse_kit_is(sitemap_parse,
		"<?xml version='1.0'?><urlset xmlns="
		"'http://www.sitemaps.org/schemas/sitemap/0.9'>"
		"<url><loc> http://e.example/1?a&amp;b </loc><lastmod>2022-11"
		"</lastmod><priority>0.5</priority></url>"
		"<url><loc>http://e.example/2</loc><lastmod>soon</lastmod>"
		"</url><url><lastmod>2022</lastmod></url></urlset>", NULL,
		HEAD "{\"url\":\"http://e.example/1?a&b\","
		"\"published\":\"2022-11\"}\n"
		"{\"url\":\"http://e.example/2\"}\n");
}
END_TEST

START_TEST(parse_news_gives_what_it_says)
{
	parse_kit_is(sitemap_parse,
		"<urlset xmlns:news="
		"'http://www.google.com/schemas/sitemap-news/0.9' xmlns:image="
		"'http://www.google.com/schemas/sitemap-image/1.1'>"
		"<url><loc>http://e.example/1</loc>"
		"<lastmod>2022-11-30</lastmod><news:news><news:publication>"
		"<news:name>The Daily</news:name><news:language>fr"
		"</news:language></news:publication><news:publication_date>"
		"2022-11-29T10:00:00+01:00</news:publication_date>"
		"<news:title>A &amp; B</news:title></news:news>"
		"<image:image><image:loc>http://e.example/i.png</image:loc>"
		"<image:title>no</image:title></image:image></url></urlset>",
		NULL, HEAD "{\"url\":\"http://e.example/1\","
		"\"published\":\"2022-11-29T09:00:00Z\",\"title\":\"A & B\","
		"\"language\":\"fr\",\"source\":\"The Daily\"}\n");
}
END_TEST

START_TEST(parse_index_is_told)
{
	parse_kit_is(sitemap_parse,
		"<sitemapindex><sitemap><loc>/s1.xml.gz</loc><lastmod>"
		"2022-11-29</lastmod></sitemap><sitemap><loc>http://e.example/"
		"s2.xml</loc></sitemap></sitemapindex>", "http://e.example/",
		"{\"document\":\"sitemap\",\"index\":true}\n"
		"{\"url\":\"http://e.example/s1.xml.gz\","
		"\"published\":\"2022-11-29\"}\n"
		"{\"url\":\"http://e.example/s2.xml\"}\n");
}
END_TEST

START_TEST(parse_lines_are_addresses)
{
	parse_kit_is(sitemap_parse, "http://e.example/1\r\n\nnot one\n"
		     "https://e.example/2", NULL,
		     HEAD "{\"url\":\"http://e.example/1\"}\n"
		     "{\"url\":\"https://e.example/2\"}\n");
}
END_TEST

START_TEST(parse_broken_is_read_as_far_as_it_goes)
{
	parse_kit_is(sitemap_parse, "<urlset><url><loc>http://e.example/1"
		     "<url><loc>http://e.example/2</loc><url><loc>javascript:x"
		     "</loc></url>", NULL,
		     HEAD "{\"url\":\"http://e.example/1\"}\n"
		     "{\"url\":\"http://e.example/2\"}\n");
	parse_kit_is(sitemap_parse, "<urlset/>", NULL, HEAD);
}
END_TEST

START_TEST(parse_other_is_refused)
{
	parse_kit_refused(sitemap_parse, "<rss/>", "no sitemap");
	parse_kit_refused(sitemap_parse, "", "no sitemap");
	parse_kit_refused(sitemap_parse, "hello", "no sitemap");
}
END_TEST

static size_t entries(size_t n, bool *cut)
{
	const char *piece = "<url><loc>http://e/</loc></url>";
	struct str text = parse_kit_repeat("<urlset>", piece, "",
					   8 + n * strlen(piece));
	struct err e = { "" };
	struct buf out;
	size_t lines = 0;

	ck_assert_int_eq(parse_kit(sitemap_parse, text, NULL, NULL, &out, &e),
			 0);
	for (size_t i = 0; i < out.n; i++)
		lines += out.p[i] == '\n';
	*cut = str_starts(buf_view(&out), STR("{\"document\":\"sitemap\","
					      "\"index\":false,\"cut\":true}"));
	buf_done(&out);
	free((char *)text.p);
	return lines - 1;
}

START_TEST(parse_too_many_tags_is_told)
{
	parse_kit_is_cut(sitemap_parse, "<urlset>",
			 "{\"document\":\"sitemap\",\"index\":false,"
			 "\"cut\":true}\n");
}
END_TEST

START_TEST(parse_entries_stop_at_the_ceiling)
{
	bool cut;

	ck_assert_uint_eq(entries(SITEMAP_ENTRIES_MAX, &cut),
			  SITEMAP_ENTRIES_MAX);
	ck_assert(!cut);
	ck_assert_uint_eq(entries(SITEMAP_ENTRIES_MAX + 1, &cut),
			  SITEMAP_ENTRIES_MAX);
	ck_assert(cut);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(parse_sitemap_gives_addresses_and_dates),
		CHECK_TEST(parse_news_gives_what_it_says),
		CHECK_TEST(parse_index_is_told),
		CHECK_TEST(parse_lines_are_addresses),
		CHECK_TEST(parse_broken_is_read_as_far_as_it_goes),
		CHECK_TEST(parse_other_is_refused),
		CHECK_TEST(parse_too_many_tags_is_told),
		CHECK_TEST(parse_entries_stop_at_the_ceiling),
		CHECK_END,
	};

	return check_main("sitemap", tests);
}
