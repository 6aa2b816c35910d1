#include "ingest/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/check_main.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

enum { MEMORY = 32 << 20 };

static struct err err;
static int fd = -1;
static int kept = -1; /* what confine_fork() is told to keep */

static pid_t begin(int (*work)(void *self, int fd), void *self)
{
	struct confine_limits l = { .memory = MEMORY };
	pid_t pid;

	err_clear(&err);
	ck_assert_msg(!confine_fork(&l, kept, NULL, work, self, &pid, &fd,
				    &err),
		      "%s", err.text);
	return pid;
}

/* What a child that is let alone ends with. */
static int ends(int (*work)(void *self, int fd), void *self)
{
	pid_t pid = begin(work, self);
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	close(fd);
	return status;
}

static void is_killed_by(int status, int number)
{
	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == number,
		      "status 0x%x, not signal %d", (unsigned int)status,
		      number);
}

static int give_back(void *self, int at)
{
	char c;

	(void)self;
	while (read(at, &c, 1) == 1)
		if (write(at, &c, 1) != 1)
			return 1;
	return 7;
}

START_TEST(fork_child_speaks_and_gives_its_code)
{
	pid_t pid = begin(give_back, NULL);
	char got = 0;
	int status;

	ck_assert_int_eq(write(fd, "x", 1), 1);
	ck_assert_int_eq(read(fd, &got, 1), 1);
	ck_assert_int_eq(got, 'x');
	close(fd);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 7);
}
END_TEST

START_TEST(fork_ours_is_closed_on_exec)
{
	pid_t pid = begin(give_back, NULL);

	ck_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	is_killed_by(confine_end(pid), SIGKILL);
}
END_TEST

static int open_file(void *self, int at)
{
	(void)at;
	return open(self, O_RDONLY) >= 0;
}

static int open_socket(void *self, int at)
{
	(void)self, (void)at;
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static int fork_more(void *self, int at)
{
	(void)self, (void)at;
	return fork() >= 0;
}

static int run_program(void *self, int at)
{
	char *argv[] = { self, NULL };

	(void)at;
	return execv(self, argv);
}

static int kill_parent(void *self, int at)
{
	(void)at;
	return kill(*(pid_t *)self, SIGUSR1);
}

static int run_memory(void *self, int at)
{
	(void)self, (void)at;
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static int trace(void *self, int at)
{
	(void)self, (void)at;
	return prctl(PR_SET_NAME, "else", 0, 0, 0);
}

START_TEST(fork_open_kills_the_child)
{
	char path[] = "/dev/null";

	is_killed_by(ends(open_file, path), SIGSYS);
}
END_TEST

START_TEST(fork_socket_kills_the_child)
{
	is_killed_by(ends(open_socket, NULL), SIGSYS);
}
END_TEST

START_TEST(fork_fork_kills_the_child)
{
	is_killed_by(ends(fork_more, NULL), SIGSYS);
}
END_TEST

START_TEST(fork_exec_kills_the_child)
{
	char path[] = "/bin/true";

	is_killed_by(ends(run_program, path), SIGSYS);
}
END_TEST

START_TEST(fork_kill_kills_the_child_alone)
{
	pid_t us = getpid();

	is_killed_by(ends(kill_parent, &us), SIGSYS);
}
END_TEST

START_TEST(fork_memory_to_run_kills_the_child)
{
	is_killed_by(ends(run_memory, NULL), SIGSYS);
}
END_TEST

START_TEST(fork_prctl_kills_the_child)
{
	if (!SANITIZED)
		is_killed_by(ends(trace, NULL), SIGSYS);
}
END_TEST

static int abort_now(void *self, int at)
{
	(void)self, (void)at;
	abort();
}

START_TEST(fork_abort_is_an_abort)
{
	is_killed_by(ends(abort_now, NULL), SIGABRT);
}
END_TEST

/* How many of a megabyte each can be had, at most 200. */
static int take_memory(void *self, int at)
{
	int n = 0;
	char *p;

	(void)self, (void)at;
	while (n < 200 && (p = malloc(1 << 20))) {
		memset(p, 1, 1 << 20);
		n++;
	}
	return n;
}

START_TEST(fork_memory_ends_at_the_limit)
{
	int status = ends(take_memory, NULL);

	ck_assert(WIFEXITED(status));
	if (SANITIZED)
		return;
	ck_assert_int_le(WEXITSTATUS(status), MEMORY >> 20);
	ck_assert_int_ge(WEXITSTATUS(status), (MEMORY >> 20) - 4);
}
END_TEST

static int spin(void *self, int at)
{
	volatile bool on = true;

	(void)at;
	confine_step(*(int *)self);
	while (on)
		;
	return 0;
}

START_TEST(step_longer_than_told_kills)
{
	int ms = 30;

	is_killed_by(ends(spin, &ms), SIGPROF);
}
END_TEST

static int steps(void *self, int at)
{
	(void)self, (void)at;
	confine_step(10);
	confine_step(0);
	for (volatile unsigned int i = 0; i < 50000000; i = i + 1)
		;
	return 3;
}

START_TEST(step_taken_back_does_not_kill)
{
	int status = ends(steps, NULL);

	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 3);
}
END_TEST

START_TEST(fork_seconds_of_processor_end)
{
	struct confine_limits l = { .memory = MEMORY, .seconds = 1 };
	int ms = 0, status;
	pid_t pid;

	ck_assert_int_eq(confine_fork(&l, -1, NULL, spin, &ms, &pid, &fd,
				      &err), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert(WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL);
}
END_TEST

/* 0 when everything but 2, the socket and what is kept is closed. */
static int count_open(void *self, int at)
{
	char c;
	int bad = 0;

	for (int i = 0; i < 64; i++)
		if (i != at && i != *(int *)self && i != STDERR_FILENO)
			bad += read(i, &c, 0) == 0 || errno != EBADF;
	return bad;
}

START_TEST(fork_other_descriptors_are_closed)
{
	int none = -1, more[8], status;

	for (size_t i = 0; i < 8; i++)
		more[i] = open("/dev/null", O_RDONLY);
	status = ends(count_open, &none);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	kept = more[3];
	status = ends(count_open, &kept);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

static int read_kept(void *self, int at)
{
	char c = 0;

	(void)at;
	return read(*(int *)self, &c, 1) == 1 ? c : 0;
}

START_TEST(fork_kept_descriptor_is_readable)
{
	int pair[2], status;

	ck_assert_int_eq(pipe(pair), 0);
	ck_assert_int_eq(write(pair[1], "k", 1), 1);
	kept = pair[0];
	status = ends(read_kept, &kept);
	ck_assert_int_eq(WEXITSTATUS(status), 'k');
}
END_TEST

static void note(int number)
{
	(void)number;
	_exit(99);
}

static int raise_some(void *self, int at)
{
	(void)self, (void)at;
	raise(SIGINT);
	raise(SIGTERM);
	raise(SIGHUP);
	raise(SIGPIPE);
	return 5;
}

static int raise_user(void *self, int at)
{
	(void)self, (void)at;
	raise(SIGUSR1);
	return 5;
}

START_TEST(fork_signals_of_the_group_do_nothing)
{
	struct sigaction a = { .sa_handler = note };
	int status;

	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGINT, &a, NULL);
	status = ends(raise_some, NULL);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 5);
}
END_TEST

START_TEST(fork_handlers_of_the_parent_are_gone)
{
	struct sigaction a = { .sa_handler = note };

	sigaction(SIGUSR1, &a, NULL);
	is_killed_by(ends(raise_user, NULL), SIGUSR1);
}
END_TEST

static void load(void *self)
{
	*(int *)self = open("/dev/null", O_RDONLY) >= 0;
}

static int loaded(void *self, int at)
{
	(void)at;
	return *(int *)self;
}

START_TEST(fork_prepare_runs_before_the_door_is_shut)
{
	struct confine_limits l = { .memory = MEMORY };
	int opened = 0, status;
	pid_t pid;

	ck_assert_int_eq(confine_fork(&l, -1, load, loaded, &opened, &pid,
				      &fd, &err), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(WEXITSTATUS(status), 1);
	ck_assert_int_eq(opened, 0); /* there, not here */
}
END_TEST

static void crash(void *self)
{
	(void)self;
	signal(SIGABRT, SIG_DFL);
	abort();
}

START_TEST(fork_prepare_that_dies_is_an_error)
{
	struct confine_limits l = { .memory = MEMORY };
	pid_t pid;

	err_clear(&err);
	ck_assert_int_eq(confine_fork(&l, -1, crash, loaded, NULL, &pid, &fd,
				      &err), -ECHILD);
	ck_assert_ptr_nonnull(strstr(err.text, "died as it began"));
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

START_TEST(fork_child_dies_with_its_parent)
{
	int there[2];
	pid_t parent, child = 0;
	char c;

	ck_assert_int_eq(pipe(there), 0);
	parent = fork();
	if (!parent) {
		kept = there[1]; /* open as long as the child lives */
		child = begin(give_back, NULL);
		close(there[0]);
		ck_assert_int_gt(child, 0);
		ck_assert_int_eq(write(there[1], "r", 1), 1);
		for (;;)
			pause();
	}
	close(there[1]);
	ck_assert_int_eq(read(there[0], &c, 1), 1);
	kill(parent, SIGKILL);
	waitpid(parent, NULL, 0);
	ck_assert_int_eq(read(there[0], &c, 1), 0);
}
END_TEST

START_TEST(end_dead_child_tells_what_it_died_of)
{
	pid_t pid = begin(abort_now, NULL);
	char c;

	ck_assert_int_eq(read(fd, &c, 1), 0);
	is_killed_by(confine_end(pid), SIGABRT);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(fork_child_speaks_and_gives_its_code),
		CHECK_TEST(fork_ours_is_closed_on_exec),
		CHECK_TEST(fork_open_kills_the_child),
		CHECK_TEST(fork_socket_kills_the_child),
		CHECK_TEST(fork_fork_kills_the_child),
		CHECK_TEST(fork_exec_kills_the_child),
		CHECK_TEST(fork_kill_kills_the_child_alone),
		CHECK_TEST(fork_memory_to_run_kills_the_child),
		CHECK_TEST(fork_prctl_kills_the_child),
		CHECK_TEST(fork_abort_is_an_abort),
		CHECK_TEST(fork_memory_ends_at_the_limit),
		CHECK_TEST(step_longer_than_told_kills),
		CHECK_TEST(step_taken_back_does_not_kill),
		CHECK_TEST(fork_seconds_of_processor_end),
		CHECK_TEST(fork_other_descriptors_are_closed),
		CHECK_TEST(fork_kept_descriptor_is_readable),
		CHECK_TEST(fork_signals_of_the_group_do_nothing),
		CHECK_TEST(fork_handlers_of_the_parent_are_gone),
		CHECK_TEST(fork_prepare_runs_before_the_door_is_shut),
		CHECK_TEST(fork_prepare_that_dies_is_an_error),
		CHECK_TEST(fork_child_dies_with_its_parent),
		CHECK_TEST(end_dead_child_tells_what_it_died_of),
		CHECK_END,
	};

	return check_main("confine", tests);
}
