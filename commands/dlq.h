/* dlq.h -- the actions of `vigie dlq`. Each gets the letters of one file, of
 * which those it is to work on are chosen, and returns 0 or what err_exit()
 * takes, with the sentence. */
#ifndef VIGIE_DLQ_H
#define VIGIE_DLQ_H

#include "commands/handled.h"
#include "commands/letters.h"

struct dlq_options {
	bool all;
	const char *to, *token_file, *ca, *keys;
};

int dlq_list(struct letters *l, const struct dlq_options *o, struct err *e);
int dlq_show(struct letters *l, const struct dlq_options *o, struct err *e);
int dlq_replay(struct letters *l, const struct dlq_options *o, struct err *e);
int dlq_drop(struct letters *l, const struct dlq_options *o, struct err *e);

/* The value of a member of an object, as it was written; empty: not there. */
struct str dlq_written(struct str object, const char *name);
/* The line of JSON that ingest reads as the article that the letter holds, in
 * out, with its line feed: the fields that understand.h names, and the members
 * of `input` beside them, as they were written; a piece that could not be read
 * as it came. Returns 0; STEP_REJECT with the sentence when the letter does not
 * hold enough for an article; -ENOMEM. */
int dlq_article(struct str line, const json_t *letter, struct buf *out,
		struct err *e);

#endif
