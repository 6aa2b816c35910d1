/* worker.h -- the middle room at work: pull articles, judge, push verdicts, and
 * beat. A child of guard.h, which reads the page that this writes. */
#ifndef VIGIE_WORKER_H
#define VIGIE_WORKER_H

#include "classify/guard.h"

/* A guard_work: run until stop_asked(). 0; -EBADMSG and -errno with the
 * sentence. */
int worker_run(const struct classify_settings *s, struct guard_page *page,
	       struct err *e);

#endif
