#include "ingest/harvest.h"

#include "ingest/parser.h"
#include "tests/check_main.h"
#include "tests/fake_document.h"

static void is(enum harvest_kind want, const char *type, struct str bytes)
{
	ck_assert_int_eq(harvest_kind(str_of(type), bytes), want);
}

START_TEST(kind_first_bytes_know_better_than_the_type)
{
	is(HARVEST_PAGE, "", STR("<!DOCTYPE html>"));
	is(HARVEST_PAGE, "text/plain", STR(" \n<HTML lang='fr'>"));
	is(HARVEST_PAGE, "", STR("\xEF\xBB\xBF<?xml?><!-- <rss> --><html>"));
	is(HARVEST_FEED, "text/html", STR("<?xml version='1.0'?>\n<rss>"));
	is(HARVEST_FEED, "", STR("<feed xmlns='x'>"));
	is(HARVEST_FEED, "", STR("<rdf:RDF"));
	is(HARVEST_NONE, "text/xml", STR("<note/>"));
	is(HARVEST_NONE, "", STR("<htmlx>"));
	is(HARVEST_NONE, "", STR("<!-- <html>"));
	is(HARVEST_NONE, "", STR("<?"));
	is(HARVEST_NONE, "", STR(""));
}
END_TEST

START_TEST(kind_type_says_what_the_bytes_do_not)
{
	is(HARVEST_PAGE, "Text/HTML ; charset=x", STR("<p>"));
	is(HARVEST_PAGE, "application/xhtml+xml", STR(""));
	is(HARVEST_FEED, "application/feed+json", STR("{}"));
	is(HARVEST_NONE, "text/htm", STR("<p>"));
	is(HARVEST_NONE, "image/png", STR("\x89PNG"));
}
END_TEST

START_TEST(next_known_members_are_kept_and_others_set)
{
	struct source_tools tools = { .parser = NULL };
	struct harvest h;
	struct raw raw = { .place = "" };
	struct err e = { "" };
	struct harvest_find f = {
		.kind = HARVEST_PAGE, .least = 3, .url = "http://a.example/\xff",
		.bytes = STR("<title>T</title><p>\303\251\303\251\303\251</p>"),
		.fetched_at = STR("2026\n"), .file = STR("a\x1b.html"),
	};

	ck_assert_int_eq(parser_new(&tools.parser), 0);
	harvest_init(&h, &tools);
	ck_assert_int_eq(harvest_begin(&h, &f, &e), 0);
	ck_assert(harvest_more(&h));
	ck_assert_int_eq(harvest_next(&h, &raw, &e), 0);
	ck_assert(str_is(raw.bytes,
			 "{\"title\":\"T\",\"text\":\"\303\251\303\251\303\251\","
			 "\"url\":\"http://a.example/?\","
			 "\"fetched_at\":\"2026 \",\"file\":\"a .html\"}"));
	ck_assert(str_is(raw.alias[0], "link\nhttp://a.example/?"));
	ck_assert(!harvest_more(&h));
	ck_assert_int_eq(harvest_next(&h, &raw, &e), STEP_END);
	f.least = 4; /* characters, not bytes */
	ck_assert_int_eq(harvest_begin(&h, &f, &e), STEP_END);
	harvest_done(&h);
	parser_free(tools.parser);
}
END_TEST

static int hears(struct harvest *h, struct str page, struct err *e)
{
	const struct harvest_find f = { .kind = HARVEST_FEED, .bytes = page,
					.fetched_at = STR("2026") };
	struct raw raw = { .place = "" };

	err_clear(e);
	ck_assert_int_eq(harvest_begin(h, &f, e), 0);
	return harvest_next(h, &raw, e);
}

/* Of such a number in JSON more is made than was read. */
static struct str numbers(size_t n)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_add_z(&b, "<html>say {\"x\":[1");
	while (n--)
		buf_add_z(&b, ",1e14");
	buf_add_z(&b, "]}\n");
	return (struct str){ b.p, b.n };
}

START_TEST(next_what_no_article_is_is_refused)
{
	struct source_tools tools = { .parser = NULL };
	struct str many = numbers(1000000);
	struct err e = { "" };
	struct harvest h;

	ck_assert_int_eq(parser_new(&tools.parser), 0);
	harvest_init(&h, &tools);
	ck_assert_int_eq(hears(&h, STR("<html>say [1]\n"), &e), STEP_REJECT);
	ck_assert_str_eq(e.text, "made the parser speak nonsense; refused");
	ck_assert_int_eq(hears(&h, STR("<html>say x\n"), &e), STEP_REJECT);
	ck_assert_int_eq(hears(&h, many, &e), STEP_REJECT);
	ck_assert_str_eq(e.text, "more than 16777216 bytes for one article");
	harvest_done(&h);
	parser_free(tools.parser);
	free((char *)many.p);
}
END_TEST

START_TEST(begin_without_a_parser_is_refused)
{
	const struct harvest_find f = { .kind = HARVEST_PAGE };
	struct harvest h;
	struct err e = { "" };

	harvest_init(&h, NULL);
	ck_assert_int_eq(harvest_begin(&h, &f, &e), STEP_REJECT);
	ck_assert(e.text[0]);
	harvest_done(&h);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(kind_first_bytes_know_better_than_the_type),
		CHECK_TEST(kind_type_says_what_the_bytes_do_not),
		CHECK_TEST(next_known_members_are_kept_and_others_set),
		CHECK_TEST(next_what_no_article_is_is_refused),
		CHECK_TEST(begin_without_a_parser_is_refused),
		CHECK_END,
	};

	return check_main("harvest", tests);
}
