#include "parse/xml.h"

#include <stdlib.h>
#include <string.h>

#include "tests/check_main.h"

static void add(struct buf *b, const struct xml_event *e)
{
	switch (e->kind) {
	case XML_OPEN:
		buf_printf(b, "<" STR_FMT, STR_ARG(e->name.local));
		for (uint32_t i = 0; i < e->attribute_count; i++)
			buf_printf(b, " " STR_FMT "=" STR_FMT,
				   STR_ARG(e->attributes[i].name.local),
				   STR_ARG(e->attributes[i].value));
		buf_add_z(b, ">");
		break;
	case XML_CLOSE:
		buf_printf(b, "</" STR_FMT ">", STR_ARG(e->name.local));
		break;
	case XML_TEXT:
		buf_printf(b, "[" STR_FMT "]", STR_ARG(e->text));
		break;
	case XML_DOCTYPE:
		buf_add_z(b, "!");
		break;
	default:
		break;
	}
}

/* Its events, one behind the other. */
static void gives(const char *text, const char *want)
{
	struct arena a;
	struct buf b;
	struct xml_event e;
	struct xml *x;

	ck_assert_int_eq(arena_open(&a, 1 << 20), 0);
	buf_init(&b, 1 << 20);
	x = xml_open(str_of(text), STR(""), &a);
	ck_assert_ptr_nonnull(x);
	do {
		ck_assert_int_eq(xml_next(x, &e), 0);
		add(&b, &e);
	} while (e.kind != XML_DONE);
	ck_assert_uint_eq(xml_depth(x), 0);
	ck_assert_int_eq(xml_next(x, &e), 0);
	ck_assert_int_eq(e.kind, XML_DONE);
	buf_add_char(&b, '\0');
	ck_assert_str_eq(b.p, want);
	buf_done(&b);
	xml_done(x);
	arena_close(a);
}

START_TEST(next_wellformed_gives_events_in_order)
{
	gives("<?xml version='1.0'?><A b='1' c=\"2\">x<d/>y</A>",
	      "<a b=1 c=2>[x]<d></d>[y]</a>");
	gives("<a><![CDATA[<b>&amp;]]><!-- <c> --></a>", "<a>[<b>&amp;]</a>");
	gives("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "!<a>[&b;]</a>");
}
END_TEST

START_TEST(next_references_are_decoded)
{
	gives("<a b='&lt;&#38;'>&amp;&eacute;&#x41;&#233;</a>",
	      "<a b=<&>[&éAé]</a>");
	gives("<a>&nothing; & &; &#; &#xD800;</a>",
	      "<a>[&nothing; & &; &#; \uFFFD]</a>");
}
END_TEST

START_TEST(next_tags_that_are_not_closed_are_closed)
{
	gives("<a><b><c></a>x", "<a><b><c></c></b></a>[x]");
	gives("<a><b>", "<a><b></b></a>");
	gives("<a></b></a>", "<a></a>");
	gives("<a>x</a", "<a>[x][]</a>");
}
END_TEST

START_TEST(next_broken_markup_is_text)
{
	gives("<a>1 < 2</a>", "<a>[1 ][< 2]</a>");
	gives("<a>x <3</a>", "<a>[x ][<3]</a>");
	gives("<a b=c d>x</a>", "<a b=c d=>[x]</a>");
	gives("<a b='x>y</a>", "<a b=x>[y]</a>");
	gives("<a><![CDATA[x</a>", "<a>[x]</a>");
	gives("", "");
	gives("<", "[<]");
}
END_TEST

START_TEST(next_spaces_are_those_that_hold)
{
	const char *text = "<x:a xmlns:x='u' xmlns='v'><b xmlns=''/><c/>"
			   "<y:d/></x:a>";
	const char *want[] = { "u", "", "v", "" };
	struct arena a;
	struct xml_event e;
	struct xml *x;
	size_t n = 0;

	ck_assert_int_eq(arena_open(&a, 1 << 20), 0);
	x = xml_open(str_of(text), STR(""), &a);
	do {
		ck_assert_int_eq(xml_next(x, &e), 0);
		if (e.kind == XML_OPEN)
			ck_assert(str_is(e.name.space, want[n++]));
	} while (e.kind != XML_DONE);
	ck_assert_uint_eq(n, 4);
	xml_done(x);
	arena_close(a);
}
END_TEST

START_TEST(base_and_language_hold_within_their_element)
{
	const char *text = "<a xml:base='b/' xml:lang='fr'>"
			   "<c xml:base='d/'>1</c>2</a>3";
	const char *bases[] = { "http://e.example/b/d/",
				"http://e.example/b/", "http://e.example/" };
	struct arena a;
	struct xml_event e;
	struct xml *x;
	size_t n = 0;

	ck_assert_int_eq(arena_open(&a, 1 << 20), 0);
	x = xml_open(str_of(text), STR("http://e.example/"), &a);
	do {
		ck_assert_int_eq(xml_next(x, &e), 0);
		if (e.kind != XML_TEXT)
			continue;
		ck_assert(str_is(xml_base(x), bases[n]));
		ck_assert(str_is(xml_language(x), n < 2 ? "fr" : ""));
		n++;
	} while (e.kind != XML_DONE);
	ck_assert_uint_eq(n, 3);
	xml_done(x);
	arena_close(a);
}
END_TEST

/* How many elements of n, one in the other, are opened. */
static size_t opened(size_t n)
{
	struct arena a;
	struct xml_event e;
	struct xml *x;
	struct buf b;
	size_t open = 0, close = 0;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < n; i++)
		buf_add_z(&b, "<a>");
	for (size_t i = 0; i < n; i++)
		buf_add_z(&b, "</a>");
	ck_assert_int_eq(arena_open(&a, 1 << 20), 0);
	x = xml_open(buf_view(&b), STR(""), &a);
	do {
		ck_assert_int_eq(xml_next(x, &e), 0);
		open += e.kind == XML_OPEN;
		close += e.kind == XML_CLOSE;
	} while (e.kind != XML_DONE);
	ck_assert_uint_eq(open, close);
	xml_done(x);
	arena_close(a);
	buf_done(&b);
	return open;
}

START_TEST(next_depth_has_a_ceiling)
{
	ck_assert_uint_eq(opened(XML_DEPTH_MAX - 1), XML_DEPTH_MAX - 1);
	ck_assert_uint_eq(opened(XML_DEPTH_MAX), XML_DEPTH_MAX);
	ck_assert_uint_eq(opened(XML_DEPTH_MAX + 1), XML_DEPTH_MAX);
	ck_assert_uint_eq(opened(20000), XML_DEPTH_MAX);
}
END_TEST

static uint32_t attributes(size_t n)
{
	struct arena a;
	struct xml_event e;
	struct xml *x;
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_add_z(&b, "<a");
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, " b%zu='x'", i);
	buf_add_z(&b, "/>");
	ck_assert_int_eq(arena_open(&a, 1 << 20), 0);
	x = xml_open(buf_view(&b), STR(""), &a);
	ck_assert_int_eq(xml_next(x, &e), 0);
	ck_assert_int_eq(e.kind, XML_OPEN);
	xml_done(x);
	arena_close(a);
	buf_done(&b);
	return e.attribute_count;
}

START_TEST(next_attributes_have_a_ceiling)
{
	ck_assert_uint_eq(attributes(XML_ATTRIBUTES_MAX), XML_ATTRIBUTES_MAX);
	ck_assert_uint_eq(attributes(XML_ATTRIBUTES_MAX + 1),
			  XML_ATTRIBUTES_MAX);
	/* Of a tag past TAGS_TAG_MAX none is read. */
	ck_assert_uint_eq(attributes(10000), 0);
}
END_TEST

/* Start tags read of n like <a/>. */
static size_t starts(size_t n, bool *is_cut)
{
	char *text = malloc(4 * n);
	size_t found = 0;
	struct arena a;
	struct xml_event e;
	struct xml *x;

	for (size_t i = 0; i < n; i++)
		memcpy(text + 4 * i, "<a/>", 4);
	ck_assert_int_eq(arena_open(&a, 1 << 20), 0);
	x = xml_open((struct str){ text, 4 * n }, STR(""), &a);
	while (!xml_next(x, &e) && e.kind != XML_DONE)
		found += e.kind == XML_OPEN;
	*is_cut = xml_is_cut(x);
	xml_done(x);
	arena_close(a);
	free(text);
	return found;
}

START_TEST(next_behind_the_ceiling_of_pieces_is_the_end)
{
	size_t max = XML_PIECES_MAX / 4;
	bool is_cut;

	ck_assert_uint_eq(starts(max - 1, &is_cut), max - 1);
	ck_assert(!is_cut);
	ck_assert_uint_eq(starts(max + 1, &is_cut), max);
	ck_assert(is_cut);
}
END_TEST

START_TEST(place_counts_lines_and_columns)
{
	struct arena a;
	struct xml_event e;
	struct xml *x;
	size_t line, column;

	ck_assert_int_eq(arena_open(&a, 1 << 20), 0);
	x = xml_open(STR("\n\n <a>"), STR(""), &a);
	xml_place(x, &line, &column);
	ck_assert_uint_eq(line, 1);
	ck_assert_uint_eq(column, 1);
	while (!xml_next(x, &e) && e.kind != XML_DONE)
		;
	xml_place(x, &line, &column);
	ck_assert_uint_eq(line, 3);
	ck_assert_uint_eq(column, 5);
	xml_done(x);
	arena_close(a);
}
END_TEST

START_TEST(open_without_room_fails)
{
	struct arena a;

	ck_assert_int_eq(arena_open(&a, 4096), 0);
	ck_assert_ptr_null(xml_open(STR("<a/>"), STR(""), &a));
	arena_close(a);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(next_wellformed_gives_events_in_order),
		CHECK_TEST(next_references_are_decoded),
		CHECK_TEST(next_tags_that_are_not_closed_are_closed),
		CHECK_TEST(next_broken_markup_is_text),
		CHECK_TEST(next_spaces_are_those_that_hold),
		CHECK_TEST(base_and_language_hold_within_their_element),
		CHECK_TEST(next_depth_has_a_ceiling),
		CHECK_TEST(next_attributes_have_a_ceiling),
		CHECK_TEST(next_behind_the_ceiling_of_pieces_is_the_end),
		CHECK_TEST(place_counts_lines_and_columns),
		CHECK_TEST(open_without_room_fails),
		CHECK_END,
	};

	return check_main("xml", tests);
}
