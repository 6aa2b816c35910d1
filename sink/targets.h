/* targets.h -- all the places where lines go, as one: opened together, written
 * together, committed together. Owned by the sink, one thread. */
#ifndef VIGIE_TARGETS_H
#define VIGIE_TARGETS_H

#include "sink/sink.h"
#include "sink/target.h"

/* The table of one target in the configuration: struct sink_target. */
extern const struct conf_key target_keys[];

struct targets;

/* Open every target of s (none named: standard output) and the file of dead
 * letters, and add to done, which is empty, what an earlier life has committed:
 * what every target has that can tell, and all letters. Sentences about what
 * was found are logged. Returns 0; -EINVAL for a target that names no place or
 * several; what open() of its kind returns: with the sentence. */
int targets_open(const struct sink_settings *s, struct link_net *net,
		 struct done *done, struct targets **ret, struct err *e);
void targets_free(struct targets *t);

/* Give a line to every target that lacks it, or to the dead letters if it is
 * one; without a file for these it goes nowhere. 0 or -errno. */
int targets_write(struct targets *t, const struct record *line,
		  struct err *e);
/* Make all that was written last, everywhere. 0; STEP_WAIT as commit() of
 * target.h: call again, a target that has committed has nothing left to do;
 * -errno. */
int targets_commit(struct targets *t, struct err *e);
/* Ingest says that every seq of o below low is acknowledged. */
void targets_raise(struct targets *t, struct origin o, uint64_t low);

bool targets_keep_letters(const struct targets *t);
/* Letters that were ever written; without a file, in this life. */
uint64_t targets_letters(const struct targets *t);
/* Articles that came out as records, by the first target that knows; else what
 * is done but no letter. */
uint64_t targets_emitted(const struct targets *t, const struct done *done);
/* The place and bytes of target i, the place being NULL where bytes say nothing
 * (it may hold a password); false when there are no more. */
bool targets_bytes(const struct targets *t, size_t i, const char **name,
		   uint64_t *bytes);

#endif
