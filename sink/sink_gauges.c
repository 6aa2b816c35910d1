#include "sink/sink_gauges.h"

#include <errno.h>
#include <stdlib.h>

#include "base/metrics.h"

struct sink_gauges {
	struct metrics *metrics;
	struct health *health;
	struct metric *emitted, *dead_lettered, *repeated, *refused, *waiting,
		*group_age, *commit;
};

static struct metric *add(struct sink_gauges *g, enum metric_kind kind,
			  const char *name, const char *help)
{
	return metrics_get(g->metrics, kind, name, help, NULL);
}

static void add_all(struct sink_gauges *g)
{
	g->emitted = add(g, METRIC_COUNTER, "vigie_sink_emitted_total",
			 "Articles that came out as records.");
	g->dead_lettered = add(g, METRIC_COUNTER,
			       "vigie_sink_dead_lettered_total",
			       "Articles that came out as dead letters.");
	g->repeated = add(g, METRIC_COUNTER, "vigie_sink_repeated_total",
			  "Verdicts on articles that had come out already.");
	g->refused = add(g, METRIC_COUNTER, "vigie_sink_refused_total",
			 "Messages and articles that made no sense.");
	g->commit = add(g, METRIC_HISTOGRAM, "vigie_sink_commit_seconds",
			"How long it took to make a group of lines last.");
	g->waiting = add(g, METRIC_GAUGE, "vigie_sink_waiting",
			 "Articles taken and not committed yet.");
	g->group_age = add(g, METRIC_GAUGE, "vigie_sink_group_age_seconds",
			   "How long the oldest uncommitted article waits.");
}

int sink_gauges_open(const struct http_settings *http,
		     void (*refresh)(void *self), void *self,
		     struct sink_gauges **ret, struct err *e)
{
	struct sink_gauges *g = calloc(1, sizeof(*g));
	struct health_settings s = { .http = http,
				     .refresh = refresh,
				     .self = self };
	int r;

	if (!g)
		return -ENOMEM;
	r = metrics_new(&g->metrics);
	if (!r) {
		add_all(g);
		s.metrics = g->metrics;
		r = health_open(&s, &g->health, e);
	}
	if (r)
		sink_gauges_free(g);
	else
		*ret = g;
	return r;
}

void sink_gauges_free(struct sink_gauges *g)
{
	if (!g)
		return;
	health_free(g->health);
	metrics_free(g->metrics);
	free(g);
}

void sink_gauges_set(struct sink_gauges *g, const struct sink_gauges_now *now)
{
	metric_set(g->emitted, (double)now->emitted);
	metric_set(g->dead_lettered, (double)now->dead_lettered);
	metric_set(g->repeated, (double)now->repeated);
	metric_set(g->refused, (double)now->refused);
	metric_set(g->waiting, (double)now->waiting);
	metric_set(g->group_age, now->group_age);
}

void sink_gauges_target(struct sink_gauges *g, const char *name, uint64_t bytes)
{
	struct buf label;

	buf_init(&label, 1 << 14);
	metrics_label(&label, "target", str_of(name));
	buf_add_char(&label, '\0');
	if (!buf_error(&label))
		metric_set(metrics_get(g->metrics, METRIC_GAUGE,
				       "vigie_sink_target_bytes",
				       "Bytes of the file that is written to.",
				       label.p),
			   (double)bytes);
	buf_done(&label);
}

void sink_gauges_committed(struct sink_gauges *g, double seconds)
{
	metric_observe(g->commit, seconds);
}

struct health *sink_gauges_health(struct sink_gauges *g)
{
	return g ? g->health : NULL;
}
