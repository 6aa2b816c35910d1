#include "learn/found.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX];

static char *path(const char *name)
{
	static char all[4][2 * CHECK_PATH_MAX];
	static int i;

	i = (i + 1) % 4;
	snprintf(all[i], sizeof(all[i]), "%s/%s", folder, name);
	return all[i];
}

static void begin(void)
{
	check_folder(folder);
	ck_assert_int_eq(mkdir(path("a"), 0700), 0);
	ck_assert_int_eq(mkdir(path("a/b"), 0700), 0);
	ck_assert_int_eq(mkdir(path("ab"), 0700), 0);
	ck_assert_int_eq(chdir(folder), 0);
}

static void is(const char *name, const char *from, const char *to,
	       const char *wanted)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	ck_assert_int_eq(found_path(name, from, to, &b), 0);
	ck_assert_msg(str_is(buf_view(&b), wanted), STR_FMT ", expected %s",
		      STR_ARG(buf_view(&b)), wanted);
	buf_done(&b);
}

START_TEST(path_leads_from_folder_to_folder)
{
	begin();
	is("x.jsonl", "r.yaml", "best.yaml", "x.jsonl");
	is("x.jsonl", "r.yaml", path("best.yaml"), "x.jsonl");
	is("d/x-*.jsonl", "a/r.yaml", "best.yaml", "a/d/x-*.jsonl");
	is("x.jsonl", "r.yaml", "a/b/best.yaml", "../../x.jsonl");
	is("x.jsonl", "a/r.yaml", "ab/best.yaml", "../a/x.jsonl");
	is("x.jsonl", NULL, "ab/best.yaml", "../x.jsonl");
	is("../x.jsonl", path("a/b/r.yaml"), "ab/best.yaml", "../a/x.jsonl");
	is("b/x.jsonl", "a/r.yaml", "a/b/best.yaml", "x.jsonl");
	is("../*/x.jsonl", "a/r.yaml", "best.yaml", "a/../*/x.jsonl");
	is("/abs/x.jsonl", "r.yaml", "a/best.yaml", "/abs/x.jsonl");
	is("x.jsonl", "r.yaml", "/best.yaml", path("x.jsonl") + 1);
	check_folder_done(folder);
}
END_TEST

/* By where it really leads. */
START_TEST(path_follows_links)
{
	begin();
	ck_assert_int_eq(symlink(path("a/b"), path("link")), 0);
	is("x.jsonl", "r.yaml", "link/best.yaml", "../../x.jsonl");
	check_folder_done(folder);
}
END_TEST

START_TEST(path_of_a_folder_that_is_not_there)
{
	struct err e = { "" };
	struct buf b;

	begin();
	buf_init(&b, 1 << 16);
	ck_assert_int_eq(found_path("x", "r.yaml", "none/best.yaml", &b),
			 -ENOENT);
	buf_done(&b);
	ck_assert_int_eq(found_check("none/best.yaml", &e), -ENOENT);
	ck_assert_str_eq(e.text, "none/best.yaml: No such file or directory");
	ck_assert_int_eq(found_check("a/best.yaml", &e), 0);
	ck_assert_int_eq(found_check("best.yaml", &e), 0);
	check_folder_done(folder);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(path_leads_from_folder_to_folder),
		CHECK_TEST(path_follows_links),
		CHECK_TEST(path_of_a_folder_that_is_not_there),
		CHECK_END,
	};

	return check_main("found", tests);
}
