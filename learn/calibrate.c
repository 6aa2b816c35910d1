#include "learn/calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/recipe.h"

enum { STEPS_MAX = 100 };

struct sample {
	const double *d;
	const unsigned char *y;
	size_t n;
	double yes, no; /* targets, drawn in from 1 and 0 by Bayes' rule */
};

static double target(const struct sample *s, size_t i)
{
	return s->y[i] ? s->yes : s->no;
}

/* The negative log likelihood, without overflow either way. */
static double loss(const struct sample *s, double a, double b)
{
	double sum = 0;

	for (size_t i = 0; i < s->n; i++) {
		double f = s->d[i] * a + b, t = target(s, i);

		sum += f >= 0 ? t * f + log1p(exp(-f))
			      : (t - 1) * f + log1p(exp(f));
	}
	return sum;
}

struct slope {
	double g1, g2, h11, h22, h21;
};

static struct slope slope_at(const struct sample *s, double a, double b)
{
	struct slope k = { 0, 0, 1e-12, 1e-12, 0 };

	for (size_t i = 0; i < s->n; i++) {
		double f = s->d[i] * a + b;
		double p = f >= 0 ? exp(-f) / (1 + exp(-f)) : 1 / (1 + exp(f));
		double d2 = p * (1 - p), d1 = target(s, i) - p;

		k.h11 += s->d[i] * s->d[i] * d2;
		k.h22 += d2;
		k.h21 += s->d[i] * d2;
		k.g1 += s->d[i] * d1;
		k.g2 += d1;
	}
	return k;
}

void calibrate_platt(const double *decision, const unsigned char *y, size_t n,
		     double *a, double *b)
{
	struct sample s = { decision, y, n, 0, 0 };
	double positives = 0, now;

	for (size_t i = 0; i < n; i++)
		positives += y[i] != 0;
	s.yes = (positives + 1) / (positives + 2);
	s.no = 1 / ((double)n - positives + 2);
	*a = 0;
	*b = log(((double)n - positives + 1) / (positives + 1));
	now = loss(&s, *a, *b);
	for (int i = 0; i < STEPS_MAX; i++) {
		struct slope k = slope_at(&s, *a, *b);
		double det = k.h11 * k.h22 - k.h21 * k.h21;
		double da = -(k.h22 * k.g1 - k.h21 * k.g2) / det;
		double db = -(-k.h21 * k.g1 + k.h11 * k.g2) / det;
		double down = k.g1 * da + k.g2 * db, step = 1, next = now;

		if (fabs(k.g1) < 1e-5 && fabs(k.g2) < 1e-5)
			return;
		for (; step >= 1e-10; step /= 2) {
			next = loss(&s, *a + step * da, *b + step * db);
			if (next < now + 1e-4 * step * down)
				break;
		}
		if (step < 1e-10)
			return;
		*a += step * da;
		*b += step * db;
		now = next;
	}
}

static int downwards(const void *a, const void *b)
{
	double x = ((const struct calibrate_case *)a)->decision;
	double y = ((const struct calibrate_case *)b)->decision;

	return (x < y) - (x > y);
}

static void join(struct calibrate_case *a, const struct calibrate_case *b)
{
	a->decision = b->decision;
	a->n += b->n;
	a->positives += b->positives;
}

size_t calibrate_pool(const double *decision, const unsigned char *y, size_t n,
		      struct calibrate_case *v)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		v[i] = (struct calibrate_case){ decision[i], decision[i], 1,
						y[i] != 0 };
	if (n)
		qsort(v, n, sizeof(*v), downwards);
	for (size_t i = 0; i < n; i++) {
		if (k && v[k - 1].decision == v[i].decision)
			join(&v[k - 1], &v[i]);
		else
			v[k++] = v[i];
	}
	return k;
}

/* Isotonic regression. */

static double mean(const struct calibrate_case *c)
{
	return c->positives / c->n;
}

/* In place, from the highest decision down: a step that is not below the one
 * before it becomes part of it. Counts are whole numbers, so the products are
 * exact. */
static size_t pool_violators(struct calibrate_case *v, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		v[k++] = v[i];
		for (; k > 1 && v[k - 1].positives * v[k - 2].n >=
					v[k - 2].positives * v[k - 1].n;
		     k--)
			join(&v[k - 2], &v[k - 1]);
	}
	return k;
}

/* What the squared error grows by when two steps become one. */
static double joint_cost(const struct calibrate_case *a,
			 const struct calibrate_case *b)
{
	double d = mean(a) - mean(b);

	return a->n * b->n / (a->n + b->n) * d * d;
}

static size_t knots_of(const struct calibrate_case *v, size_t n)
{
	size_t knots = n;

	for (size_t i = 0; i < n; i++)
		knots += v[i].decision < v[i].top;
	return knots;
}

static size_t thin_out(struct calibrate_case *v, size_t n)
{
	while (knots_of(v, n) > CALIBRATE_KNOTS_MAX) {
		size_t best = 0;

		for (size_t i = 1; i + 1 < n; i++)
			if (joint_cost(&v[i], &v[i + 1]) <
			    joint_cost(&v[best], &v[best + 1]))
				best = i;
		join(&v[best], &v[best + 1]);
		n--;
		memmove(&v[best + 1], &v[best + 2],
			(n - best - 1) * sizeof(*v));
	}
	return n;
}

/* Within a level stretch only its ends are knots. */
static uint32_t add_knot(struct bundle_knot *v, uint32_t n, double decision,
			 double p)
{
	if (n > 1 && v[n - 1].probability == p && v[n - 2].probability == p)
		n--;
	v[n] = (struct bundle_knot){ decision, p };
	return n + 1;
}

uint32_t calibrate_isotonic(const double *decision, const unsigned char *y,
			    size_t n, struct calibrate_case *scratch,
			    struct bundle_knot ret[CALIBRATE_KNOTS_MAX])
{
	double least = 1 / ((double)n + 2);
	size_t k = calibrate_pool(decision, y, n, scratch);
	uint32_t knots = 0;

	k = thin_out(scratch, pool_violators(scratch, k));
	while (k--) {
		const struct calibrate_case *c = &scratch[k];
		double p = fmin(fmax(mean(c), least), 1 - least);

		knots = add_knot(ret, knots, c->decision, p);
		if (c->decision < c->top)
			knots = add_knot(ret, knots, c->top, p);
	}
	return knots > 1 ? knots : 0;
}

/* Thresholds: every cut between two decisions, and the one below all, is tried
 * from the highest down. */

struct cut {
	double given, found, positives;
	double best, threshold;
};

static double f1_of(const struct calibrate_choice *by, const struct cut *c)
{
	(void)by;
	return 2 * c->found / (c->given + c->positives);
}

/* The more are given the better, as long as the precision is kept. */
static double precise_of(const struct calibrate_choice *by,
			 const struct cut *c)
{
	return c->found >= by->precision * c->given ? c->given : 0;
}

/* What is saved against giving none. */
static double saved_of(const struct calibrate_choice *by, const struct cut *c)
{
	return c->found - by->cost * (c->given - c->found);
}

typedef double worth_of(const struct calibrate_choice *by,
			const struct cut *c);

/* The cut of the largest worth above 0; `none` when there is none such. */
static struct cut best_cut(const struct calibrate_choice *by, worth_of *worth,
			   const struct calibrate_case *v, size_t n,
			   double none)
{
	struct cut c = { .threshold = none };

	for (size_t i = 0; i < n; i++)
		c.positives += v[i].positives;
	for (size_t i = 0; i < n; i++) {
		double here = v[i].decision, value;
		double below = i + 1 < n ? v[i + 1].decision : here - 2;

		c.given += v[i].n;
		c.found += v[i].positives;
		value = worth(by, &c);
		if (value <= c.best)
			continue;
		c.best = value;
		c.threshold = (here + below) / 2;
	}
	return c;
}

double calibrate_f1(const double *decision, const unsigned char *y, size_t n,
		    struct calibrate_case *scratch)
{
	size_t k = calibrate_pool(decision, y, n, scratch);

	return best_cut(NULL, f1_of, scratch, k, 0).threshold;
}

enum { F1_POSITIVES_MIN = 3 };
static const double f1_hopeless = 0.1;

double calibrate_threshold(const struct calibrate_choice *choice,
			   const double *decision, const unsigned char *y,
			   size_t n, struct calibrate_case *scratch)
{
	bool by_f1 = choice->by == RECIPE_THRESHOLD_F1;
	worth_of *worth = by_f1 ? f1_of : saved_of;
	double none = 0;
	struct cut c;
	size_t k;

	if (choice->by == RECIPE_THRESHOLD_ZERO || !n)
		return 0;
	if (choice->by == RECIPE_THRESHOLD_PRECISION)
		worth = precise_of;
	k = calibrate_pool(decision, y, n, scratch);
	if (!by_f1)
		none = scratch[0].decision + 1;
	c = best_cut(choice, worth, scratch, k, none);
	if (by_f1 && c.positives < F1_POSITIVES_MIN)
		return 0;
	if (by_f1 && c.best < f1_hopeless)
		return scratch[0].decision;
	return c.best > 0 ? c.threshold * choice->part : none;
}

/* How good probabilities are. */

void calibrate_bins_add(struct calibrate_bins *s, double probability,
			bool positive)
{
	double off = probability - positive;
	int at = (int)(probability * CALIBRATE_BINS);
	struct calibrate_bin *b;

	b = &s->bin[at < CALIBRATE_BINS ? at : CALIBRATE_BINS - 1];
	b->n++;
	b->probability += probability;
	b->positives += positive;
	s->n++;
	s->squares += off * off;
}

void calibrate_bins_join(struct calibrate_bins *s,
			 const struct calibrate_bins *t)
{
	s->n += t->n;
	s->squares += t->squares;
	for (int i = 0; i < CALIBRATE_BINS; i++) {
		s->bin[i].n += t->bin[i].n;
		s->bin[i].probability += t->bin[i].probability;
		s->bin[i].positives += t->bin[i].positives;
	}
}

double calibrate_brier(const struct calibrate_bins *s)
{
	return s->n > 0 ? s->squares / s->n : 0;
}

double calibrate_ece(const struct calibrate_bins *s)
{
	double sum = 0;

	for (int i = 0; i < CALIBRATE_BINS; i++)
		sum += fabs(s->bin[i].probability - s->bin[i].positives);
	return s->n > 0 ? sum / s->n : 0;
}
