#include "ingest/source_page.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "ingest/parser.h"
#include "ingest/source_text.h"
#include "tests/check_main.h"
#include "tests/fake_document.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
static struct source_options options;
static struct source_tools tools;
static void *self;
static struct raw raw;
static struct err err;

static void begin(const char *name, struct str bytes)
{
	check_folder(folder);
	check_file(folder, name, bytes.p, bytes.n, path);
	ck_assert_int_eq(parser_new(&tools.parser), 0);
	options = (struct source_options){ .path = path, .tools = &tools };
}

static void done(void)
{
	parser_free(tools.parser);
	check_folder_done(folder);
	err_clear(&err);
}

static void gives(const char *name, struct str bytes, const char *part)
{
	char want[2 * CHECK_PATH_MAX];

	begin(name, bytes);
	ck_assert_int_eq(source_page_open(&options, &self, &err), 0);
	ck_assert_int_eq(source_page_next(self, &raw, &err), 0);
	ck_assert_int_eq(raw.kind, RAW_PARSED);
	ck_assert(raw.once);
	ck_assert_ptr_nonnull(fake_find(raw.bytes, part));
	snprintf(want, sizeof(want), "\"file\":\"%s\"", path);
	ck_assert_ptr_nonnull(fake_find(raw.bytes, want));
	ck_assert_str_eq(raw.place, path);
	ck_assert_uint_gt(raw.position.n, 0);
	ck_assert_int_eq(source_page_next(self, &raw, &err), STEP_END);
	source_page_close(self);
	done();
}

static void refuses(const char *name, struct str bytes, const char *why)
{
	char want[2 * CHECK_PATH_MAX];

	begin(name, bytes);
	ck_assert_int_eq(source_page_open(&options, &self, &err), 0);
	ck_assert_int_eq(source_page_next(self, &raw, &err), STEP_REJECT);
	snprintf(want, sizeof(want), "%s: %s", path, why);
	ck_assert_str_eq(err.text, want);
	ck_assert_uint_gt(raw.position.n, 0);
	err_clear(&err);
	ck_assert_int_eq(source_page_next(self, &raw, &err), STEP_END);
	source_page_close(self);
	done();
}

START_TEST(next_page_is_one_article)
{
	gives("a.html", STR("<title>T</title><p>short</p>"),
	      "\"title\":\"T\"");
	gives("a", STR("<html><p>x</p>"), "\"text\":\"x\"");
}
END_TEST

START_TEST(next_no_article_is_refused)
{
	refuses("a.html", STR("<title>T</title>"), "no article in this page");
	refuses("a.html", STR(""), "no article in this page");
	refuses("a.html", STR("<html>no"), "no such page");
	refuses("a.mhtml", STR("From: x"),
		"MHTML, which is not read; save the page as HTML");
}
END_TEST

START_TEST(next_size_limit)
{
	size_t n = DOCUMENT_MAX + 1;
	char *p = malloc(n), why[100];

	memset(p, ' ', n);
	memcpy(p, "<html><p>x</p>", 14);
	gives("a.html", (struct str){ p, n - 1 }, "\"text\":\"x\"");
	snprintf(why, sizeof(why), "larger than %d bytes; no article is",
		 DOCUMENT_MAX);
	refuses("a.html", (struct str){ p, n }, why);
	free(p);
}
END_TEST

/* What source_text turns out to be. */
static void text_gives(struct str bytes, enum raw_kind kind)
{
	begin("a.txt", bytes);
	ck_assert_int_eq(source_text_open(&options, &self, &err), 0);
	ck_assert_int_eq(source_text_next(self, &raw, &err), 0);
	ck_assert_int_eq(raw.kind, kind);
	source_text_close(self);
	done();
}

START_TEST(text_that_begins_as_a_page_is_one)
{
	text_gives(STR("<!DOCTYPE html><title>x</title><p>y</p>"), RAW_PARSED);
	text_gives(STR("\xEF\xBB\xBF\r\n <!-- c --> <!doctype HTML><p>y"),
		   RAW_PARSED);
	text_gives(STR("<?xml version='1.0'?>\n<HTML lang=fr><p>y"),
		   RAW_PARSED);
	text_gives(STR("< html"), RAW_TEXT);
	text_gives(STR("<htm"), RAW_TEXT);
	text_gives(STR("<htmlx>"), RAW_TEXT);
	text_gives(STR("a <html>"), RAW_TEXT);
	text_gives(STR("<!-- <html>"), RAW_TEXT);
}
END_TEST

START_TEST(text_from_standard_input_may_be_a_page)
{
	static const char page[] = "html><title>T</title><p>y</p>";
	int ends[2];

	begin("a.txt", STR(""));
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	ck_assert_int_eq(write(ends[1], page, sizeof(page) - 1),
			 sizeof(page) - 1);
	close(ends[1]);
	options.path = "-";
	ck_assert_int_eq(source_text_resume(&options, STR("<"), &self, &err),
			 0);
	ck_assert_int_eq(source_text_next(self, &raw, &err), 0);
	ck_assert_int_eq(raw.kind, RAW_PARSED);
	ck_assert_ptr_null(raw.file);
	ck_assert_ptr_null(fake_find(raw.bytes, "\"file\""));
	source_text_close(self);
	done();
}
END_TEST

START_TEST(open_missing_file_is_told)
{
	options = (struct source_options){ .path = "/nowhere/a.html" };
	ck_assert_int_eq(source_page_open(&options, &self, &err), -ENOENT);
	ck_assert_str_eq(err.text,
			 "/nowhere/a.html: No such file or directory");
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(next_page_is_one_article),
		CHECK_TEST(next_no_article_is_refused),
		CHECK_TEST(next_size_limit),
		CHECK_TEST(text_that_begins_as_a_page_is_one),
		CHECK_TEST(text_from_standard_input_may_be_a_page),
		CHECK_TEST(open_missing_file_is_told),
		CHECK_END,
	};

	return check_main("source_page", tests);
}
