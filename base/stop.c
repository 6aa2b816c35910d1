#include "base/stop.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t asked;
static volatile pid_t only_from; /* 0: anybody; written before it is read */

static void on_signal(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	if (!only_from || info->si_pid == only_from)
		asked = asked + 1;
}

static void catch(int number)
{
	struct sigaction act = { .sa_sigaction = on_signal,
				 .sa_flags = SA_SIGINFO };

	sigemptyset(&act.sa_mask);
	sigaction(number, &act, NULL);
}

static void ignore(int number)
{
	struct sigaction act = { .sa_handler = SIG_IGN };

	sigemptyset(&act.sa_mask);
	sigaction(number, &act, NULL);
}

void stop_install(void)
{
	catch(SIGTERM);
	catch(SIGINT);
	catch(SIGHUP);
	ignore(SIGPIPE);
	ignore(SIGXFSZ);
}

void stop_install_child(pid_t parent)
{
	only_from = parent;
	stop_install();
	ignore(SIGINT);
	ignore(SIGHUP);
}

bool stop_asked(void)
{
	return asked > 0;
}

int stop_count(void)
{
	return asked;
}
