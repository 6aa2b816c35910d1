#include "ingest/source_warc.h"

#include <unistd.h>

#include "ingest/parser.h"
#include "tests/check_main.h"
#include "tests/fake_document.h"
#include "tests/warc_kit.h"

#define LONG50 "A sentence of fifty characters, so that it counts. "
#define LONG LONG50 LONG50 LONG50 LONG50 LONG50 LONG50

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
static struct source_options options;
static struct source_memory memory;
static struct source_tools tools;
static struct buf file, notes, kept, kept_key;
static void *self;
static struct raw raw;
static struct err err;

static int recall(void *unused, struct str key, struct buf *position)
{
	(void)unused;
	if (!kept.n || !str_eq(key, buf_view(&kept_key)))
		return STEP_END;
	buf_add_str(position, buf_view(&kept));
	return 0;
}

static int remember(void *unused, struct str key, struct str position)
{
	(void)unused;
	buf_clear(&kept);
	buf_clear(&kept_key);
	buf_add_str(&kept, position);
	buf_add_str(&kept_key, key);
	return 0;
}

static void begin(void)
{
	check_folder(folder);
	buf_init(&file, 256 << 20);
	buf_init(&notes, 1 << 16);
	buf_init(&kept, 4096);
	buf_init(&kept_key, 8192);
	ck_assert_int_eq(parser_new(&tools.parser), 0);
	memory = (struct source_memory){ recall, NULL, remember };
	options = (struct source_options){ .path = path, .notes = &notes,
					   .tools = &tools,
					   .memory = &memory };
}

static void save(void)
{
	check_file(folder, "x.warc.gz", file.p ? file.p : "", file.n, path);
}

static void open_it(void)
{
	ck_assert_int_eq(source_warc_open(&options, &self, &err), 0);
}

static void go(void)
{
	save();
	open_it();
}

static int next(void)
{
	err_clear(&err);
	raw = (struct raw){ .place = "" };
	return source_warc_next(self, &raw, &err);
}

/* The next piece has this in it, and is remembered. */
static void gives(const char *part)
{
	ck_assert_int_eq(next(), 0);
	ck_assert_int_eq(raw.kind, RAW_PARSED);
	ck_assert(raw.once);
	ck_assert_msg(fake_find(raw.bytes, part) != NULL, STR_FMT,
		      STR_ARG(raw.bytes));
	remember(NULL, raw.key, raw.position);
}

static void refuses(const char *why)
{
	char want[2 * CHECK_PATH_MAX];

	ck_assert_int_eq(next(), STEP_REJECT);
	snprintf(want, sizeof(want), "%s: %s", path, why);
	ck_assert_str_eq(err.text, want);
	remember(NULL, raw.key, raw.position);
}

static void shut(void)
{
	source_warc_close(self);
}

static void done(void)
{
	ck_assert_int_eq(next(), STEP_END);
	shut();
	parser_free(tools.parser);
	buf_done(&file);
	buf_done(&notes);
	buf_done(&kept);
	buf_done(&kept_key);
	check_folder_done(folder);
}

static void add_response(const char *url, const char *type, const char *body)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_printf(&b, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n%s", type,
		   body);
	kit_member(&file, "response", url, buf_view(&b));
	buf_done(&b);
}

static void add_page(const char *name)
{
	char url[128], body[1024];

	snprintf(url, sizeof(url), "http://a.example/%s", name);
	snprintf(body, sizeof(body), "<title>%s</title><p>" LONG "</p>", name);
	add_response(url, "text/html; charset=utf-8", body);
}

START_TEST(next_page_is_an_article)
{
	char place[2 * CHECK_PATH_MAX];
	size_t first;

	begin();
	kit_member(&file, "warcinfo", NULL, STR("software: x"));
	first = file.n;
	add_page("one");
	go();
	gives("\"title\":\"one\"");
	ck_assert_ptr_nonnull(fake_find(raw.bytes,
					"\"url\":\"http://a.example/one\""));
	ck_assert_ptr_nonnull(fake_find(
		raw.bytes, "\"fetched_at\":\"2026-01-02T03:04:05Z\""));
	ck_assert(str_is(raw.alias[0], "link\nhttp://a.example/one"));
	snprintf(place, sizeof(place), "%s: record 2 at byte %zu", path,
		 first);
	ck_assert_str_eq(raw.place, place);
	ck_assert_str_eq(raw.file, path);
	done();
}
END_TEST

START_TEST(next_what_is_no_page_is_passed_over)
{
	begin();
	add_response("http://a.example/i", "image/png", "\x89PNG");
	add_response("http://a.example/j", "application/json", "{}");
	kit_member(&file, "request", "http://a.example/", STR("GET / H"));
	kit_member(&file, "revisit", "http://a.example/",
		   STR("HTTP/1.1 200 OK\r\n\r\n"));
	kit_member(&file, "response", "http://a.example/",
		   STR("HTTP/1.1 404 No\r\nContent-Type: text/html\r\n\r\n"
		       "<html><p>" LONG));
	kit_member(&file, "response", "dns:a.example", STR("1.2.3.4"));
	add_page("one");
	go();
	gives("one");
	done();
}
END_TEST

START_TEST(next_resource_is_read_like_a_response)
{
	begin();
	kit_member(&file, "resource", "http://a.example/",
		   STR("<!DOCTYPE html><title>R</title><p>" LONG "</p>"));
	go();
	gives("\"title\":\"R\"");
	done();
}
END_TEST

START_TEST(next_short_page_is_passed_over_and_counted)
{
	char text[300], body[400];

	begin();
	add_response("http://a.example/", "text/html", "<p>short</p>");
	for (int n = 249; n <= 251; n++) {
		memset(text, 'x', sizeof(text));
		text[n] = '\0';
		snprintf(body, sizeof(body), "<title>%d</title><p>%s</p>", n,
			 text);
		add_response("http://a.example/", "text/html", body);
	}
	go();
	gives("250");
	gives("251");
	ck_assert_int_eq(next(), STEP_END);
	ck_assert_ptr_nonnull(strstr(notes.p, "passed over: 2\n"));
	done();
}
END_TEST

START_TEST(next_feed_gives_its_items)
{
	begin();
	add_response("http://a.example/feed", "text/xml",
		     "<?xml version='1.0'?><!-- c --><rss><item>A|http://a/1"
		     "</item><item>B|http://a/2</item></rss>");
	add_page("one");
	go();
	gives("\"title\":\"A\"");
	ck_assert(str_is(raw.alias[0], "link\nhttp://a/1"));
	gives("\"title\":\"B\"");
	gives("one");
	done();
}
END_TEST

START_TEST(next_record_that_is_damaged_is_refused_and_the_rest_goes_on)
{
	char why[256];
	size_t second, third;

	begin();
	add_page("one");
	second = file.n;
	add_page("two");
	file.p[file.n - 8] ^= 1;
	third = file.n;
	add_response("http://a.example/no", "text/html", "<html>no");
	add_response("http://a.example/die", "text/html", "<html>die");
	add_page("three");
	go();
	gives("one");
	snprintf(why, sizeof(why), "record 2 at byte %zu: its page is damaged "
		 "(gzip: incorrect data check)", second);
	refuses(why);
	snprintf(why, sizeof(why), "%s: record 3 at byte %zu: ", path, third);
	ck_assert_int_eq(next(), STEP_REJECT);
	ck_assert_int_eq(strncmp(err.text, why, strlen(why)), 0);
	ck_assert_int_eq(next(), STEP_REJECT);
	gives("three");
	done();
}
END_TEST

START_TEST(next_bomb_is_refused_and_the_rest_goes_on)
{
	size_t n = 64 << 20;
	char *zeros = calloc(1, n), why[200];
	struct buf block, coded;

	begin();
	buf_init(&block, 128 << 20);
	buf_init(&coded, 1 << 20);
	kit_gzip(&coded, (struct str){ zeros, n });
	buf_add_z(&block, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
			  "Content-Encoding: gzip\r\n\r\n");
	buf_add_str(&block, buf_view(&coded));
	kit_member(&file, "response", "http://a.example/", buf_view(&block));
	buf_clear(&block);
	buf_add_z(&block, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
			  "\r\n<html>");
	buf_add(&block, zeros, n);
	snprintf(why, sizeof(why), "record 2 at byte %zu: a page of %zu bytes; "
		 "more than 16 MB are not read", file.n, block.n);
	kit_member(&file, "response", "http://a.example/", buf_view(&block));
	add_page("one");
	go();
	refuses("record 1 at byte 0: its payload is larger than 16777216 "
		"bytes once it is decoded");
	refuses(why);
	gives("one");
	done();
	buf_done(&block);
	buf_done(&coded);
	free(zeros);
}
END_TEST

START_TEST(open_again_behind_each_piece_gives_each_once)
{
	begin();
	add_page("one");
	add_response("http://a.example/feed", "text/xml",
		     "<rss><item>A|http://a/1</item></rss>");
	add_response("http://a.example/i", "image/png", "\x89PNG");
	add_page("two");
	save();
	open_it();
	gives("one");
	shut();
	open_it();
	gives("\"title\":\"A\"");
	shut();
	open_it();
	gives("two");
	shut();
	open_it();
	ck_assert_int_eq(next(), STEP_END);
	shut();
	open_it();
	done();
}
END_TEST

/* Of the items that were not the last of their record, who remembers knows. */
START_TEST(open_again_within_a_feed_gives_it_from_its_beginning)
{
	begin();
	add_page("one");
	add_response("http://a.example/feed", "text/xml",
		     "<rss><item>A|http://a/1</item>"
		     "<item>B|http://a/2</item></rss>");
	go();
	gives("one");
	gives("\"title\":\"A\"");
	shut();
	open_it();
	gives("\"title\":\"A\"");
	gives("\"title\":\"B\"");
	shut();
	open_it();
	done();
}
END_TEST

START_TEST(open_again_in_one_member_around_all_goes_on_there)
{
	struct buf plain, block;

	begin();
	buf_init(&plain, 1 << 20);
	buf_init(&block, 1 << 20);
	for (int i = 0; i < 3; i++) {
		buf_clear(&block);
		buf_printf(&block, "HTTP/1.1 200 OK\r\n\r\n<html><title>p%d"
			   "</title><p>" LONG, i);
		kit_record(&plain, "response", "http://a/", buf_view(&block));
	}
	kit_gzip(&file, buf_view(&plain));
	save();
	for (int i = 0; i < 3; i++) {
		char title[8];

		snprintf(title, sizeof(title), "p%d", i);
		open_it();
		gives(title);
		shut();
	}
	open_it();
	done();
	buf_done(&plain);
	buf_done(&block);
}
END_TEST

START_TEST(open_again_another_file_is_read_from_its_beginning)
{
	begin();
	add_page("one");
	go();
	gives("one");
	shut();
	buf_clear(&file);
	add_page("two");
	add_page("three");
	go();
	ck_assert_ptr_nonnull(strstr(notes.p, "written anew"));
	gives("two");
	gives("three");
	done();
}
END_TEST

START_TEST(followed_waits_for_the_rest_of_a_record)
{
	size_t size, first;

	begin();
	add_page("one");
	first = file.n;
	add_page("two");
	size = file.n;
	file.n = first + 40;
	options.follow = true;
	go();
	gives("one");
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_int_eq(next(), STEP_WAIT);
	file.n = size;
	save();
	gives("two");
	ck_assert_int_eq(next(), STEP_WAIT);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(next(), STEP_WAIT);
	buf_clear(&file);
	add_page("three");
	save();
	while (next() == STEP_WAIT)
		;
	ck_assert_ptr_nonnull(fake_find(raw.bytes, "three"));
	options.follow = false;
	done();
}
END_TEST

START_TEST(open_zstd_is_told)
{
	begin();
	buf_add(&file, "\x28\xb5\x2f\xfd....", 8);
	save();
	ck_assert_int_eq(source_warc_open(&options, &self, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "zstd -d FILE"));
	err_clear(&err);
	buf_clear(&file);
	go();
	done();
}
END_TEST

START_TEST(progress_is_of_the_file)
{
	uint64_t had, all;

	begin();
	add_page("one");
	go();
	gives("one");
	source_warc_progress(self, &had, &all);
	ck_assert_uint_eq(all, file.n);
	ck_assert_uint_eq(had, file.n);
	done();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(next_page_is_an_article),
		CHECK_TEST(next_what_is_no_page_is_passed_over),
		CHECK_TEST(next_resource_is_read_like_a_response),
		CHECK_TEST(next_short_page_is_passed_over_and_counted),
		CHECK_TEST(next_feed_gives_its_items),
		CHECK_TEST(
			next_record_that_is_damaged_is_refused_and_the_rest_goes_on),
		CHECK_TEST(next_bomb_is_refused_and_the_rest_goes_on),
		CHECK_TEST(open_again_behind_each_piece_gives_each_once),
		CHECK_TEST(
			open_again_within_a_feed_gives_it_from_its_beginning),
		CHECK_TEST(open_again_in_one_member_around_all_goes_on_there),
		CHECK_TEST(open_again_another_file_is_read_from_its_beginning),
		CHECK_TEST(followed_waits_for_the_rest_of_a_record),
		CHECK_TEST(open_zstd_is_told),
		CHECK_TEST(progress_is_of_the_file),
		CHECK_END,
	};

	return check_main("source_warc", tests);
}
