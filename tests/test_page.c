#include "parse/page.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "tests/page_kit.h"

static void line_of(const struct page *p, const char *want)
{
	struct buf out;

	buf_init(&out, 1 << 16);
	page_line(p, &out);
	buf_add_char(&out, 0);
	ck_assert_int_eq(buf_error(&out), 0);
	ck_assert_str_eq(out.p, want);
	buf_done(&out);
}

START_TEST(line_unknown_members_are_left_out)
{
	line_of(&(struct page){ .has_body_of_json = false }, "{}");
	line_of(&(struct page){ .url = STR("http://a/"), .body_of_json = STR("x"),
				.has_body_of_json = true },
		"{\"url\":\"http://a/\"}");
}
END_TEST

START_TEST(line_has_every_member_in_its_order)
{
	struct page p = {
		.title = STR("\"t\""), .text = STR("a\nb"), .author = STR("c"),
		.published = STR("d"), .modified = STR("e"),
		.language = STR("f"), .url = STR("g"), .site = STR("h"),
		.summary = STR("i"), .section = STR("j"),
	};

	line_of(&p, "{\"title\":\"\\\"t\\\"\",\"text\":\"a\\nb\","
		    "\"author\":\"c\",\"published\":\"d\",\"modified\":\"e\","
		    "\"language\":\"f\",\"url\":\"g\",\"site\":\"h\","
		    "\"summary\":\"i\",\"section\":\"j\"}");
}
END_TEST

START_TEST(read_page_gives_text_and_title)
{
	struct arena a, kept;
	struct page p;

	ck_assert_int_eq(arena_open(&a, PAGE_ROOM), 0);
	kept = a;
	ck_assert_int_eq(
		page_read(STR("<meta property='og:title' content='Boat'>"
			      "<h1>Boat</h1><p>" ONE "<p>" TWO),
			  "https://a.example/", &a, &p), 0);
	ck_assert(str_is(p.title, "Boat"));
	ck_assert(str_is(p.text, ONE "\n" TWO));
	arena_close(kept);
}
END_TEST

START_TEST(read_page_without_article_has_empty_text)
{
	struct arena a, kept;
	struct page p;

	ck_assert_int_eq(arena_open(&a, PAGE_ROOM), 0);
	kept = a;
	ck_assert_int_eq(page_read(STR(""), NULL, &a, &p), 0);
	ck_assert_uint_eq(p.text.n, 0);
	arena_close(kept);
}
END_TEST

START_TEST(read_full_arena_is_no_memory)
{
	static char block[64];
	struct arena a = { block, block + sizeof(block) };
	struct page p = { .title = STR("x") };

	ck_assert_int_eq(page_read(STR("<p>" ONE), NULL, &a, &p), -ENOMEM);
	ck_assert(str_is(p.title, "x"));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(line_unknown_members_are_left_out),
		CHECK_TEST(line_has_every_member_in_its_order),
		CHECK_TEST(read_page_gives_text_and_title),
		CHECK_TEST(read_page_without_article_has_empty_text),
		CHECK_TEST(read_full_arena_is_no_memory),
		CHECK_END,
	};

	return check_main("page", tests);
}
