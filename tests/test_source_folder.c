#include "ingest/source_folder.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX];
static struct err err;
static void *self;
static struct source_options options;

static int open_at(const char *at)
{
	options = (struct source_options){ .path = at };
	return source_folder_open(&options, &self, &err);
}

static void make(const char *name)
{
	char path[CHECK_PATH_MAX];

	check_file(folder, name, name, strlen(name), path);
}

static void make_folder(const char *name)
{
	char path[2 * CHECK_PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	ck_assert_int_eq(mkdir(path, 0755), 0);
}

static void make_link(const char *to, const char *name)
{
	char path[2 * CHECK_PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	ck_assert_int_eq(symlink(to, path), 0);
}

static void begin(void)
{
	ck_assert_int_eq(open_at(folder), 0);
}

static void done(void)
{
	struct raw raw;

	ck_assert_int_eq(source_folder_next(self, &raw, &err), STEP_END);
	ck_assert_int_eq(source_folder_next(self, &raw, &err), STEP_END);
	source_folder_close(self);
	check_folder_done(folder);
}

/* The next piece lies at folder/place and has these bytes. */
static void gives(const char *place, const char *bytes)
{
	char want[2 * CHECK_PATH_MAX];
	struct raw raw;

	ck_assert_int_eq(source_folder_next(self, &raw, &err), 0);
	snprintf(want, sizeof(want), "%s/%s", folder, place);
	ck_assert_str_eq(raw.place, want);
	ck_assert_msg(str_is(raw.bytes, bytes), "%s has " STR_FMT, place,
		      STR_ARG(raw.bytes));
}

static void refuses(const char *place, const char *why)
{
	char want[2 * CHECK_PATH_MAX];
	struct raw raw;

	ck_assert_int_eq(source_folder_next(self, &raw, &err), STEP_REJECT);
	snprintf(want, sizeof(want), "%s/%s: %s", folder, place, why);
	ck_assert_str_eq(err.text, want);
	err_clear(&err);
}

START_TEST(next_files_come_in_byte_order)
{
	static const char *const names[] = { "B.txt", "\xC3\xA9.txt", "a.txt",
					     "a-.txt", "10", "9", "a" };
	static const char *const order[] = { "10", "9", "B.txt", "a", "a-.txt",
					     "a.txt", "\xC3\xA9.txt" };

	check_folder(folder);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		make(names[i]);
	begin();
	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		gives(order[i], order[i]);
	done();
}
END_TEST

START_TEST(next_folders_are_entered_where_their_name_stands)
{
	check_folder(folder);
	make("a");
	make_folder("b");
	make("b/2");
	make_folder("b/1");
	make("b/1/x");
	make_folder("b/empty");
	make("c");
	begin();
	gives("a", "a");
	gives("b/1/x", "b/1/x");
	gives("b/2", "b/2");
	gives("c", "c");
	done();
}
END_TEST

START_TEST(next_jsonl_inside_is_read_line_by_line)
{
	char path[CHECK_PATH_MAX];

	check_folder(folder);
	check_file(folder, "a.jsonl", "{}\n[]\n", 6, path);
	check_file(folder, "b.txt", "{}\n[]\n", 6, path);
	begin();
	gives("a.jsonl:1", "{}");
	gives("a.jsonl:2", "[]");
	gives("b.txt", "{}\n[]\n");
	done();
}
END_TEST

START_TEST(next_hidden_names_are_passed_over)
{
	check_folder(folder);
	make(".a");
	make_folder(".git");
	make(".git/b");
	make("c");
	begin();
	gives("c", "c");
	done();
}
END_TEST

START_TEST(next_link_to_file_is_followed_to_folder_is_not)
{
	char path[2 * CHECK_PATH_MAX];

	check_folder(folder);
	make("file");
	make_folder("sub");
	make_link("file", "alink");
	make_link(".", "circle");
	make_link("sub", "sublink");
	snprintf(path, sizeof(path), "%s/pipe", folder);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	begin();
	gives("alink", "file");
	gives("file", "file");
	done();
}
END_TEST

START_TEST(next_broken_link_is_refused_and_the_rest_goes_on)
{
	check_folder(folder);
	make("a");
	make_link("nowhere", "b");
	make("c");
	begin();
	gives("a", "a");
	refuses("b", "where the link leads: No such file or directory");
	gives("c", "c");
	done();
}
END_TEST

START_TEST(next_page_that_is_refused_and_the_rest_goes_on)
{
	check_folder(folder);
	make("a.html");
	make("b.txt");
	begin(); /* without a parser */
	refuses("a.html", "an HTML page, and nothing here reads pages");
	gives("b.txt", "b.txt");
	done();
}
END_TEST

/* Root may read everything, so the test steps down to nobody. */
START_TEST(next_unreadable_is_refused_and_the_rest_goes_on)
{
	char path[2 * CHECK_PATH_MAX];
	uid_t me = geteuid();

	check_folder(folder);
	make("a");
	make_folder("b");
	make("c");
	ck_assert_int_eq(chmod(folder, 0755), 0);
	snprintf(path, sizeof(path), "%s/a", folder);
	ck_assert_int_eq(chmod(path, 0), 0);
	snprintf(path, sizeof(path), "%s/b", folder);
	ck_assert_int_eq(chmod(path, 0), 0);
	if (me == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	begin();
	refuses("a", "Permission denied");
	refuses("b", "Permission denied");
	gives("c", "c");
	if (me == 0)
		ck_assert_int_eq(seteuid(0), 0);
	done();
}
END_TEST

/* The root counts as one: 63 folders within it are read, a 64th is not. */
START_TEST(next_depth_limit)
{
	char name[CHECK_PATH_MAX] = "d";

	check_folder(folder);
	for (int i = 1; i <= 64; i++) {
		char file[CHECK_PATH_MAX + 8];

		make_folder(name);
		snprintf(file, sizeof(file), "%s/a", name);
		make(file);
		strcat(name, "/d");
	}
	begin();
	strcpy(name, "d/a");
	for (int i = 1; i <= 63; i++) {
		gives(name, name);
		strcpy(name + strlen(name) - 1, "d/a");
	}
	strcpy(name + strlen(name) - 2, "");
	refuses(name, "more than 64 folders within each other");
	done();
}
END_TEST

START_TEST(next_thousands_of_files_all_come)
{
	char name[32];

	check_folder(folder);
	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "%04d.txt", i);
		make(name);
	}
	begin();
	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "%04d.txt", i);
		gives(name, name);
	}
	done();
}
END_TEST

START_TEST(open_slash_at_the_end_is_not_doubled)
{
	struct raw raw;
	char with[CHECK_PATH_MAX + 1], want[CHECK_PATH_MAX + 8];

	check_folder(folder);
	make("a");
	snprintf(with, sizeof(with), "%s/", folder);
	ck_assert_int_eq(open_at(with), 0);
	ck_assert_int_eq(source_folder_next(self, &raw, &err), 0);
	snprintf(want, sizeof(want), "%s/a", folder);
	ck_assert_str_eq(raw.place, want);
	done();
}
END_TEST

START_TEST(open_missing_folder_is_told)
{
	ck_assert_int_eq(open_at("/nowhere"), -ENOENT);
	ck_assert_str_eq(err.text, "/nowhere: No such file or directory");
}
END_TEST

START_TEST(close_half_way_frees_all)
{
	struct raw raw;

	check_folder(folder);
	make_folder("a");
	make("a/1");
	make("a/2");
	begin();
	ck_assert_int_eq(source_folder_next(self, &raw, &err), 0);
	source_folder_close(self);
	check_folder_done(folder);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(next_files_come_in_byte_order),
		CHECK_TEST(next_folders_are_entered_where_their_name_stands),
		CHECK_TEST(next_jsonl_inside_is_read_line_by_line),
		CHECK_TEST(next_hidden_names_are_passed_over),
		CHECK_TEST(next_link_to_file_is_followed_to_folder_is_not),
		CHECK_TEST(next_broken_link_is_refused_and_the_rest_goes_on),
		CHECK_TEST(next_page_that_is_refused_and_the_rest_goes_on),
		CHECK_TEST(next_unreadable_is_refused_and_the_rest_goes_on),
		CHECK_TEST(next_depth_limit),
		CHECK_TEST(next_thousands_of_files_all_come),
		CHECK_TEST(open_slash_at_the_end_is_not_doubled),
		CHECK_TEST(open_missing_folder_is_told),
		CHECK_TEST(close_half_way_frees_all),
		CHECK_END,
	};

	return check_main("source_folder", tests);
}
