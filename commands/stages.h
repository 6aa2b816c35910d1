/* stages.h -- what command lines say instead of the configuration. */
#ifndef VIGIE_STAGES_H
#define VIGIE_STAGES_H

#include "base/opt.h"
#include "commands/settings.h"

/* Log why a command failed: each problem of the configuration, if that is the
 * reason, or the sentence. */
void stages_complain(const struct conf *c, int r, const struct err *e);
/* The sources that a command line names, in memory that lives as long as the
 * process. 0 or -ENOMEM. */
int stages_sources(struct settings *s, const struct opt_list *files);
/* The targets that it names, likewise; NULLs leave the configuration's. */
/* What --copies asks for, as enum near_copies_policy: usual when how is NULL,
 * -1 when it is none of them. */
int stages_copies(const char *how, int usual);
#define STAGES_COPIES "--copies '%s': keep, mark or drop is expected"
void stages_targets(struct settings *s, const char *output,
		    const char *publish);

#endif
