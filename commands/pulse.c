#include "commands/pulse.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int pulse_begin(struct pulse *p)
{
	int ends[2];

	pulse_end(p);
	if (pipe(ends))
		return -errno;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	p->fd = ends[0] + 1;
	return ends[1];
}

void pulse_end(struct pulse *p)
{
	if (p->fd)
		close(p->fd - 1);
	*p = (struct pulse){ .fd = 0 };
}

bool pulse_hear(struct pulse *p, int64_t now_ms)
{
	bool more_time = false;
	char what[64];
	ssize_t n;

	while (p->fd && (n = read(p->fd - 1, what, sizeof(what))) > 0)
		for (ssize_t i = 0; i < n; i++) {
			p->ready |= what[i] == 'r';
			more_time |= what[i] == 'e';
			if (what[i] == 'r' || what[i] == 't')
				p->heard_ms = now_ms;
		}
	return more_time;
}

bool pulse_gets_on(const struct pulse *p, int64_t now_ms)
{
	return !p->ready || now_ms - p->heard_ms <= PULSE_STALE_MS;
}
