/* stop.h -- SIGTERM and SIGINT as a question that loops ask. Waits end within
 * a heartbeat, so no signal is missed for longer. */
#ifndef VIGIE_STOP_H
#define VIGIE_STOP_H

#include <stdbool.h>
#include <sys/types.h>

/* Catch SIGTERM, SIGINT and SIGHUP; ignore SIGPIPE and SIGXFSZ, whose writes
 * then fail with EPIPE and EFBIG. */
void stop_install(void);
/* The same in a process that its parent looks after, which alone says when to
 * stop: a ^C that the terminal sends to all of them, or a SIGTERM that timeout(1)
 * or systemd send to a whole group, is for the parent. */
void stop_install_child(pid_t parent);
bool stop_asked(void);
/* How often a signal came: the second one means now. */
int stop_count(void);

#endif
