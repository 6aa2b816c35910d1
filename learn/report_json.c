/* The figures for a program. */
#include <math.h>

#include "learn/report.h"

/* null where a number is not one, which JSON cannot say. */
static json_t *real(double x)
{
	return isfinite(x) ? json_real(x) : json_null();
}

static json_t *whole(const struct report *r, double x)
{
	return r->repeats > 1 ? real(x) : json_integer((json_int_t)x);
}

static json_t *texts(const char *const *v, uint32_t n)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(a, json_string(v[i]));
	return a;
}

/* A row a tenth: how many, their mean probability, the part that is positive.
 */
static json_t *bins_json(const struct calibrate_bins *s)
{
	json_t *a = json_array();

	for (int i = 0; i < CALIBRATE_BINS; i++) {
		const struct calibrate_bin *b = &s->bin[i];
		double n = b->n > 0 ? b->n : 1;

		json_array_append_new(
			a, json_pack("{s:o, s:o, s:o}", "n", real(b->n),
				     "probability", real(b->probability / n),
				     "positive", real(b->positives / n)));
	}
	return a;
}

static json_t *curve_json(const struct curves_recall *c)
{
	json_t *a = json_array();

	for (size_t i = 0; i < c->n; i++)
		json_array_append_new(
			a, json_pack("{s:o, s:o, s:o}", "threshold",
				     real(c->v[i].threshold), "precision",
				     real(c->v[i].precision), "recall",
				     real(c->v[i].recall)));
	return a;
}

static json_t *label_json(const struct report *r, const struct report_label *l,
			  const struct curves_recall *curve,
			  enum report_detail detail)
{
	json_t *o = json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "precision",
		real(l->precision), "recall", real(l->recall), "f1",
		real(l->f1), "support", whole(r, l->support), "brier",
		real(l->brier), "ece", real(l->ece), "average_precision",
		real(l->average_precision));

	if (detail != REPORT_ALL)
		return o;
	json_object_set_new(o, "reliability", bins_json(&l->bins));
	json_object_set_new(o, "curve", curve_json(curve));
	return o;
}

static json_t *labels_json(const struct report *r, const char *const *names,
			   uint32_t n, const struct report_label *v,
			   const struct curves_recall *curves,
			   enum report_detail detail)
{
	json_t *o = json_object();

	for (uint32_t i = 0; i < n; i++)
		json_object_set_new(o, names[i],
				    label_json(r, &v[i], &curves[i], detail));
	return o;
}

static json_t *coverage_json(const struct report_group *g, bool with_f1)
{
	json_t *a = json_array();

	for (int i = 0; i < CURVES_STEPS; i++) {
		const struct curves_step *s = &g->step[i];
		json_t *o = json_pack("{s:o, s:o, s:o}", "coverage",
				      real(s->coverage), "confidence",
				      real(s->confidence), "accuracy",
				      real(s->accuracy));

		if (with_f1)
			json_object_set_new(o, "macro_f1", real(s->macro_f1));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *matrix_json(const struct report *r, const double *m, size_t n)
{
	json_t *rows = json_array();

	for (size_t g = 0; g < n; g++) {
		json_t *row = json_array();

		for (size_t s = 0; s < n; s++)
			json_array_append_new(row, whole(r, m[g * n + s]));
		json_array_append_new(rows, row);
	}
	return rows;
}

/* Right, missed; wrong, rightly not given: a topic each. */
static json_t *topic_counts_json(const struct report *r)
{
	json_t *o = json_object();

	for (uint32_t t = 0; t < r->set.topic_count; t++) {
		const struct report_label *l = &r->topic[t];
		const double m[] = { l->tp, l->fn, l->fp, l->tn };

		json_object_set_new(o, r->set.topics[t], matrix_json(r, m, 2));
	}
	return o;
}

/* What topics and stances have in common. right: what accuracy is called. */
static json_t *group_json(const struct report *r, const struct report_group *g,
			  const char *right)
{
	json_t *o = json_pack(
		"{s:o, s:{s:o, s:o, s:o}, s:o, s:o, s:o, s:o, s:o, s:o}",
		"asked", whole(r, g->asked), "micro", "precision",
		real(g->micro_precision), "recall", real(g->micro_recall),
		"f1", real(g->micro_f1), "macro_f1", real(g->macro_f1), right,
		real(g->accuracy), "brier", real(g->brier), "ece",
		real(g->ece), "macro_ece", real(g->macro_ece), "reliability",
		bins_json(&g->bins));

	if (o && g->mean_f1 >= 0)
		json_object_set_new(o, "mean_f1", real(g->mean_f1));
	return o;
}

static json_t *topics_json(const struct report *r, enum report_detail detail)
{
	const struct report_set *s = &r->set;
	json_t *o = group_json(r, &r->topics, s->one_of ? "accuracy" : "exact");

	json_object_set_new(o, "labels",
			    labels_json(r, s->topics, s->topic_count, r->topic,
					r->topic_curve, detail));
	json_object_set_new(o, "order", texts(s->topics, s->topic_count));
	json_object_set_new(o, "coverage", coverage_json(&r->topics, false));
	json_object_set_new(o, "confusion",
			    s->one_of ? matrix_json(r, r->topic_confusion,
						    s->topic_count)
				      : topic_counts_json(r));
	return o;
}

static json_t *by_topic_json(const struct report *r)
{
	json_t *o = json_object();

	for (uint32_t t = 0; t < r->set.topic_count; t++)
		json_object_set_new(o, r->set.topics[t],
				    real(r->stance_f1[t]));
	return o;
}

static json_t *confusions_json(const struct report *r)
{
	size_t n = r->set.stance_count;
	json_t *o = json_object();

	for (uint32_t t = 0; t < r->set.topic_count; t++)
		json_object_set_new(o, r->set.topics[t],
				    matrix_json(r,
						r->stance_confusion +
							(t + 1) * n * n,
						n));
	return o;
}

static json_t *stances_json(const struct report *r, enum report_detail detail)
{
	const struct report_set *s = &r->set;
	const struct report_group *g = &r->stances;
	json_t *o = group_json(r, g, "accuracy");

	json_object_set_new(o, "labels",
			    labels_json(r, s->stances, s->stance_count,
					r->stance, r->stance_curve, detail));
	json_object_set_new(o, "order", texts(s->stances, s->stance_count));
	json_object_set_new(o, "macro_f1_by_topic", by_topic_json(r));
	json_object_set_new(o, "coverage", coverage_json(g, true));
	json_object_set_new(o, "unsure",
			    json_pack("{s:o, s:o, s:o}", "below",
				      real(s->unsure), "part",
				      real(g->unsure), "accuracy_of_others",
				      real(g->sure_accuracy)));
	json_object_set_new(o, "confusion",
			    matrix_json(r, r->stance_confusion,
					s->stance_count));
	if (detail == REPORT_ALL)
		json_object_set_new(o, "confusion_by_topic",
				    confusions_json(r));
	return o;
}

static json_t *group_spread_json(const struct report_group *g)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "micro_f1",
			 real(g->micro_f1), "macro_f1", real(g->macro_f1),
			 "mean_f1", real(g->mean_f1), "accuracy",
			 real(g->accuracy), "brier", real(g->brier), "ece",
			 real(g->ece));
}

/* Standard deviations over the repeats. */
static json_t *repeats_json(const struct report *r)
{
	const struct report *s = r->spread;
	json_t *o = json_pack("{s:I, s:o}", "n", (json_int_t)r->repeats,
			      "metric", real(s->head.metric));

	if (!r->set.targets)
		json_object_set_new(o, "topics",
				    group_spread_json(&s->topics));
	if (r->set.stance_count)
		json_object_set_new(o, "stances",
				    group_spread_json(&s->stances));
	return o;
}

json_t *report_json(const struct report *r, enum report_detail detail)
{
	json_t *o = json_pack("{s:o, s:{s:s, s:o}, s:o}", "documents",
			      whole(r, r->head.documents), "metric", "name",
			      report_metric_name(r->set.metric), "value",
			      real(r->head.metric), "unknown_words",
			      real(r->head.unknown));

	if (!r->set.targets)
		json_object_set_new(o, "topics", topics_json(r, detail));
	if (r->set.stance_count)
		json_object_set_new(o, "stances", stances_json(r, detail));
	if (r->repeats > 1)
		json_object_set_new(o, "spread", repeats_json(r));
	return o;
}
