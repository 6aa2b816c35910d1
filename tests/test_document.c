#include "parse/document.h"

#include <stdlib.h>
#include <string.h>

#include "tests/check_main.h"

static struct buf out;
static struct err err;

static int parse(enum document_kind kind, struct str bytes, const char *type)
{
	struct document d = { .kind = kind, .bytes = bytes, .type = type,
			      .url = "http://a.example/" };
	struct arena a;
	int r;

	err_clear(&err);
	ck_assert_int_eq(arena_open(&a, DOCUMENT_ARENA), 0);
	buf_init(&out, DOCUMENT_ANSWER_MAX);
	r = document_parse(&d, a, &out, &err);
	arena_close(a);
	return r;
}

static void begins(enum document_kind kind, struct str bytes, const char *type,
		   const char *head)
{
	ck_assert_msg(!parse(kind, bytes, type), "%s", err.text);
	ck_assert_msg(str_starts(buf_view(&out), str_of(head)), STR_FMT,
		      STR_ARG(buf_view(&out)));
	ck_assert(str_ends(buf_view(&out), STR("\n")));
	buf_done(&out);
}

static void looks(const char *text, const char *type, enum document_kind want)
{
	ck_assert_str_eq(document_name(document_look(str_of(text), type)),
			 document_name(want));
}

START_TEST(look_first_element_tells)
{
	looks("<rss version=\"2.0\">", NULL, DOCUMENT_FEED);
	looks(" \n<?xml version='1.0'?>\n<feed xmlns='x'>", "text/html",
	      DOCUMENT_FEED);
	looks("<?xml?><!-- <html> --><rdf:RDF>", NULL, DOCUMENT_FEED);
	looks("<!DOCTYPE rss PUBLIC 'x'><RSS>", NULL, DOCUMENT_FEED);
	looks("<?xml?><urlset>", NULL, DOCUMENT_SITEMAP);
	looks("<s:sitemapindex>", "text/html", DOCUMENT_SITEMAP);
	looks("<opml version='1.0'>", NULL, DOCUMENT_OPML);
	looks("<!doctype html><html>", "application/rss+xml", DOCUMENT_PAGE);
	looks("<rssx>", NULL, DOCUMENT_PAGE);
}
END_TEST

START_TEST(look_json_feed_by_its_version)
{
	looks("{\"version\":\"https://jsonfeed.org/version/1.1\"}", NULL,
	      DOCUMENT_FEED);
	looks("{\"items\":[]}", "application/feed+json", DOCUMENT_FEED);
	looks("{\"items\":[]}", NULL, DOCUMENT_PAGE);
}
END_TEST

START_TEST(look_type_tells_where_the_text_does_not)
{
	looks("<item>", "application/rss+xml; charset=utf-8", DOCUMENT_FEED);
	looks("<item>", "application/ATOM+xml", DOCUMENT_FEED);
	looks("<item>", "text/html", DOCUMENT_PAGE);
	looks("<item>", "text/x-opml", DOCUMENT_OPML);
	looks("http://a.example/1\nhttp://a.example/2\n", "text/plain",
	      DOCUMENT_SITEMAP);
	looks("http://a.example/1\n", NULL, DOCUMENT_PAGE);
	looks("", NULL, DOCUMENT_PAGE);
	looks("<", NULL, DOCUMENT_PAGE);
	looks("<!--", NULL, DOCUMENT_PAGE);
}
END_TEST

START_TEST(look_endless_opening_is_read_no_further)
{
	enum { N = 8 << 20 };
	char *p = malloc(N);

	for (size_t i = 0; i < N; i++)
		p[i] = "<!--"[i % 4];
	ck_assert_int_eq(document_look((struct str){ p, N }, NULL),
			 DOCUMENT_PAGE);
	memset(p, '<', N);
	ck_assert_int_eq(document_look((struct str){ p, N }, NULL),
			 DOCUMENT_PAGE);
	free(p);
}
END_TEST

START_TEST(parse_head_says_what_it_is)
{
	begins(DOCUMENT_ANY, STR("<rss version=\"2.0\"><channel><title>a"
				 "</title></channel></rss>"), NULL,
	       "{\"document\":\"feed\"");
	begins(DOCUMENT_ANY, STR("<html><title>a</title><p>b</html>"), NULL,
	       "{\"document\":\"page\"}\n{");
	begins(DOCUMENT_LINKS, STR("<html></html>"), NULL,
	       "{\"document\":\"links\"");
	begins(DOCUMENT_OPML, STR("<opml><body></body></opml>"), NULL,
	       "{\"document\":\"opml\"");
	begins(DOCUMENT_SITEMAP, STR("<urlset></urlset>"), NULL,
	       "{\"document\":\"sitemap\"");
}
END_TEST

START_TEST(parse_page_that_is_no_text_is_refused)
{
	char bytes[400];

	memset(bytes, 'a', sizeof(bytes));
	for (size_t i = 0; i < 10; i++)
		bytes[i * 40] = '\x01';
	begins(DOCUMENT_PAGE, (struct str){ bytes, sizeof(bytes) }, NULL,
	       "{\"document\":\"page\"}\n{");
	bytes[1] = '\x1f';
	ck_assert_int_eq(parse(DOCUMENT_PAGE,
			       (struct str){ bytes, sizeof(bytes) }, NULL),
			 STEP_REJECT);
	ck_assert_ptr_nonnull(strstr(err.text, "no page: 11 of its 400"));
}
END_TEST

START_TEST(parse_too_large_is_refused)
{
	struct str much = { calloc(DOCUMENT_MAX + 1, 1), DOCUMENT_MAX + 1 };

	ck_assert_int_eq(parse(DOCUMENT_PAGE, much, NULL), STEP_REJECT);
	ck_assert_str_eq(err.text,
			 "has 15728641 bytes, more than 15 MB; refused");
	ck_assert_uint_eq(out.n, 0);
	free((char *)much.p);
}
END_TEST

START_TEST(parse_no_such_kind_is_refused)
{
	ck_assert_int_eq(parse(DOCUMENT_KINDS, STR("x"), NULL), STEP_REJECT);
	ck_assert_int_eq(parse((enum document_kind)-1, STR("x"), NULL),
			 STEP_REJECT);
	ck_assert_ptr_null(document_name(DOCUMENT_KINDS));
	ck_assert_ptr_null(document_name((enum document_kind)-1));
}
END_TEST

START_TEST(parse_small_arena_is_refused)
{
	char room[64];
	struct arena a = { room, room + sizeof(room) };
	struct document d = { .kind = DOCUMENT_PAGE, .bytes = STR("\xE9 \xE9") };

	buf_init(&out, 1000);
	err_clear(&err);
	ck_assert_int_eq(document_parse(&d, a, &out, &err), STEP_REJECT);
	ck_assert_str_eq(err.text,
			 "too large to read in 1 MB of memory; refused");
	ck_assert_uint_eq(out.n, 0);
	buf_done(&out);
}
END_TEST

/* Each byte is two in UTF-8. */
START_TEST(parse_latin1_too_large_as_utf8_is_refused)
{
	char *p = malloc(DOCUMENT_MAX);
	struct str much = { memset(p, 0xE9, DOCUMENT_MAX), DOCUMENT_MAX };

	ck_assert_int_eq(parse(DOCUMENT_ANY, much, NULL), STEP_REJECT);
	ck_assert_str_eq(err.text,
			 "too large to read in 24 MB of memory; refused");
	ck_assert_uint_eq(out.n, 0);
	buf_done(&out);
	free(p);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(look_first_element_tells),
		CHECK_TEST(look_json_feed_by_its_version),
		CHECK_TEST(look_type_tells_where_the_text_does_not),
		CHECK_TEST(look_endless_opening_is_read_no_further),
		CHECK_TEST(parse_head_says_what_it_is),
		CHECK_TEST(parse_page_that_is_no_text_is_refused),
		CHECK_TEST(parse_too_large_is_refused),
		CHECK_TEST(parse_no_such_kind_is_refused),
		CHECK_TEST(parse_small_arena_is_refused),
		CHECK_TEST(parse_latin1_too_large_as_utf8_is_refused),
		CHECK_END,
	};

	return check_main("document", tests);
}
