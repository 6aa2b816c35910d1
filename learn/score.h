/* score.h -- what a model says of labelled documents: decision values,
 * probabilities, labels. */
#ifndef VIGIE_SCORE_H
#define VIGIE_SCORE_H

#include "learn/corpus.h"
#include "learn/fit.h"

/* Of n documents. A column is a decision value: the topics, then topic by
 * topic the stances. Where documents come with targets, the columns of their
 * own topic's stances count alone. */
struct scores {
	size_t n;
	uint32_t topics, stances, columns;
	unsigned char *judged; /* [n]: 0 for documents that nobody judged */
	double *decision;      /* [n][columns] */
	double *probability;   /* [n][columns]; of a topic's stances, the sum
				* is one */
	double *unknown; /* [n]: the part of the words that is unknown */
	unsigned char *given;  /* [n][topics] */
	unsigned char *stance; /* [n][topics]: the stance told of it, given or
				* not */
};

/* All zero. 0 or -ENOMEM; scores_done() in every case. */
int scores_init(struct scores *s, size_t n, uint32_t topics,
		uint32_t stances);
void scores_done(struct scores *s);

/* The stance that label byte b of struct example stands for, or negative. */
int score_gold(unsigned char b);

/* Judge the documents with use[i] != 0 (all when use is NULL): their judged,
 * decision and unknown. 0 or -ENOMEM. */
int score_judge(const struct model *m, const struct corpus *c,
		const unsigned char *use, struct scores *s);

/* Calibrations and thresholds as a model holds them, so that what they mean is
 * said in one place, classify/judge.h. It borrows nothing; score_rules_done()
 * in every case. columns may be NULL: the logistic function as it is, and
 * thresholds of zero. 0 or -ENOMEM. */
struct score_rules {
	struct model model; /* but for its columns and rules, empty */
	struct bundle_column *columns;
	struct bundle_knot *knots;
};
int score_rules_init(struct score_rules *ret, const struct corpus *c,
		     const struct recipe *r, const struct fit_column *columns);
void score_rules_done(struct score_rules *s);

/* From the decision values of document i, by the rules of m: its probability,
 * given and stance. The labels are a byte a topic: with targets, they say which
 * topic is asked. */
void score_label(const struct model *m, const unsigned char *labels, size_t i,
		 struct scores *s);

#endif
