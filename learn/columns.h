/* columns.h -- what judges, made of what was solved: a column is a machine, or
 * its part for one topic, with its calibration; its weights stand term by term
 * beside those of all others. Owns its memory. */
#ifndef VIGIE_COLUMNS_H
#define VIGIE_COLUMNS_H

#include "classify/bundle.h"
#include "learn/fit.h"
#include "learn/machines.h"

struct columns {
	uint32_t topics, stances, n;
	uint32_t terms;
	double own; /* a copied feature, in training times in judging */
	struct bundle_column *v;
	double *w;	/* [terms][n]; the machines' table, or our own */
	double *shared; /* that table, or NULL where it is not the same */
	double *scales; /* [terms][topics + stances], or NULL */
	struct buf knots;
	struct buf kernels;
	uint32_t kernel_count; /* machines in them */
	json_t *support; /* ids of their vectors, as in pack.h */
};

/* 0 or -ENOMEM; columns_done() in every case. */
int columns_make(struct columns *c, const struct fit *f,
		 const struct row_set *s, const struct machines *m);
void columns_done(struct columns *c);

/* Add factor times a weight a term to a column, each times scale's if there
 * are any; the weights stand stride apart. */
void columns_add(struct columns *c, uint32_t column, const double *w,
		 size_t stride, double factor, const double *scale);

#endif
