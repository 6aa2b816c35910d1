#include "base/stop.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t asked, reload;

static void on_signal(int number)
{
	(void)number;
	asked = asked + 1;
}

static void on_reload(int number)
{
	(void)number;
	reload = 1;
}

static void catch(int number, void (*handler)(int))
{
	struct sigaction act = { .sa_handler = handler };

	sigemptyset(&act.sa_mask);
	sigaction(number, &act, NULL);
}

static void install(void (*on_others)(int))
{
	catch(SIGTERM, on_others);
	catch(SIGINT, on_others);
	catch(SIGHUP, on_others);
	catch(SIGPIPE, SIG_IGN);
	catch(SIGXFSZ, SIG_IGN);
}

void stop_install(void)
{
	install(on_signal);
}

void stop_install_child(void)
{
	install(SIG_IGN);
	catch(STOP_CHILD, on_signal);
	catch(STOP_RELOAD, on_reload);
}

void stop_install_daemon(void)
{
	install(on_signal);
	catch(SIGHUP, on_reload);
}

bool stop_reload_asked(void)
{
	bool was = reload;

	reload = 0;
	return was;
}

bool stop_asked(void)
{
	return asked > 0;
}

int stop_count(void)
{
	return asked;
}
