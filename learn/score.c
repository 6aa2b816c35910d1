#include "learn/score.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "classify/judge.h"

int score_judge(const struct model *m, const struct corpus *c,
		const unsigned char *use, double *decisions)
{
	struct arena block;
	int r = arena_open(&block, JUDGE_ARENA);

	for (size_t i = 0; i < c->n && !r; i++) {
		struct arena scratch = block;
		struct judgement j;

		if (use && !use[i])
			continue;
		r = judge(m, c->v[i].title, c->v[i].text, &scratch, &j);
		if (!r)
			memcpy(decisions + i * m->column_count, j.decision,
			       m->column_count * sizeof(*decisions));
		if (!use)
			log_progress("judging", i + 1, c->n);
	}
	arena_close(block);
	return r;
}

static uint32_t largest(const double *v, uint32_t n)
{
	uint32_t best = 0;

	for (uint32_t i = 1; i < n; i++)
		if (v[i] > v[best])
			best = i;
	return best;
}

void score_label(const struct score_labels *l, const double *d,
		 const double *thresholds, unsigned char *given, int *stance)
{
	uint32_t top = largest(d, l->topics);

	for (uint32_t t = 0; t < l->topics; t++) {
		double least = thresholds ? thresholds[t] : 0;

		given[t] = l->one_of ? t == top : d[t] > least;
		stance[t] = l->stances
				    ? (int)largest(d + l->topics +
							   t * l->stances,
						   l->stances)
				    : -1;
	}
}

int score_add(struct report *r, const struct corpus *c, size_t i,
	      const double *d, const double *thresholds)
{
	struct score_labels l = { r->topics, r->stances, r->one_of };
	unsigned char *given = calloc(r->topics, sizeof(*given));
	int *gold = calloc(r->topics, sizeof(*gold));
	int *said = calloc(r->topics, sizeof(*said));

	if (given && gold && said) {
		score_label(&l, d, thresholds, given, said);
		for (uint32_t t = 0; t < r->topics; t++) {
			unsigned char b = c->v[i].labels[t];

			gold[t] = b && b != CORPUS_NO_STANCE ? b - 1 : -1;
		}
		report_add(r, c->v[i].labels, given, gold, said);
	}
	free(given);
	free(gold);
	free(said);
	return given && gold && said ? 0 : -ENOMEM;
}
