/* validate.h -- what `vigie train` measures before it trains on everything:
 * cross-validation, as often as asked; each author judged by the others; the
 * newest by the older. And the calibration that follows from the first. */
#ifndef VIGIE_VALIDATE_H
#define VIGIE_VALIDATE_H

#include "learn/cross.h"
#include "learn/folds.h"
#include "learn/report.h"

struct validate_options {
	const char *folds;	 /* a file of folds, or NULL: our own dealing */
	uint64_t repeats;	 /* 0: as many as the file has, else 1 */
	bool by_hand, by_time;
	const char *predictions; /* a file to write, or NULL */
};

/* One way of splitting, and what came of it. */
struct validate_split {
	bool made;
	char how[256]; /* "5-fold cross-validation" */
	struct report report;
};

struct validation {
	struct validate_split cross, hand, time;
	struct cross_columns columns; /* of the first repeat; v is NULL when
				       * nothing was cross-validated */
	struct folds_cut cut;	      /* of time */
};

/* Does the recipe, or a file of folds, ask for cross-validation? */
bool validate_crosses(const struct recipe *r, const struct validate_options *o);

/* Do all that is asked. f->columns and f->extra are NULL. Returns 0; -EBADMSG
 * when the documents do not allow it (no hands, no dates, a bad file of folds);
 * what cross_run() returns; each with the sentence. validation_done() in every
 * case. */
int validate(struct validation *ret, const struct fit *f,
	     const struct validate_options *o, struct err *e);
void validation_done(struct validation *v);

/* Every split that was made as a page, with its headline. */
void validation_print(const struct validation *v, const struct fit *f,
		      FILE *out);
/* The report of cross-validation, with those of the other splits as members
 * "by_hand" and "by_time"; for json_decref(). */
json_t *validation_json(const struct validation *v, const struct fit *f);

#endif
