#include "commands/articles.h"

#include <errno.h>

#include "tests/check_main.h"

static const char *topics[] = { "rail", "wind" };
static const struct recipe recipe = { .topics = { topics, 2 } };

START_TEST(read_articles_of_several_files)
{
	static const char lines[] =
		"{\"title\":\"T\",\"text\":\"One.\",\"target\":\"rail\"}\n"
		"{bad\n"
		"{\"text\":\"Two.\",\"topics\":{\"rail\":\"favour\"}}\n";
	char folder[CHECK_PATH_MAX], a[CHECK_PATH_MAX], b[CHECK_PATH_MAX];
	const char *files[] = { a, b };
	struct err e = { "" };
	struct corpus c;

	check_folder(folder);
	check_file(folder, "a.jsonl", lines, sizeof(lines) - 1, a);
	check_file(folder, "b.txt", "Three.", 6, b);
	ck_assert_int_eq(articles_read(&c, &recipe, files, 2, &e), 0);
	ck_assert_uint_eq(c.n, 3);
	ck_assert(str_is(c.v[0].title, "T"));
	ck_assert(str_is(c.v[0].text, "One."));
	ck_assert(str_is(c.v[0].target, "rail"));
	ck_assert_ptr_nonnull(strstr(c.v[1].id, "a.jsonl:3"));
	ck_assert_uint_eq(c.v[1].target.n, 0);
	ck_assert(str_is(c.v[2].text, "Three."));
	for (size_t i = 0; i < 3; i++)
		ck_assert_ptr_null(c.v[i].labels);
	ck_assert_uint_eq(c.topic_count, 2);
	corpus_free(&c);
	check_folder_done(folder);
}
END_TEST

START_TEST(read_what_is_not_there_is_an_error)
{
	const char *files[] = { "/nonexistent/a.txt" };
	struct err e = { "" };
	struct corpus c;

	ck_assert_int_eq(articles_read(&c, &recipe, files, 1, &e), -ENOENT);
	ck_assert_ptr_nonnull(strstr(e.text, "/nonexistent/a.txt"));
}
END_TEST

START_TEST(read_no_article_is_an_error)
{
	char folder[CHECK_PATH_MAX], a[CHECK_PATH_MAX];
	const char *files[] = { a };
	struct err e = { "" };
	struct corpus c;

	check_folder(folder);
	check_file(folder, "a.jsonl", "{bad\n", 5, a);
	ck_assert_int_eq(articles_read(&c, &recipe, files, 1, &e), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "no article"));
	check_folder_done(folder);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(read_articles_of_several_files),
		CHECK_TEST(read_what_is_not_there_is_an_error),
		CHECK_TEST(read_no_article_is_an_error),
		CHECK_END,
	};

	return check_main("articles", tests);
}
