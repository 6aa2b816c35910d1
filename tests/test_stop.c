#include "base/stop.h"

#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/check_main.h"

START_TEST(asked_by_any_of_three_signals)
{
	stop_install();
	ck_assert(!stop_asked());
	raise(SIGTERM);
	ck_assert(stop_asked());
	raise(SIGINT);
	raise(SIGHUP);
	ck_assert_int_eq(stop_count(), 3);
}
END_TEST

/* timeout(1) and the terminal signal the whole group, that is, parent too. */
START_TEST(child_hears_its_parent_alone)
{
	stop_install_child();
	raise(SIGINT);
	raise(SIGHUP);
	raise(SIGTERM);
	ck_assert(!stop_asked());
	raise(STOP_CHILD);
	ck_assert_int_eq(stop_count(), 1);
}
END_TEST

START_TEST(write_to_nobody_is_an_error)
{
	int ends[2];

	stop_install();
	ck_assert_int_eq(pipe(ends), 0);
	close(ends[0]);
	ck_assert_int_eq(write(ends[1], "x", 1), -1);
	ck_assert_int_eq(errno, EPIPE);
	close(ends[1]);
}
END_TEST

START_TEST(write_past_the_limit_is_an_error)
{
	struct rlimit none = { 0, RLIM_INFINITY };
	char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
	ssize_t n;
	FILE *f;

	check_folder(folder);
	check_file(folder, "f", "", 0, path);
	f = fopen(path, "w");
	stop_install();
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
	n = write(fileno(f), "x", 1);
	ck_assert_int_eq(errno, EFBIG);
	none.rlim_cur = RLIM_INFINITY;
	setrlimit(RLIMIT_FSIZE, &none);
	ck_assert_int_eq(n, -1);
	fclose(f);
	check_folder_done(folder);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(asked_by_any_of_three_signals),
		CHECK_TEST(child_hears_its_parent_alone),
		CHECK_TEST(write_to_nobody_is_an_error),
		CHECK_TEST(write_past_the_limit_is_an_error),
		CHECK_END,
	};

	return check_main("stop", tests);
}
