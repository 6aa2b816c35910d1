#include "learn/report.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/measure.h"

static const char *const metric_names[] = { "macro_f1", "micro_f1",
					    "accuracy", "mean_f1" };

const char *report_metric_name(int metric)
{
	return metric_names[metric];
}

struct report_set report_set_of(const struct recipe *r, const struct corpus *c)
{
	return (struct report_set){
		.topics = c->topics,
		.topic_count = c->topic_count,
		.stances = c->stances.v,
		.stance_count = (uint32_t)c->stances.n,
		.one_of = r->one_of,
		.targets = r->targets != BUNDLE_TARGETS_NONE,
		.metric = r->metric,
		.metric_labels = r->metric_labels,
		.unsure = r->unsure,
	};
}

static size_t stance_cells(const struct report_set *s)
{
	return ((size_t)s->topic_count + 1) * s->stance_count *
	       s->stance_count;
}

static int report_init(struct report *r, const struct report_set *set)
{
	size_t t = set->topic_count, s = set->stance_count;

	*r = (struct report){ .set = *set, .repeats = 1 };
	r->topic = calloc(t + 1, sizeof(*r->topic));
	r->stance = calloc(s + 1, sizeof(*r->stance));
	r->stance_confusion = calloc(stance_cells(set) + 1, sizeof(double));
	r->stance_f1 = calloc(t + 1, sizeof(*r->stance_f1));
	r->topic_curve = calloc(t + 1, sizeof(*r->topic_curve));
	r->stance_curve = calloc(s + 1, sizeof(*r->stance_curve));
	if (set->one_of)
		r->topic_confusion = calloc(t * t + 1, sizeof(double));
	if (r->topic && r->stance && r->stance_confusion && r->stance_f1 &&
	    r->topic_curve && r->stance_curve &&
	    (!set->one_of || r->topic_confusion))
		return 0;
	report_done(r);
	return -ENOMEM;
}

void report_done(struct report *r)
{
	if (r->spread)
		report_done(r->spread);
	free(r->spread);
	free(r->topic);
	free(r->stance);
	free(r->topic_confusion);
	free(r->stance_confusion);
	free(r->stance_f1);
	free(r->topic_curve);
	free(r->stance_curve);
	*r = (struct report){ .repeats = 0 };
}

static double group_metric(const struct report_group *g, int metric)
{
	switch (metric) {
	case RECIPE_METRIC_MICRO_F1:
		return g->micro_f1;
	case RECIPE_METRIC_ACCURACY:
		return g->accuracy;
	case RECIPE_METRIC_MEAN_F1:
		return g->mean_f1;
	default:
		return g->macro_f1;
	}
}

/* Of stances, of topics, or the mean of both; a group that has none of the
 * metric's labels has no say. */
static double metric_of(const struct report *r)
{
	double t = group_metric(&r->topics, r->set.metric);
	double s = group_metric(&r->stances, r->set.metric);

	if (!r->set.stance_count || s < 0)
		return fmax(t, 0);
	if (r->set.targets || t < 0)
		return s;
	return (t + s) / 2;
}

int report_make(struct report *ret, const struct report_set *set,
		const struct corpus *c, const struct scores *s)
{
	int r = report_init(ret, set);

	if (r)
		return r;
	r = measure(ret, c, s);
	ret->head.metric = metric_of(ret);
	if (r)
		report_done(ret);
	return r;
}

/* All numbers of a report that can be averaged, as runs of doubles. */
struct run {
	double *v;
	size_t n;
};

enum { RUNS = 8 };
#define RUN(p, count) \
	{ (double *)(void *)(p), (count) * sizeof(*(p)) / sizeof(double) }

static void runs_of(const struct report *r, struct run ret[RUNS])
{
	size_t t = r->set.topic_count, s = r->set.stance_count;
	const struct run all[RUNS] = {
		RUN(&r->head, 1),
		RUN(&r->topics, 1),
		RUN(&r->stances, 1),
		RUN(r->topic, t),
		RUN(r->stance, s),
		RUN(r->topic_confusion, r->topic_confusion ? t * t : 0),
		RUN(r->stance_confusion, stance_cells(&r->set)),
		RUN(r->stance_f1, t),
	};

	memcpy(ret, all, sizeof(all));
}

/* The mean into a, the standard deviation into b. */
static void average(const struct report *v, size_t n, const struct run a[RUNS],
		    const struct run b[RUNS])
{
	struct run one[RUNS];

	for (size_t k = 0; k < n; k++) {
		runs_of(&v[k], one);
		for (int i = 0; i < RUNS; i++)
			for (size_t j = 0; j < one[i].n; j++)
				a[i].v[j] += one[i].v[j] / (double)n;
	}
	for (size_t k = 0; k < n; k++) {
		runs_of(&v[k], one);
		for (int i = 0; i < RUNS; i++)
			for (size_t j = 0; j < one[i].n; j++)
				b[i].v[j] += pow(one[i].v[j] - a[i].v[j], 2);
	}
	for (int i = 0; i < RUNS; i++)
		for (size_t j = 0; j < b[i].n; j++)
			b[i].v[j] = n > 1 ? sqrt(b[i].v[j] / (double)(n - 1))
					  : 0;
}

int report_mean(struct report *ret, const struct report *v, size_t n)
{
	struct run mean[RUNS], spread[RUNS];
	int r = report_init(ret, &v->set);

	if (r)
		return r;
	ret->spread = calloc(1, sizeof(*ret->spread));
	r = ret->spread ? report_init(ret->spread, &v->set) : -ENOMEM;
	if (r) {
		report_done(ret);
		return r;
	}
	runs_of(ret, mean);
	runs_of(ret->spread, spread);
	average(v, n, mean, spread);
	memcpy(ret->topic_curve, v->topic_curve,
	       v->set.topic_count * sizeof(*v->topic_curve));
	memcpy(ret->stance_curve, v->stance_curve,
	       v->set.stance_count * sizeof(*v->stance_curve));
	ret->repeats = (uint32_t)n;
	if (n == 1) {
		report_done(ret->spread);
		free(ret->spread);
		ret->spread = NULL;
	}
	return 0;
}
