/* report_html.h -- the figures as a page to show: tables, matrices and charts
 * in one file that fetches nothing and runs nothing. It is HTML and well-formed
 * XML alike; it follows the reader's light or dark theme, fits a telephone and
 * can be printed. Pure. */
#ifndef VIGIE_REPORT_HTML_H
#define VIGIE_REPORT_HTML_H

#include "base/str.h"
#include "learn/report.h"

/* A line at the end of the page: what was measured, by what. Plain text. */
struct report_html_fact {
	const char *name, *value;
};

/* One way of measuring: "5-fold cross-validation". Plain text. */
struct report_html_part {
	const char *how;
	const struct report *report;
};

struct report_html {
	const char *title; /* the model's name, plain text */
	const struct report_html_fact *facts;
	size_t fact_count;
	const struct report_html_part *parts;
	size_t part_count;
};

/* Append the page to out. 0, -ENOMEM, or -EMSGSIZE past the ceiling of out. */
int report_html(const struct report_html *page, struct buf *out);

#endif
