/* service.h -- what a daemon tells the service manager (sd_notify(3)): that it
 * is ready, that it goes on, that it stops. Nothing happens where there is no
 * manager. One thread. */
#ifndef VIGIE_SERVICE_H
#define VIGIE_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

/* Recovery is done and the daemon serves. */
void service_ready(void);
/* Starting or stopping takes longer than the unit allows: so many milliseconds
 * more from now on. To be said again before they are over. */
void service_extend(int64_t ms);
void service_stopping(void);
void service_reloading(void); /* service_ready() ends it */
/* A sentence for `systemctl status`. */
void service_status(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* Each turn of a loop says whether it got on: it did something, or there was
 * nothing to do. The watchdog hears of it at most every half period; a loop
 * that turns without getting on does not keep it quiet. */
void service_turn(bool got_on);
/* Milliseconds since service_turn() last said true; until it has, since the
 * first call of service_ready(), service_turn() or this. */
int64_t service_stalled_ms(void);

/* For `vigie run`, whose children do not talk to the manager: from now on
 * service_ready() and service_turn() write to fd instead (one byte 'r' when
 * ready, 't' for a turn that got on, at most one a second), and so does
 * service_extend() ('e': SERVICE_EXTEND_MS more); the others say nothing. fd is
 * borrowed for good and will not block. */
enum { SERVICE_EXTEND_MS = 60000 };
void service_report_to(int fd);

#endif
