/* report.h -- how right a model is: counts, from them the figures, as a table
 * for people and as JSON. Pure but for its memory. */
#ifndef VIGIE_REPORT_H
#define VIGIE_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { REPORT_STANCES_MAX = 16 };

struct report_label {
	uint64_t tp, fp, fn;
};

struct report {
	uint32_t topics, stances;
	bool one_of;
	uint64_t documents, exact; /* all topics right, none too many */
	struct report_label *topic;
	uint64_t *topic_confusion; /* one_of: [gold][given]; else NULL */
	/* Stances are asked of the topics that a document really has:
	 * [gold][given], and the same for each topic. */
	uint64_t stance[REPORT_STANCES_MAX][REPORT_STANCES_MAX];
	uint64_t (*by_topic)[REPORT_STANCES_MAX][REPORT_STANCES_MAX];
};

/* 0 or -ENOMEM. */
int report_init(struct report *r, uint32_t topics, uint32_t stances,
		bool one_of);
void report_done(struct report *r);

/* Count one document: gold and given hold a byte a topic, 0 for absent;
 * stance_gold[t] is a stance index or negative, stance_given[t] what the model
 * says of topic t whether it gives the topic or not. */
void report_add(struct report *r, const unsigned char *gold,
		const unsigned char *given, const int *stance_gold,
		const int *stance_given);

/* Precision, recall, F1 of a label; 0 where a division would be by zero. */
double report_precision(const struct report_label *l);
double report_recall(const struct report_label *l);
double report_f1(const struct report_label *l);
/* Over the topics: of the summed counts, and the mean over the topics that
 * occur in the documents. */
double report_micro_f1(const struct report *r);
double report_macro_f1(const struct report *r);
/* The mean F1 over the stances that occur. */
double report_stance_macro_f1(const struct report *r);

void report_print(const struct report *r, const char *const *topics,
		  const char *const *stances, FILE *out);
/* For json_decref(). */
json_t *report_json(const struct report *r, const char *const *topics,
		    const char *const *stances);

#endif
