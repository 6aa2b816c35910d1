/* summary.h -- what a run found, for people: how many articles on each topic,
 * and where they stand on it. Counts keys; knows nothing of records. Owned by
 * the sink, one thread. */
#ifndef VIGIE_SUMMARY_H
#define VIGIE_SUMMARY_H

#include "base/str.h"

/* Names beyond these ceilings share the last place, "(others)". */
enum { SUMMARY_TOPICS_MAX = 4096, SUMMARY_STANCES_MAX = 16 };

struct summary;

/* Returns 0 or -ENOMEM. */
int summary_new(struct summary **ret);
void summary_free(struct summary *s);
/* Count one article by its keys: "topic.stance" or "topic" lines (the stance
 * is what follows the last dot), "none" or nothing for no topic. Returns 0 or
 * -ENOMEM. */
int summary_add(struct summary *s, struct str keys);
/* Add the table to out: topics by count, then by name; favour, against,
 * neutral and unsure first of the stances that occur. Or "no articles". */
void summary_write(struct summary *s, struct buf *out);

#endif
