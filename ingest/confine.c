#include "ingest/confine.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __has_feature /* clang */
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

enum { NO_CHILD = 70 }; /* exit code; the sentence came before it */

/* What the child says once: that its door is shut, or why not. */
struct report {
	int result;
	char text[256];
};

static const int harmless[] = {
	/* the socket and the descriptor to keep: it has no others, and no way
	 * to have more */
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(recvfrom), SCMP_SYS(write),
	SCMP_SYS(writev), SCMP_SYS(sendto), SCMP_SYS(close), SCMP_SYS(fstat),
	/* memory; mmap and mprotect stand below */
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	SCMP_SYS(futex), SCMP_SYS(sysinfo), /* qsort() asks how much there is */
	/* time */
	SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(setitimer),
	SCMP_SYS(restart_syscall),
	/* dying in order: abort(), assert() */
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(getpid),
	SCMP_SYS(gettid), SCMP_SYS(exit), SCMP_SYS(exit_group),
	SCMP_SYS(getrandom),
};

/* What the run-time libraries of sanitizers ask for; still no file. */
static const int sanitizing[] = {
	SCMP_SYS(sched_yield), SCMP_SYS(getrlimit), SCMP_SYS(prlimit64),
	SCMP_SYS(mincore), SCMP_SYS(getppid), SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(getrusage), SCMP_SYS(prctl),
};

static int allow(scmp_filter_ctx f, const int *v, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && !r; i++)
		r = seccomp_rule_add(f, SCMP_ACT_ALLOW, v[i], 0);
	return r;
}

/* Memory that cannot be run, signals to itself alone. */
static int allow_some(scmp_filter_ctx f)
{
	int r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				 SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));

	if (!r)
		r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC,
					     0));
	if (!r)
		r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				     SCMP_A0(SCMP_CMP_EQ,
					     (scmp_datum_t)getpid(), 0));
	return r;
}

static int no_seccomp(int r, struct err *e)
{
	return err_set(e, r,
		       "the kernel will not confine the process that takes "
		       "apart what strangers wrote (seccomp: %s); let the "
		       "container use seccomp and no_new_privs, or run vigie "
		       "on a kernel that has CONFIG_SECCOMP_FILTER",
		       strerror(-r));
}

static int shut_calls(struct err *e)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int r = f ? seccomp_attr_set(f, SCMP_FLTATR_API_SYSRAWRC, 1) : -ENOMEM;

	if (!r)
		r = allow(f, harmless, sizeof(harmless) / sizeof(*harmless));
	if (!r && SANITIZED)
		r = allow(f, sanitizing,
			  sizeof(sanitizing) / sizeof(*sanitizing));
	if (!r)
		r = allow_some(f);
	if (!r)
		r = seccomp_load(f);
	seccomp_release(f);
	return r ? no_seccomp(r, e) : 0;
}

/* No more than that; what is stricter already stays. */
static int limit(int what, rlim_t n, struct err *e)
{
	struct rlimit l;

	if (!getrlimit((__rlimit_resource_t)what, &l)) {
		l.rlim_max = l.rlim_max < n ? l.rlim_max : n;
		l.rlim_cur = l.rlim_max;
		if (!setrlimit((__rlimit_resource_t)what, &l))
			return 0;
	}
	return err_sys(e, -errno, "limiting the process that parses");
}

/* The address space that the program has now, in bytes. */
static int space_taken(size_t *ret, struct err *e)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long pages;
	int n;

	if (!f)
		return err_sys(e, -errno, "/proc/self/statm");
	n = fscanf(f, "%lu", &pages);
	fclose(f);
	if (n != 1)
		return err_set(e, -EIO, "/proc/self/statm: no number");
	*ret = (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
	return 0;
}

static int shut_resources(const struct confine_limits *l, struct err *e)
{
	size_t taken = 0;
	int r = space_taken(&taken, e);

	if (!r && !SANITIZED)
		r = limit(RLIMIT_AS, taken + l->memory, e);
	if (!r && !SANITIZED) /* their reports may go to a file */
		r = limit(RLIMIT_FSIZE, 0, e);
	if (!r && l->seconds)
		r = limit(RLIMIT_CPU, (rlim_t)l->seconds, e);
	if (!r)
		r = limit(RLIMIT_CORE, 0, e);
	if (!r)
		r = limit(RLIMIT_NPROC, 0, e);
	return r ? r : limit(RLIMIT_NOFILE, 0, e);
}

static int shut(const struct confine_limits *l, struct err *e)
{
	int r = shut_resources(l, e);

	if (r)
		return r;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return no_seccomp(-errno, e);
	if (!SANITIZED && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return err_sys(e, -errno, "prctl(PR_SET_DUMPABLE)");
	return shut_calls(e);
}

/* Whatever handlers the parent has must not run here: they speak to pipes that
 * are the parent's. It is the parent that decides when to stop, and closes the
 * socket, or dies. All signals are blocked until here. */
static void own_signals(void)
{
	static const int deaf[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE,
				    SIGXFSZ };
	sigset_t none;

	for (int i = 1; i <= SIGRTMAX; i++)
		signal(i, SIG_DFL); /* not for all; then it is so already */
	for (size_t i = 0; i < sizeof(deaf) / sizeof(*deaf); i++)
		signal(deaf[i], SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static int close_between(int from, int to)
{
	if (from > to)
		return 0;
	return syscall(SYS_close_range, (unsigned int)from, (unsigned int)to,
		       0) ? -errno : 0;
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static int close_others(int fd, int keep, struct err *e)
{
	int kept[3] = { fd, keep, STDERR_FILENO }, from = 0, r = 0;

	qsort(kept, 3, sizeof(*kept), by_number);
	for (int i = 0; i < 3 && !r; i++) {
		r = close_between(from, kept[i] - 1);
		from = kept[i] + 1;
	}
	if (!r)
		r = close_between(from, ~0U >> 1);
	return r ? err_sys(e, r, "close_range()") : 0;
}

static int seclude(int fd, int keep, pid_t parent, struct err *e)
{
	own_signals();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
		return err_sys(e, -errno, "prctl(PR_SET_PDEATHSIG)");
	if (getppid() != parent)
		_exit(NO_CHILD); /* it died before it could have told us */
	return close_others(fd, keep, e);
}

static bool say(int fd, int r, const struct err *e)
{
	struct report say = { .result = r };

	memcpy(say.text, e->text, strnlen(e->text, sizeof(say.text) - 1));
	return write(fd, &say, sizeof(say)) == (ssize_t)sizeof(say);
}

struct way_in {
	const struct confine_limits *limits;
	int fd, keep;
	void (*prepare)(void *self);
	int (*work)(void *self, int fd);
	void *self;
};

static _Noreturn void child_main(const struct way_in *w, pid_t parent)
{
	struct err e = { "" };
	int r;

	r = seclude(w->fd, w->keep, parent, &e);
	if (!r && w->prepare)
		w->prepare(w->self);
	if (!r)
		r = shut(w->limits, &e);
	if (!say(w->fd, r, &e) || r)
		_exit(NO_CHILD);
	_exit(w->work(w->self, w->fd));
}

static pid_t fork_quietly(const struct way_in *w)
{
	pid_t parent = getpid(), pid;
	sigset_t all, was;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	pid = fork();
	if (!pid)
		child_main(w, parent);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	return pid;
}

static int hear(int fd, pid_t pid, struct err *e)
{
	struct report told = { .result = 0 };
	ssize_t n;
	int status;

	do
		n = recv(fd, &told, sizeof(told), MSG_WAITALL);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)sizeof(told) && !told.result)
		return 0;
	status = confine_end(pid);
	if (n == (ssize_t)sizeof(told))
		return err_set(e, told.result, "%.*s",
			       (int)strnlen(told.text, sizeof(told.text)),
			       told.text);
	return err_set(e, -ECHILD,
		       "the process that parses died as it began (status "
		       "0x%04x); is there memory?", (unsigned int)status);
}

int confine_fork(const struct confine_limits *l, int keep,
		 void (*prepare)(void *self), int (*work)(void *self, int fd),
		 void *self, pid_t *pid, int *fd, struct err *e)
{
	struct way_in w = { l, -1, keep, prepare, work, self };
	int pair[2], r;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return err_sys(e, -errno, "a socket pair to parse behind");
	w.fd = pair[1];
	child = fork_quietly(&w);
	r = child < 0 ? err_sys(e, -errno, "starting a process to parse in")
		      : 0;
	close(pair[1]);
	if (!r)
		r = hear(pair[0], child, e);
	if (r) {
		close(pair[0]);
		return r;
	}
	*pid = child;
	*fd = pair[0];
	return 0;
}

int confine_end(pid_t pid)
{
	int status = 0;
	pid_t got;

	kill(pid, SIGKILL);
	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	return status;
}

void confine_step(int ms)
{
	struct itimerval t = { .it_value = { ms / 1000,
					     ms % 1000 * 1000L } };

	setitimer(ITIMER_PROF, &t, NULL);
}
