/* confine.h -- a child that works on what strangers wrote and can do nothing
 * else: no file, no socket, no other program (seccomp), bounded memory and
 * processor time (rlimits); the descriptors that it is given are all it has. The only place
 * that knows libseccomp. */
#ifndef VIGIE_CONFINE_H
#define VIGIE_CONFINE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct confine_limits {
	size_t memory; /* bytes of address space beside what the program has */
	int seconds;   /* of processor time in all; 0: unlimited */
};

/* Fork a child that runs work(self, fd), fd being its end of a socket pair, and
 * exits with what it returns; keep is another descriptor that it may read (or
 * -1). All other descriptors but 2 are closed in it. It dies with its parent.
 * prepare(self), which may be NULL, runs before the door is shut (to load what
 * must be loaded). Returns 0 with our end of the pair (close on exec) in
 * *fd and the child in *pid; -errno with the sentence, also when the kernel has
 * no seccomp. */
int confine_fork(const struct confine_limits *l, int keep,
		 void (*prepare)(void *self), int (*work)(void *self, int fd),
		 void *self, pid_t *pid, int *fd, struct err *e);
/* End it now and take its code: as waitpid() says. */
int confine_end(pid_t pid);
/* Within the child: let the next step take so many milliseconds of processor
 * time, after which the process is killed; 0: no end. */
void confine_step(int ms);

#endif
