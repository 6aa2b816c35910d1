#include "learn/fresh.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/stop.h"
#include "learn/report.h"

enum { SAMPLES = 2000, SEED = 1 };

/* What both said of one repeat, as questions with a byte a label. */
struct answers {
	const struct corpus *c;
	const struct recipe *recipe;
	struct cross x[2];
	unsigned char *gold, *said[2], *counted;
	uint32_t *document;
};

static void answers_done(struct answers *a)
{
	cross_free(&a->x[0]);
	cross_free(&a->x[1]);
	free(a->gold);
	free(a->said[0]);
	free(a->said[1]);
	free(a->counted);
	free(a->document);
}

static int answers_open(struct answers *a)
{
	size_t topics = a->c->topic_count, stances = a->c->stances.n;
	size_t most = topics * (stances > 1 ? stances : 1);
	size_t cells = a->c->n * most + 1;

	a->gold = calloc(cells, 1);
	a->said[0] = calloc(cells, 1);
	a->said[1] = calloc(cells, 1);
	a->counted = calloc(topics + stances, 1);
	a->document = calloc(a->c->n * topics + 1, sizeof(*a->document));
	return a->gold && a->said[0] && a->said[1] && a->counted && a->document
		       ? 0
		       : -ENOMEM;
}

/* Labels that the metric speaks of; how many there are. */
static uint32_t mark_counted(struct answers *a, const char *const *names,
			     uint32_t n)
{
	const struct conf_texts *labels = &a->recipe->metric_labels;
	uint32_t counted = 0;

	for (uint32_t i = 0; i < n; i++) {
		a->counted[i] = labels->n == 0;
		for (size_t k = 0; k < labels->n; k++)
			a->counted[i] |= !strcmp(labels->v[k], names[i]);
		counted += a->counted[i];
	}
	return counted;
}

static struct compare_rows topic_rows(struct answers *a)
{
	size_t topics = a->c->topic_count, n = a->c->n;

	for (size_t i = 0; i < n; i++)
		for (size_t t = 0; t < topics; t++)
			a->gold[i * topics + t] = a->c->v[i].labels[t] != 0;
	for (int k = 0; k < 2; k++)
		memcpy(a->said[k], a->x[k].scores.given, n * topics);
	return (struct compare_rows){ .n = n, .labels = a->c->topic_count };
}

/* A question a stance that is so. */
static struct compare_rows stance_rows(struct answers *a)
{
	uint32_t topics = a->c->topic_count;
	uint32_t stances = (uint32_t)a->c->stances.n;
	size_t cells = a->c->n * topics * stances, n = 0;

	memset(a->gold, 0, cells);
	memset(a->said[0], 0, cells);
	memset(a->said[1], 0, cells);
	for (size_t i = 0; i < a->c->n; i++)
		for (uint32_t t = 0; t < topics; t++) {
			int gold = score_gold(a->c->v[i].labels[t]);
			size_t at = i * topics + t;

			if (gold < 0)
				continue;
			a->gold[n * stances + (size_t)gold] = 1;
			for (int k = 0; k < 2; k++)
				a->said[k][n * stances +
					   a->x[k].scores.stance[at]] = 1;
			a->document[n++] = (uint32_t)i;
		}
	return (struct compare_rows){ .n = n,
				      .labels = stances,
				      .document = a->document };
}

static int test_decisions(const struct compare_rows *rows,
			  struct compare_mcnemar *ret)
{
	unsigned char *right = malloc(2 * rows->n + 1);
	size_t labels = rows->labels;

	if (!right)
		return -ENOMEM;
	for (size_t i = 0; i < rows->n; i++) {
		const unsigned char *gold = rows->gold + i * labels;

		right[i] = !memcmp(gold, rows->a + i * labels, labels);
		right[rows->n + i] =
			!memcmp(gold, rows->b + i * labels, labels);
	}
	compare_mcnemar(right, right + rows->n, rows->n, ret);
	free(right);
	return 0;
}

static int test(struct answers *a, struct compare_rows rows,
		const char *const *names, struct fresh_test *ret)
{
	static const enum compare_figure figures[] = {
		[RECIPE_METRIC_MACRO_F1] = COMPARE_MACRO_F1,
		[RECIPE_METRIC_MICRO_F1] = COMPARE_MICRO_F1,
		[RECIPE_METRIC_MEAN_F1] = COMPARE_MEAN_F1,
	};
	int metric = a->recipe->metric, r;

	if (!rows.n || !mark_counted(a, names, rows.labels))
		return 0;
	rows.gold = a->gold;
	rows.a = a->said[0];
	rows.b = a->said[1];
	rows.counted = a->counted;
	ret->of_decisions = metric == RECIPE_METRIC_ACCURACY;
	if (ret->of_decisions)
		r = test_decisions(&rows, &ret->mcnemar);
	else
		r = compare_bootstrap(&rows, figures[metric], SAMPLES, SEED,
				      &ret->bootstrap);
	ret->made = !r;
	return r;
}

static int test_both(struct fresh *f, const struct trial t[2],
		     const struct corpus *c)
{
	struct answers a = { .c = c, .recipe = &t[0].recipe };
	int r = answers_open(&a);

	for (int k = 0; k < 2; k++)
		if (!r)
			r = trial_labels(&t[k], c, 0, &a.x[k]);
	if (!r && !a.recipe->targets)
		r = test(&a, topic_rows(&a), c->topics, &f->topics);
	if (!r && c->stances.n)
		r = test(&a, stance_rows(&a), c->stances.v, &f->stances);
	answers_done(&a);
	return r;
}

static void wait_for(struct trial *t, int *done)
{
	size_t one = 1;

	while (one == 1 && !stop_asked()) {
		log_progress("scoring on fresh folds, recipe",
			     (unsigned long)*done, 2);
		one = trial_wait(&t, 1, 100);
	}
	*done += one == 0;
}

int fresh_run(struct fresh *ret, const struct trial_kept *kept,
	      const char *const yaml[2], const struct trial_folds *folds,
	      size_t jobs, struct err *e)
{
	struct trial t[2] = { { .says = -1 }, { .says = -1 } };
	int done = 0, r = trial_start(&t[0], kept, yaml[0], folds, e);

	*ret = (struct fresh){ .repeats = folds->repeats };
	if (!r && jobs < 2)
		wait_for(&t[0], &done);
	if (!r)
		r = trial_start(&t[1], kept, yaml[1], folds, e);
	if (!r && jobs > 1)
		wait_for(&t[0], &done);
	if (!r)
		wait_for(&t[1], &done);
	log_progress("", 0, 0);
	ret->made = !r && done == 2;
	for (int k = 0; k < 2 && ret->made && !r; k++)
		r = trial_figure(&t[k], &ret->figure[k], &ret->spread[k], e);
	if (ret->made && !r)
		r = test_both(ret, t, kept->corpus);
	trial_done(&t[0]);
	trial_done(&t[1]);
	return r;
}

static void print_figure(const struct fresh *f, int k, const char *whose,
			 FILE *out)
{
	fprintf(out, "  %.4f", f->figure[k]);
	if (f->repeats > 1)
		fprintf(out, " ± %.4f", f->spread[k]);
	fprintf(out, "  %s\n", whose);
}

static void print_test(const struct fresh_test *t, const char *of, int metric,
		       FILE *out)
{
	const struct compare_bootstrap *b = &t->bootstrap;

	if (!t->made)
		return;
	if (t->of_decisions)
		fprintf(out,
			"McNemar's test of the %s: only the start is right "
			"%llu times, only the best %llu times; p = %.3g.\n",
			of, (unsigned long long)t->mcnemar.only_a,
			(unsigned long long)t->mcnemar.only_b, t->mcnemar.p);
	else
		fprintf(out,
			"Paired bootstrap of the %s: %s %.4f and %.4f, "
			"difference %+.4f (95 %% of the samples from %+.4f to "
			"%+.4f); p = %.3g.\n",
			of, report_metric_name(metric), b->a, b->b,
			b->difference, b->low, b->high, b->p);
}

void fresh_print(const struct fresh *f, int metric, FILE *out)
{
	fprintf(out, "On fresh folds, which the search has not seen");
	if (f->repeats > 1)
		fprintf(out, " (%u times)", f->repeats);
	fprintf(out, ", %s is\n", report_metric_name(metric));
	print_figure(f, 0, "of the start", out);
	print_figure(f, 1, "of the best", out);
	if (f->figure[1] <= f->figure[0])
		fputs("so that nothing speaks for the best: keep the start.\n",
		      out);
	print_test(&f->topics, "topics", metric, out);
	print_test(&f->stances, "stances", metric, out);
}
