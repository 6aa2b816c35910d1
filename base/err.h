/* err.h -- the sentence that goes with a failure, and what every step
 * returns: 0 done; negative errno, our trouble, forwarded untouched; positive,
 * one of STEP_*, handled by the room's loop, which goes on. */
#ifndef VIGIE_ERR_H
#define VIGIE_ERR_H

enum {
	STEP_REJECT = 1, /* this input is refused; its sentence says why */
	STEP_WAIT = 2,	 /* not now: pause, then the same step again */
	STEP_END = 3,	 /* the source has nothing more to give */
};

struct err {
	char text[1024];
};

/* Write the sentence, unless a deeper one is there already, and return r, so
 * that `return err_set(e, -EINVAL, ...)` is one line. e may be NULL. */
int err_set(struct err *e, int r, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The same, ending in ": " and the errno's own words. */
int err_sys(struct err *e, int r, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Put a place in front of the sentence: "FILE:3: ...". Returns r. */
int err_at(struct err *e, int r, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void err_clear(struct err *e);
/* The sysexits(3) code that a step's result means to a shell. */
int err_exit(int r);

#endif
