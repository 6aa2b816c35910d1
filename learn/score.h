/* score.h -- a model judges labelled documents; what it says is compared. */
#ifndef VIGIE_SCORE_H
#define VIGIE_SCORE_H

#include "classify/model.h"
#include "learn/corpus.h"
#include "learn/report.h"

/* Judge the documents with use[i] != 0 (all when use is NULL); document i's
 * decision values go to decisions + i * m->column_count. 0 or -ENOMEM. */
int score_judge(const struct model *m, const struct corpus *c,
		const unsigned char *use, double *decisions);

/* What the decision values d of a document say: a byte a topic into given and
 * a stance a topic into stance. thresholds may be NULL: zero. */
struct score_labels {
	uint32_t topics, stances;
	bool one_of;
};
void score_label(const struct score_labels *l, const double *d,
		 const double *thresholds, unsigned char *given, int *stance);

/* Add document i with these decision values to the report. 0 or -ENOMEM. */
int score_add(struct report *r, const struct corpus *c, size_t i,
	      const double *d, const double *thresholds);

#endif
