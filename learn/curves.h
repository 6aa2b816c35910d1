/* curves.h -- what is right of the surest part, and precision against recall.
 * Pure functions. */
#ifndef VIGIE_CURVES_H
#define VIGIE_CURVES_H

#include "learn/calibrate.h"

enum { CURVES_STEPS = 10, CURVES_POINTS_MAX = 101 };

/* Something told, how sure (a probability), and what was so: indices of
 * classes. */
struct curves_case {
	double confidence;
	uint32_t gold, told;
};

/* Of the surest part of all cases: the least confidence in it, the part that is
 * right, and the mean F1 of the classes that occur in it (0 unless asked for).
 * Of cases that are equally sure at the edge, each counts for the same
 * fraction, so that their order does not matter. */
struct curves_step {
	double coverage, confidence, accuracy, macro_f1;
};

/* The steps at a tenth, two tenths, … all of the n cases, which are sorted.
 * All figures are 0 without cases. classes: at most BUNDLE_STANCES_MAX, or 0
 * when macro_f1 is not asked for. */
void curves_coverage(struct curves_case *v, size_t n, uint32_t classes,
		     struct curves_step ret[CURVES_STEPS]);

/* Where decisions above threshold are taken. */
struct curves_point {
	double threshold, precision, recall;
};

struct curves_recall {
	struct curves_point v[CURVES_POINTS_MAX];
	size_t n;
	/* The mean of the precision over recall: the sum, over all cuts, of
	 * the precision times what the recall grew by. */
	double average_precision;
};

/* Of all cuts, highest threshold first, those that reach another hundredth of
 * recall; none when nothing is positive. Needs n entries of scratch. */
void curves_recall(const double *decision, const unsigned char *y, size_t n,
		   struct calibrate_case *scratch, struct curves_recall *ret);

#endif
