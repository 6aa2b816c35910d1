#include "learn/report_html.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

#include "learn/html.h"
#include "learn/report_view.h"

/* The topics or stances of a report. */

/* Labels by support into v->order, which is free()'s. 0 or -ENOMEM. */
static int put_in_order(struct report_view *v)
{
	struct report_view_rank *ranks = calloc((size_t)v->n + 1,
						sizeof(*ranks));

	v->order = calloc((size_t)v->n + 1, sizeof(*v->order));
	if (!ranks || !v->order) {
		free(ranks);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < v->n; i++) {
		ranks[i] = (struct report_view_rank){ v->labels[i].support, i };
		v->seen += v->labels[i].support > 0;
	}
	report_view_sort(ranks, v->n);
	for (uint32_t i = 0; i < v->n; i++)
		v->order[i] = ranks[i].at;
	free(ranks);
	return 0;
}

static bool is_many(const struct report_view *v)
{
	return !v->stances && !v->report->set.one_of;
}

static struct report_view topics_of(const struct report *r)
{
	return (struct report_view){
		.group = &r->topics,
		.spread = r->spread ? &r->spread->topics : NULL,
		.one = "topic",
		.many = "topics",
		.asked = r->set.one_of ? "documents"
				       : "decisions whether a topic is there",
		.names = r->set.topics,
		.labels = r->topic,
		.curves = r->topic_curve,
		.n = r->set.topic_count,
		.confusion = r->topic_confusion,
	};
}

static struct report_view stances_of(const struct report *r)
{
	return (struct report_view){
		.group = &r->stances,
		.spread = r->spread ? &r->spread->stances : NULL,
		.stances = true,
		.one = "stance",
		.many = "stances",
		.asked = "stances",
		.names = r->set.stances,
		.labels = r->stance,
		.curves = r->stance_curve,
		.n = r->set.stance_count,
		.confusion = r->stance_confusion,
	};
}

/* The figures at the top. */

/* What is on a tile: a figure, what it is, and a word on it. */
static void add_tile(struct buf *b, bool main, const char *name,
		     const char *figure, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

static void add_tile(struct buf *b, bool main, const char *name,
		     const char *figure, const char *fmt, ...)
{
	char words[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	html_add_tag(b, main ? "<div class=\"main\"><span>" : "<div><span>",
		     name, "</span>");
	html_add_tag(b, "<b>", figure, "</b>");
	html_add_tag(b, "<span>", words, "</span></div>\n");
}

/* A figure of the group, with its spread over repeats where there are some. */
static void add_ratio(const struct report_view *v, int metric,
		      const char *name, double x, const double *spread,
		      const char *words)
{
	bool main = v->alone && metric == v->report->set.metric;
	char figure[32];

	snprintf(figure, sizeof(figure), "%.3f", x);
	if (spread)
		add_tile(v->out, main, name, figure, "± %.3f; %s", *spread,
			 words);
	else
		add_tile(v->out, main, name, figure, "%s", words);
}

static void add_accuracy(const struct report_view *v)
{
	const struct report_group *g = v->group;
	double low, high;
	char words[64];

	report_view_interval(g->accuracy * g->asked, g->asked, &low, &high);
	snprintf(words, sizeof(words), "95 %% interval %.3f to %.3f", low,
		 high);
	add_ratio(v, RECIPE_METRIC_ACCURACY,
		  is_many(v) ? "all topics right" : "accuracy", g->accuracy,
		  v->spread ? &v->spread->accuracy : NULL, words);
}

static void add_f1(const struct report_view *v)
{
	const struct report_group *g = v->group, *s = v->spread;
	const struct report_set *set = &v->report->set;
	char words[64];

	snprintf(words, sizeof(words), "mean over %u %s", v->seen,
		 v->seen == 1 ? v->one : v->many);
	add_ratio(v, RECIPE_METRIC_MACRO_F1, "macro F1", g->macro_f1,
		  s ? &s->macro_f1 : NULL, words);
	if (is_many(v) || set->metric == RECIPE_METRIC_MICRO_F1)
		add_ratio(v, RECIPE_METRIC_MICRO_F1, "micro F1", g->micro_f1,
			  s ? &s->micro_f1 : NULL, "over all together");
	if (set->metric_labels.n && g->mean_f1 >= 0)
		add_ratio(v, RECIPE_METRIC_MEAN_F1, "mean F1", g->mean_f1,
			  s ? &s->mean_f1 : NULL, "of the labels asked for");
}

static void add_counts(struct buf *b, const struct report *r)
{
	char figure[32];

	snprintf(figure, sizeof(figure), "%.0f", r->head.documents);
	if (r->repeats > 1)
		add_tile(b, false, "documents", figure, "%u times",
			 r->repeats);
	else
		add_tile(b, false, "documents", figure, "judged");
	snprintf(figure, sizeof(figure), "%.1f %%", 100 * r->head.unknown);
	add_tile(b, false, "unknown words", figure,
		 "which the model has not met");
}

static void add_tiles(const struct report_view *v)
{
	const struct report_group *g = v->group;
	double unsure = v->report->set.unsure;
	char words[64];

	buf_add_z(v->out, "<div class=\"tiles\">\n");
	add_accuracy(v);
	add_f1(v);
	if (v->stances && unsure > 0) {
		snprintf(words, sizeof(words), "%.1f %% are unsure, below %.2f",
			 100 * g->unsure, unsure);
		add_ratio(v, -1, "right where sure", g->sure_accuracy,
			  v->spread ? &v->spread->sure_accuracy : NULL, words);
	}
	snprintf(words, sizeof(words), "Brier score %.3f", g->brier);
	add_ratio(v, -1, "calibration error", g->ece,
		  v->spread ? &v->spread->ece : NULL, words);
	if (v->alone)
		add_counts(v->out, v->report);
	buf_add_z(v->out, "</div>\n");
}

/* The same for who reads one sentence. */

static void add_lead_topics(const struct report_view *v)
{
	const struct report_group *g = v->group;

	buf_printf(v->out,
		   "<p class=\"lead\">Of 100 topics told, %.0f are right; of "
		   "100 that documents really have, %.0f are found. Of "
		   "%.0f documents, %.1f&#160;%% have all their topics right and "
		   "none too many.</p>\n",
		   100 * g->micro_precision, 100 * g->micro_recall, g->asked,
		   100 * g->accuracy);
}

/* What always telling the commonest would give is the least to expect. */
static void add_lead(const struct report_view *v)
{
	const struct report_group *g = v->group;
	const char *most = v->names[v->order[0]];

	buf_printf(v->out,
		   "<p class=\"lead\">Of %.0f %s, %.1f&#160;%% %s; of the "
		   "half that it is surest of, %.1f&#160;%%. Always saying <bdi>",
		   g->asked, v->asked, 100 * g->accuracy,
		   v->stances ? "are told right" : "get the right topic",
		   100 * g->step[CURVES_STEPS / 2 - 1].accuracy);
	html_add_z(v->out, most);
	buf_printf(v->out, "</bdi>, the commonest, would be right for "
			   "%.1f&#160;%%."
			   "</p>\n",
		   100 * v->labels[v->order[0]].support / g->asked);
}

static int add_details(const struct report_view *v)
{
	const struct report_set *s = &v->report->set;

	if (is_many(v))
		add_lead_topics(v);
	else
		add_lead(v);
	add_tiles(v);
	report_view_labels(v);
	buf_add_z(v->out, "<h4>What was taken for what</h4>\n");
	if (is_many(v))
		report_view_counts(v);
	else
		report_view_confusion(v);
	if (v->stances && s->topic_count > 1) {
		buf_add_z(v->out, "<h4>On each topic</h4>\n");
		if (report_view_by_topic(v))
			return -ENOMEM;
	}
	buf_add_z(v->out, "<div class=\"charts\">\n");
	report_view_reliability(v);
	report_view_coverage(v);
	buf_add_z(v->out, "</div>\n");
	report_view_recall(v);
	return 0;
}

struct page {
	struct buf *out;
	unsigned charts, part;
};

static int add_group(struct page *p, const struct report *r,
		     struct report_view v)
{
	int result;

	v.out = p->out;
	v.charts = &p->charts;
	v.report = r;
	v.alone = r->set.targets || !r->set.stance_count;
	v.places = r->repeats > 1;
	result = put_in_order(&v);
	buf_printf(p->out, "<section id=\"%s%u\">\n<h3>%s</h3>\n", v.many,
		   p->part, v.stances ? "Stances" : "Topics");
	if (!result && v.group->asked > 0)
		result = add_details(&v);
	else
		buf_printf(p->out, "<p>No document has a %s.</p>\n", v.one);
	buf_add_z(p->out, "</section>\n");
	free(v.order);
	return result;
}

/* A way of measuring. */

/* Where topics and stances share a metric: the mean of both. */
static void add_metric(struct buf *b, const struct report *r)
{
	static const char *const names[] = {
		[RECIPE_METRIC_MACRO_F1] = "macro F1",
		[RECIPE_METRIC_MICRO_F1] = "micro F1",
		[RECIPE_METRIC_ACCURACY] = "accuracy",
		[RECIPE_METRIC_MEAN_F1] = "mean F1",
	};
	char figure[32];

	snprintf(figure, sizeof(figure), "%.3f", r->head.metric);
	buf_add_z(b, "<div class=\"tiles\">\n");
	if (r->repeats > 1)
		add_tile(b, true, names[r->set.metric], figure,
			 "± %.3f; of topics and stances",
			 r->spread->head.metric);
	else
		add_tile(b, true, names[r->set.metric], figure,
			 "of topics and stances");
	add_counts(b, r);
	buf_add_z(b, "</div>\n");
}

static int add_part(struct page *p, const struct report_html_part *part)
{
	const struct report *r = part->report;
	bool alone = r->set.targets || !r->set.stance_count;
	int result = 0;

	p->part++;
	buf_printf(p->out, "<section id=\"part%u\">\n<h2>", p->part);
	html_add_z(p->out, part->how);
	buf_add_z(p->out, "</h2>\n");
	if (!alone)
		add_metric(p->out, r);
	if (!r->set.targets)
		result = add_group(p, r, topics_of(r));
	if (!result && r->set.stance_count)
		result = add_group(p, r, stances_of(r));
	buf_add_z(p->out, "</section>\n");
	return result;
}

/* The page. */

static void add_head(struct buf *b, const struct report_html *page)
{
	buf_add_z(b, "<!DOCTYPE html>\n"
		     "<html xmlns=\"http://www.w3.org/1999/xhtml\" "
		     "lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
		     "<meta name=\"viewport\" "
		     "content=\"width=device-width, initial-scale=1\"/>\n"
		     "<meta http-equiv=\"Content-Security-Policy\" content=\""
		     "default-src &#39;none&#39;; "
		     "style-src &#39;unsafe-inline&#39;\"/>\n");
	html_add_tag(b, "<title>", page->title, ": how right is it?</title>\n");
	buf_add_z(b, "<style>\n");
	buf_add_z(b, report_view_style);
	buf_add_z(b, "</style>\n</head>\n<body>\n");
	html_add_tag(b, "<header>\n<p class=\"over\">How right is it?</p>\n"
			"<h1><bdi>",
		     page->title, "</bdi></h1>\n");
}

/* Where there are several parts, a way to each. */
static void add_links(struct buf *b, const struct report_html *page)
{
	if (page->part_count > 1) {
		buf_add_z(b, "<nav><ul>\n");
		for (size_t i = 0; i < page->part_count; i++) {
			buf_printf(b, "<li><a href=\"#part%zu\">", i + 1);
			html_add_z(b, page->parts[i].how);
			buf_add_z(b, "</a></li>\n");
		}
		buf_add_z(b, "</ul></nav>\n");
	}
	buf_add_z(b, "</header>\n<main>\n");
}

static void add_foot(struct buf *b, const struct report_html *page)
{
	buf_add_z(b, "</main>\n<footer>\n<h4>What was measured</h4>\n<dl>\n");
	for (size_t i = 0; i < page->fact_count; i++) {
		html_add_tag(b, "<dt>", page->facts[i].name, "</dt>");
		html_add_tag(b, "<dd>", page->facts[i].value, "</dd>\n");
	}
	buf_add_z(b, "</dl>\n"
		     "<h4>How to read this</h4>\n<dl>\n"
		     "<dt>precision</dt><dd>of those told, the part that is "
		     "right</dd>\n"
		     "<dt>recall</dt><dd>of those that are so, the part that "
		     "was told</dd>\n"
		     "<dt>F1</dt><dd>the harmonic mean of the two</dd>\n"
		     "<dt>support</dt><dd>how many are so</dd>\n"
		     "<dt>micro, macro</dt><dd>over all decisions together; "
		     "the mean of the labels that occur</dd>\n"
		     "<dt>Brier</dt><dd>the mean squared difference between a "
		     "probability and what was so: 0 is best</dd>\n"
		     "<dt>ECE</dt><dd>the expected calibration error: how far "
		     "probabilities are off on average</dd>\n"
		     "<dt>–</dt><dd>cannot be told: there was none to divide "
		     "by</dd>\n"
		     "</dl>\n</footer>\n</body>\n</html>\n");
}

int report_html(const struct report_html *page, struct buf *out)
{
	struct page p = { .out = out };
	int r = 0;

	add_head(out, page);
	add_links(out, page);
	for (size_t i = 0; i < page->part_count && !r; i++)
		r = add_part(&p, &page->parts[i]);
	add_foot(out, page);
	return r ? r : buf_error(out);
}
