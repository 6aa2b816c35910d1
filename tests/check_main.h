/* check_main.h -- a test program: its tests in one table, one suite, run, the
 * exit code. Every test is a case of its own, so that CK_RUN_CASE=name runs it
 * alone; each has a process of its own. And the files that tests read. */
#ifndef VIGIE_CHECK_MAIN_H
#define VIGIE_CHECK_MAIN_H

#include <check.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a test; on a machine that is busy, too. */
#ifdef __SANITIZE_ADDRESS__
enum { CHECK_SECONDS = 180 };
#else
enum { CHECK_SECONDS = 60 };
#endif

struct check_test {
	const char *name; /* NULL ends the table */
	const TTest *test;
};

#define CHECK_TEST(test) { #test, test }
#define CHECK_END { NULL, NULL }

/* Run the tests of one stem. Returns the exit code of main(): 0 or 1. */
static inline int check_main(const char *stem, const struct check_test *tests)
{
	Suite *suite = suite_create(stem);
	SRunner *runner;
	int failed;

	for (; tests->name; tests++) {
		TCase *one = tcase_create(tests->name);

		tcase_set_timeout(one, CHECK_SECONDS);
		tcase_add_test(one, tests->test);
		suite_add_tcase(suite, one);
	}
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}

enum { CHECK_PATH_MAX = 4096 };

/* A new empty folder of the test's own, for check_folder_done(). */
static inline void check_folder(char path[CHECK_PATH_MAX])
{
	const char *tmp = getenv("TMPDIR");

	snprintf(path, CHECK_PATH_MAX, "%s/vigie-check-XXXXXX",
		 tmp ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(path));
}

static inline void check_folder_done(const char *path)
{
	char line[CHECK_PATH_MAX + 16];

	snprintf(line, sizeof(line), "rm -rf '%s'", path);
	ck_assert_int_eq(system(line), 0);
}

/* Write n bytes into folder/name, whose path is then in path. */
static inline void check_file(const char *folder, const char *name,
			      const void *bytes, size_t n,
			      char path[CHECK_PATH_MAX])
{
	FILE *f;

	ck_assert_int_lt(snprintf(path, CHECK_PATH_MAX, "%s/%s", folder, name),
			 CHECK_PATH_MAX);
	f = fopen(path, "wb");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

#endif
