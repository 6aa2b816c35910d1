/* robots.h -- what a robots.txt allows us to fetch (RFC 9309). Pure; a struct
 * robots is immutable once parsed. */
#ifndef VIGIE_ROBOTS_H
#define VIGIE_ROBOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum {
	ROBOTS_MAX = 500 << 10,	  /* bytes that are read of a robots.txt; the
				   * line that crosses this is not */
	ROBOTS_DELAY_MAX = 60000, /* milliseconds; longer ones are cut to it */
};

/* Our product token: the groups that name it are for us. */
#define ROBOTS_AGENT "vigie"

struct robots;

/* The rules for agent out of body: all groups that name it (whatever the
 * case), else all for "*", else none. Any bytes will do. 0 or -ENOMEM. */
int robots_parse(struct str body, const char *agent, struct robots **ret);
void robots_free(struct robots *r);

/* May this be fetched? target is path and query as in the request. The longest
 * rule that matches decides, Allow before Disallow; /robots.txt may always be.
 * Percent-encoding makes no difference but for reserved characters. A target
 * over 8 KB may not, nor a long one under thousands of rules with a star. */
bool robots_allows(const struct robots *r, struct str target);

/* Crawl-delay, in milliseconds, 0..ROBOTS_DELAY_MAX; 0: not said. */
int64_t robots_delay(const struct robots *r);
/* Bytes of memory, for who keeps many. */
size_t robots_size(const struct robots *r);

#endif
