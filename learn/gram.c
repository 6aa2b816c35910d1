#include "learn/gram.h"

#include <stdlib.h>

static double dot(const double *dense, const struct feat *x)
{
	double sum = 0;

	for (; x->index >= 0; x++)
		sum += dense[x->index] * x->value;
	return sum;
}

static void spread(double *dense, const struct feat *x, double factor)
{
	for (; x->index >= 0; x++)
		dense[x->index] = factor * x->value;
}

double *gram_new(const struct feat *const *x, size_t n, size_t dims)
{
	double *dots = malloc((n * n + 1) * sizeof(*dots));
	double *dense = calloc(dims + 1, sizeof(*dense));

	for (size_t i = 0; dots && dense && i < n; i++) {
		spread(dense, x[i], 1);
		for (size_t j = 0; j <= i; j++)
			dots[i * n + j] = dots[j * n + i] = dot(dense, x[j]);
		spread(dense, x[i], 0);
	}
	if (!dense) {
		free(dots);
		dots = NULL;
	}
	free(dense);
	return dots;
}
