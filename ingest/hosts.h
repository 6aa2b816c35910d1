/* hosts.h -- whose turn it is: requests wait in a queue a host, one of a host
 * runs at a time, and between two lies a gap; among hosts who has waited
 * longest goes first. And which hosts want to be left alone. No clock of its
 * own, no network; one thread. */
#ifndef VIGIE_HOSTS_H
#define VIGIE_HOSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum {
	HOSTS_REST_MIN = 10 * 60 * 1000,	/* milliseconds */
	HOSTS_REST_MAX = 24 * 3600 * 1000,	/* that we choose */
};
#define HOSTS_TOLD_MAX (INT64_C(7) * 24 * 3600 * 1000) /* that they choose */

struct hosts;
struct host;

/* A place in a queue; its owner is known by where it lies. */
struct hosts_entry {
	struct hosts_entry *next, *before;
	struct host *host; /* while it waits or runs; else NULL */
};

int hosts_new(struct hosts **ret);
void hosts_free(struct hosts *h); /* entries are their owners' */

/* Wait for a turn at the host of this name (lower case), behind the others or
 * before them. Times here are of one clock that never goes back, in
 * milliseconds. 0 or -ENOMEM. */
int hosts_queue(struct hosts *h, struct str name, struct hosts_entry *e,
		bool first, int64_t now);
/* Wait no more. */
void hosts_leave(struct hosts *h, struct hosts_entry *e);
/* Whose turn it is, or NULL; it runs until hosts_done(). */
struct hosts_entry *hosts_take(struct hosts *h, int64_t now);
/* It has run; the next of its host not before `next`. */
void hosts_done(struct hosts *h, struct hosts_entry *e, int64_t next,
		int64_t now);
/* When hosts_take() gives the next, or -1: never, as it is. */
int64_t hosts_due(const struct hosts *h);
/* Forget hosts about which there is nothing to remember, when there are many;
 * cheap when there are not. */
void hosts_tidy(struct hosts *h, int64_t now, int64_t wall);

/* The host wants to be left alone: for told_ms (at most HOSTS_TOLD_MAX), or,
 * when that is negative, for as long as we think, which is twice as long each
 * time until hosts_good(). wall: milliseconds since 1970, which outlives us.
 * Returns for how long, in milliseconds. */
int64_t hosts_rest(struct hosts *h, struct str name, int64_t told_ms,
		   int64_t wall);
void hosts_good(struct hosts *h, struct str name);
/* As it was remembered; one too far from wall is cut. */
void hosts_rest_set(struct hosts *h, struct str name, int64_t until,
		    int64_t wall);
/* Until when, since 1970; 0: it does not rest. */
int64_t hosts_rest_until(const struct hosts *h, struct str name,
			 int64_t wall);

#endif
