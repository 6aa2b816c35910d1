#include "learn/ratios.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

bool ratios_wanted(const struct recipe *r)
{
	for (uint32_t b = 0; b < r->block_count; b++)
		if (r->block[b].supervised)
			return true;
	return false;
}

/* In how many rows of either side each term is. */
struct sides {
	double *with, *without;
};

static void count_sides(struct sides *n, const struct rows *rows,
			const signed char *y)
{
	for (size_t i = 0; i < rows->n; i++) {
		double *side = y[i] > 0 ? n->with : n->without;

		for (const struct feat *f = rows->v[i].base; f->index >= 0; f++)
			side[f->index]++;
	}
}

/* Terms first .. end - 1, which are a block's. */
struct run {
	uint32_t first, end;
};

static void log_ratios(const struct sides *n, struct run r, double *out)
{
	double p = 0, q = 0;

	for (uint32_t i = r.first; i < r.end; i++) {
		p += 1 + n->with[i];
		q += 1 + n->without[i];
	}
	for (uint32_t i = r.first; i < r.end; i++)
		out[i] = fabs(log((1 + n->with[i]) / p) -
			      log((1 + n->without[i]) / q));
}

static void relevances(const struct sides *n, struct run r, double *out)
{
	for (uint32_t i = r.first; i < r.end; i++)
		out[i] = log2(2 + n->with[i] / fmax(1, n->without[i]));
}

static double mean(const double *v, struct run r)
{
	double sum = 0;

	for (uint32_t i = r.first; i < r.end; i++)
		sum += v[i];
	return sum > 0 ? sum / (r.end - r.first) : 1;
}

static void mix(const double *idf, struct run r, double part, double *weight)
{
	double common = mean(idf, r), own = mean(weight, r);

	for (uint32_t i = r.first; i < r.end; i++)
		weight[i] = (1 - part) * idf[i] / common +
			    part * weight[i] / own;
}

static void weigh_block(const struct row_set *s, uint32_t b, struct run r,
			const struct sides *n, double *weight)
{
	const struct recipe_block *block = &s->recipe->block[b];

	switch (block->supervised) {
	case RECIPE_SUPERVISED_BAYES:
		log_ratios(n, r, weight);
		break;
	case RECIPE_SUPERVISED_RELEVANCE:
		relevances(n, r, weight);
		break;
	default:
		for (uint32_t i = r.first; i < r.end; i++)
			weight[i] = 1;
		return;
	}
	mix(s->vocabulary.idf, r, block->mix, weight);
}

int ratios_fit(const struct row_set *s, const struct rows *rows,
	       const signed char *y, double *weight)
{
	const struct tfidf *t = &s->vocabulary.tfidf;
	struct sides n = { calloc(t->terms + (size_t)1, sizeof(double)),
			   calloc(t->terms + (size_t)1, sizeof(double)) };
	struct run r = { 0, 0 };
	bool ok = n.with && n.without;

	if (ok)
		count_sides(&n, rows, y);
	for (uint32_t b = 0; b < t->block_count && ok; b++) {
		r.end = t->block[b].end;
		weigh_block(s, b, r, &n, weight);
		r.first = r.end;
	}
	free(n.with);
	free(n.without);
	return ok ? 0 : -ENOMEM;
}

void ratios_apply(const struct tfidf *t, const double *weight,
		  const struct feat *x, struct feat *out)
{
	for (uint32_t b = 0; b < t->block_count; b++) {
		const struct tfidf_block *block = &t->block[b];
		struct feat *from = out;
		double squares = 0;

		for (; x->index >= 0 && (uint32_t)x->index < block->end; x++) {
			*out = *x;
			if (block->supervised)
				out->value *= weight[x->index];
			squares += out->value * out->value;
			out++;
		}
		if (!block->supervised || !block->norm || squares <= 0)
			continue;
		for (; from < out; from++)
			from->value *= block->weight / sqrt(squares);
	}
	*out = *x; /* the end mark */
}
