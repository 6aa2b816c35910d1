/* swap.h -- the bundle to judge by, and its successors: loaded by a thread of
 * its own while the room goes on, verified there, and put in its place by
 * swap_turn(). The bundle before stays loaded until the next swap, so that
 * going back is as quick. All calls are one thread's. */
#ifndef VIGIE_SWAP_H
#define VIGIE_SWAP_H

#include "classify/model.h"

struct swap;

/* Load and verify the bundle at path; base is of model_load(). watch: look
 * about once a second whether the file is another. Returns 0, or what
 * model_load() and model_selftest() say. path and base are borrowed. */
int swap_open(const char *path, const char *base, bool watch,
	      struct swap **ret, struct err *e);
/* Waits for a load that is on its way. */
void swap_free(struct swap *s);

/* The bundle to judge by: the same until swap_turn() says SWAP_DONE. */
const struct model *swap_model(const struct swap *s);
/* The one before, or NULL. */
const struct model *swap_before(const struct swap *s);

/* A thread is at work. */
bool swap_is_loading(const struct swap *s);

/* Load what is in the file now, whether or not it seems to have changed. */
void swap_ask(struct swap *s);

enum swap_result {
	SWAP_NONE,    /* nothing happened */
	SWAP_DONE,    /* another bundle judges from now on */
	SWAP_SAME,    /* it was loaded, and is the one that judges */
	SWAP_REFUSED, /* the sentence says why; the old one goes on, and this
		       * is not tried again before the file changes or
		       * swap_ask() */
};

/* Between two batches: take over what the thread has loaded, or begin to load
 * what has changed. A changed file is loaded when it looks the same a second
 * time, since it may be being written in place. Does not wait. now_ms: of
 * clock_ms(). */
enum swap_result swap_turn(struct swap *s, int64_t now_ms, struct err *e);

#endif
