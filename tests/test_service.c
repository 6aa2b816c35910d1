/* test_service.c -- what a daemon says; the manager is a socket of the test's
 * own. */
#include "base/service.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX];
static int manager;

static void begin(const char *watchdog_us)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	check_folder(folder);
	ck_assert_int_lt(snprintf(at.sun_path, sizeof(at.sun_path),
				  "%s/notify", folder),
			 (int)sizeof(at.sun_path));
	manager = socket(AF_UNIX, SOCK_DGRAM, 0);
	ck_assert_int_ge(manager, 0);
	ck_assert_int_eq(bind(manager, (struct sockaddr *)&at, sizeof(at)), 0);
	setenv("NOTIFY_SOCKET", at.sun_path, 1);
	unsetenv("WATCHDOG_PID");
	if (watchdog_us)
		setenv("WATCHDOG_USEC", watchdog_us, 1);
	else
		unsetenv("WATCHDOG_USEC");
}

static void done(void)
{
	close(manager);
	check_folder_done(folder);
}

/* What has come; "" when nothing has: a datagram is there once it was sent. */
static const char *heard(void)
{
	static char text[1024];
	ssize_t n = recv(manager, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

START_TEST(words_are_those_of_sd_notify)
{
	begin(NULL);
	service_extend(1500);
	ck_assert_str_eq(heard(), "EXTEND_TIMEOUT_USEC=1500000");
	service_ready();
	ck_assert_str_eq(heard(), "READY=1");
	service_status("%d articles", 3);
	ck_assert_str_eq(heard(), "STATUS=3 articles");
	service_stopping();
	ck_assert_str_eq(heard(), "STOPPING=1");
	ck_assert_str_eq(heard(), "");
	ck_assert_ptr_nonnull(getenv("NOTIFY_SOCKET"));
	done();
}
END_TEST

START_TEST(reloading_says_when)
{
	long long before = clock_ns() / 1000, at;

	begin(NULL);
	service_reloading();
	ck_assert_int_eq(sscanf(heard(), "RELOADING=1\nMONOTONIC_USEC=%lld",
				&at), 1);
	ck_assert_int_ge(at, before);
	ck_assert_int_le(at, clock_ns() / 1000);
	done();
}
END_TEST

START_TEST(status_with_line_breaks_is_one_field)
{
	begin(NULL);
	service_status("%s", "reading a\nREADY=1\nMAINPID=1");
	ck_assert_str_eq(heard(), "STATUS=reading a READY=1 MAINPID=1");
	done();
}
END_TEST

START_TEST(nothing_happens_without_a_manager)
{
	unsetenv("NOTIFY_SOCKET");
	service_ready();
	service_turn(true);
	service_status("x");
	service_stopping();
	ck_assert_int_lt(service_stalled_ms(), 60000);
}
END_TEST

START_TEST(turns_without_a_watchdog_are_silent)
{
	begin(NULL);
	service_turn(true);
	ck_assert_str_eq(heard(), "");
	done();
}
END_TEST

START_TEST(turns_feed_the_watchdog_at_most_each_half_period)
{
	begin("3600000000");
	service_turn(true);
	ck_assert_str_eq(heard(), "WATCHDOG=1");
	for (int i = 0; i < 1000; i++)
		service_turn(true);
	ck_assert_str_eq(heard(), "");
	done();
}
END_TEST

/* Turns as fast as they come, over about four half periods. */
START_TEST(turns_feed_the_watchdog_again_and_again)
{
	int64_t until, n = 0;

	begin("40000");
	until = clock_ms() + 80;
	while (clock_ms() < until) {
		service_turn(true);
		n += heard()[0] != '\0';
	}
	ck_assert_int_ge(n, 1);
	ck_assert_int_le(n, 5);
	done();
}
END_TEST

START_TEST(turns_that_get_nowhere_do_not_feed_the_watchdog)
{
	int64_t until;

	begin("2000");
	service_turn(false);
	until = clock_ms() + 20;
	while (clock_ms() < until)
		service_turn(false);
	ck_assert_str_eq(heard(), "");
	ck_assert_int_ge(service_stalled_ms(), 19);
	service_turn(true);
	ck_assert_str_eq(heard(), "WATCHDOG=1");
	ck_assert_int_lt(service_stalled_ms(), 19);
	done();
}
END_TEST

START_TEST(watchdog_of_another_process_is_not_ours)
{
	begin("2000");
	setenv("WATCHDOG_PID", "1", 1);
	service_turn(true);
	ck_assert_str_eq(heard(), "");
	done();
}
END_TEST

START_TEST(child_reports_to_its_parent_alone)
{
	char text[16] = "";
	int ends[2];

	begin("2000");
	ck_assert_int_eq(pipe(ends), 0);
	service_report_to(ends[1]);
	service_extend(5000);
	service_ready();
	for (int i = 0; i < 100; i++)
		service_turn(true);
	service_turn(false);
	service_status("x");
	service_reloading();
	service_stopping();
	ck_assert_str_eq(heard(), "");
	ck_assert_int_eq(read(ends[0], text, sizeof(text)), 3);
	ck_assert_str_eq(text, "ert");
	done();
}
END_TEST

START_TEST(child_of_a_deaf_parent_goes_on)
{
	char text[4096];
	int ends[2], n = 0;

	memset(text, 'x', sizeof(text));
	ck_assert_int_eq(pipe(ends), 0);
	service_report_to(ends[1]);
	while (write(ends[1], text, sizeof(text)) > 0)
		n++;
	ck_assert_int_gt(n, 0);
	service_ready();
	service_turn(true);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(words_are_those_of_sd_notify),
		CHECK_TEST(reloading_says_when),
		CHECK_TEST(status_with_line_breaks_is_one_field),
		CHECK_TEST(nothing_happens_without_a_manager),
		CHECK_TEST(turns_without_a_watchdog_are_silent),
		CHECK_TEST(turns_feed_the_watchdog_at_most_each_half_period),
		CHECK_TEST(turns_feed_the_watchdog_again_and_again),
		CHECK_TEST(turns_that_get_nowhere_do_not_feed_the_watchdog),
		CHECK_TEST(watchdog_of_another_process_is_not_ours),
		CHECK_TEST(child_reports_to_its_parent_alone),
		CHECK_TEST(child_of_a_deaf_parent_goes_on),
		CHECK_END,
	};

	return check_main("service", tests);
}
