/* confine.h -- a child that works on what strangers wrote and can do nothing
 * else: no file, no socket, no other program (seccomp), bounded memory and
 * processor time (rlimits); the descriptors that it is given are all it has.
 * The only place that knows libseccomp.
 *
 * Any thread may fork one, and the child dies when that thread ends. In a
 * program that has other threads the child must keep to what the C library
 * makes safe after a fork: memory of malloc(), no lock that another thread may
 * hold. */
#ifndef VIGIE_CONFINE_H
#define VIGIE_CONFINE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct confine_limits {
	size_t memory; /* bytes of address space beside what the program has
			* after prepare(); builds with a sanitizer, which
			* reserves terabytes, are not held to it */
	int seconds;   /* of processor time in all; 0: unlimited */
};

/* Fork a child that runs work(self, fd), fd being its end of a stream socket
 * pair, and exits with what it returns, without what atexit() asks for; keep
 * is another descriptor that it may read (or -1). All other descriptors but 2
 * are closed in it. It dies with its parent; SIGINT, SIGTERM, SIGHUP and
 * SIGPIPE do nothing to it, all other signals what they do by default.
 * prepare(self), which may be NULL, runs before the door is shut (to load what
 * must be loaded). Waits for that. Returns 0 with our end of the pair (close
 * on exec) in *fd and the child in *pid; -errno with the sentence, also when
 * the kernel has no seccomp; there is no child then. */
int confine_fork(const struct confine_limits *l, int keep,
		 void (*prepare)(void *self), int (*work)(void *self, int fd),
		 void *self, pid_t *pid, int *fd, struct err *e);
/* End it now and take its status: as waitpid() says, so that a child that was
 * dead already tells what it died of. */
int confine_end(pid_t pid);
/* Within the child: let the next step take so many milliseconds of processor
 * time, after which SIGPROF kills the process; 0: no end. */
void confine_step(int ms);

#endif
