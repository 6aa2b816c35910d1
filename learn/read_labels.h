/* read_labels.h -- from labels as they were written to topics and stances by
 * number, with everything that can be wrong about them. */
#ifndef VIGIE_READ_LABELS_H
#define VIGIE_READ_LABELS_H

#include "base/arena.h"
#include "learn/read_names.h"
#include "learn/read_sink.h"

/* A label while the number of topics still grows. */
struct read_mark {
	size_t example;
	uint32_t topic;
	unsigned char byte; /* as in struct example's labels */
};

struct read_labels {
	struct read_sink *sink;
	struct arena *a; /* holds the names */
	bool given;   /* topics are the recipe's alone */
	bool lenient; /* unknown topics and stances are passed over */
	struct read_names topics, stances;
	struct buf marks; /* struct read_mark */
	struct buf met;	  /* size_t a topic: 1 + index of its last mark */
};

/* Ready for the labels of sink->recipe, whose topics and stances are named in
 * form C from here on. 0 or -ENOMEM; read_labels_done() in both cases. */
int read_labels_init(struct read_labels *l, struct read_sink *sink,
		     struct arena *a, bool lenient);
void read_labels_done(struct read_labels *l);

/* Add what x is labelled with, as the labels of this example: all of it, or
 * nothing when there is something to complain of that cannot be passed over.
 * Returns 0, STEP_REJECT after a complaint, -ENOMEM. */
int read_labels_add(struct read_labels *l, const struct raw_example *x,
		    size_t example);

#endif
