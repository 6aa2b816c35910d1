#include "classify/classify_gauges.h"

#include <errno.h>
#include <stdlib.h>

#include "base/metrics.h"
#include "wire/health.h"

struct classify_gauges {
	struct guard_page *page;
	struct metrics *metrics;
	struct metric *judged, *seconds, *deaths, *ok, *refused, *model;
	struct metric *bytes;
	struct health *health;
};

static void refresh(void *self)
{
	struct classify_gauges *g = self;

	metric_set(g->judged, (double)atomic_load(&g->page->judged));
	metric_set(g->deaths, (double)atomic_load(&g->page->deaths));
}

static void add_metrics(struct classify_gauges *g)
{
	static const char *const reloads = "vigie_classify_reloads_total";
	static const char *const about = "Bundles that were loaded while "
					 "articles were judged";

	g->judged = metrics_get(g->metrics, METRIC_COUNTER,
				"vigie_classify_judged_total",
				"Articles judged", NULL);
	g->seconds = metrics_get(g->metrics, METRIC_HISTOGRAM,
				 "vigie_classify_judge_seconds",
				 "Time to judge an article", NULL);
	g->deaths = metrics_get(g->metrics, METRIC_COUNTER,
				"vigie_classify_worker_deaths_total",
				"Workers that ended without being told to",
				NULL);
	g->ok = metrics_get(g->metrics, METRIC_COUNTER, reloads, about,
			    "result=\"ok\"");
	g->refused = metrics_get(g->metrics, METRIC_COUNTER, reloads, about,
				 "result=\"refused\"");
}

int classify_gauges_open(const struct classify_settings *s,
			 struct guard_page *page, struct classify_gauges **ret,
			 struct err *e)
{
	struct classify_gauges *g = calloc(1, sizeof(*g));
	struct health_settings h;
	int r;

	if (!g)
		return -ENOMEM;
	g->page = page;
	r = metrics_new(&g->metrics);
	if (!r) {
		add_metrics(g);
		h = (struct health_settings){ .http = &s->http,
					      .number = s->number,
					      .metrics = g->metrics,
					      .refresh = refresh,
					      .self = g };
		r = health_open(&h, &g->health, e);
	}
	if (r) {
		classify_gauges_free(g);
		return r;
	}
	*ret = g;
	return 0;
}

void classify_gauges_free(struct classify_gauges *g)
{
	if (!g)
		return;
	health_free(g->health);
	metrics_free(g->metrics);
	free(g);
}

void classify_gauges_judged(struct classify_gauges *g, int64_t ns)
{
	metric_observe(g->seconds, (double)ns * 1e-9);
}

static void show_bytes(struct classify_gauges *g, const struct model *m)
{
	if (g->bytes)
		metric_set(g->bytes, 0);
	g->bytes = metrics_get(g->metrics, METRIC_GAUGE,
			       "vigie_classify_model_bytes",
			       "The bundle that judges, in memory that all "
			       "daemons share or our own",
			       m->bytes.base ? "copy=\"shared\""
					     : "copy=\"own\"");
	metric_set(g->bytes, (double)m->bytes.view.n);
}

/* One row is 1: that of the bundle that judges. */
void classify_gauges_model(struct classify_gauges *g, const struct model *m)
{
	struct buf labels;

	if (g->model)
		metric_set(g->model, 0);
	buf_init(&labels, 4096);
	metrics_label(&labels, "model", str_of(m->name));
	metrics_label(&labels, "id", str_of(m->id));
	buf_add_char(&labels, '\0');
	if (!buf_error(&labels)) {
		g->model = metrics_get(g->metrics, METRIC_GAUGE,
				       "vigie_classify_model_info",
				       "The bundle that judges", labels.p);
		metric_set(g->model, 1);
	}
	buf_done(&labels);
	show_bytes(g, m);
}

void classify_gauges_reload(struct classify_gauges *g, bool ok)
{
	metric_add(ok ? g->ok : g->refused, 1);
}

int classify_gauges_fd(const struct classify_gauges *g)
{
	return health_fd(g->health);
}

int64_t classify_gauges_pause(const struct classify_gauges *g)
{
	return health_pause(g->health);
}

int classify_gauges_turn(struct classify_gauges *g, struct err *e)
{
	return health_turn(g->health, e);
}

void classify_gauges_ready(struct classify_gauges *g, const char *why_not)
{
	health_ready(g->health, why_not);
}
