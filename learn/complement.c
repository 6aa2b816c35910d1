#include "learn/complement.h"

#include <math.h>
#include <string.h>

/* Sums of the classes, and from them those of all but each. */
static void add_up(const struct rows *rows, const uint32_t *class_of,
		   uint32_t classes, size_t terms, double *w)
{
	memset(w, 0, classes * terms * sizeof(*w));
	for (size_t i = 0; i < rows->n; i++) {
		double *own = w + class_of[i] * terms;

		for (const struct feat *f = rows->v[i].base; f->index >= 0; f++)
			own[f->index] += f->value;
	}
	for (size_t j = 0; j < terms; j++) {
		double all = 0;

		for (uint32_t c = 0; c < classes; c++)
			all += w[c * terms + j];
		for (uint32_t c = 0; c < classes; c++)
			w[c * terms + j] = all - w[c * terms + j];
	}
}

/* The difference of sums may miss zero by a rounding error. */
static double count(double sum, double alpha)
{
	return (sum > 0 ? sum : 0) + alpha;
}

static bool reads(const struct row_set *s, uint32_t block)
{
	return s->recipe->block[block].machine & RECIPE_MACHINE_BAYES;
}

/* Terms of blocks that are not read come to zero before anything is summed. */
static double total(const struct row_set *s, const double *w, double alpha)
{
	const struct tfidf *t = &s->vocabulary.tfidf;
	double sum = 0;
	uint32_t j = 0;

	for (uint32_t b = 0; b < t->block_count; b++)
		for (; j < t->block[b].end; j++)
			if (reads(s, b))
				sum += count(w[j], alpha);
	return sum;
}

static void take_logarithms(const struct row_set *s, double alpha, double *w)
{
	const struct tfidf *t = &s->vocabulary.tfidf;
	double sum = total(s, w, alpha);
	uint32_t j = 0;

	for (uint32_t b = 0; b < t->block_count; b++)
		for (; j < t->block[b].end; j++)
			w[j] = reads(s, b) ? -log(count(w[j], alpha) / sum)
					   : 0;
}

void complement_fit(const struct row_set *s, const struct rows *rows,
		    const uint32_t *class_of, uint32_t classes, double alpha,
		    double *weights)
{
	size_t terms = s->vocabulary.tfidf.terms;

	add_up(rows, class_of, classes, terms, weights);
	for (uint32_t c = 0; c < classes; c++)
		take_logarithms(s, alpha, weights + c * terms);
	for (size_t j = 0; j < terms; j++) {
		double mean = 0;

		for (uint32_t c = 0; c < classes; c++)
			mean += weights[c * terms + j] / classes;
		for (uint32_t c = 0; c < classes; c++)
			weights[c * terms + j] -= mean;
	}
}
