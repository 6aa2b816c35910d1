/* calibrate.h -- from decision values that a machine gave to documents it had
 * not seen, to probabilities and thresholds. Pure functions. */
#ifndef VIGIE_CALIBRATE_H
#define VIGIE_CALIBRATE_H

#include <stddef.h>

/* Fit 1 / (1 + exp(a * decision + b)) to n decisions with y[i] != 0 for the
 * positives: Platt (1999) by the Newton method with backtracking of Lin, Lin
 * and Weng, "A note on Platt's probabilistic outputs for support vector
 * machines", Machine Learning 68 (2007), algorithm 1. */
void calibrate_platt(const double *decision, const unsigned char *y, size_t n,
		     double *a, double *b);

/* A decision and whether it was about a positive. */
struct calibrate_case {
	double decision;
	unsigned char y;
};

/* The threshold above which F1 of the positives is largest: half-way between
 * the decisions on either side of the cut, of several such cuts the highest; 0
 * when there is no positive. Needs n entries of scratch. */
double calibrate_f1(const double *decision, const unsigned char *y, size_t n,
		    struct calibrate_case *scratch);

#endif
