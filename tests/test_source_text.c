#include "ingest/source_text.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "tests/check_main.h"
#include "wire/article.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
static struct err err;
static void *self;
static struct source_options options;

static int open_at(const char *at)
{
	options = (struct source_options){ .path = at };
	return source_text_open(&options, &self, &err);
}

static void open_bytes(const char *name, struct str bytes)
{
	check_folder(folder);
	check_file(folder, name, bytes.p, bytes.n, path);
	ck_assert_int_eq(open_at(path), 0);
}

static void done(void)
{
	struct raw raw;

	ck_assert_int_eq(source_text_next(self, &raw, &err), STEP_END);
	source_text_close(self);
	check_folder_done(folder);
}

static void gives(const char *name, struct str bytes)
{
	struct raw raw;

	open_bytes(name, bytes);
	ck_assert_int_eq(source_text_next(self, &raw, &err), 0);
	ck_assert_uint_eq(raw.bytes.n, bytes.n);
	ck_assert_mem_eq(raw.bytes.p, bytes.p, bytes.n);
	ck_assert_int_eq(raw.kind, RAW_TEXT);
	ck_assert_str_eq(raw.place, path);
	ck_assert_str_eq(raw.file, path);
	done();
}

static void refuses(const char *name, struct str bytes, const char *why)
{
	char want[CHECK_PATH_MAX + 128];
	struct raw raw;

	open_bytes(name, bytes);
	ck_assert_int_eq(source_text_next(self, &raw, &err), STEP_REJECT);
	snprintf(want, sizeof(want), "%s: %s", path, why);
	ck_assert_str_eq(err.text, want);
	err_clear(&err);
	done();
}

START_TEST(next_file_is_one_article)
{
	gives("a.txt", STR("Titre\n\nTexte.\n"));
	gives("a.txt", STR("a\0b\xE9"));
	gives("a.txt", STR(""));
}
END_TEST

START_TEST(next_feed_is_refused)
{
	refuses("feed", STR("<?xml version=\"1.0\"?><rss></rss>"),
		"a feed, and no text; save it as NAME.xml, or name its "
		"address");
}
END_TEST

START_TEST(next_almost_a_page_is_a_text)
{
	gives("html", STR("< html"));
	gives("a.html", STR("<!doctype htm"));
	gives("a.txt", STR("a <html>"));
	gives("a.txt", STR("<htm"));
}
END_TEST

START_TEST(next_size_limit)
{
	char *p = malloc(ARTICLE_TEXT_MAX + 1);

	memset(p, 'x', ARTICLE_TEXT_MAX + 1);
	gives("a.txt", (struct str){ p, ARTICLE_TEXT_MAX - 1 });
	gives("a.txt", (struct str){ p, ARTICLE_TEXT_MAX });
	refuses("a.txt", (struct str){ p, ARTICLE_TEXT_MAX + 1 },
		"larger than 4194304 bytes; a text file is one article");
	free(p);
}
END_TEST

START_TEST(open_missing_file_is_told)
{
	ck_assert_int_eq(open_at("/nowhere/a.txt"),
			 -ENOENT);
	ck_assert_str_eq(err.text,
			 "/nowhere/a.txt: No such file or directory");
}
END_TEST

START_TEST(next_folder_is_told)
{
	struct raw raw;

	ck_assert_int_eq(open_at("/"), 0);
	ck_assert_int_eq(source_text_next(self, &raw, &err), -EISDIR);
	ck_assert_str_eq(err.text, "/: Is a directory");
	source_text_close(self);
}
END_TEST

START_TEST(next_stdin_half_a_text_waits_for_the_rest)
{
	struct raw raw;
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	ck_assert_int_eq(fcntl(fd[0], F_SETFL, O_NONBLOCK), 0);
	ck_assert_int_eq(dup2(fd[0], STDIN_FILENO), STDIN_FILENO);
	options = (struct source_options){ .path = "-" };
	ck_assert_int_eq(source_text_resume(&options, STR("T"), &self, &err), 0);
	ck_assert_int_eq(write(fd[1], "ex", 2), 2);
	ck_assert_int_eq(source_text_next(self, &raw, &err), STEP_WAIT);
	ck_assert_int_eq(write(fd[1], "te", 2), 2);
	close(fd[1]);
	ck_assert_int_eq(source_text_next(self, &raw, &err), 0);
	ck_assert(str_is(raw.bytes, "Texte"));
	ck_assert_str_eq(raw.place, "standard input");
	ck_assert_ptr_null(raw.file);
	ck_assert_int_eq(source_text_next(self, &raw, &err), STEP_END);
	source_text_close(self);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(next_file_is_one_article),
		CHECK_TEST(next_feed_is_refused),
		CHECK_TEST(next_almost_a_page_is_a_text),
		CHECK_TEST(next_size_limit),
		CHECK_TEST(open_missing_file_is_told),
		CHECK_TEST(next_folder_is_told),
		CHECK_TEST(next_stdin_half_a_text_waits_for_the_rest),
		CHECK_END,
	};

	return check_main("source_text", tests);
}
