#include "learn/cross.h"

#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "learn/calibrate.h"
#include "learn/score.h"

static int run_fold(struct cross *x, const struct fit *f, uint32_t fold,
		    unsigned char *use, struct err *e)
{
	struct model *m;
	struct buf bundle;
	int r;

	for (size_t i = 0; i < f->corpus->n; i++)
		use[i] = x->fold[i] != fold;
	buf_init(&bundle, (size_t)64 << 30);
	r = fit_bundle(f, use, &bundle, e);
	if (!r)
		r = model_view("a fold's bundle", buf_view(&bundle), &m, e);
	if (!r) {
		for (size_t i = 0; i < f->corpus->n; i++)
			use[i] = !use[i];
		r = score_judge(m, f->corpus, use, x->decisions);
		model_free(m);
	}
	buf_done(&bundle);
	return r;
}

int cross_run(struct cross *x, const struct fit *f, const char *what,
	      struct err *e)
{
	unsigned char *use = calloc(f->corpus->n, 1);
	int r = 0;

	x->columns = fit_columns(f->corpus);
	x->decisions = calloc(f->corpus->n * x->columns, sizeof(double));
	if (!use || !x->decisions)
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
	free(x->decisions);
	*x = (struct cross){ 0 };
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

static int pool_open(struct pool *p, size_t most)
{
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

enum { NO_FOLD = UINT32_MAX };

static void pool_topic(struct pool *p, const struct cross *x,
		       const struct corpus *c, uint32_t topic,
		       uint32_t without)
{
	p->n = 0;
	for (size_t i = 0; i < c->n; i++) {
		if (x->fold[i] == without)
			continue;
		p->d[p->n] = x->decisions[i * x->columns + topic];
		p->y[p->n++] = c->v[i].labels[topic] != 0;
	}
}

static void pool_stance(struct pool *p, const struct cross *x,
			const struct corpus *c, uint32_t stance)
{
	uint32_t stances = (uint32_t)c->stances.n;

	p->n = 0;
	for (size_t i = 0; i < c->n; i++)
		for (uint32_t t = 0; t < c->topic_count; t++) {
			unsigned char b = c->v[i].labels[t];

			if (!b || b == CORPUS_NO_STANCE)
				continue;
			p->d[p->n] = x->decisions[i * x->columns +
						  c->topic_count +
						  t * stances + stance];
			p->y[p->n++] = b == 1 + stance;
		}
}

static double threshold(const struct fit *f, struct pool *p)
{
	if (f->recipe->threshold == RECIPE_THRESHOLD_ZERO)
		return 0;
	return calibrate_f1(p->d, p->y, p->n, p->scratch);
}

int cross_calibrate(const struct cross *x, const struct fit *f,
		    struct fit_column *columns)
{
	const struct corpus *c = f->corpus;
	uint32_t stances = (uint32_t)c->stances.n;
	struct pool p;
	int r = pool_open(&p, c->n * c->topic_count);

	for (uint32_t t = 0; t < c->topic_count && !r; t++) {
		pool_topic(&p, x, c, t, NO_FOLD);
		calibrate_platt(p.d, p.y, p.n, &columns[t].a, &columns[t].b);
		columns[t].threshold = threshold(f, &p);
	}
	for (uint32_t s = 0; s < stances && !r; s++) {
		struct fit_column one = { -1, 0, 0 };

		pool_stance(&p, x, c, s);
		calibrate_platt(p.d, p.y, p.n, &one.a, &one.b);
		for (uint32_t t = 0; t < c->topic_count; t++)
			columns[c->topic_count + t * stances + s] = one;
	}
	pool_free(&p);
	return r;
}

int cross_report(const struct cross *x, const struct fit *f, struct report *r)
{
	const struct corpus *c = f->corpus;
	double *t = calloc(c->topic_count, sizeof(*t));
	struct pool p;
	int result = pool_open(&p, c->n);

	if (!t)
		result = -ENOMEM;
	for (uint32_t fold = 0; fold < x->folds && !result; fold++) {
		for (uint32_t k = 0; k < c->topic_count; k++) {
			pool_topic(&p, x, c, k, fold);
			t[k] = threshold(f, &p);
		}
		for (size_t i = 0; i < c->n && !result; i++)
			if (x->fold[i] == fold)
				result = score_add(
					r, c, i,
					x->decisions + i * x->columns, t);
	}
	pool_free(&p);
	free(t);
	return result;
}
