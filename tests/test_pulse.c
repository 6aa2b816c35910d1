#include "commands/pulse.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/check_main.h"

static struct pulse p;
static int child; /* its end of the pipe */

static void begin(void)
{
	child = pulse_begin(&p);
	ck_assert_int_ge(child, 0);
}

static void say(const char *what)
{
	ck_assert_int_eq(write(child, what, strlen(what)),
			 (ssize_t)strlen(what));
}

static void done(void)
{
	close(child);
	pulse_end(&p);
}

START_TEST(hear_nothing_does_not_wait)
{
	begin();
	ck_assert(!pulse_hear(&p, 5));
	ck_assert(!p.ready);
	done();
	ck_assert(!pulse_hear(&p, 5));
}
END_TEST

START_TEST(hear_ready_and_more_time)
{
	begin();
	say("eet");
	ck_assert(pulse_hear(&p, 5));
	ck_assert(!p.ready);
	ck_assert(!pulse_hear(&p, 6));
	say("r");
	ck_assert(!pulse_hear(&p, 7));
	ck_assert(p.ready);
	done();
}
END_TEST

START_TEST(hear_more_than_fits_at_once)
{
	begin();
	for (int i = 0; i < 200; i++)
		say("t");
	say("r");
	pulse_hear(&p, 5);
	ck_assert(p.ready);
	done();
}
END_TEST

START_TEST(gets_on_while_turns_come)
{
	begin();
	say("r");
	pulse_hear(&p, 1000);
	ck_assert(pulse_gets_on(&p, 1000 + PULSE_STALE_MS));
	ck_assert(!pulse_gets_on(&p, 1001 + PULSE_STALE_MS));
	say("t");
	pulse_hear(&p, 9000);
	ck_assert(pulse_gets_on(&p, 9000 + PULSE_STALE_MS));
	pulse_hear(&p, 9001 + PULSE_STALE_MS);
	ck_assert(!pulse_gets_on(&p, 9001 + PULSE_STALE_MS));
	done();
}
END_TEST

START_TEST(who_is_starting_is_not_judged)
{
	begin();
	say("t");
	pulse_hear(&p, 1);
	ck_assert(pulse_gets_on(&p, 1000000));
	done();
}
END_TEST

START_TEST(begin_again_forgets_the_life_before)
{
	int before;

	begin();
	say("r");
	pulse_hear(&p, 1);
	before = child;
	child = pulse_begin(&p);
	ck_assert(!p.ready);
	ck_assert_int_eq(write(before, "r", 1), -1); /* SIGPIPE is ignored */
	ck_assert_int_eq(errno, EPIPE);
	close(before);
	ck_assert(!pulse_hear(&p, 2));
	ck_assert(!p.ready);
	done();
}
END_TEST

START_TEST(begin_without_descriptors_is_an_error)
{
	struct rlimit none = { 0, 4096 };

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	ck_assert_int_eq(pulse_begin(&p), -EMFILE);
	none.rlim_cur = 4096;
	setrlimit(RLIMIT_NOFILE, &none);
	ck_assert(!pulse_hear(&p, 1));
}
END_TEST

START_TEST(pipe_is_not_for_other_programs)
{
	begin();
	ck_assert_int_eq(fcntl(child, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(p.fd - 1, F_GETFD), FD_CLOEXEC);
	done();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(hear_nothing_does_not_wait),
		CHECK_TEST(hear_ready_and_more_time),
		CHECK_TEST(hear_more_than_fits_at_once),
		CHECK_TEST(gets_on_while_turns_come),
		CHECK_TEST(who_is_starting_is_not_judged),
		CHECK_TEST(begin_again_forgets_the_life_before),
		CHECK_TEST(begin_without_descriptors_is_an_error),
		CHECK_TEST(pipe_is_not_for_other_programs),
		CHECK_END,
	};

	signal(SIGPIPE, SIG_IGN);
	return check_main("pulse", tests);
}
