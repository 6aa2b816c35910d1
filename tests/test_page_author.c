#include <string.h>

#include "tests/meta_kit.h"

#define SITE "<meta property='og:site_name' content='Le Port'>"

static void by(const char *html, const char *want)
{
	is(read_page(html).author, want);
}

START_TEST(author_that_is_the_site_is_left_out)
{
	by(SITE LD("{\"@type\":\"Article\",\"author\":\"Le Port\"}"), "");
	by("<meta name=author content='port.example'>", "");
	by(SITE "<meta name=author content='Le Port'>"
		"<a rel=author href=/a>Anne Petit</a>", "Anne Petit");
	by(SITE LD("{\"@type\":\"Article\",\"author\":[\"Anne Petit\","
		   "\"Le Port\"]}"), "Anne Petit");
}
END_TEST

START_TEST(author_with_a_site_of_their_own_stays)
{
	static const char own[] =
		"<meta property='og:site_name' content='Anne Petit'>"
		"<meta property='article:author' content='Anne Petit'>";
	char html[512];

	by(own, "Anne Petit");
	/* "Anne" is the same person. */
	snprintf(html, sizeof(html), "%s<h1>Un quai</h1><a rel=author>Anne</a>",
		 own);
	by(html, "Anne Petit");
}
END_TEST

START_TEST(author_firm_stands_behind_persons)
{
	by("<meta property='article:author' content='Quai GmbH'>"
	   "<h1>Un quai</h1><p>Par Anne Petit</p>", "Anne Petit");
	by("<meta property='article:author' content='Quai GmbH'>",
	   "Quai GmbH");
	by("<meta property='article:author' content='Quai GmbH &amp; Co. KG'>",
	   "Quai GmbH & Co. KG");
	by("<meta property='article:author' content='Copyright Quai GmbH'>",
	   "");
	by("<meta name=author content='Quai GmbH'>", "");
	by("<meta property='article:author' "
	   "content='Anne Petit, Redaktion Hafen'>", "Anne Petit");
	by("<meta name=author content='quai.example, Brest, France'>", "");
}
END_TEST

START_TEST(author_account_stands_behind_names)
{
	by(LD("{\"@type\":\"Article\",\"author\":\"anne.petit\"}")
	   "<meta name=author content='Anne Petit'>", "Anne Petit");
	by(LD("{\"@type\":\"Article\",\"author\":\"CC7567\"}")
	   "<h1>Un quai</h1><span class=author>Anne Petit</span>",
	   "Anne Petit");
	by(LD("{\"@type\":\"Article\",\"author\":\"anne.petit\"}"),
	   "anne.petit");
	by("<meta name=author content=apetit>", "");
}
END_TEST

START_TEST(author_creators_are_more_than_the_author)
{
	by(LD("{\"@type\":\"Article\",\"author\":{\"name\":\"Anne Petit\"},"
	      "\"creator\":[\"Anne Petit\",\"Marc Roux\"]}"),
	   "Anne Petit, Marc Roux");
	by(LD("{\"@type\":\"Article\",\"author\":{\"name\":\"Anne Petit\"},"
	      "\"creator\":\"Marc Roux\"}"), "Anne Petit");
}
END_TEST

START_TEST(author_names_of_meta_are_known)
{
	by("<meta property='cXenseParse:author' content='Anne Petit'>",
	   "Anne Petit");
	by("<meta name=creator content='Anne Petit'>", "Anne Petit");
	by("<meta name='twitter:creator' content='Anne Petit'>",
	   "Anne Petit");
	by("<meta name='twitter:creator' content='@apetit'>", "");
	by(LD("{\"@type\":\"HowTo\",\"author\":{\"name\":\"Anne Petit\"}}"),
	   "Anne Petit");
}
END_TEST

#define ARTICLE                                                               \
	"<h1>Un quai neuf</h1><p>Le quai de Brest est long.</p>"              \
	"<p>1</p><p>2</p><p>3</p><p>4</p><p>5</p><p>6</p><p>7</p><p>8</p>"    \
	"<p>1</p><p>2</p><p>3</p><p>4</p><p>5</p><p>6</p><p>7</p><p>8</p>"    \
	"<p>1</p><p>2</p><p>3</p><p>4</p><p>5</p><p>6</p><p>7</p><p>8</p>"    \
	"<p>1</p><p>2</p><p>3</p><p>4</p><p>5</p><p>6</p><p>7</p><p>8</p>"

START_TEST(author_at_the_end_is_found)
{
	by(ARTICLE "<p><strong>Text:</strong> Hans Kai</p>", "Hans Kai");
	by(ARTICLE "<p>Autoren Hans Kai und Jutta Hafen</p>",
	   "Hans Kai, Jutta Hafen");
	by(ARTICLE "<p><em>Von Jutta Hafen</em></p>", "Jutta Hafen");
	by(ARTICLE "<p>Von <b>Jutta Hafen</b> kam der Plan.</p>", "");
	by(ARTICLE "<p>Autor <b>des Jahres</b></p>", "");
	by(ARTICLE "<p>Text: alle Rechte bei uns</p>", "");
	by(ARTICLE "<div class=comments><p>Von Jutta Hafen</p></div>", "");
}
END_TEST

START_TEST(author_elementor_widgets_are_of_the_article)
{
	by("<div class='main has-double-sidebar'><h6>Un quai</h6>"
	   "<h5><em>Par Anne Petit</em></h5></div>", "Anne Petit");
	by("<div class='double-sidebar'><h6>Un quai</h6>"
	   "<h5><em>Par Anne Petit</em></h5></div>", "");
	by("<h1>Un quai neuf</h1><div class=photo-caption>"
	   "<span class=author>Anne Petit</span></div>", "");
	by("<h1>Un quai neuf</h1><div class='elementor-widget x'>"
	   "<span class=author>Anne Petit</span></div>", "Anne Petit");
	by("<h1>Un quai neuf</h1><div class='widget x'>"
	   "<span class=author>Anne Petit</span></div>", "");
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(author_that_is_the_site_is_left_out),
		CHECK_TEST(author_with_a_site_of_their_own_stays),
		CHECK_TEST(author_firm_stands_behind_persons),
		CHECK_TEST(author_account_stands_behind_names),
		CHECK_TEST(author_creators_are_more_than_the_author),
		CHECK_TEST(author_names_of_meta_are_known),
		CHECK_TEST(author_at_the_end_is_found),
		CHECK_TEST(author_elementor_widgets_are_of_the_article),
		CHECK_END,
	};

	return check_main("page_author", tests);
}
