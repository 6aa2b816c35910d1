/* model_install.h -- a bundle put where daemons read it, and taken back. */
#ifndef VIGIE_MODEL_INSTALL_H
#define VIGIE_MODEL_INSTALL_H

#include "base/err.h"

/* Verify the bundle `from` with its golden articles, keep what is at `to` as
 * "TO.previous", and put the verified bytes in its place: by rename, synced.
 * Prints both ids. Returns 0; -EBADMSG when `from` is no good, and -errno, with
 * the sentence: then nothing has changed at `to`. */
int model_install(const char *from, const char *to, struct err *e);

/* Verify "AT.previous" likewise, and swap the two, at once. */
int model_rollback(const char *at, struct err *e);

#endif
