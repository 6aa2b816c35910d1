#include "ingest/ingest_gauges.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ingest/poll.h"
#include "ingest/poll_gauges.h"

static const double ms = 1e-3, ns = 1e-9;

/* Those that are set when somebody looks. */
enum {
	ACCEPTED,
	ACKNOWLEDGED,
	DEAD_LETTERED,
	REFUSED,
	DAMAGED,
	REPEATED,
	COPIES,
	PENDING,
	PENDING_BYTES,
	BACKLOG,
	RESENT,
	WORKERS,
	OLDEST,
	JOURNAL_BYTES,
	JOURNAL_QUOTA,
	BYTES,
	FULL,
	ROWS,
};

static const struct {
	enum metric_kind kind;
	const char *name, *help;
} rows[ROWS] = {
	[ACCEPTED] = { METRIC_COUNTER, "vigie_ingest_accepted_total",
		       "Articles accepted over the life of the journal." },
	[ACKNOWLEDGED] = { METRIC_COUNTER, "vigie_ingest_acknowledged_total",
			   "Of them, those that the sink has acknowledged." },
	[DEAD_LETTERED] = { METRIC_COUNTER, "vigie_ingest_dead_lettered_total",
			    "Articles given up since the start: refused, or "
			    "fatal to their workers." },
	[REFUSED] = { METRIC_COUNTER, "vigie_ingest_refused_total",
		      "Pieces that could not be understood, since the "
		      "start." },
	[DAMAGED] = { METRIC_COUNTER, "vigie_ingest_damaged_total",
		      "Articles lost to damage of the journal, found at the "
		      "start." },
	[REPEATED] = { METRIC_COUNTER, "vigie_articles_repeated_total",
		       "Articles passed over since the start: they came "
		       "before, word for word." },
	[COPIES] = { METRIC_COUNTER, "vigie_articles_copies_total",
		     "Near-copies found since the start: marked, or passed "
		     "over where they are dropped." },
	[PENDING] = { METRIC_GAUGE, "vigie_ingest_pending",
		      "Articles accepted and not acknowledged." },
	[PENDING_BYTES] = { METRIC_GAUGE, "vigie_ingest_pending_bytes",
			    "Bytes of those in the window." },
	[BACKLOG] = { METRIC_GAUGE, "vigie_ingest_backlog",
		      "Articles in the journal that are not in the window "
		      "yet." },
	[RESENT] = { METRIC_COUNTER, "vigie_ingest_resent_total",
		     "Articles sent again since the start." },
	[WORKERS] = { METRIC_GAUGE, "vigie_ingest_workers",
		      "Classify daemons that pull." },
	[OLDEST] = { METRIC_GAUGE, "vigie_ingest_oldest_pending_seconds",
		     "Age of the oldest article in the window." },
	[JOURNAL_BYTES] = { METRIC_GAUGE, "vigie_ingest_journal_bytes",
			    "Bytes of the journal on disk." },
	[JOURNAL_QUOTA] = { METRIC_GAUGE, "vigie_ingest_journal_quota_bytes",
			    "Bytes that it may have." },
	[BYTES] = { METRIC_COUNTER, "vigie_ingest_bytes_total",
		    "Bytes of the articles accepted since the start." },
	[FULL] = { METRIC_GAUGE, "vigie_ingest_waiting",
		   "1 while the disk or the quota has no room." },
};

/* What became of pushes, by pieces and, repeated and turned away, by requests. */
enum { PUSHED, PUSH_REFUSED, PUSH_REPEATED, PUSH_TURNED_AWAY, PUSHES };

static const char *const push_results[PUSHES] = {
	[PUSHED] = "result=\"accepted\"",
	[PUSH_REFUSED] = "result=\"refused\"",
	[PUSH_REPEATED] = "result=\"repeated\"",
	[PUSH_TURNED_AWAY] = "result=\"turned_away\"",
};

struct feed {
	struct metric *articles, *age;
	int64_t last_ms;
};

struct ingest_gauges {
	const struct ingest_settings *set;
	struct metrics *all;
	struct metric *row[ROWS];
	struct metric *commit, *delivery;
	struct metric *pushes[PUSHES];
	struct poll_gauges polls;
	struct feed *feeds;
	size_t feed_count;
	int64_t born_ms;
};

static void add_feed(struct ingest_gauges *g, struct feed *f, const char *name)
{
	struct buf labels;

	buf_init(&labels, 1 << 16);
	metrics_label(&labels, "source", str_of(name));
	buf_add_char(&labels, '\0');
	f->articles = metrics_get(g->all, METRIC_COUNTER,
				  "vigie_ingest_source_articles_total",
				  "Articles of each source since the start.",
				  labels.p);
	f->age = metrics_get(g->all, METRIC_GAUGE,
			     "vigie_ingest_source_last_article_seconds",
			     "Age of the last article of each source; of the "
			     "daemon, while it had none.",
			     labels.p);
	f->last_ms = g->born_ms;
	buf_done(&labels);
}

/* Addresses may have a password, which is nobody's to read. */
static int add_source(struct ingest_gauges *g, struct feed *f,
		      const struct ingest_source *s)
{
	char *shown = poll_show(s->path);

	if (!shown)
		return -ENOMEM;
	add_feed(g, f, s->name ? s->name : shown);
	free(shown);
	return 0;
}

static int add_feeds(struct ingest_gauges *g)
{
	const struct ingest_source *v = g->set->sources.v;

	g->feed_count = g->set->sources.n + 1; /* pushes are the last */
	g->feeds = calloc(g->feed_count, sizeof(*g->feeds));
	if (!g->feeds)
		return -ENOMEM;
	for (size_t i = 0; i < g->set->sources.n; i++)
		if (add_source(g, &g->feeds[i], &v[i]))
			return -ENOMEM;
	if (g->set->push.bind || g->set->http.listen)
		add_feed(g, &g->feeds[g->set->sources.n], "push");
	return 0;
}

int ingest_gauges_new(const struct ingest_settings *s,
		      struct ingest_gauges **ret)
{
	struct ingest_gauges *g = calloc(1, sizeof(*g));
	int r;

	if (!g)
		return -ENOMEM;
	g->set = s;
	g->born_ms = clock_ms();
	r = metrics_new(&g->all);
	for (size_t i = 0; i < ROWS && !r; i++)
		g->row[i] = metrics_get(g->all, rows[i].kind, rows[i].name,
					rows[i].help, NULL);
	if (!r) {
		g->commit = metrics_get(g->all, METRIC_HISTOGRAM,
					"vigie_ingest_commit_seconds",
					"Time to make a group last.", NULL);
		g->delivery = metrics_get(g->all, METRIC_HISTOGRAM,
					  "vigie_ingest_delivery_seconds",
					  "Time from the window to the ack.",
					  NULL);
		for (size_t i = 0; i < PUSHES; i++)
			g->pushes[i] = metrics_get(
				g->all, METRIC_COUNTER, "vigie_push_total",
				"What was pushed since the start: lines "
				"accepted and refused; requests repeated and "
				"turned away.",
				push_results[i]);
		poll_gauges_init(&g->polls, g->all);
		r = add_feeds(g);
	}
	if (r)
		ingest_gauges_free(g);
	else
		*ret = g;
	return r;
}

void ingest_gauges_free(struct ingest_gauges *g)
{
	if (!g)
		return;
	metrics_free(g->all);
	free(g->feeds);
	free(g);
}

struct metrics *ingest_gauges_metrics(struct ingest_gauges *g)
{
	return g->all;
}

void ingest_gauges_article(struct ingest_gauges *g, size_t source,
			   int64_t now_ms)
{
	struct feed *f = &g->feeds[source];

	if (f->articles)
		metric_add(f->articles, 1);
	f->last_ms = now_ms;
}

void ingest_gauges_commit(struct ingest_gauges *g, int64_t took_ns)
{
	metric_observe(g->commit, (double)took_ns * ns);
}

void ingest_gauges_delivered(void *self, int64_t added_ms)
{
	struct ingest_gauges *g = self;

	metric_observe(g->delivery, (double)(clock_ms() - added_ms) * ms);
}

static void set(struct ingest_gauges *g, int row, double x)
{
	metric_set(g->row[row], x);
}

static void set_pushes(struct ingest_gauges *g, const struct push_stats *s)
{
	metric_set(g->pushes[PUSHED], (double)s->accepted);
	metric_set(g->pushes[PUSH_REFUSED], (double)s->refused);
	metric_set(g->pushes[PUSH_REPEATED], (double)s->repeated);
	metric_set(g->pushes[PUSH_TURNED_AWAY], (double)s->turned_away);
}

void ingest_gauges_refresh(struct ingest_gauges *g, struct intake *t,
			   const struct deliver *d, const struct push *p,
			   const struct source_tools *tools)
{
	struct intake_stats in = intake_stats(t);
	struct pending_stats w = pending_stats(intake_pending(t));
	struct deliver_stats out = deliver_stats(d);
	int64_t now = clock_ms();
	uint64_t pending = w.held + in.backlog;
	struct push_stats pushed = { .requests = 0 };
	uint64_t turned_down;

	if (p)
		pushed = push_stats(p);
	set_pushes(g, &pushed);
	poll_gauges_refresh(&g->polls, tools);
	turned_down = pushed.refused;

	set(g, ACCEPTED, (double)in.accepted);
	set(g, ACKNOWLEDGED, (double)(in.accepted - pending - in.damaged));
	set(g, DEAD_LETTERED,
	    (double)(out.given_up + (intake_has_journal(t) ? in.refused : 0)));
	set(g, REFUSED, (double)(in.refused + turned_down));
	set(g, DAMAGED, (double)in.damaged);
	set(g, REPEATED, (double)in.repeated);
	set(g, COPIES, (double)in.copies);
	set(g, PENDING, (double)pending);
	set(g, PENDING_BYTES, (double)w.bytes);
	set(g, BACKLOG, (double)in.backlog);
	set(g, RESENT, (double)w.resent);
	set(g, WORKERS, (double)out.workers);
	set(g, OLDEST,
	    (double)(now - pending_oldest(intake_pending(t), now)) * ms);
	set(g, JOURNAL_BYTES, (double)in.journal_bytes);
	set(g, JOURNAL_QUOTA,
	    g->set->journal.path ? (double)g->set->journal.quota : 0);
	set(g, BYTES, (double)in.bytes);
	set(g, FULL, in.full || !intake_has_room(t));
	for (size_t i = 0; i < g->feed_count; i++)
		if (g->feeds[i].age)
			metric_set(g->feeds[i].age,
				   (double)(now - g->feeds[i].last_ms) * ms);
}
