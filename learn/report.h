/* report.h -- how right a model is, and how sure it may be: figures from what
 * was so and what was told, as a table for people and as JSON. Owns its
 * numbers, borrows the names. */
#ifndef VIGIE_REPORT_H
#define VIGIE_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "learn/calibrate.h"
#include "learn/curves.h"
#include "learn/score.h"

/* What is measured. */
struct report_set {
	const char *const *topics;
	uint32_t topic_count;
	const char *const *stances;
	uint32_t stance_count;
	bool one_of;
	bool targets; /* topics come with the documents: stances alone */
	int metric;   /* RECIPE_METRIC_* */
	struct conf_texts metric_labels;
	double unsure;
};

/* Every number is a double, also those that count, since a report may be the
 * mean of several. Quotients whose divisor is zero are zero. */

struct report_label {
	double tp, fp, fn, tn;
	double precision, recall, f1;
	double support; /* tp + fn */
	double brier, ece;
	double average_precision;
	struct calibrate_bins bins;
};

/* All topics, or all stances. Topics are asked of every document; stances of
 * the topics that a document really has: a pair each. */
struct report_group {
	/* Of documents or pairs, the part that is right: of many-of topics,
	 * where all are right and none is too many. */
	double asked, accuracy;
	double micro_precision, micro_recall, micro_f1;
	double macro_f1; /* the mean over the labels that occur */
	double mean_f1;	 /* over the metric's labels, those that do not occur
			  * as well; negative when none of them is here */
	/* Over all pairs of a document and a label together, and the mean of
	 * the labels' own. */
	double brier, ece, macro_ece;
	struct calibrate_bins bins;
	/* What is right of the surest part: of one-of topics by document, of
	 * many-of topics by decision on a label, of stances by pair. How sure
	 * is the probability of what was told. */
	struct curves_step step[CURVES_STEPS];
	/* Of stances: the part that is unsure, and what is right of the rest.
	 */
	double unsure, sure_accuracy;
};

struct report_head {
	double documents;
	double unknown; /* mean part of the words that the model did not know */
	double metric;	/* the recipe's */
};

struct report {
	struct report_set set;
	struct report_head head;
	struct report_group topics, stances;
	struct report_label *topic, *stance; /* a topic, a stance each */
	double *topic_confusion; /* one_of: [gold][told]; else NULL */
	/* [gold][told] over all topics, then topic by topic. */
	double *stance_confusion;
	double *stance_f1; /* a topic each: macro F1 of the stances on it */
	struct curves_recall *topic_curve, *stance_curve;
	/* Of the mean of several: how many, and the standard deviation of
	 * each number. 1 and NULL of one. */
	uint32_t repeats;
	struct report *spread;
};

/* What a recipe asks to be measured over a corpus, of which both are
 * borrowed. */
struct report_set report_set_of(const struct recipe *r,
				const struct corpus *c);

/* Measure the documents that s has labels for; c is what is so. 0 or -ENOMEM,
 * and then nothing is left behind. */
int report_make(struct report *ret, const struct report_set *set,
		const struct corpus *c, const struct scores *s);
/* The mean of n >= 1 reports on the same set, with their spread (n - 1 in the
 * divisor). Curves of precision against recall are the first one's. 0 or
 * -ENOMEM, and then nothing is left behind. */
int report_mean(struct report *ret, const struct report *v, size_t n);
void report_done(struct report *r);

/* The metric's name, as in a recipe. */
const char *report_metric_name(int metric);

/* The figures as a table that fits a page. */
void report_print(const struct report *r, FILE *out);

enum report_detail {
	REPORT_FIGURES, /* what a bundle keeps */
	REPORT_ALL,	/* and the bins and curves of every label */
};

/* For json_decref(); NULL when there is no memory. */
json_t *report_json(const struct report *r, enum report_detail detail);

#endif
