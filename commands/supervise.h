/* supervise.h -- the three rooms as processes, looked after. */
#ifndef VIGIE_SUPERVISE_H
#define VIGIE_SUPERVISE_H

#include "commands/settings.h"

/* Fork ingest, sink and classify daemons by these settings, connected in a
 * private folder (alone, or where the settings name no endpoint), start again
 * who dies where that loses and repeats nothing, and stop them from the front
 * to the back when ingest is done or a signal asks. same: an ingest that
 * begins anew gives the same articles the same numbers. Returns 0 and in *code
 * what to exit with; or -errno with the sentence when nothing was started. */
int supervise(struct settings *s, bool alone, bool same, int *code,
	      struct err *e);

/* A pipe, a terminal ("-": standard output may be one): what was written to it
 * cannot be found again. */
bool supervise_is_stream(const char *target);

#endif
