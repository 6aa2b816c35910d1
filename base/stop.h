/* stop.h -- SIGTERM and SIGINT as a question that loops ask. Waits end within
 * a heartbeat, so no signal is missed for longer. */
#ifndef VIGIE_STOP_H
#define VIGIE_STOP_H

#include <stdbool.h>

/* Catch SIGTERM, SIGINT (and SIGHUP where a terminal may go away); ignore
 * SIGPIPE and SIGXFSZ, whose writes then fail with EPIPE and EFBIG. */
void stop_install(void);
bool stop_asked(void);
/* How often a signal came: the second one means now. */
int stop_count(void);

#endif
