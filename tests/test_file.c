/* test_file.c -- whole files in a folder of this test's own. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/check_main.h"

static char folder[] = "/tmp/vigie-test-XXXXXX";
static char path[64];

static void need_folder(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/f", folder);
}

static void drop_folder(void)
{
	unlink(path);
	ck_assert_int_eq(rmdir(folder), 0); /* and nothing was left in it */
}

static void put(size_t n)
{
	char *p = malloc(n + 1);
	struct err e = { "" };

	for (size_t i = 0; i < n; i++)
		p[i] = (char)('a' + i % 26);
	ck_assert_int_eq(file_write(path, (struct str){ p, n }, &e), 0);
	free(p);
}

START_TEST(read_at_the_ceiling_is_whole_and_past_it_efbig)
{
	/* below, at and above one block of the reader, and none */
	static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 131072 };

	need_folder();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (size_t n = sizes[i] ? sizes[i] - 1 : 0; n <= sizes[i] + 1;
		     n++) {
			struct str s = { NULL, 0 };
			struct err e = { "" };
			int r;

			put(n);
			r = file_read(path, sizes[i], &s, &e);
			ck_assert_int_eq(r, n <= sizes[i] ? 0 : -EFBIG);
			if (r) {
				ck_assert_ptr_null(s.p);
				ck_assert_ptr_nonnull(strstr(e.text, path));
				ck_assert_ptr_nonnull(strstr(e.text, "larger"));
				continue;
			}
			ck_assert_uint_eq(s.n, n);
			ck_assert_uint_eq(strlen(s.p), n);
			free((char *)s.p);
		}
	drop_folder();
}
END_TEST

START_TEST(read_what_is_not_there_says_so)
{
	struct str s = { NULL, 0 };
	struct err e = { "" };

	need_folder();
	ck_assert_int_eq(file_read(path, 10, &s, &e), -ENOENT);
	ck_assert_ptr_nonnull(strstr(e.text, path));
	err_clear(&e);
	ck_assert_int_eq(file_read(folder, 10, &s, &e), -EISDIR);
	ck_assert_ptr_nonnull(strstr(e.text, folder));
	ck_assert_ptr_null(s.p);
	drop_folder();
}
END_TEST

START_TEST(read_dash_is_standard_input)
{
	struct str s = { NULL, 0 };
	struct err e = { "" };
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(file_write_all(fds[1], STR("a\0b")), 0);
	close(fds[1]);
	dup2(fds[0], STDIN_FILENO);
	ck_assert_int_eq(file_read("-", 3, &s, &e), 0);
	ck_assert(str_eq(s, STR("a\0b")));
	/* still open: it is not ours to close */
	ck_assert_int_ge(fcntl(STDIN_FILENO, F_GETFD), 0);
	free((char *)s.p);
	close(STDIN_FILENO);
	ck_assert_int_eq(file_read("-", 3, &s, &e), -EBADF);
	ck_assert_ptr_nonnull(strstr(e.text, "standard input"));
}
END_TEST

START_TEST(read_file_that_gets_descriptor_0_closes_it)
{
	struct str s = { NULL, 0 };
	struct err e = { "" };

	need_folder();
	put(3);
	close(STDIN_FILENO);
	ck_assert_int_eq(file_read(path, 3, &s, &e), 0);
	ck_assert(str_is(s, "abc"));
	ck_assert_int_eq(fcntl(STDIN_FILENO, F_GETFD), -1);
	free((char *)s.p);
	drop_folder();
}
END_TEST

START_TEST(write_replaces_and_leaves_nothing_beside)
{
	struct str s = { NULL, 0 };
	struct err e = { "" };

	need_folder();
	ck_assert_int_eq(file_write(path, STR("first, longer"), &e), 0);
	ck_assert_int_eq(file_write(path, STR("second"), &e), 0);
	ck_assert_int_eq(file_read(path, 100, &s, &e), 0);
	ck_assert(str_is(s, "second"));
	free((char *)s.p);
	ck_assert_int_eq(file_write(path, (struct str){ NULL, 0 }, &e), 0);
	ck_assert_int_eq(file_read(path, 100, &s, &e), 0);
	ck_assert_uint_eq(s.n, 0);
	free((char *)s.p);
	drop_folder();
}
END_TEST

/* As root a rename would leave a file where the device was. */
START_TEST(write_into_what_is_no_file_keeps_it)
{
	char got[8] = "";
	struct err e = { "" };
	struct stat st;
	int fd;

	need_folder();
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR | O_NONBLOCK);
	ck_assert_int_eq(file_write(path, STR("through"), &e), 0);
	ck_assert_int_eq(read(fd, got, sizeof(got)), 7);
	ck_assert_str_eq(got, "through");
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert(S_ISFIFO(st.st_mode));
	close(fd);
	drop_folder();
	ck_assert_int_eq(file_write("/", STR("x"), &e), -EISDIR);
	ck_assert_ptr_nonnull(strstr(e.text, "/: "));
}
END_TEST

START_TEST(write_that_fails_keeps_the_old_file)
{
	char below[96], beside[96];
	struct err e = { "" };

	need_folder();
	snprintf(below, sizeof(below), "%s/none/f", folder);
	ck_assert_int_eq(file_write(below, STR("x"), &e), -ENOENT);
	ck_assert_ptr_nonnull(strstr(e.text, below));
	/* onto a folder: the rename is refused, what was beside goes */
	err_clear(&e);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_eq(file_write(path, STR("x"), &e), -EISDIR);
	ck_assert_str_ne(e.text, "");
	snprintf(beside, sizeof(beside), "%s.new", path);
	ck_assert_int_eq(access(beside, F_OK), -1);
	ck_assert_int_eq(rmdir(path), 0);
	drop_folder();
}
END_TEST

START_TEST(write_endless_name_is_refused)
{
	static char name[5000];
	struct err e = { "" };

	memset(name, 'x', sizeof(name) - 1);
	ck_assert_int_eq(file_write(name, STR("x"), &e), -ENAMETOOLONG);
	ck_assert_str_ne(e.text, "");
}
END_TEST

START_TEST(write_in_the_current_folder_needs_no_slash)
{
	struct err e = { "" };

	need_folder();
	ck_assert_int_eq(chdir(folder), 0);
	ck_assert_int_eq(file_write("f", STR("x"), &e), 0);
	ck_assert_str_eq(e.text, "");
	drop_folder();
}
END_TEST

START_TEST(write_all_to_what_takes_nothing_gives_errno)
{
	int fd = open("/dev/full", O_WRONLY);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(file_write_all(fd, STR("x")), -ENOSPC);
	ck_assert_int_eq(file_write_all(fd, (struct str){ NULL, 0 }), 0);
	close(fd);
	ck_assert_int_eq(file_write_all(-1, STR("x")), -EBADF);
}
END_TEST

START_TEST(folder_ends_with_the_last_slash)
{
	ck_assert(str_is(file_folder("/a/b/c"), "/a/b/"));
	ck_assert(str_is(file_folder("a/"), "a/"));
	ck_assert(str_is(file_folder("/a"), "/"));
	ck_assert(str_is(file_folder("a"), ""));
	ck_assert(str_is(file_folder(""), ""));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(read_at_the_ceiling_is_whole_and_past_it_efbig),
		CHECK_TEST(read_what_is_not_there_says_so),
		CHECK_TEST(read_dash_is_standard_input),
		CHECK_TEST(read_file_that_gets_descriptor_0_closes_it),
		CHECK_TEST(write_replaces_and_leaves_nothing_beside),
		CHECK_TEST(write_into_what_is_no_file_keeps_it),
		CHECK_TEST(write_that_fails_keeps_the_old_file),
		CHECK_TEST(write_endless_name_is_refused),
		CHECK_TEST(write_in_the_current_folder_needs_no_slash),
		CHECK_TEST(write_all_to_what_takes_nothing_gives_errno),
		CHECK_TEST(folder_ends_with_the_last_slash),
		CHECK_END,
	};

	return check_main("file", tests);
}
