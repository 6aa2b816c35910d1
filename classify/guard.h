/* guard.h -- who looks after the worker: a process that does nothing else, so
 * that nothing in an article can kill it. The worker is its child and judges;
 * when it is killed, or stuck in one article, the guard tells each ingest whose
 * articles it held (an obituary) and starts another.
 *
 * What the guard must know of the worker it reads from a page that both have
 * mapped: the worker writes, without a lock and without waiting. The guard has
 * one thread and opens no socket; obituaries are sent by a child of their own.
 * To the service manager the guard speaks for both (base/service.h). */
#ifndef VIGIE_GUARD_H
#define VIGIE_GUARD_H

#include <stdatomic.h>

#include "classify/classify.h"

enum { GUARD_INGESTS_MAX = 16, GUARD_MODEL_MAX = 256 };

struct guard_page {
	_Atomic uint64_t steps; /* odd while an article is being judged */
	_Atomic uint64_t turns; /* of the worker's loop, and of its waits */
	_Atomic uint64_t judged; /* articles, by all workers */
	_Atomic uint64_t deaths; /* of workers that nobody told to stop */
	/* By ingest, in the order of the configuration; 0: none yet. */
	_Atomic uint64_t session[GUARD_INGESTS_MAX];
	/* "name@sha256:…", what it judges by; cut where it is longer. */
	char model[GUARD_MODEL_MAX];
	_Atomic bool ready; /* the model is verified, all links are open */
	/* How work() ended, once it has. */
	int result;
	char sentence[sizeof(struct err)];
};

/* The worker: as classify_run() is described, in a process of its own. */
typedef int (*guard_work)(const struct classify_settings *s,
			  struct guard_page *page, struct err *e);

/* Keep one worker running until stop_asked(); hand on STOP_RELOAD. Returns 0;
 * or what the worker returned that never became ready, with its sentence. */
int guard_run(const struct classify_settings *s, guard_work work,
	      struct err *e);

/* The endpoints to pull from: those of the settings, or the usual one. */
struct conf_texts guard_ingests(const struct classify_settings *s);

#endif
