#include "ingest/rotated.h"

#include <errno.h>
#include <sys/stat.h>

#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];

START_TEST(is_what_rotation_calls_it)
{
	static const char *const yes[] = { "a.1", "a.12", "a-20240131",
					   "a.2024-01-31", "a-2024_01_31T10:00",
					   "a-20240131-1706659200" };
	static const char *const no[] = { "a", "a.", "a-", "a.gz", "a.1.gz",
					  "a.old", "ab.1", "b.1", "a1", "a.-1",
					  "a.jsonl.1", "" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		ck_assert_msg(rotated_is(yes[i], "a"), "%s", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		ck_assert_msg(!rotated_is(no[i], "a"), "%s", no[i]);
}
END_TEST

START_TEST(lines_by_their_name)
{
	ck_assert(rotated_lines("a.jsonl.1"));
	ck_assert(rotated_lines("a.NDJSON-20240131"));
	ck_assert(rotated_lines("a.json.json.3"));
	ck_assert(!rotated_lines("a.jsonl"));
	ck_assert(!rotated_lines("a.jsonl.gz"));
	ck_assert(!rotated_lines("a.txt.1"));
	ck_assert(!rotated_lines("a.1.jsonl"));
}
END_TEST

static void next_is(const char *ours, const char *want)
{
	char name[ROTATED_NAME];

	ck_assert_int_eq(rotated_next(folder, "a", ours, name), 0);
	ck_assert_str_eq(name, want);
}

START_TEST(next_is_the_nearest_newer)
{
	static const char *const names[] = { "a", "a.1", "a.2", "a.9", "a.10",
					     "a.9.gz", "a-20231231",
					     "a-20240101", "a-20240102" };

	check_folder(folder);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		check_file(folder, names[i], "", 0, path);
	next_is("a.10", "a.9");
	next_is("a.9", "a.2");
	next_is("a.2", "a.1");
	next_is("a.1", "a");
	next_is("a.5", "a.2"); /* gone since: what came after it */
	next_is("a-20231231", "a-20240101");
	next_is("a-20240102", "a");
	next_is("a", "a");
	next_is("moved", "a");
	next_is("", "a");
	check_folder_done(folder);
}
END_TEST

START_TEST(find_goes_by_the_inode)
{
	char name[ROTATED_NAME];
	struct stat st;

	check_folder(folder);
	check_file(folder, "a", "", 0, path);
	check_file(folder, "b", "", 0, path);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(rotated_find(folder, "a", st.st_ino, name), 0);
	ck_assert_str_eq(name, "b");
	ck_assert_int_eq(rotated_find(folder, "a", st.st_ino + 999, name),
			 -ENOENT);
	ck_assert_int_eq(stat(folder, &st), 0); /* "." is no file */
	ck_assert_int_eq(rotated_find(folder, "a", st.st_ino, name), -ENOENT);
	ck_assert_int_eq(rotated_find("/nowhere", "a", 1, name), -ENOENT);
	check_folder_done(folder);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(is_what_rotation_calls_it),
		CHECK_TEST(lines_by_their_name),
		CHECK_TEST(next_is_the_nearest_newer),
		CHECK_TEST(find_goes_by_the_inode),
		CHECK_END,
	};

	return check_main("rotated", tests);
}
