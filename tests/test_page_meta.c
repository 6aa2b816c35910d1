#include "parse/page.h"

#include <errno.h>
#include <string.h>

#include "tests/meta_kit.h"

START_TEST(meta_of_empty_page_is_empty_but_address)
{
	struct page p = read_page("");

	is(p.title, "");
	is(p.author, "");
	is(p.published, "");
	is(p.language, "");
	is(p.url, "https://www.port.example/2022/quai.html");
	is(p.site, "port.example");
	ck_assert(!p.has_body_of_json);
	p = read_at("<p>Rien", NULL);
	is(p.url, "");
	is(p.site, "");
}
END_TEST

START_TEST(meta_json_article_is_read_in_full)
{
	struct page p = read_page(LD(
		"{'@context':'x'}") LD(
		"{\"@type\":\"NewsArticle\",\"headline\":\"Un quai\","
		"\"author\":{\"@type\":\"Person\",\"name\":\"Anne Le Gall\"},"
		"\"datePublished\":\"2022-10-22T12:20:00+02:00\","
		"\"dateModified\":\"2022-10-23\",\"inLanguage\":\"fr-FR\","
		"\"publisher\":{\"name\":\"Le Port\"},"
		"\"description\":\"Un r&eacute;sum&#233;\","
		"\"articleSection\":[\"\\u00c9conomie\",\"Mer\"],"
		"\"articleBody\":\"Un.\\n\\nDeux &amp; trois.\"}"));

	is(p.title, "Un quai");
	is(p.author, "Anne Le Gall");
	is(p.published, "2022-10-22T10:20:00Z");
	is(p.modified, "2022-10-23");
	is(p.language, "fr");
	is(p.site, "Le Port");
	is(p.summary, "Un résumé");
	is(p.section, "Économie");
	ck_assert(p.has_body_of_json);
	ck_assert(strstr(p.body_of_json.p, "Deux & trois."));
}
END_TEST

START_TEST(meta_json_forms_of_author_are_read)
{
	is(read_page(LD("{\"@type\":\"Article\",\"author\":"
			"\"Par Anne Petit\"}"))
		   .author, "Anne Petit");
	is(read_page(LD("{\"@type\":[\"Article\"],\"author\":[{\"name\":"
			"\"Anne Petit\"},\"Marc Roux\",\"anne petit\"]}"))
		   .author, "Anne Petit, Marc Roux");
	is(read_page(LD("{\"@graph\":[{\"@type\":\"Article\",\"author\":"
			"{\"@id\":\"#a\"}},{\"@type\":\"Person\",\"@id\":"
			"\"#a\",\"name\":\"Anne Petit\"}]}"))
		   .author, "Anne Petit");
	is(read_page(LD("{\"@type\":\"WebPage\",\"mainEntity\":{\"@type\":"
			"\"BlogPosting\",\"creator\":\"Anne Petit\"}}"))
		   .author, "Anne Petit");
	is(read_page(LD("{\"@type\":\"Article\",\"author\":"
			"\"https://x.example/anne\"}")).author, "");
}
END_TEST

START_TEST(meta_json_of_the_page_wins_over_others)
{
	struct page p = read_page(
		"<link rel=canonical href='/2022/quai.html'>"
		LD("[{\"@type\":\"Article\",\"headline\":\"Autre\",\"url\":"
		   "\"https://www.port.example/autre\"},"
		   "{\"@type\":\"Article\",\"headline\":\"Le bon\",\"url\":"
		   "\"https://www.port.example/2022/quai.html\"}]"));

	is(p.title, "Le bon");
}
END_TEST

START_TEST(meta_broken_json_is_mended)
{
	is(read_page(LD("<!-- {\"@type\":\"Article\", /* x */\n"
			"\"headline\":\"Un\tquai\n long\",} -->")).title,
	   "Un quai long");
	is(read_page(LD("//<![CDATA[\n{\"@type\":\"Article\",\"headline\":"
			"\"L\\'eau\"};\n//]]>")).title, "L'eau");
	is(read_page(LD("{&quot;@type&quot;:&quot;Article&quot;,"
			"&quot;headline&quot;:&quot;Un quai&quot;}")).title,
	   "Un quai");
	is(read_page(LD("{\"@type\":\"Article\",\"headline\":\"Un")).title,
	   "");
}
END_TEST

START_TEST(meta_names_of_many_kinds_are_known)
{
	struct page p = read_page(
		"<html lang=fr-CA><meta property='og:title' content='Un quai'>"
		"<meta property='og:site_name' content='Le Port'>"
		"<meta name='author' content='Anne Petit'>"
		"<meta property='article:published_time' "
		"content='2022-10-22T10:00:00Z'>"
		"<meta property='article:section' content='Mer'>"
		"<meta name=description content='Un  r&eacute;sum&eacute;'>");

	is(p.title, "Un quai");
	is(p.site, "Le Port");
	is(p.author, "Anne Petit");
	is(p.published, "2022-10-22T10:00:00Z");
	is(p.section, "Mer");
	is(p.summary, "Un résumé");
	is(p.language, "fr");
	is(read_page("<meta name='parsely-pub-date' content='2021-02-03'>")
		   .published, "2021-02-03");
	is(read_page("<meta name='dc.title og:x' content='Un quai'>").title,
	   "Un quai");
	is(read_page("<meta name='twitter:label1' content='Written by'>"
		     "<meta name='twitter:data1' content='Anne Petit'>")
		   .author, "Anne Petit");
	is(read_page("<meta property='og:locale' content='de_DE'>").language,
	   "de");
}
END_TEST

START_TEST(meta_microdata_is_read_but_not_of_comments)
{
	struct page p = read_page(
		"<div itemscope><h2 itemprop=headline>Un quai</h2>"
		"<span itemprop=author itemscope><b>x</b>"
		"<span itemprop=name>Anne Petit</span></span>"
		"<time itemprop=datePublished datetime=2022-10-22>hier</time>"
		"</div>");

	is(p.title, "Un quai");
	is(p.author, "Anne Petit");
	is(p.published, "2022-10-22");
	is(read_page("<div itemtype='http://schema.org/Comment'>"
		     "<span itemprop=author>Jean Roux</span></div>").author,
	   "");
}
END_TEST

START_TEST(meta_canonical_must_be_of_the_site)
{
	is(read_page("<link rel=canonical href='/b.html#x'>").url,
	   "https://www.port.example/b.html");
	is(read_page("<link rel=canonical href='https://port.example/b'>").url,
	   "https://port.example/b");
	is(read_page("<link rel=canonical href='https://autre.example/b'>").url,
	   "https://www.port.example/2022/quai.html");
	is(read_page("<link rel=canonical href='https://www.port.example/'>")
		   .url, "https://www.port.example/2022/quai.html");
	is(read_page("<link rel=canonical href='https%3A%2F%2Fport.example'>")
		   .url, "https://www.port.example/2022/quai.html");
	is(read_at("<link rel=canonical href='https://port.example/b'>", NULL)
		   .url, "https://port.example/b");
	is(read_page("<meta property='og:url' content='/c'>").url,
	   "https://www.port.example/c");
}
END_TEST

START_TEST(meta_title_loses_the_name_of_the_site)
{
	const char *site = "<meta property='og:site_name' content='Le Port'>";
	static const char *const titles[] = {
		"Un quai neuf à Brest | Le Port",
		"Un quai neuf à Brest - Le Port",
		"Le Port – Un quai neuf à Brest",
		"Un quai neuf à Brest — port.example",
		"Un quai neuf à Brest - Mer | Le Port - Brest",
	};
	char html[512];

	for (size_t i = 0; i < 4; i++) {
		snprintf(html, sizeof(html), "%s<title>%s</title>", site,
			 titles[i]);
		is(read_page(html).title, "Un quai neuf à Brest");
	}
	snprintf(html, sizeof(html), "<title>%s</title><h1>Logo</h1>"
		 "<h1>Un quai neuf à Brest</h1>", titles[4]);
	is(read_page(html).title, "Un quai neuf à Brest");
	is(read_page("<title>Blog » Blog Archive » Un quai</title>").title,
	   "Un quai");
	is(read_page("<title>Un - deux</title>").title, "Un - deux");
}
END_TEST

START_TEST(meta_title_loses_kicker_that_others_leave_out)
{
	is(read_page("<meta property='og:title' content='Brest: Un quai neuf "
		     "ouvre lundi'><meta name='twitter:title' content="
		     "'Un quai neuf ouvre lundi'>").title,
	   "Un quai neuf ouvre lundi");
	is(read_page("<meta property='og:title' content='Brest: Un quai neuf "
		     "ouvre lundi'>").title,
	   "Brest: Un quai neuf ouvre lundi");
}
END_TEST

START_TEST(meta_title_loses_host_whatever_its_signs)
{
	is(read_page("<title>port.example // » Anne Petit</title>").title,
	   "Anne Petit");
}
END_TEST

START_TEST(meta_heading_that_leads_home_is_the_sites)
{
	is(read_page("<title>Un quai neuf | Vents et mer</title>"
		     "<h1><a href='https://www.port.example'>Vents et mer</a>"
		     "</h1><p>x").title, "Un quai neuf");
	is(read_page("<title>Un quai neuf | Vents et mer</title>"
		     "<h1><a href='/'>Vents et mer</a></h1><p>x").site,
	   "Vents et mer");
	is(read_page("<title>Un quai neuf | Vents et mer</title>"
		     "<h1><a href='/'>Vents et mer</a></h1><p>x").title,
	   "Un quai neuf");
	is(read_page("<title>Mer | Un quai neuf à Brest | Le Port</title>"
		     "<h1>Mer</h1><h2>Un quai neuf à Brest</h2>").title,
	   "Un quai neuf à Brest");
}
END_TEST

START_TEST(meta_heading_wins_over_titles_for_machines)
{
	is(read_page("<meta property='og:title' content='Brest: le quai neuf "
		     "ouvre enfin'><h1>Le quai neuf de Brest ouvre lundi</h1>")
		   .title, "Le quai neuf de Brest ouvre lundi");
	is(read_page("<meta property='og:title' content='Le quai neuf ouvre'>"
		     "<h1>Économie : Le quai neuf ouvre</h1>").title,
	   "Le quai neuf ouvre");
	is(read_page("<meta property='og:title' content='Le quai neuf ouvre'>"
		     "<h1>Le Journal du Port</h1>").title,
	   "Le quai neuf ouvre");
	is(read_page("<h1>Le quai <b>neuf</b></h1>").title, "Le quai neuf");
}
END_TEST

static void byline(const char *text, const char *want)
{
	char html[512];

	snprintf(html, sizeof(html), "<h1>Un quai neuf</h1>"
		 "<div class=byline>%s</div><p>Le quai.", text);
	is(read_page(html).author, want);
}

START_TEST(meta_byline_is_cleaned)
{
	byline("By Ann Hill", "Ann Hill");
	byline("Par Anne Petit et Marc Roux", "Anne Petit, Marc Roux");
	byline("Von Hans Müller, Redakteur", "Hans Müller");
	byline("Ann Hill | 3 May 2020", "Ann Hill");
	byline("Ann Hill, 12:30", "Ann Hill");
	byline("Anne Petit (avec Marc Roux)", "Anne Petit");
	byline("Publié le 22 octobre 2022", "");
	byline("https://x.example/anne", "");
	byline("admin", "");
	byline("Le quai de Brest est long et la grue est haute", "");
}
END_TEST

START_TEST(meta_author_is_seen_where_nothing_says_it)
{
	is(read_page("<h1>Un quai</h1><a rel=author href=/a>Anne Petit</a>")
		   .author, "Anne Petit");
	is(read_page("<h1>Un quai</h1><p>Verfasst von: <b>Hans Kai</b></p>")
		   .author, "Hans Kai");
	is(read_page("<h1>Un quai</h1><a href='/auteur/12'>Anne Petit</a>")
		   .author, "Anne Petit");
	is(read_page("<h1>Un quai</h1><p>Par Anne Petit</p>").author,
	   "Anne Petit");
	is(read_page("<h1>Un quai</h1><div class=comments>"
		     "<span class=author>Jean Roux</span></div>").author, "");
	is(read_page("<body class='has-sidebar sidebar'><h1>Un quai</h1>"
		     "<p class=author>Anne Petit</p>").author, "Anne Petit");
}
END_TEST

static void dated(const char *html, const char *want)
{
	char page[512];

	snprintf(page, sizeof(page), "<h1>Un quai neuf</h1>%s", html);
	is(read_at(page, NULL).published, want);
}

START_TEST(meta_dates_of_people_are_read_near_the_title)
{
	dated("<p>Publié le 22 octobre 2022 à 12h20</p>", "2022-10-22");
	dated("<p>22. Oktober 2022</p>", "2022-10-22");
	dated("<span>Oct 22, 2022</span>", "2022-10-22");
	dated("<span>22 de octubre de 2022</span>", "2022-10-22");
	dated("<span>22 ottobre 2022</span>", "2022-10-22");
	dated("<span>22 oktober 2022</span>", "2022-10-22");
	dated("<span>22 października 2022</span>", "2022-10-22");
	dated("<span>22 de outubro de 2022</span>", "2022-10-22");
	dated("<time datetime='2022-10-22T10:00:00Z'>hier</time>",
	      "2022-10-22T10:00:00Z");
	dated("<time class=updated datetime=2022-10-23></time>"
	      "<time datetime=2022-10-22>x</time>", "2022-10-22");
	dated("<span class=date>22/10/2022</span>", "2022-10-22");
	dated("<p>En 1850, le port</p>", "");
	dated("<meta name=date content='0000-00-00'>", "");
	is(read_at("<p>x", "https://port.example/2022/10/22/quai").published,
	   "2022-10-22");
}
END_TEST

START_TEST(meta_midnight_somewhere_is_that_day)
{
	dated("<time datetime='2022-10-22T00:00:00+02:00'>x</time>",
	      "2022-10-22");
	dated("<time datetime='2022-10-22T00:00+02:00'>x</time>",
	      "2022-10-22");
	dated("<time datetime='2022-10-22T00:00:01+02:00'>x</time>",
	      "2022-10-21T22:00:01Z");
	dated("<time datetime='2022-10-22T00:00:00Z'>x</time>",
	      "2022-10-22T00:00:00Z");
	dated("<time datetime='Sat, 22 Oct 2022 00:00:00 +0200'>x</time>",
	      "2022-10-21T22:00:00Z");
}
END_TEST

START_TEST(meta_address_dates_what_was_published_anew)
{
	static const char html[] =
		"<meta name=pubdate content='2022-10-22T10:00:00Z'>";

	is(read_at(html, "https://port.example/2019/7/2/quai").published,
	   "2019-07-02");
	is(read_at(html, "https://port.example/2022/10/21/quai").published,
	   "2022-10-22T10:00:00Z");
	is(read_at(html, "https://port.example/2023/10/21/quai").published,
	   "2022-10-22T10:00:00Z");
	is(read_at(html, "https://port.example/2019/07/025").published,
	   "2022-10-22T10:00:00Z");
	is(read_at("<p>x", "https://port.example/2019/13/2/quai").published,
	   "");
}
END_TEST

START_TEST(meta_modified_before_it_was_published_is_none)
{
	static const char html[] =
		"<meta property='article:published_time' content='2022-10-22'>"
		"<meta property='article:modified_time' content='%s'>";
	static const char *const cases[][2] = {
		{ "2022-10-21T10:00:00Z", "" },
		{ "2022-10-22T00:00:00Z", "2022-10-22T00:00:00Z" },
		{ "2022-10-23", "2022-10-23" },
	};
	char page[512];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(page, sizeof(page), html, cases[i][0]);
		is(read_page(page).modified, cases[i][1]);
	}
}
END_TEST

START_TEST(meta_date_in_the_title_is_not_of_publication)
{
	is(read_at("<div class=post-meta><h1>Le port au 19.5.2007</h1>"
		   "<p><span class=published>20. Mai 2007</span></div>",
		   NULL).published, "2007-05-20");
}
END_TEST

START_TEST(meta_numbers_are_read_as_the_language_does)
{
	is(read_page("<html lang=en-US><h1>A quay</h1><b>03/04/2022</b>")
		   .published, "2022-03-04");
	is(read_page("<html lang=en-GB><h1>A quay</h1><b>03/04/2022</b>")
		   .published, "2022-04-03");
}
END_TEST

START_TEST(meta_json_past_the_ceiling_is_ignored)
{
	size_t n = 1200 * 1000;
	char *html = malloc(n + 200);

	ck_assert_ptr_nonnull(html);
	strcpy(html, "<script type='application/ld+json'>{\"@type\":"
		     "\"Article\",\"headline\":\"");
	memset(html + strlen(html), 'x', n);
	strcpy(html + n, "\"}</script><h1>Un quai</h1>");
	is(read_page(html).title, "Un quai");
	free(html);
}
END_TEST

START_TEST(meta_full_arena_is_enomem)
{
	struct arena a = { block, block + sizeof(block) }, small;
	struct page p;
	struct dom d;

	ck_assert_int_eq(dom_parse(STR("<h1>Un quai neuf</h1>"), &a, &d), 0);
	small = (struct arena){ a.p, a.p + 8 };
	ck_assert_int_eq(page_meta(&d, NULL, &small, &p), -ENOMEM);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(meta_of_empty_page_is_empty_but_address),
		CHECK_TEST(meta_json_article_is_read_in_full),
		CHECK_TEST(meta_json_forms_of_author_are_read),
		CHECK_TEST(meta_json_of_the_page_wins_over_others),
		CHECK_TEST(meta_broken_json_is_mended),
		CHECK_TEST(meta_names_of_many_kinds_are_known),
		CHECK_TEST(meta_microdata_is_read_but_not_of_comments),
		CHECK_TEST(meta_canonical_must_be_of_the_site),
		CHECK_TEST(meta_title_loses_the_name_of_the_site),
		CHECK_TEST(meta_title_loses_kicker_that_others_leave_out),
		CHECK_TEST(meta_title_loses_host_whatever_its_signs),
		CHECK_TEST(meta_heading_that_leads_home_is_the_sites),
		CHECK_TEST(meta_heading_wins_over_titles_for_machines),
		CHECK_TEST(meta_byline_is_cleaned),
		CHECK_TEST(meta_author_is_seen_where_nothing_says_it),
		CHECK_TEST(meta_dates_of_people_are_read_near_the_title),
		CHECK_TEST(meta_midnight_somewhere_is_that_day),
		CHECK_TEST(meta_address_dates_what_was_published_anew),
		CHECK_TEST(meta_modified_before_it_was_published_is_none),
		CHECK_TEST(meta_date_in_the_title_is_not_of_publication),
		CHECK_TEST(meta_numbers_are_read_as_the_language_does),
		CHECK_TEST(meta_json_past_the_ceiling_is_ignored),
		CHECK_TEST(meta_full_arena_is_enomem),
		CHECK_END,
	};

	return check_main("page_meta", tests);
}
