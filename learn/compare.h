/* compare.h -- is one model better than another on the same documents, or is
 * the difference luck? Pure functions over what both said. */
#ifndef VIGIE_COMPARE_H
#define VIGIE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of two arrays that say which decisions were right. */
struct compare_mcnemar {
	uint64_t only_a, only_b; /* right by one of both */
	bool exact;
	double statistic; /* chi-square; 0 when exact */
	double p; /* of a difference at least so large between equals: 0 to 1 */
};

/* McNemar's test (Psychometrika 12, 1947) of n pairs, a[i] and b[i] != 0 where
 * a and b are right: with fewer than 25 discordant pairs by the binomial
 * distribution, both tails; else by chi-square with one degree of freedom and
 * the correction for continuity (Edwards 1948). p is 1 without discordant
 * pairs. */
void compare_mcnemar(const unsigned char *a, const unsigned char *b, size_t n,
		     struct compare_mcnemar *ret);

/* What two models said of the same documents. A row is one question: a document
 * with a byte a topic, or a document's topic with a byte a stance; each byte
 * is 0 when the label is absent. */
struct compare_rows {
	size_t n;
	uint32_t labels;
	const unsigned char *gold, *a, *b; /* [n][labels] */
	/* The document of each row: rows of one document stand together, since
	 * they are drawn together. NULL: a document a row. */
	const uint32_t *document;
	/* Labels with a byte of 0 do not count; NULL: all count. */
	const unsigned char *counted;
};

enum compare_figure {
	COMPARE_MICRO_F1, /* of the counts summed over the labels */
	COMPARE_MACRO_F1, /* the mean over the labels that occur */
	COMPARE_MEAN_F1,  /* the mean over all labels that count */
};

struct compare_bootstrap {
	double a, b;	   /* the figure of each */
	double difference; /* b - a */
	double low, high;  /* of the difference: 95 % of the samples between */
	double p; /* both tails: how often the samples do not agree with the
		   * sign of the difference */
};

/* The paired bootstrap (Efron and Tibshirani 1993; for such figures Koehn,
 * EMNLP 2004): documents are drawn with replacement, as many as there are, and
 * both models measured on the sample; `samples` times, at least 1. The interval
 * is that of the percentiles; p = 2 (k + 1) / (samples + 1), at most 1, for k
 * samples whose difference is zero or of the other sign, and 1 when there is no
 * difference. The same seed gives the same numbers. Time grows with samples
 * times labels that are present. 0 or -ENOMEM. */
int compare_bootstrap(const struct compare_rows *rows,
		      enum compare_figure figure, uint32_t samples,
		      uint64_t seed, struct compare_bootstrap *ret);

#endif
