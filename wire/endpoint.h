/* endpoint.h -- what an endpoint's text names, and what has to be true of the
 * file or folder behind it before a socket is bound there. No state. */
#ifndef VIGIE_ENDPOINT_H
#define VIGIE_ENDPOINT_H

#include <stdbool.h>

#include "base/err.h"

/* Is it one that link_open() may be given? 0 or -EINVAL with the sentence. */
int endpoint_check(const char *endpoint, struct err *e);
bool endpoint_is_tcp(const char *endpoint);
/* Is the host of a tcp endpoint an address of this machine, as loopback is?
 * Names are not looked up, but for "localhost". */
bool endpoint_is_here(const char *endpoint);
/* Before a bind. An ipc endpoint gets its folder made, 0700, if that is not
 * there. Returns 0; -EACCES when others could put a socket of their own in its
 * place; -EADDRINUSE when somebody listens there; -errno: with the sentence. */
int endpoint_prepare(const char *endpoint, struct err *e);

#endif
