/* calibrate.h -- from decision values that a machine gave to documents it had
 * not seen, to probabilities and thresholds; and how good probabilities are.
 * Pure functions. */
#ifndef VIGIE_CALIBRATE_H
#define VIGIE_CALIBRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classify/bundle.h"

enum { CALIBRATE_KNOTS_MAX = 64, CALIBRATE_BINS = 10 };

/* Fit 1 / (1 + exp(a * decision + b)) to n decisions with y[i] != 0 for the
 * positives: Platt (1999) by the Newton method with backtracking of Lin, Lin
 * and Weng, "A note on Platt's probabilistic outputs for support vector
 * machines", Machine Learning 68 (2007), algorithm 1. */
void calibrate_platt(const double *decision, const unsigned char *y, size_t n,
		     double *a, double *b);

/* Cases whose decisions lie from `decision` up to `top`. */
struct calibrate_case {
	double decision, top;
	double n, positives;
};

/* The n decisions in v, which has n entries, the largest first and equal ones
 * together. Returns how many there are. */
size_t calibrate_pool(const double *decision, const unsigned char *y, size_t n,
		      struct calibrate_case *v);

/* Fit the step function that ascends and has the least squared error, by
 * pooling adjacent violators (Zadrozny and Elkan, "Transforming classifier
 * scores into accurate multiclass probability estimates", KDD 2002). Its steps
 * are written as the two knots at their ends, or one where a step is a single
 * decision; of too many, those steps are joined that cost the least squared
 * error. Probabilities are kept within 1 / (n + 2) and 1 - 1 / (n + 2).
 * Returns how many knots were written, their decisions ascending; 0 when there
 * are fewer than two different decisions. Needs n entries of scratch. */
uint32_t calibrate_isotonic(const double *decision, const unsigned char *y,
			    size_t n, struct calibrate_case *scratch,
			    struct bundle_knot ret[CALIBRATE_KNOTS_MAX]);

/* The threshold above which F1 of the positives is largest: half-way between
 * the decisions on either side of the cut, of several such cuts the highest; 0
 * when there is no positive. Needs n entries of scratch. */
double calibrate_f1(const double *decision, const unsigned char *y, size_t n,
		    struct calibrate_case *scratch);

/* What a threshold is chosen by. */
struct calibrate_choice {
	int by;		  /* RECIPE_THRESHOLD_* */
	double precision; /* at least this, 0 to 1 */
	double cost;	  /* of a label too many, one missing being 1 */
	double part;	  /* of the way from zero to what was found */
};

/* The threshold of one label:
 * - zero;
 * - F1: as calibrate_f1(), but 0 with fewer than 3 positives, which tell
 *   nothing, and the largest decision when even the best F1 is below 0.1, so
 *   that hopeless labels are seldom given (Yang, "A study of thresholding
 *   strategies for text categorization", SIGIR 2001: SCutFBR.1);
 * - precision: the lowest that keeps it, above all decisions when none does;
 * - cost: where cost times false positives plus false negatives is least, of
 *   several the highest.
 * A threshold found from data is taken times the part; one that stands for
 * "never" is not. Needs n entries of scratch. */
double calibrate_threshold(const struct calibrate_choice *choice,
			   const double *decision, const unsigned char *y,
			   size_t n, struct calibrate_case *scratch);

/* Sums over probabilities of the same tenth: [0, 0.1), …, [0.9, 1]. */
struct calibrate_bin {
	double n, probability, positives;
};

/* Probabilities compared with what was so. Zeroed before the first. */
struct calibrate_bins {
	double n, squares;
	struct calibrate_bin bin[CALIBRATE_BINS];
};

void calibrate_bins_add(struct calibrate_bins *s, double probability,
			bool positive);
/* Add the sums of t to those of s. */
void calibrate_bins_join(struct calibrate_bins *s,
			 const struct calibrate_bins *t);
/* The mean squared difference (Brier 1950, of one class): 0 is best, 0 for no
 * case. */
double calibrate_brier(const struct calibrate_bins *s);
/* The expected calibration error: the mean difference, over bins and weighted
 * by their size, between the mean probability and the part of positives
 * (Naeini, Cooper and Hauskrecht, AAAI 2015): 0 is best, 0 for no case. */
double calibrate_ece(const struct calibrate_bins *s);

#endif
