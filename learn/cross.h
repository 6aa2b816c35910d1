/* cross.h -- cross-validation: every document judged by a bundle that was
 * trained without its fold, and what follows from that: calibration,
 * thresholds, figures. */
#ifndef VIGIE_CROSS_H
#define VIGIE_CROSS_H

#include "learn/fit.h"
#include "learn/report.h"

struct cross {
	uint32_t folds, columns;
	uint32_t *fold;	   /* of each document */
	double *decisions; /* [documents][columns], each out of its fold */
};

/* Fit and judge fold by fold. cross->fold and folds are set by the caller,
 * decisions is allocated. what names the split for the progress line.
 * Returns 0 or what fit_bundle() returns. */
int cross_run(struct cross *x, const struct fit *f, const char *what,
	      struct err *e);
void cross_free(struct cross *x);

/* A calibration and a threshold a column from all decisions; columns has room
 * for x->columns. 0 or -ENOMEM. */
int cross_calibrate(const struct cross *x, const struct fit *f,
		    struct fit_column *columns);

/* Count all documents. A threshold that the recipe has chosen from data is, for
 * the documents of a fold, chosen from the other folds. 0 or -ENOMEM. */
int cross_report(const struct cross *x, const struct fit *f, struct report *r);

#endif
