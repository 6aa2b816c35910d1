/* verdict.h -- a judgement becomes JSON members for the record. Pure. */
#ifndef VIGIE_VERDICT_H
#define VIGIE_VERDICT_H

#include "base/arena.h"
#include "classify/judge.h"

/* Add "topics":[…],"model":"NAME@sha256:…" to out, and with all_scores
 * "scores":{…}, every column's decision value; to keys, one "topic.stance"
 * line a topic (the topic alone where the model knows no stance), or "none".
 * Needs scratch in the arena. Returns 0, -ENOMEM or -EMSGSIZE. */
int verdict_write(const struct model *m, const struct judgement *j,
		  bool all_scores, struct arena scratch, struct buf *out,
		  struct buf *keys);

/* The members for an article that could not be judged: no topics. */
void verdict_none(const struct model *m, struct buf *out);

#endif
