#include "learn/cross.h"

#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "learn/calibrate.h"

static bool fold_is_empty(const struct cross *x, size_t n, uint32_t fold)
{
	for (size_t i = 0; i < n; i++)
		if (x->fold[i] == fold)
			return false;
	return true;
}

static int run_fold(struct cross *x, const struct fit *f, uint32_t fold,
		    unsigned char *use, struct err *e)
{
	size_t n = f->corpus->n;
	struct model *m;
	struct buf bundle;
	int r;

	if (fold_is_empty(x, n, fold))
		return 0;
	for (size_t i = 0; i < n; i++)
		use[i] = x->fold[i] != fold && x->fold[i] != CROSS_NONE;
	buf_init(&bundle, (size_t)64 << 30);
	r = fit_bundle(f, use, &bundle, e);
	if (!r)
		r = model_view("a fold's bundle", buf_view(&bundle), &m, e);
	if (!r) {
		for (size_t i = 0; i < n; i++)
			use[i] = x->fold[i] == fold;
		r = score_judge(m, f->corpus, use, &x->scores);
		model_free(m);
	}
	buf_done(&bundle);
	return r;
}

int cross_run(struct cross *x, const struct fit *f, const char *what,
	      struct err *e)
{
	const struct corpus *c = f->corpus;
	unsigned char *use = calloc(c->n + 1, 1);
	int r = scores_init(&x->scores, c->n, c->topic_count,
			    (uint32_t)c->stances.n);

	if (!use)
		r = -ENOMEM;
	for (uint32_t fold = 0; fold < x->folds && !r; fold++) {
		log_progress(what, fold, x->folds);
		r = run_fold(x, f, fold, use, e);
	}
	log_progress(what, x->folds, x->folds);
	free(use);
	return r;
}

void cross_free(struct cross *x)
{
	free(x->fold);
	scores_done(&x->scores);
	*x = (struct cross){ .fold = NULL };
}

/* The decisions of one column over the documents that speak of it, and which
 * of them are positive: all documents for a topic; for a stance on a topic,
 * those with any stance on any topic, so that few do not decide alone. */
struct pool {
	double *d;
	unsigned char *y;
	size_t n;
	struct calibrate_case *scratch;
};

static int pool_open(struct pool *p, const struct corpus *c)
{
	size_t most = c->n;

	for (size_t i = 0, asked = 0; i < c->n; i++) {
		for (uint32_t t = 0; t < c->topic_count; t++)
			asked += score_gold(c->v[i].labels[t]) >= 0;
		if (asked > most)
			most = asked;
	}
	p->n = 0;
	p->d = calloc(most + 1, sizeof(*p->d));
	p->y = calloc(most + 1, sizeof(*p->y));
	p->scratch = calloc(most + 1, sizeof(*p->scratch));
	return p->d && p->y && p->scratch ? 0 : -ENOMEM;
}

static void pool_free(struct pool *p)
{
	free(p->d);
	free(p->y);
	free(p->scratch);
}

static void pool_add(struct pool *p, double decision, bool positive)
{
	p->d[p->n] = decision;
	p->y[p->n++] = positive;
}

static void pool_topic(struct pool *p, const struct cross *x,
		       const struct corpus *c, uint32_t topic,
		       uint32_t without)
{
	const struct scores *s = &x->scores;

	p->n = 0;
	for (size_t i = 0; i < c->n; i++)
		if (s->judged[i] && x->fold[i] != without)
			pool_add(p, s->decision[i * s->columns + topic],
				 c->v[i].labels[topic] != 0);
}

static void pool_stance(struct pool *p, const struct cross *x,
			const struct corpus *c, uint32_t stance,
			uint32_t without)
{
	const struct scores *s = &x->scores;

	p->n = 0;
	for (size_t i = 0; i < c->n; i++) {
		const double *d = s->decision + i * s->columns + s->topics;

		if (!s->judged[i] || x->fold[i] == without)
			continue;
		for (uint32_t t = 0; t < s->topics; t++) {
			int gold = score_gold(c->v[i].labels[t]);

			if (gold >= 0)
				pool_add(p, d[t * s->stances + stance],
					 gold == (int)stance);
		}
	}
}

/* Without a decision to learn from, the column stays as it is. */
static void calibrate(const struct fit *f, struct pool *p,
		      struct fit_column *c, struct bundle_knot *knots)
{
	if (!p->n)
		return;
	calibrate_platt(p->d, p->y, p->n, &c->a, &c->b);
	if (f->recipe->calibration != RECIPE_CALIBRATION_ISOTONIC)
		return;
	c->knot_count = calibrate_isotonic(p->d, p->y, p->n, p->scratch,
					   knots);
	c->knots = knots;
}

static double threshold(const struct fit *f, struct pool *p)
{
	const struct calibrate_choice by = {
		.by = f->recipe->threshold,
		.precision = f->recipe->precision,
		.cost = f->recipe->cost,
		.part = f->recipe->threshold_part,
	};

	return calibrate_threshold(&by, p->d, p->y, p->n, p->scratch);
}

/* From the decisions of all folds but one. A topic that comes with its
 * document is not decided, nor has it a threshold where exactly one is told. */
static void columns_fit(const struct cross *x, const struct fit *f,
			uint32_t without, struct pool *p,
			struct cross_columns *ret)
{
	const struct corpus *c = f->corpus;
	uint32_t stances = x->scores.stances;
	struct bundle_knot *knots = ret->knots;

	for (uint32_t i = 0; i < x->scores.columns; i++)
		ret->v[i] = (struct fit_column){ .a = -1 };
	for (uint32_t t = 0; t < c->topic_count && !f->recipe->targets; t++) {
		pool_topic(p, x, c, t, without);
		calibrate(f, p, &ret->v[t], knots);
		if (!f->recipe->one_of)
			ret->v[t].threshold = threshold(f, p);
		knots += CALIBRATE_KNOTS_MAX;
	}
	for (uint32_t s = 0; s < stances; s++) {
		struct fit_column one = { .a = -1 };

		pool_stance(p, x, c, s, without);
		calibrate(f, p, &one, knots);
		for (uint32_t t = 0; t < c->topic_count; t++)
			ret->v[c->topic_count + t * stances + s] = one;
		knots += CALIBRATE_KNOTS_MAX;
	}
}

static int columns_new(const struct cross *x, struct cross_columns *ret)
{
	size_t machines = (size_t)x->scores.topics + x->scores.stances;

	ret->v = calloc((size_t)x->scores.columns + 1, sizeof(*ret->v));
	ret->knots = calloc(machines * CALIBRATE_KNOTS_MAX + 1,
			    sizeof(*ret->knots));
	return ret->v && ret->knots ? 0 : -ENOMEM;
}

void cross_columns_done(struct cross_columns *c)
{
	free(c->v);
	free(c->knots);
	*c = (struct cross_columns){ NULL, NULL };
}

int cross_calibrate(const struct cross *x, const struct fit *f,
		    struct cross_columns *ret)
{
	struct pool p;
	int r = pool_open(&p, f->corpus);

	if (columns_new(x, ret))
		r = -ENOMEM;
	if (!r)
		columns_fit(x, f, CROSS_NONE, &p, ret);
	pool_free(&p);
	return r;
}

static int label_fold(struct cross *x, const struct fit *f, uint32_t fold,
		      const struct fit_column *columns)
{
	struct score_rules rules;
	int r = score_rules_init(&rules, f->corpus, f->recipe, columns);

	for (size_t i = 0; i < f->corpus->n && !r; i++)
		if (x->scores.judged[i] && x->fold[i] == fold)
			score_label(&rules.model, f->corpus->v[i].labels, i,
				    &x->scores);
	score_rules_done(&rules);
	return r;
}

int cross_label(struct cross *x, const struct fit *f,
		const struct fit_column *columns)
{
	struct cross_columns own;
	struct pool p;
	int r = pool_open(&p, f->corpus);

	if (columns_new(x, &own))
		r = -ENOMEM;
	for (uint32_t fold = 0; fold < x->folds && !r; fold++) {
		if (!columns)
			columns_fit(x, f, fold, &p, &own);
		r = label_fold(x, f, fold, columns ? columns : own.v);
	}
	cross_columns_done(&own);
	pool_free(&p);
	return r;
}
