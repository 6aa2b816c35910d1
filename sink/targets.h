/* targets.h -- all the places where lines go, as one: opened together, written
 * together, committed together. Owned by the sink, one thread. */
#ifndef VIGIE_TARGETS_H
#define VIGIE_TARGETS_H

#include "sink/sink.h"
#include "sink/target.h"

/* The table of one target in the configuration: struct sink_target. */
extern const struct conf_key target_keys[];

struct targets;

/* Open every target of s (none named: standard output) and add to done, which
 * is empty, what an earlier life has committed: what every target has that can
 * tell. Sentences about what was found are logged. Returns 0; -EINVAL for a
 * target that names no place or several; what open() of its kind returns: with
 * the sentence. */
int targets_open(const struct sink_settings *s, struct link_net *net,
		 struct done *done, struct targets **ret, struct err *e);
void targets_free(struct targets *t);

/* Give a line to every target that lacks it. 0 or -errno. */
int targets_write(struct targets *t, const struct record *line,
		  struct err *e);
/* Make all that was written last, in every target. 0; STEP_WAIT as commit() of
 * target.h: call again, a target that has committed has nothing left to do;
 * -errno. */
int targets_commit(struct targets *t, struct err *e);
/* Ingest says that every seq of o below low is acknowledged. */
void targets_raise(struct targets *t, struct origin o, uint64_t low);

#endif
