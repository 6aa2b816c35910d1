/* verdict.h -- a judgement becomes JSON members for the record. Pure. */
#ifndef VIGIE_VERDICT_H
#define VIGIE_VERDICT_H

#include "base/arena.h"
#include "classify/judge.h"

/* Add "topics":[…],"unknown_words":0.1,"model":"NAME@sha256:…" to out, and
 * with all_scores "scores":{…}, every column's decision value; to keys, one
 * "topic.stance" line a topic (the topic alone where the model knows no
 * stance), or "none". Where articles come with a target, the topic is given
 * and not found: it has no probability, no "because" and no score, only its
 * stance has. Needs scratch in the arena. Returns 0, -ENOMEM or -EMSGSIZE. */
int verdict_write(const struct model *m, const struct judgement *j,
		  bool all_scores, struct arena scratch, struct buf *out,
		  struct buf *keys);

/* The members for an article that could not be judged: no topics, and its
 * unknown words are null. */
void verdict_none(const struct model *m, struct buf *out);

#endif
