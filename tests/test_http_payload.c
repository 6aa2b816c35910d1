#include "ingest/http_payload.h"

#include "tests/check_main.h"
#include "tests/warc_kit.h"

static struct buf chunks, decoded;
static struct http_payload payload;
static struct err err;

static int read_block(struct str block)
{
	if (!chunks.max) {
		buf_init(&chunks, HTTP_PAYLOAD_MAX);
		buf_init(&decoded, HTTP_PAYLOAD_MAX);
	}
	err_clear(&err);
	return http_payload_read(block, &chunks, &decoded, &payload, &err);
}

static void gives(struct str block, struct str bytes, bool is_cut)
{
	ck_assert_int_eq(read_block(block), 0);
	ck_assert_uint_eq(payload.bytes.n, bytes.n);
	ck_assert(str_eq(payload.bytes, bytes));
	ck_assert(payload.cut == is_cut);
}

static void refuses(struct str block, const char *why)
{
	ck_assert_int_eq(read_block(block), STEP_REJECT);
	ck_assert_str_eq(err.text, why);
}

/* A response with that coding, holding these bytes. */
static struct buf coded(const char *coding, struct str bytes)
{
	struct buf b;

	buf_init(&b, 64 << 20);
	buf_printf(&b, "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n\r\n",
		   coding);
	buf_add_str(&b, bytes);
	return b;
}

START_TEST(read_head_is_told)
{
	gives(STR("HTTP/1.0 404 Not Found\r\nCONTENT-TYPE :  text/html \r\n"
		  "content-type: b\r\n\r\nbody\r\n\r\nx"),
	      STR("body\r\n\r\nx"), false);
	ck_assert_int_eq(payload.status, 404);
	ck_assert(str_is(payload.mime, "text/html"));
	ck_assert_uint_eq(payload.coding.n, 0);
	gives(STR("HTTP/2 200\n\nbody"), STR("body"), false);
	gives(STR("HTTP/1.1 200 OK\r\n"), STR(""), false);
	gives(STR("HTTP/1.1 200 OK"), STR(""), false);
}
END_TEST

START_TEST(read_no_response_is_refused)
{
	static const char why[] =
		"no HTTP response: its first line is none";

	refuses(STR(""), why);
	refuses(STR("GET / HTTP/1.1\r\n\r\n"), why);
	refuses(STR("HTTP/1.1 20\r\n\r\n"), why);
	refuses(STR("HTTP/1.1 020 x\r\n\r\n"), why);
	refuses(STR("<html>"), why);
}
END_TEST

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"

START_TEST(read_chunks_are_undone)
{
	gives(STR(CHUNKED "3\r\nabc\r\nA ;x=y\r\n0123456789\r\n0\r\n\r\n"),
	      STR("abc0123456789"), false);
	ck_assert(payload.chunked);
	gives(STR(CHUNKED "0\r\n\r\n"), STR(""), false);
	gives(STR(CHUNKED "3\nabc\n0\n\n"), STR("abc"), false);
}
END_TEST

START_TEST(read_no_chunks_are_the_body)
{
	gives(STR(CHUNKED "<html>1\r\n"), STR("<html>1\r\n"), false);
	ck_assert(!payload.chunked);
	gives(STR(CHUNKED), STR(""), false);
	gives(STR(CHUNKED "123456789\r\nabc"), STR("123456789\r\nabc"),
	      false);
}
END_TEST

START_TEST(read_wrong_chunks_give_what_there_is)
{
	gives(STR(CHUNKED "3\r\nabc\r\n5\r\nde"), STR("abcde"), true);
	gives(STR(CHUNKED "3\r\nabc\r\nzz\r\nde"), STR("abczz\r\nde"), true);
	gives(STR(CHUNKED "3\r\nabc"), STR("abc"), true);
	gives(STR(CHUNKED "ffffffff\r\nabc"), STR("abc"), true);
}
END_TEST

START_TEST(read_codings_are_undone)
{
	static const struct {
		const char *name;
		int window;
	} as[] = { { "gzip", 31 }, { "X-GZIP", 31 }, { "deflate", 15 },
		   { "deflate", -15 } };

	for (size_t i = 0; i < sizeof(as) / sizeof(*as); i++) {
		struct buf body, block;

		buf_init(&body, 1 << 20);
		kit_deflate(&body, STR("a page of words"), as[i].window);
		block = coded(as[i].name, buf_view(&body));
		gives(buf_view(&block), STR("a page of words"), false);
		ck_assert(str_is(payload.coding, as[i].name));
		buf_done(&block);
		buf_done(&body);
	}
}
END_TEST

START_TEST(read_brotli_is_undone)
{
	/* "vigie vigie vigie" by brotli(1). */
	static const char br[] = "\x1b\x10\x00\xf8\x8d\x94\x6e\xde\xb4\x4a"
				 "\xb3\x4b\x90\xb2\xb3\x80\x27\x0e\xb0\x05";
	struct buf block = coded("br", (struct str){ br, sizeof(br) - 1 });

	gives(buf_view(&block), STR("vigie vigie vigie"), false);
	ck_assert(str_is(payload.coding, "br"));
	buf_done(&block);
	block = coded("br", (struct str){ br, sizeof(br) - 4 });
	ck_assert_int_eq(read_block(buf_view(&block)), 0);
	buf_done(&block);
	block = coded("br", STR("<html>"));
	ck_assert_int_eq(read_block(buf_view(&block)), 0);
	buf_done(&block);
}
END_TEST

START_TEST(read_chunks_within_a_coding_are_undone_first)
{
	struct buf body, block;

	buf_init(&body, 4096);
	buf_init(&block, 4096);
	kit_gzip(&body, STR("words"));
	buf_add_z(&block, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
			  "Content-Encoding: gzip\r\n\r\n5\r\n");
	buf_add(&block, body.p, 5);
	buf_printf(&block, "\r\n%zx\r\n", body.n - 5);
	buf_add(&block, body.p + 5, body.n - 5);
	buf_add_z(&block, "\r\n0\r\n\r\n");
	gives(buf_view(&block), STR("words"), false);
	buf_done(&block);
	buf_done(&body);
}
END_TEST

START_TEST(read_coding_that_was_undone_already_is_the_body)
{
	struct buf block = coded("gzip", STR("<html>words"));

	gives(buf_view(&block), STR("<html>words"), false);
	ck_assert_uint_eq(payload.coding.n, 0);
	buf_done(&block);
	block = coded("gzip", STR(""));
	gives(buf_view(&block), STR(""), false);
	buf_done(&block);
}
END_TEST

START_TEST(read_coding_cut_off_gives_what_there_is)
{
	struct buf body, block;
	char text[40000];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i * i % 23);
	buf_init(&body, 1 << 20);
	kit_gzip(&body, (struct str){ text, sizeof(text) });
	block = coded("gzip", (struct str){ body.p, body.n / 2 });
	ck_assert_int_eq(read_block(buf_view(&block)), 0);
	ck_assert(payload.cut);
	ck_assert_uint_gt(payload.bytes.n, 0);
	ck_assert_mem_eq(payload.bytes.p, text, payload.bytes.n);
	buf_done(&block);
	buf_done(&body);
}
END_TEST

START_TEST(read_unknown_coding_is_refused)
{
	struct buf block = coded("zstd, br", STR("x"));

	refuses(buf_view(&block),
		"its Content-Encoding 'zstd, br' is not known");
	buf_done(&block);
}
END_TEST

START_TEST(read_size_limit_of_what_is_decoded)
{
	char *p = calloc(1, HTTP_PAYLOAD_MAX + 1);

	for (int more = -1; more <= 1; more++) {
		size_t n = (size_t)(HTTP_PAYLOAD_MAX + more);
		struct buf body, block;

		buf_init(&body, 1 << 20);
		kit_gzip(&body, (struct str){ p, n });
		block = coded("gzip", buf_view(&body));
		if (more > 0)
			refuses(buf_view(&block),
				"its payload is larger than 16777216 bytes "
				"once it is decoded");
		else
			gives(buf_view(&block), (struct str){ p, n }, false);
		buf_done(&block);
		buf_done(&body);
	}
	free(p);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(read_head_is_told),
		CHECK_TEST(read_no_response_is_refused),
		CHECK_TEST(read_chunks_are_undone),
		CHECK_TEST(read_no_chunks_are_the_body),
		CHECK_TEST(read_wrong_chunks_give_what_there_is),
		CHECK_TEST(read_codings_are_undone),
		CHECK_TEST(read_brotli_is_undone),
		CHECK_TEST(read_chunks_within_a_coding_are_undone_first),
		CHECK_TEST(read_coding_that_was_undone_already_is_the_body),
		CHECK_TEST(read_coding_cut_off_gives_what_there_is),
		CHECK_TEST(read_unknown_coding_is_refused),
		CHECK_TEST(read_size_limit_of_what_is_decoded),
		CHECK_END,
	};

	return check_main("http_payload", tests);
}
