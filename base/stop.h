/* stop.h -- SIGTERM and SIGINT as a question that loops ask. Waits end within
 * a heartbeat, so no signal is missed for longer. */
#ifndef VIGIE_STOP_H
#define VIGIE_STOP_H

#include <signal.h>
#include <stdbool.h>

/* Catch SIGTERM, SIGINT and SIGHUP; ignore SIGPIPE and SIGXFSZ, whose writes
 * then fail with EPIPE and EFBIG. */
void stop_install(void);
/* The same in a process that its parent looks after, which alone says when to
 * stop, by STOP_CHILD: a ^C that the terminal sends to all of them, or a
 * SIGTERM that timeout(1) or systemd send to a whole group, is for the parent.
 * (A signal of its own, since two of a kind that come at once are one.) */
enum { STOP_CHILD = SIGUSR1 };
void stop_install_child(void);
bool stop_asked(void);
/* How often a signal came: the second one means now. */
int stop_count(void);

/* Since the last call: did SIGHUP ask to read again what is read from files?
 * Only after stop_install_daemon(), which is stop_install() with SIGHUP as that
 * question rather than as a wish to stop; children of stop_install_child() are
 * asked by STOP_RELOAD. */
enum { STOP_RELOAD = SIGUSR2 };
void stop_install_daemon(void);
bool stop_reload_asked(void);

#endif
