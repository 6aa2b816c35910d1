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
/* copies: "keep", "mark", "drop", or NULL for what the configuration says. */
int stages_copies(struct settings *s, const char *how, struct err *e);
void stages_targets(struct settings *s, const char *output,
		    const char *publish);

#endif
