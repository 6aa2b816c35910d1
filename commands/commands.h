/* commands.h -- the subcommands that look at more than one room; vigie.c has
 * the table of all. */
#ifndef VIGIE_COMMANDS_H
#define VIGIE_COMMANDS_H

#include "base/opt.h"

extern const struct cmd run_cmd;     /* run.c: all three, looked after */
extern const struct cmd ingest_cmd;  /* stages.c: one room, one process */
extern const struct cmd classify_cmd;
extern const struct cmd sink_cmd;
extern const struct cmd push_cmd;    /* push.c: articles to an ingest */
extern const struct cmd explain_cmd; /* explain.c: the words behind a verdict */
extern const struct cmd model_cmd;   /* model_cmd.c: bundles themselves */
extern const struct cmd journal_cmd; /* journal_cmd.c: what is on disk */
extern const struct cmd dlq_cmd;     /* dlq.c: what was given up */
extern const struct cmd feeds_cmd;   /* feeds.c: what is polled */
extern const struct cmd check_cmd;   /* check.c: what is wrong with a file */
extern const struct cmd keygen_cmd;  /* keygen.c: who may connect by tcp */

#endif
