#include "learn/curves.h"

#include <math.h>
#include <stdlib.h>

static int surest_first(const void *a, const void *b)
{
	double x = ((const struct curves_case *)a)->confidence;
	double y = ((const struct curves_case *)b)->confidence;

	return (x < y) - (x > y);
}

/* Weighted counts over the part. */
struct tally {
	double n, right;
	double gold[BUNDLE_STANCES_MAX], told[BUNDLE_STANCES_MAX],
		both[BUNDLE_STANCES_MAX];
};

static void count(struct tally *t, const struct curves_case *c, double weight,
		  bool by_class)
{
	t->n += weight;
	t->right += c->gold == c->told ? weight : 0;
	if (!by_class)
		return;
	t->gold[c->gold] += weight;
	t->told[c->told] += weight;
	t->both[c->gold] += c->gold == c->told ? weight : 0;
}

static double macro_f1(const struct tally *t, uint32_t classes)
{
	double sum = 0, seen = 0;

	for (uint32_t k = 0; k < classes; k++) {
		if (t->gold[k] <= 0)
			continue;
		sum += 2 * t->both[k] / (t->gold[k] + t->told[k]);
		seen++;
	}
	return seen > 0 ? sum / seen : 0;
}

/* The end of the cases that are as sure as case i. */
static size_t level_end(const struct curves_case *v, size_t n, size_t i)
{
	double level = v[i].confidence;

	while (i < n && v[i].confidence == level)
		i++;
	return i;
}

static struct curves_step step_of(const struct curves_case *v, size_t n,
				  uint32_t classes, double coverage)
{
	struct curves_step s = { .coverage = coverage };
	struct tally t = { .n = 0 };
	double want = coverage * (double)n, weight = 1;

	for (size_t i = 0, end; i < n && weight == 1; i = end) {
		end = level_end(v, n, i);
		if (want - t.n < (double)(end - i))
			weight = (want - t.n) / (double)(end - i);
		if (weight <= 0)
			break;
		s.confidence = v[i].confidence;
		for (size_t k = i; k < end; k++)
			count(&t, &v[k], weight, classes > 0);
	}
	s.accuracy = t.n > 0 ? t.right / t.n : 0;
	s.macro_f1 = macro_f1(&t, classes);
	return s;
}

void curves_coverage(struct curves_case *v, size_t n, uint32_t classes,
		     struct curves_step ret[CURVES_STEPS])
{
	if (n)
		qsort(v, n, sizeof(*v), surest_first);
	for (int i = 0; i < CURVES_STEPS; i++)
		ret[i] = step_of(v, n, classes,
				 (double)(i + 1) / CURVES_STEPS);
}

void curves_recall(const double *decision, const unsigned char *y, size_t n,
		   struct calibrate_case *scratch, struct curves_recall *ret)
{
	size_t k = calibrate_pool(decision, y, n, scratch);
	double positives = 0, given = 0, found = 0, next = 0;

	*ret = (struct curves_recall){ .n = 0 };
	for (size_t i = 0; i < k; i++)
		positives += scratch[i].positives;
	for (size_t i = 0; i < k && positives > 0; i++) {
		const struct calibrate_case *c = &scratch[i];
		double below = i + 1 < k ? c[1].decision : c->decision - 2;
		struct curves_point p = { (c->decision + below) / 2, 0, 0 };

		given += c->n;
		found += c->positives;
		p.precision = found / given;
		p.recall = found / positives;
		ret->average_precision +=
			p.precision * c->positives / positives;
		if (100 * found < next * positives || c->positives <= 0)
			continue;
		ret->v[ret->n++] = p;
		next = floor(100 * found / positives) + 1;
	}
}
