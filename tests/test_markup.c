#include "parse/markup.h"

#include "tests/check_main.h"

static void plain(const char *html, const char *want)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	markup_text(&b, str_of(html));
	ck_assert_int_eq(buf_error(&b), 0);
	buf_add_char(&b, '\0');
	ck_assert_str_eq(b.p, want);
	buf_done(&b);
}

START_TEST(text_blocks_are_lines)
{
	plain("<p>One</p>\n\n<p>Two</p>", "One\nTwo");
	plain("a<br/>b<br><br>c", "a\nb\nc");
	plain("<ul><li>a<li>b</ul>c", "a\nb\nc");
	plain("<DIV>a</DIV>b", "a\nb");
	plain("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb");
}
END_TEST

START_TEST(text_inline_is_one_line)
{
	plain("a <b>b</b>, <a href='x'>c</a>", "a b, c");
	plain("  a \n\t b  ", "a b");
	plain("a<unknown>b</unknown>", "ab");
	plain("<img src='x' alt='y'>", "");
	plain("", "");
}
END_TEST

START_TEST(text_pre_keeps_its_space)
{
	plain("a<pre>b\n  c</pre>d", "a\nb\n  c\nd");
}
END_TEST

START_TEST(text_references_are_decoded)
{
	plain("&lt;b&gt; &amp;amp; &eacute;&#233;&#xE9;", "<b> &amp; ééé");
	plain("&copy 2022 &eacutet &copy=1", "© 2022 &eacutet &copy=1");
	plain("it&#146;s &#0; &#x110000;", "it’s \uFFFD");
	plain("&ccaron;&hellip;&nosuch;", "č…&nosuch;");
	plain("a&nbsp;b", "a\u00A0b");
}
END_TEST

START_TEST(text_scripts_and_styles_are_left_out)
{
	plain("a<script>if (a < b) document.write('<p>x</p>')</script>b",
	      "ab");
	plain("a<SCRIPT type='x'>var s = '<script>';</SCRIPT >b", "ab");
	plain("a<style>b { c }</style>d", "ad");
	plain("a<script src='x'/>b", "ab");
	plain("a<script>never closed <p>b</p>", "a");
	plain("<!-- <script> -->a", "a");
	plain("</script>a<script>b</script>c<script>d</script>", "abc");
}
END_TEST

START_TEST(text_broken_markup_is_text)
{
	plain("1 < 2 > 1", "1 < 2 > 1");
	plain("a <3 b", "a <3 b");
	plain("a <b", "a <b");
	plain("a<!-- b", "a");
	plain("a<!-- b > c", "a c");
	plain("<a href='x>y'>z</a>", "z");
	plain("<a href='x>y</a>", "y");
	plain("<![CDATA[a <b>]]>", "a <b>");
	plain("<![CDATA[a", "<![CDATA[a");
	plain("<?php x ?>a<!DOCTYPE html>b", "ab");
}
END_TEST

START_TEST(escape_makes_text_that_is_read_again)
{
	struct buf b, c;

	buf_init(&b, 1 << 10);
	buf_init(&c, 1 << 10);
	markup_escape(&b, STR("a <b> & &amp; >"));
	ck_assert(str_is(buf_view(&b), "a &lt;b> &amp; &amp;amp; >"));
	markup_text(&c, buf_view(&b));
	ck_assert(str_is(buf_view(&c), "a <b> & &amp; >"));
	buf_done(&b);
	buf_done(&c);
}
END_TEST

START_TEST(is_likely_asks_for_known_names_alone)
{
	ck_assert(markup_is_likely(STR("a <b>b</b>")));
	ck_assert(markup_is_likely(STR("a &amp; b")));
	ck_assert(markup_is_likely(STR("a &#38; b")));
	ck_assert(!markup_is_likely(STR("a <b>")));
	ck_assert(!markup_is_likely(STR("a <x>b</x>")));
	ck_assert(!markup_is_likely(STR("a &nosuch; b")));
	ck_assert(!markup_is_likely(STR("a &amp; <x>")));
	ck_assert(!markup_is_likely(STR("a & b; 1 < 2")));
	ck_assert(!markup_is_likely(STR("")));
}
END_TEST

START_TEST(is_certain_asks_for_a_block)
{
	ck_assert(markup_is_certain(STR("<p>a</p>")));
	ck_assert(markup_is_certain(STR("<div><b>a</b></div>")));
	ck_assert(!markup_is_certain(STR("<p>a")));
	ck_assert(!markup_is_certain(STR("a <p>b</p>")));
	ck_assert(!markup_is_certain(STR("<b>a</b>")));
	ck_assert(!markup_is_certain(STR("")));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(text_blocks_are_lines),
		CHECK_TEST(text_inline_is_one_line),
		CHECK_TEST(text_pre_keeps_its_space),
		CHECK_TEST(text_references_are_decoded),
		CHECK_TEST(text_scripts_and_styles_are_left_out),
		CHECK_TEST(text_broken_markup_is_text),
		CHECK_TEST(escape_makes_text_that_is_read_again),
		CHECK_TEST(is_likely_asks_for_known_names_alone),
		CHECK_TEST(is_certain_asks_for_a_block),
		CHECK_END,
	};

	return check_main("markup", tests);
}
