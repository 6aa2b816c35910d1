/* cross.h -- cross-validation: every document judged by a bundle that was
 * trained without its fold, and what follows from that: calibration,
 * thresholds, labels and probabilities. */
#ifndef VIGIE_CROSS_H
#define VIGIE_CROSS_H

#include "learn/fit.h"
#include "learn/score.h"

enum { CROSS_NONE = UINT32_MAX };

struct cross {
	/* Documents of fold 0 .. folds - 1 are judged; those of another fold
	 * are only learnt from, those of CROSS_NONE not even that. */
	uint32_t folds;
	uint32_t *fold;	      /* of each document */
	struct scores scores; /* each document's out of its fold */
};

/* Fit and judge fold by fold. cross->fold and folds are set by the caller. what
 * names the split for the progress line. Returns 0 or what fit_bundle()
 * returns; cross_free() in every case, which frees fold as well. */
int cross_run(struct cross *x, const struct fit *f, const char *what,
	      struct err *e);
void cross_free(struct cross *x);

/* A calibration and a threshold a column, and the curves they borrow. */
struct cross_columns {
	struct fit_column *v;
	struct bundle_knot *knots;
};

/* From all decisions. 0 or -ENOMEM; cross_columns_done() in every case. */
int cross_calibrate(const struct cross *x, const struct fit *f,
		    struct cross_columns *ret);
void cross_columns_done(struct cross_columns *c);

/* Label all documents that were judged: by columns; or, when they are NULL,
 * those of each fold by what the other folds' decisions give, so that no
 * document has a say in its own probability or threshold. 0 or -ENOMEM. */
int cross_label(struct cross *x, const struct fit *f,
		const struct fit_column *columns);

#endif
