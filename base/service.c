/* A process has one manager, so what is known of it is kept here. */
#include "base/service.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/clock.h"

enum { REPORT_MS = 1000 };

static struct {
	bool reports;	    /* to a parent … */
	int parent;	    /* … through this */
	bool turned;	    /* service_turn() was told something */
	int64_t got_on_ms;  /* when it last said true */
	int64_t told_ms;    /* when somebody last heard of it */
	int64_t watchdog_ms; /* half the manager's patience; 0: it has none */
} service;

static void report(char what)
{
	ssize_t n = write(service.parent, &what, 1);

	(void)n; /* a parent that does not listen is not our trouble */
}

/* The first turn or word: from here on a silence counts. */
static void begin(int64_t now)
{
	uint64_t patience = 0;

	if (service.turned)
		return;
	service.turned = true;
	service.got_on_ms = now;
	service.told_ms = INT64_MIN / 2;
	if (sd_watchdog_enabled(0, &patience) > 0)
		service.watchdog_ms = (int64_t)(patience / 2000);
}

void service_ready(void)
{
	begin(clock_ms());
	if (service.reports)
		report('r');
	else
		sd_notify(0, "READY=1");
}

void service_extend(int64_t ms)
{
	if (service.reports)
		report('e');
	else
		sd_notifyf(0, "EXTEND_TIMEOUT_USEC=%lld",
			   (long long)ms * 1000);
}

void service_stopping(void)
{
	if (!service.reports)
		sd_notify(0, "STOPPING=1");
}

void service_reloading(void)
{
	if (!service.reports)
		sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld",
			   (long long)(clock_ns() / 1000));
}

/* A line break in it would begin another field. */
static void tame(char *p)
{
	for (; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
}

void service_status(const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tame(text);
	if (!service.reports)
		sd_notifyf(0, "STATUS=%s", text);
}

void service_turn(bool got_on)
{
	int64_t now = clock_ms();

	begin(now);
	if (!got_on)
		return;
	service.got_on_ms = now;
	if (now - service.told_ms <
	    (service.reports ? REPORT_MS : service.watchdog_ms))
		return;
	service.told_ms = now;
	if (service.reports)
		report('t');
	else if (service.watchdog_ms)
		sd_notify(0, "WATCHDOG=1");
}

int64_t service_stalled_ms(void)
{
	int64_t now = clock_ms();

	begin(now);
	return now - service.got_on_ms;
}

void service_report_to(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	service.reports = true;
	service.parent = fd;
	service.turned = false;
	service.watchdog_ms = 0;
}
