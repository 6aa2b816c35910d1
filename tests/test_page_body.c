#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/page_kit.h"

#define ARTICLE "<p>" ONE "</p><p>" TWO "</p><p>" THREE "</p>"
#define TEXT ONE "\n" TWO "\n" THREE

START_TEST(body_of_a_page_is_its_paragraphs)
{
	page_kit_text("<title>T</title><body><ul><li><a href=/>Home</a><li>"
		      "<a href=/n>News</a></ul><h1>T</h1>" ARTICLE
		      "<div>\u00A9 The paper</div>",
		      TEXT);
}
END_TEST

START_TEST(body_of_a_page_without_text_is_empty)
{
	page_kit_text("", "");
	page_kit_text("<body><ul><li><a href=/>Home</a></ul>", "");
}
END_TEST

START_TEST(body_in_divs_and_breaks_is_paragraphs)
{
	page_kit_text("<body><div>" ONE "<br><br>" TWO "<br>\n<br />" THREE
		      "</div>", TEXT);
	page_kit_text("<body><div>" ONE "</div><div>" TWO "</div>",
		      ONE "\n" TWO);
}
END_TEST

START_TEST(body_in_a_table_of_layout_is_found)
{
	page_kit_text("<table><tr><td><a href=/>Home</a><td>" ARTICLE
		      "<td><a href=/x>Shop</a></table>", TEXT);
}
END_TEST

START_TEST(body_white_space_is_one_space_and_a_break_a_newline)
{
	page_kit_text("<body><p>" ONE "\n\t  And   more.<br> And a line.</p><p>"
		      TWO, ONE " And more.\nAnd a line.\n" TWO);
}
END_TEST

START_TEST(body_blocks_of_no_break_spaces_alone_are_out)
{
	page_kit_text("<div><p>" ONE "<p>&nbsp;<p>\u200B &nbsp;<p>" TWO
		      "</div>", ONE "\n" TWO);
}
END_TEST

START_TEST(body_signs_that_nobody_sees_are_out)
{
	page_kit_text("<body><p>The har\u00ADbour&shy;s &#8203;lamp was lit "
		      "at\uFEFF nine.</p><p>" ONE "</p><p>" TWO,
		      "The harbours lamp was lit at nine.\n" ONE "\n" TWO);
}
END_TEST

START_TEST(body_in_noscript_is_found)
{
	page_kit_text("<body><div class=post><noscript>" ARTICLE
		      "</noscript></div>", TEXT);
	page_kit_text("<body><div>" ARTICLE "<noscript><p>Please enable "
		      "JavaScript to read on.</p></noscript></div>", TEXT);
}
END_TEST

START_TEST(body_a_figure_with_the_title_is_no_picture)
{
	page_kit_text("<body><main><figure><h1>The lamp</h1><p>" ONE
		      "</p></figure><p>" TWO "</p><p>" THREE "</p><p>" FOUR
		      "</p></main>",
		      ONE "\n" TWO "\n" THREE "\n" FOUR);
}
END_TEST

START_TEST(body_a_tweet_is_kept_without_its_writer)
{
	page_kit_text("<body><div>" ARTICLE "<blockquote class=twitter-tweet>"
		      "<p>The lamp is out, and the boat is late.</p>"
		      "\u2014 A. Keeper (@lamp) <a href=/1>May 3, 2019</a>"
		      "</blockquote><p>" FOUR "</p></div>",
		      TEXT "\nThe lamp is out, and the boat is late.\n" FOUR);
}
END_TEST

START_TEST(body_a_lead_that_ends_in_a_colon_is_out)
{
	page_kit_text("<body><div>" ARTICLE "<p>Read more:</p><p>" FOUR
		      "</p></div>", TEXT "\n" FOUR);
}
END_TEST

START_TEST(body_a_sentence_that_is_mostly_links_is_kept)
{
#define LINKED "It was built by Smith and Sons of the upper river in the summer of 1890."
	page_kit_text("<body><div>" ARTICLE "<p>It was built <a href=/s>by "
		      "Smith and Sons of the upper river</a> in the summer of 1890.</p><p>"
		      FOUR "</p></div>", TEXT "\n" LINKED "\n" FOUR);
}
END_TEST

START_TEST(body_behind_a_bare_lead_at_the_end_is_out)
{
	page_kit_text("<body><div>" ARTICLE "<p>" FOUR "</p><h3>About the "
		      "author</h3><p>He has kept the lamp for years.</p></div>",
		      TEXT "\n" FOUR);
}
END_TEST

START_TEST(body_behind_a_bare_lead_in_the_middle_is_kept)
{
	page_kit_text("<body><div>" ARTICLE "<p>Related</p><p>" FOUR "</p>",
		      TEXT "\n" FOUR);
}
END_TEST

#define LONG ARTICLE "<p>" FOUR "</p>" ARTICLE
#define LONG_TEXT TEXT "\n" FOUR "\n" TEXT

START_TEST(body_what_readers_wrote_is_out_whatever_it_is_called)
{
	static const char *const heads[] = {
		"12 Comments", "Comments (12)", "One response to \u201CT\u201D",
		"Ein Gedanke zu \u201ET\u201C", "Laisser un commentaire",
	};

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		char page[8192];

		snprintf(page, sizeof(page),
			 "<body><div>" LONG "<h3>%s</h3><p>" TWO "</p><p>" THREE
			 "</p></div>", heads[i]);
		page_kit_text(page, LONG_TEXT);
	}
}
END_TEST

START_TEST(body_a_subhead_is_not_what_readers_wrote)
{
	page_kit_text("<body><div>" LONG "<h3>Commentary</h3><p>" TWO
		      "</p></div>", LONG_TEXT "\nCommentary\n" TWO);
	page_kit_text("<body><div><h3>2 comments</h3>" ARTICLE "</div>",
		      TEXT);
}
END_TEST

START_TEST(body_named_by_what_it_has_or_is_filed_under_is_kept)
{
	static const char *const names[] = {
		"has-sidebar", "no-comments", "post category-newsletter",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char page[8192];

		snprintf(page, sizeof(page),
			 "<body><div><div class='%s'><p>" ONE "</p></div>"
			 ARTICLE ARTICLE "</div>", names[i]);
		page_kit_text(page, ONE "\n" TEXT "\n" TEXT);
	}
}
END_TEST

START_TEST(body_lede_in_an_element_of_its_own_is_kept)
{
	page_kit_text("<body><div><div><p>" ONE "</p></div><div>" ARTICLE
		      "<p>" FOUR "</p>" ARTICLE ARTICLE "</div></div>",
		      ONE "\n" TEXT "\n" FOUR "\n" TEXT "\n" TEXT);
}
END_TEST

START_TEST(body_without_what_stands_around_it)
{
	page_kit_text("<nav><p>" FOUR "</nav><main>" ARTICLE
		      "<aside><p>" FOUR "</aside><form><p>" FOUR "</form>"
		      "</main><footer><p>" FOUR "</footer>", TEXT);
}
END_TEST

START_TEST(body_without_elements_that_say_what_they_are)
{
	page_kit_text("<div class=content>" ARTICLE "<div class='post-share'>"
		      "<p>Tell your friends about it.</div><div "
		      "id=relatedPosts><p>" FOUR "</div></div>"
		      "<section class=comments><p>" FOUR "</section>", TEXT);
}
END_TEST

START_TEST(body_in_an_element_with_a_bad_name_is_read_all_the_same)
{
	page_kit_text("<div class='sidebar share'>" ARTICLE "</div>", TEXT);
	page_kit_text("<div class=comments>" ARTICLE "</div>", TEXT);
}
END_TEST

START_TEST(body_words_of_a_class_are_whole_ones)
{
	page_kit_text("<div>" ARTICLE "<div class=shareholders><p>" FOUR
		      "</div></div>", TEXT "\n" FOUR);
}
END_TEST

START_TEST(body_class_of_a_link_in_a_sentence_takes_nothing_away)
{
	page_kit_text("<div><p>" ONE " See <a class=tag href=x>the tower</a>."
		      "<p>" TWO "</div>", ONE " See the tower.\n" TWO);
}
END_TEST

START_TEST(body_hidden_elements_are_out_unless_they_hold_it)
{
	page_kit_text("<div>" ARTICLE "<p style='color:red;display: none'>"
		      FOUR "<p hidden>" FOUR "</div>", TEXT);
	page_kit_text("<div style='display:none'>" ARTICLE "</div>", TEXT);
}
END_TEST

START_TEST(body_captions_are_out_and_quotes_are_in)
{
	page_kit_text("<div><p>" ONE "<figure><img src=x><figcaption>The tower "
		      "in May. Photo: A. B.</figcaption></figure><p>" TWO
		      "<blockquote><p>" THREE "</blockquote></div>", TEXT);
}
END_TEST

START_TEST(body_headings_are_kept_with_what_follows)
{
	page_kit_text("<div><h1>Boat</h1><p>" ONE "<h2>The letter</h2><p>" TWO
		      "<h2>The price</h2></div>",
		      ONE "\nThe letter\n" TWO);
}
END_TEST

START_TEST(body_lists_of_text_are_kept_lists_of_links_are_not)
{
	page_kit_text("<div><p>" ONE "<ul><li>oil<li>a boat</ul><p>" TWO
		      "<ul><li><a href=1>A boat is late</a><li><a href=2>Two "
		      "more</a></ul></div>",
		      ONE "\noil\na boat\n" TWO);
}
END_TEST

START_TEST(body_tables_are_a_line_a_row)
{
	page_kit_text("<div><p>" ONE "<table><tr><th>Year<th>Boats<tr><td>1901"
		      "<td><p>2</p></table><p>" TWO "</div>",
		      ONE "\nYear Boats\n1901 2\n" TWO);
}
END_TEST

START_TEST(body_lede_between_title_and_text_is_kept)
{
	page_kit_text("<header><h1>Boat</h1><h2>" FOUR "</h2></header>"
		      "<span>By A. B.</span><div class=text>" ARTICLE "</div>",
		      FOUR "\n" TEXT);
}
END_TEST

START_TEST(body_paragraphs_before_a_paywall_are_kept)
{
	page_kit_text("<article><h1>Boat</h1><p>" FOUR "</p><div class=locked>"
		      "<div>" ARTICLE ARTICLE ARTICLE "</div></div></article>",
		      FOUR "\n" TEXT "\n" TEXT "\n" TEXT);
}
END_TEST

START_TEST(body_in_parts_that_are_alike_is_whole)
{
	page_kit_text("<main><section class=part>" ARTICLE ARTICLE ARTICLE
		      "</section><section class=part><p>" FOUR FOUR
		      "</section></main>",
		      TEXT "\n" TEXT "\n" TEXT "\n" FOUR FOUR);
}
END_TEST

START_TEST(body_named_by_the_site_is_taken_before_lists_of_teasers)
{
	page_kit_text("<main><div class='entry-content'>" ARTICLE "</div><div>"
		      "<div><p>" FOUR "</div><div><p>" FOUR "</div></div>"
		      "</main>", TEXT);
}
END_TEST

START_TEST(body_teasers_under_linked_headings_are_out)
{
	page_kit_text("<div>" ARTICLE
		      "<h3><a href=1>A tower falls</a></h3><p>It fell on Monday."
		      "<h3><a href=2>A tower stands</a></h3><p>It still stands."
		      "</div>", TEXT);
}
END_TEST

START_TEST(body_lines_that_lead_elsewhere_are_out)
{
	page_kit_text("<div><p>" ONE "<p>Lire aussi : <a href=1>la tour</a><p>"
		      TWO "<p>Photo: A. B.<p>" THREE
		      "<p>Read more: <a href=1>about the tower</a></div>",
		      TEXT);
}
END_TEST

START_TEST(body_last_line_that_is_no_sentence_is_out)
{
	page_kit_text("<div>" ARTICLE "<p>A. B., in the tower of the harbour"
		      "</div>", TEXT);
}
END_TEST

START_TEST(body_links_within_the_page_are_text)
{
	page_kit_text("<div><p>" ONE "<h2><a href='#letter'>The letter</a></h2>"
		      "<p>" TWO "</div>", ONE "\nThe letter\n" TWO);
}
END_TEST

START_TEST(body_of_json_ends_the_article)
{
	page_kit_reads("<div>" ARTICLE "<p>" FOUR "</div>",
		       ONE " " TWO " \u2014 " THREE ONE TWO THREE, TEXT "\n"
		       FOUR);
	page_kit_reads("<div>" ARTICLE ARTICLE "<p>" FOUR "</div>",
		       ONE TWO THREE ONE TWO THREE, TEXT "\n" TEXT);
}
END_TEST

START_TEST(body_of_json_is_taken_when_the_page_holds_nothing_of_it)
{
	page_kit_reads("<body><p>Please turn on scripts to read this.",
		       ONE TWO THREE ONE TWO THREE,
		       ONE TWO THREE ONE TWO THREE);
}
END_TEST

START_TEST(body_of_json_that_is_a_teaser_changes_nothing)
{
	page_kit_reads("<div>" ARTICLE "<p>" FOUR "</div>", ONE,
		       TEXT "\n" FOUR);
}
END_TEST

START_TEST(body_full_arena_is_no_memory)
{
	static char block[1 << 16];
	struct page meta = { .has_body_of_json = false };
	struct arena a, kept;
	struct dom d;
	size_t n;

	ck_assert_int_eq(arena_open(&a, PAGE_ROOM), 0);
	kept = a;
	ck_assert_int_eq(dom_parse(STR("<div>" ARTICLE "</div>"), &a, &d), 0);
	for (n = 0; n < sizeof(block); n += 64) {
		struct arena small = { block, block + n };
		struct str got = { "x", 1 };
		int r = page_body(&d, &meta, &small, &got);

		if (!r)
			break;
		ck_assert_int_eq(r, -ENOMEM);
		ck_assert_uint_eq(got.n, 1);
	}
	ck_assert_uint_lt(n, sizeof(block));
	arena_close(kept);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(body_of_a_page_is_its_paragraphs),
		CHECK_TEST(body_of_a_page_without_text_is_empty),
		CHECK_TEST(body_in_divs_and_breaks_is_paragraphs),
		CHECK_TEST(body_in_a_table_of_layout_is_found),
		CHECK_TEST(
			body_white_space_is_one_space_and_a_break_a_newline),
		CHECK_TEST(body_blocks_of_no_break_spaces_alone_are_out),
		CHECK_TEST(body_signs_that_nobody_sees_are_out),
		CHECK_TEST(body_in_noscript_is_found),
		CHECK_TEST(body_a_figure_with_the_title_is_no_picture),
		CHECK_TEST(body_a_tweet_is_kept_without_its_writer),
		CHECK_TEST(body_a_lead_that_ends_in_a_colon_is_out),
		CHECK_TEST(body_a_sentence_that_is_mostly_links_is_kept),
		CHECK_TEST(body_behind_a_bare_lead_at_the_end_is_out),
		CHECK_TEST(body_behind_a_bare_lead_in_the_middle_is_kept),
		CHECK_TEST(
			body_what_readers_wrote_is_out_whatever_it_is_called),
		CHECK_TEST(body_a_subhead_is_not_what_readers_wrote),
		CHECK_TEST(
			body_named_by_what_it_has_or_is_filed_under_is_kept),
		CHECK_TEST(body_lede_in_an_element_of_its_own_is_kept),
		CHECK_TEST(body_without_what_stands_around_it),
		CHECK_TEST(body_without_elements_that_say_what_they_are),
		CHECK_TEST(
			body_in_an_element_with_a_bad_name_is_read_all_the_same),
		CHECK_TEST(body_words_of_a_class_are_whole_ones),
		CHECK_TEST(
			body_class_of_a_link_in_a_sentence_takes_nothing_away),
		CHECK_TEST(body_hidden_elements_are_out_unless_they_hold_it),
		CHECK_TEST(body_captions_are_out_and_quotes_are_in),
		CHECK_TEST(body_headings_are_kept_with_what_follows),
		CHECK_TEST(
			body_lists_of_text_are_kept_lists_of_links_are_not),
		CHECK_TEST(body_tables_are_a_line_a_row),
		CHECK_TEST(body_lede_between_title_and_text_is_kept),
		CHECK_TEST(body_paragraphs_before_a_paywall_are_kept),
		CHECK_TEST(body_in_parts_that_are_alike_is_whole),
		CHECK_TEST(
			body_named_by_the_site_is_taken_before_lists_of_teasers),
		CHECK_TEST(body_teasers_under_linked_headings_are_out),
		CHECK_TEST(body_lines_that_lead_elsewhere_are_out),
		CHECK_TEST(body_last_line_that_is_no_sentence_is_out),
		CHECK_TEST(body_links_within_the_page_are_text),
		CHECK_TEST(body_of_json_ends_the_article),
		CHECK_TEST(
			body_of_json_is_taken_when_the_page_holds_nothing_of_it),
		CHECK_TEST(body_of_json_that_is_a_teaser_changes_nothing),
		CHECK_TEST(body_full_arena_is_no_memory),
		CHECK_END,
	};

	return check_main("page_body", tests);
}
