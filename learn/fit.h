/* fit.h -- a part of the corpus becomes a bundle: the vocabulary of that part,
 * its machines, and the bytes that classify maps. Cross-validation fits a
 * bundle a fold and judges by it, so that what is measured is what will run. */
#ifndef VIGIE_FIT_H
#define VIGIE_FIT_H

#include <jansson.h>

#include "classify/model.h"
#include "learn/corpus.h"
#include "learn/recipe.h"
#include "learn/terms.h"

/* What calibration and the choice of thresholds add to each column. */
struct fit_column {
	double a, b, threshold;
	const struct bundle_knot *knots; /* borrowed */
	uint32_t knot_count;		 /* 0: logistic, by a and b */
};

struct fit {
	const struct corpus *corpus;
	const struct terms *terms;
	const struct recipe *recipe;
	const struct fit_column *columns; /* NULL: uncalibrated */
	size_t jobs; /* child processes at once, at least 1 */
	/* Further members of the head, made when the model can already judge
	 * (its golden articles, its figures); may be NULL. */
	json_t *(*extra)(const struct model *m, const void *arg);
	const void *extra_arg;
};

/* Columns of a model of this corpus: topics, then topic by topic stances. */
uint32_t fit_columns(const struct corpus *c);

/* Train on the documents with use[i] != 0 and append a bundle to out, which is
 * empty. The same input gives the same bytes. Returns 0; -EBADMSG when the part
 * has no documents or no terms; -ECHILD when a child process failed, -EAGAIN
 * when none could be started; -ENOMEM, -EMSGSIZE; each with the sentence. */
int fit_bundle(const struct fit *f, const unsigned char *use, struct buf *out,
	       struct err *e);

#endif
