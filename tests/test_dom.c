#include "parse/dom.h"

#include <errno.h>
#include <string.h>

#include "base/unicode.h"
#include "tests/check_main.h"
#include "tests/dom_shape.h"

enum { ROOM = 64 << 20 };

static struct arena room(void)
{
	struct arena a;

	ck_assert_int_eq(arena_open(&a, ROOM), 0);
	return a;
}

static struct dom parsed(struct str page, struct arena *a)
{
	struct dom d;

	ck_assert_int_eq(dom_parse(page, a, &d), 0);
	ck_assert_uint_ge(d.n, 1);
	return d;
}

/* The tree of a page, below its root. */
static void shape_of(struct str page, const char *want)
{
	struct arena a = room(), kept = a;
	struct dom d = parsed(page, &a);
	struct buf got;

	buf_init(&got, ROOM);
	dom_shape_node(&d, 0, &got);
	buf_add_char(&got, 0);
	ck_assert_str_eq(got.p, want);
	buf_done(&got);
	arena_close(kept);
}

static void text_of(struct str page, const char *want)
{
	struct arena a = room(), kept = a;
	struct dom d = parsed(page, &a);
	struct buf got;

	buf_init(&got, ROOM);
	dom_text(&d, 0, &got);
	buf_add_char(&got, 0);
	ck_assert_str_eq(got.p, want);
	buf_done(&got);
	arena_close(kept);
}

static char *put(char *to, const char *z)
{
	while (*z)
		*to++ = *z++;
	return to;
}

/* n times a piece, between a head and a tail, in the arena. */
static struct str repeated(struct arena *a, const char *head,
			   const char *piece, size_t n, const char *tail)
{
	char *p = arena_take(a, strlen(head) + n * strlen(piece) +
					strlen(tail) + 1);
	char *end;

	ck_assert_ptr_nonnull(p);
	end = put(p, head);
	for (size_t i = 0; i < n; i++)
		end = put(end, piece);
	return (struct str){ p, (size_t)(put(end, tail) - p) };
}

static uint32_t deepest(const struct dom *d)
{
	uint32_t depth = 0;

	for (uint32_t i = 0; i < d->n; i++)
		if (d->v[i].depth > depth)
			depth = d->v[i].depth;
	return depth;
}

START_TEST(parse_nothing_gives_the_root)
{
	shape_of(STR(""), "html");
	shape_of(STR(" "), "html");
	shape_of(STR("<"), "html('<')");
}
END_TEST

START_TEST(parse_page_gives_its_tree)
{
	shape_of(STR("<!DOCTYPE html><html lang=fr><head><title>t</title>"
		     "<body class='x'><p>a<b>c</b>d</p></body></html>"),
		 "html[lang=fr](head(title('t')) "
		 "body[class=x](p('a' b('c') 'd')))");
}
END_TEST

START_TEST(parse_missing_end_tags_are_implied)
{
	shape_of(STR("<ul><li>1<li>2</ul><p>a<p>b<table><tr><td>x<td>y<tr><td>z"
		     "</table>"),
		 "html(body(ul(li('1') li('2')) p('a') p('b') "
		 "table(tr(td('x') td('y')) tr(td('z')))))");
}
END_TEST

START_TEST(parse_many_paragraphs_without_end_are_siblings)
{
	struct arena a = room(), kept = a;
	struct dom d = parsed(repeated(&a, "", "<p>x", 1000, ""), &a);

	ck_assert(!d.cut);
	ck_assert_uint_eq(d.n, 2 + 2000);
	ck_assert_uint_eq(deepest(&d), 3);
	arena_close(kept);
}
END_TEST

START_TEST(parse_unknown_and_template_elements_are_elements)
{
	shape_of(STR("<body><x-y id=1><template><i>a</i></template></x-y>"
		     "<noscript><p>b</p></noscript>"),
		 "html(body(x-y[id=1](template(i('a'))) noscript(p('b'))))");
}
END_TEST

START_TEST(parse_paragraphs_in_a_link_stay_in_it)
{
	shape_of(STR("<body><a href=x><p>a</p><p>b</p></a>"),
		 "html(body(a[href=x](p('a') p('b'))))");
}
END_TEST

START_TEST(parse_self_closed_element_is_empty)
{
	shape_of(STR("<body><div/>a<div class=x />b<img src=y/>c"),
		 "html(body(div 'a' div[class=x] 'b' img[src=y/] 'c'))");
}
END_TEST

START_TEST(parse_end_of_a_paragraph_that_never_began_is_a_break)
{
	shape_of(STR("<body>a</p>b</x>c</body></html>d"),
		 "html(body('a' br 'bcd'))");
}
END_TEST

START_TEST(parse_references_are_decoded_once)
{
	shape_of(STR("<body><p title='&lt;&amp;amp;'>&eacute;&#233;&#xE9;&amp;lt; "
		     "&nope; & a&b"),
		 "html(body(p[title=<&amp;]('\u00E9\u00E9\u00E9&lt; "
		 "&nope; & a&b')))");
}
END_TEST

START_TEST(parse_text_in_pieces_is_one_node)
{
	struct arena a = room(), kept = a;
	struct dom d = parsed(repeated(&a, "<p>", "word &amp; ", 5000, ""), &a);

	ck_assert_uint_eq(d.n, 4);
	ck_assert_uint_eq(d.v[3].text.n, 5000 * strlen("word & "));
	arena_close(kept);
}
END_TEST

START_TEST(parse_comments_and_declarations_are_out)
{
	shape_of(STR("<body>a<!-- <p>b --><!-->c<![CDATA[d]]>e<?php f ?>g<!x>"
		     "</ h>i<!-- j"),
		 "html(body('acegi'))");
}
END_TEST

START_TEST(parse_json_of_a_script_is_one_text_other_scripts_are_empty)
{
	shape_of(STR("<script type='application/ld+json'>{\"a\":\"</b>&amp;\"}"
		     "</script><script>if (a<b) x('</p>');</script>"
		     "<style>p { }</style><iframe src=x><p>y</p></iframe><p>z"),
		 "html(head(script[type=application/ld+json]("
		 "'{\"a\":\"</b>&amp;\"}') script style) "
		 "body(iframe[src=x] p('z')))");
}
END_TEST

START_TEST(parse_attributes_with_strange_names_end_nothing)
{
	shape_of(STR("<body><p @click=\"a > b\" :x='>' [y]=\">\" class=z \">"
		     "t\">u"),
		 "html(body(p[class=z]('t\">u')))");
	shape_of(STR("<body><p ID=a CLASS='b'id=c>t"),
		 "html(body(p[id=a][class=b]('t')))");
}
END_TEST

START_TEST(parse_bytes_that_are_no_text_are_out)
{
	shape_of(STR("<p>a\0b\xFF" "c\xC3</p>\0<i\0d=x>d"),
		 "html(body(p('abc') id('d')))");
}
END_TEST

START_TEST(parse_charset_of_the_page_is_not_believed)
{
	shape_of(STR("<meta charset=latin1><p>\u00E9"),
		 "html(head(meta[charset=latin1]) body(p('\u00E9')))");
}
END_TEST

START_TEST(parse_attributes_at_their_ceiling_are_kept_more_are_not)
{
	for (int n = DOM_ATTRIBUTES_MAX - 1; n <= DOM_ATTRIBUTES_MAX + 1; n++) {
		struct arena a = room(), kept = a;
		struct str s = repeated(&a, "<p", " id=a", (size_t)n, ">x");
		struct dom d = parsed(s, &a);

		ck_assert_int_eq(d.cut, n > DOM_ATTRIBUTES_MAX);
		ck_assert(str_is(dom_attribute(&d, 2, "id"), "a"));
		arena_close(kept);
	}
}
END_TEST

START_TEST(parse_attribute_beyond_the_tag_ceiling_is_left_out)
{
	/* The tag without its class is of DOM_TAG_MAX bytes. */
	for (int more = -1; more <= 1; more++) {
		struct arena a = room(), kept = a;
		size_t n = (size_t)(DOM_TAG_MAX - 7 + more);
		struct str s = repeated(&a, "<p id=", "x", n, " class=y>z");
		struct dom d = parsed(s, &a);

		ck_assert(d.cut);
		ck_assert_uint_eq(dom_attribute(&d, 2, "id").n,
				  more > 0 ? 0 : n);
		ck_assert_int_eq(dom_attribute(&d, 2, "class").p != NULL,
				 more > 0);
		arena_close(kept);
	}
}
END_TEST

START_TEST(parse_depth_at_its_ceiling_hangs_the_rest_there)
{
	for (size_t n = DOM_DEPTH_MAX - 3; n < DOM_DEPTH_MAX + 3; n++) {
		struct arena a = room(), kept = a;
		struct str s = repeated(&a, "<body>", "<div>", n, "x");
		struct dom d = parsed(s, &a);

		ck_assert_uint_le(deepest(&d), DOM_DEPTH_MAX);
		ck_assert_uint_eq(d.v[d.n - 1].tag, DOM_TEXT);
		ck_assert(str_is(d.v[d.n - 1].text, "x"));
		ck_assert_int_eq(d.cut, n + 2 > DOM_DEPTH_MAX);
		arena_close(kept);
	}
}
END_TEST

START_TEST(parse_text_after_what_was_too_deep_is_where_it_belongs)
{
	struct arena a = room(), kept = a;
	struct buf page;
	struct dom d;

	buf_init(&page, ROOM);
	for (int i = 0; i < 300; i++)
		buf_add_z(&page, "<div>");
	for (int i = 0; i < 300; i++)
		buf_add_z(&page, "</div>");
	buf_add_z(&page, "<p>after");
	d = parsed(buf_view(&page), &a);
	ck_assert(str_is(d.v[d.n - 1].text, "after"));
	ck_assert_uint_eq(d.v[d.n - 1].depth, 3);
	buf_done(&page);
	arena_close(kept);
}
END_TEST

START_TEST(parse_nodes_never_exceed_their_ceiling)
{
	struct arena a = room(), kept = a;
	struct str s = repeated(&a, "", "<br>x", DOM_NODES_MAX, "");
	struct dom d = parsed(s, &a);

	ck_assert(d.cut);
	ck_assert_uint_eq(d.n, DOM_NODES_MAX);
	ck_assert_uint_eq(d.v[0].end, d.n);
	arena_close(kept);
}
END_TEST

START_TEST(parse_bytes_at_their_ceiling_are_read)
{
	for (int more = 0; more < 2; more++) {
		struct arena a = room(), kept = a;
		size_t n = DOM_BYTES_MAX / 2 - 1 + (size_t)more;
		struct dom d = parsed(repeated(&a, " ", "\u00E9", n, "x"), &a);

		ck_assert_int_eq(d.cut, more);
		ck_assert_uint_eq(unicode_valid(d.v[d.n - 1].text),
				  d.v[d.n - 1].text.n);
		arena_close(kept);
	}
}
END_TEST

/* Each of these took libxml2 alone from seconds to hours. */
START_TEST(parse_hostile_pages_are_read_in_linear_time)
{
	static const char *const pieces[] = {
		"<p>", "<a b=c>", "<table>", "<b><i>", "<div>", "<", "&",
		"</p>", "<p></i>", "<b><div></b>", "<a href=\"", "<!--",
		"<ul><li>x", "<table><tr><td>", "<a id=x class=y name=z>",
	};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		struct arena a = room(), kept = a;
		struct str s = repeated(&a, "<p id=1 ", pieces[i],
					(2 << 20) / strlen(pieces[i]), "");

		parsed(s, &a);
		parsed((struct str){ s.p + 7, s.n - 7 }, &a);
		arena_close(kept);
	}
}
END_TEST

START_TEST(parse_full_arena_is_no_memory)
{
	static char small[1 << 14];
	struct dom d = { .n = 77 };
	struct str page = STR("<p class=x>some text<p class=y>more of it");
	size_t n;

	for (n = 0; n < sizeof(small); n += 16) {
		struct arena a = { small, small + n };
		int r = dom_parse(page, &a, &d);

		if (!r)
			break;
		ck_assert_int_eq(r, -ENOMEM);
		ck_assert_uint_eq(d.n, 77);
	}
	ck_assert_uint_lt(n, sizeof(small));
	ck_assert_uint_eq(d.n, 6);
}
END_TEST

START_TEST(attribute_is_trimmed_and_absent_is_null)
{
	struct arena a = room(), kept = a;
	struct dom d = parsed(STR("<p class=' a b\n' id=''>"), &a);

	ck_assert(str_is(dom_attribute(&d, 2, "class"), "a b"));
	ck_assert_ptr_nonnull(dom_attribute(&d, 2, "id").p);
	ck_assert_uint_eq(dom_attribute(&d, 2, "id").n, 0);
	ck_assert_ptr_null(dom_attribute(&d, 2, "title").p);
	arena_close(kept);
}
END_TEST

START_TEST(has_word_takes_whole_words_of_class_and_id)
{
	struct arena a = room(), kept = a;
	struct dom d = parsed(STR("<p class='post-meta relatedPosts2 XMLfeed' "
				  "id=top_Nav>"), &a);

	ck_assert(dom_has_word(&d, 2, "meta"));
	ck_assert(dom_has_word(&d, 2, "related"));
	ck_assert(dom_has_word(&d, 2, "posts2"));
	ck_assert(dom_has_word(&d, 2, "nav"));
	ck_assert(dom_has_word(&d, 2, "xmlfeed"));
	ck_assert(!dom_has_word(&d, 2, "relate"));
	ck_assert(!dom_has_word(&d, 2, "posts"));
	arena_close(kept);
}
END_TEST

START_TEST(text_blocks_are_lines_and_white_space_is_one)
{
	text_of(STR("<title>t</title><h1> a \n b</h1><p>c<b> d</b>e<br> f"
		    "<script>g</script></p>h<ul><li>i<li>j</ul>\t"),
		"t\na b\nc de\nf\nh\ni\nj");
	text_of(STR("<p> </p>"), "");
}
END_TEST

START_TEST(text_of_a_node_is_its_own)
{
	struct arena a = room(), kept = a;
	struct dom d = parsed(STR("<p>a</p><p>b <i>c</i></p><p>d"), &a);
	struct buf got;
	uint32_t i = 0;

	while (!(d.v[i].tag == DOM_P && str_is(d.v[i + 1].text, "b ")))
		i++;
	buf_init(&got, 100);
	buf_add_z(&got, "before:");
	dom_text(&d, i, &got);
	ck_assert(str_is(buf_view(&got), "before:b c"));
	buf_done(&got);
	arena_close(kept);
}
END_TEST

START_TEST(tag_of_every_name_is_found)
{
	ck_assert_int_eq(dom_tag_of(STR("a")), DOM_A);
	ck_assert_int_eq(dom_tag_of(STR("canvas")), DOM_CANVAS);
	ck_assert_int_eq(dom_tag_of(STR("caption")), DOM_CAPTION);
	ck_assert_int_eq(dom_tag_of(STR("h6")), DOM_H6);
	ck_assert_int_eq(dom_tag_of(STR("video")), DOM_VIDEO);
	ck_assert_int_eq(dom_tag_of(STR("zzz")), DOM_OTHER);
	ck_assert_int_eq(dom_tag_of(STR("")), DOM_OTHER);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(parse_nothing_gives_the_root),
		CHECK_TEST(parse_page_gives_its_tree),
		CHECK_TEST(parse_missing_end_tags_are_implied),
		CHECK_TEST(parse_many_paragraphs_without_end_are_siblings),
		CHECK_TEST(parse_unknown_and_template_elements_are_elements),
		CHECK_TEST(parse_paragraphs_in_a_link_stay_in_it),
		CHECK_TEST(parse_self_closed_element_is_empty),
		CHECK_TEST(
			parse_end_of_a_paragraph_that_never_began_is_a_break),
		CHECK_TEST(parse_references_are_decoded_once),
		CHECK_TEST(parse_text_in_pieces_is_one_node),
		CHECK_TEST(parse_comments_and_declarations_are_out),
		CHECK_TEST(
			parse_json_of_a_script_is_one_text_other_scripts_are_empty),
		CHECK_TEST(parse_attributes_with_strange_names_end_nothing),
		CHECK_TEST(parse_bytes_that_are_no_text_are_out),
		CHECK_TEST(parse_charset_of_the_page_is_not_believed),
		CHECK_TEST(
			parse_attributes_at_their_ceiling_are_kept_more_are_not),
		CHECK_TEST(parse_attribute_beyond_the_tag_ceiling_is_left_out),
		CHECK_TEST(parse_depth_at_its_ceiling_hangs_the_rest_there),
		CHECK_TEST(
			parse_text_after_what_was_too_deep_is_where_it_belongs),
		CHECK_TEST(parse_nodes_never_exceed_their_ceiling),
		CHECK_TEST(parse_bytes_at_their_ceiling_are_read),
		CHECK_TEST(parse_hostile_pages_are_read_in_linear_time),
		CHECK_TEST(parse_full_arena_is_no_memory),
		CHECK_TEST(attribute_is_trimmed_and_absent_is_null),
		CHECK_TEST(has_word_takes_whole_words_of_class_and_id),
		CHECK_TEST(text_blocks_are_lines_and_white_space_is_one),
		CHECK_TEST(text_of_a_node_is_its_own),
		CHECK_TEST(tag_of_every_name_is_found),
		CHECK_END,
	};

	return check_main("dom", tests);
}
