/* pulse.h -- what the rooms of one `vigie run` report through pipes
 * (service_report_to()), and what follows for the whole of it: whether it is
 * ready, and whether it gets on. Owns the reading ends. One thread. */
#ifndef VIGIE_PULSE_H
#define VIGIE_PULSE_H

#include <stdbool.h>
#include <stdint.h>

/* A room that is ready reports at least each second; one that has not for so
 * long does not get on. */
enum { PULSE_STALE_MS = 5000 };

/* What is known of one room; zeroed: not running. */
struct pulse {
	int fd;		  /* the reading end and one; 0: none */
	bool ready;	  /* of this life */
	int64_t heard_ms; /* its last turn, or when it was ready */
};

/* A pipe for a room about to be forked: the writing end is returned, for the
 * child's service_report_to(), and closed by the parent. -errno on failure. What
 * an earlier life of the room has reported is forgotten. */
int pulse_begin(struct pulse *p);
/* The room is gone; or, in a child, the room is another. */
void pulse_end(struct pulse *p);

/* Hear what has come, without waiting. Returns whether the room asked for more
 * time since the last call. */
bool pulse_hear(struct pulse *p, int64_t now_ms);
/* A room that is still starting is not judged: the manager's patience with
 * starts does that. */
bool pulse_gets_on(const struct pulse *p, int64_t now_ms);

#endif
