/* report_view.h -- the parts of the page that report_html() writes: topics or
 * stances, as tables and as charts. Each adds to the page and leaves failures
 * to the buffer. */
#ifndef VIGIE_REPORT_VIEW_H
#define VIGIE_REPORT_VIEW_H

#include "learn/report.h"

/* Of more labels than that, those that went wrong are shown. */
enum { REPORT_VIEW_LONG = 30 };

/* The topics of a report, or its stances. Borrows from it. */
struct report_view {
	struct buf *out;
	unsigned *charts; /* of the page, so far */
	const struct report *report;
	const struct report_group *group, *spread; /* spread: or NULL */
	bool stances;
	bool alone; /* there are topics or stances, not both */
	const char *one, *many; /* "topic", "topics" */
	const char *asked; /* what is right or wrong: "documents" … */
	const char *const *names;
	const struct report_label *labels;
	const struct curves_recall *curves;
	uint32_t n;
	uint32_t *order; /* most support first; those without come last */
	uint32_t seen;	 /* that have support */
	const double *confusion; /* [gold][told], or NULL */
	int places;		 /* of counts: means are not whole */
};

/* CSS, for the text of a style element. */
extern const char report_view_style[];

struct report_view_rank {
	double n;
	uint32_t at;
};

/* Most first, and equal ones in the order of their places. */
void report_view_sort(struct report_view_rank *v, size_t n);
/* 95 % of the intervals made so hold the share of which n cases with that many
 * positives are a sample: Wilson, "Probable inference, the law of succession,
 * and statistical inference", JASA 22 (1927). n > 0. */
void report_view_interval(double positives, double n, double *low,
			  double *high);

/* A row a label: precision, recall, F1, support, Brier, ECE. */
void report_view_labels(const struct report_view *v);
/* Of many-of topics: what was given rightly and wrongly, and missed. */
void report_view_counts(const struct report_view *v);
/* What was taken for what. */
void report_view_confusion(const struct report_view *v);
/* Of stances, topic by topic: macro F1, and the matrix behind a click. 0 or
 * -ENOMEM. */
int report_view_by_topic(const struct report_view *v);

/* Told probability against what was so, with counts. */
void report_view_reliability(const struct report_view *v);
/* What is right of the surest part. */
void report_view_coverage(const struct report_view *v);
/* Precision against recall: all together, then a chart a label. */
void report_view_recall(const struct report_view *v);

#endif
