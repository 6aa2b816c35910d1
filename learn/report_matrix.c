/* What was taken for what, as tables that are tinted by size. */
#include <errno.h>
#include <stdlib.h>

#include "learn/html.h"
#include "learn/report_view.h"

enum { MATRIX_MAX = REPORT_VIEW_LONG, PAIRS_MAX = 10, NARROW = 6 };

/* Some classes of a matrix, in the order in which they are shown. */
struct matrix {
	const double *m;
	uint32_t n; /* of the whole matrix */
	const char *const *names;
	const uint32_t *at;
	uint32_t shown;
	int places;
};

static double cell(const struct matrix *x, uint32_t gold, uint32_t told)
{
	return x->m[(size_t)gold * x->n + told];
}

static double row_sum(const struct matrix *x, uint32_t gold)
{
	double sum = 0;

	for (uint32_t k = 0; k < x->n; k++)
		sum += cell(x, gold, k);
	return sum;
}

/* The tint is the part of the row; a trace of it shows the rarest as well. */
static void add_cell(struct buf *b, const struct matrix *x, uint32_t gold,
		     uint32_t told, double sum)
{
	double n = cell(x, gold, told);

	if (n <= 0) {
		buf_add_z(b, "<td class=\"nil\">·</td>");
		return;
	}
	buf_printf(b, "<td class=\"%s\" style=\"--a:%.3f\" title=\"",
		   gold == told ? "ok" : "no", 0.06 + 0.54 * n / sum);
	html_add_z(b, x->names[gold]);
	buf_add_z(b, gold == told ? ", told rightly" : ", taken for ");
	if (gold != told)
		html_add_z(b, x->names[told]);
	buf_printf(b, ": %.*f of %.*f (%.1f %%)\">%.*f</td>", x->places, n,
		   x->places, sum, 100 * n / sum, x->places, n);
}

static void add_matrix_head(struct buf *b, const struct matrix *x)
{
	buf_add_z(b, "<thead><tr><td class=\"corner\">so ↓ &#160; told →</td>");
	for (uint32_t k = 0; k < x->shown; k++)
		html_add_tag(b, "<th scope=\"col\"><span><bdi>",
			     x->names[x->at[k]], "</bdi></span></th>");
	buf_add_z(b, "<th scope=\"col\"><span>all</span></th></tr></thead>\n"
		     "<tbody>\n");
}

static void add_matrix(struct buf *b, const struct matrix *x)
{
	buf_printf(b, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		      "aria-label=\"what was taken for what\">\n"
		      "<table class=\"matrix%s\">\n",
		   x->shown > NARROW ? " many" : "");
	add_matrix_head(b, x);
	for (uint32_t g = 0; g < x->shown; g++) {
		double sum = row_sum(x, x->at[g]);

		buf_add_z(b, "<tr>");
		html_add_tag(b, "<th scope=\"row\"><bdi>",
			     x->names[x->at[g]], "</bdi></th>");
		for (uint32_t t = 0; t < x->shown; t++)
			add_cell(b, x, x->at[g], x->at[t], sum);
		buf_printf(b, "<td class=\"sum\">%.*f</td></tr>\n", x->places,
			   sum);
	}
	buf_add_z(b, "</tbody>\n</table>\n</div>\n");
}

struct pair {
	uint32_t gold, told;
	double n;
};

/* Keep the pairs sorted, most first, at most PAIRS_MAX of them. */
static uint32_t offer_pair(struct pair *v, uint32_t n, struct pair p)
{
	uint32_t at = n < PAIRS_MAX ? n : PAIRS_MAX - 1;

	if (n == PAIRS_MAX && v[at].n >= p.n)
		return n;
	for (; at > 0 && v[at - 1].n < p.n; at--)
		v[at] = v[at - 1];
	v[at] = p;
	return n < PAIRS_MAX ? n + 1 : n;
}

static void add_pairs(struct buf *b, const struct matrix *x)
{
	struct pair v[PAIRS_MAX];
	uint32_t n = 0;

	for (uint32_t g = 0; g < x->n; g++)
		for (uint32_t t = 0; t < x->n; t++)
			if (g != t && cell(x, g, t) > 0)
				n = offer_pair(v, n,
					       (struct pair){ g, t,
							      cell(x, g, t) });
	if (!n)
		return;
	buf_add_z(b, "<p class=\"small\">Most often confused: ");
	for (uint32_t i = 0; i < n; i++) {
		buf_printf(b, "%s%.*f × <bdi>", i ? "; " : "", x->places,
			   v[i].n);
		html_add_z(b, x->names[v[i].gold]);
		html_add_tag(b, "</bdi> taken for <bdi>", x->names[v[i].told],
			     "</bdi>");
	}
	buf_add_z(b, ".</p>\n");
}

/* Documents or pairs of which a class is given or taken for another. */
static double confused(const struct matrix *x, uint32_t k)
{
	double sum = -2 * cell(x, k, k);

	for (uint32_t i = 0; i < x->n; i++)
		sum += cell(x, k, i) + cell(x, i, k);
	return sum;
}

/* How many errors the least confused class of those shown may have. */
static double least_shown(const struct matrix *x)
{
	double v[MATRIX_MAX] = { 0 };

	for (uint32_t k = 0; k < x->n; k++) {
		double errors = confused(x, k);
		int at = MATRIX_MAX - 1;

		if (errors <= v[at])
			continue;
		for (; at > 0 && v[at - 1] < errors; at--)
			v[at] = v[at - 1];
		v[at] = errors;
	}
	return v[MATRIX_MAX - 1];
}

/* The most confused classes into at, in their order. */
static uint32_t choose(const struct matrix *x, const uint32_t *order,
		       uint32_t at[MATRIX_MAX])
{
	double least = least_shown(x);
	uint32_t n = 0, room = MATRIX_MAX;

	for (uint32_t i = 0; i < x->n; i++)
		room -= confused(x, order[i]) > least;
	for (uint32_t i = 0; i < x->n; i++) {
		double errors = confused(x, order[i]);

		if (errors <= 0 || errors < least ||
		    (errors == least && !room))
			continue;
		room -= errors == least;
		at[n++] = order[i];
	}
	return n;
}

static double total(const struct matrix *x)
{
	double sum = 0;

	for (uint32_t k = 0; k < x->n; k++)
		sum += row_sum(x, k);
	return sum;
}

void report_view_confusion(const struct report_view *v)
{
	struct matrix x = { v->confusion, v->n, v->names, v->order, v->n,
			    v->places };
	double beside = v->group->asked - total(&x);
	uint32_t at[MATRIX_MAX];

	if (v->n > MATRIX_MAX) {
		x.shown = choose(&x, v->order, at);
		x.at = at;
	}
	if (!x.shown)
		buf_printf(v->out, "<p>No %s was taken for another.</p>\n",
			   v->one);
	else if (x.shown < x.n)
		buf_printf(v->out, "<p class=\"small\">Of %u %s, the %u with "
				   "the most errors.</p>\n",
			   x.n, v->many, x.shown);
	if (x.shown)
		add_matrix(v->out, &x);
	if (beside >= 0.5)
		buf_printf(v->out, "<p class=\"small\">Not in it: %.0f of the "
				   "%s, as the model does not know what is "
				   "so.</p>\n",
			   beside, v->asked);
	add_pairs(v->out, &x);
}

/* Stances on each topic. */

static struct matrix matrix_on(const struct report_view *v, uint32_t topic)
{
	return (struct matrix){
		v->confusion + ((size_t)topic + 1) * v->n * v->n,
		v->n, v->names, v->order, v->n, v->places
	};
}

static void add_topic(const struct report_view *v, const struct report_view_rank *a)
{
	const struct matrix x = matrix_on(v, a->at);
	double f1 = v->report->stance_f1[a->at];
	struct buf *b = v->out;

	html_add_tag(b, "<details class=\"topic\"><summary><bdi>",
		     v->report->set.topics[a->at], "</bdi> ");
	buf_printf(b,
		   "<span class=\"bar\" style=\"--v:%.1f%%\">%.3f</span> "
		   "<span>%.*f</span></summary>\n",
		   100 * f1, f1, v->places, a->n);
	add_matrix(b, &x);
	buf_add_z(b, "</details>\n");
}

int report_view_by_topic(const struct report_view *v)
{
	uint32_t topics = v->report->set.topic_count;
	struct report_view_rank *all = calloc((size_t)topics + 1, sizeof(*all));

	if (!all)
		return -ENOMEM;
	for (uint32_t t = 0; t < topics; t++) {
		const struct matrix x = matrix_on(v, t);

		all[t] = (struct report_view_rank){ total(&x), t };
	}
	report_view_sort(all, topics);
	buf_add_z(v->out, "<p class=\"topics\"><span>topic</span> <span>macro "
			  "F1</span> <span>asked</span></p>\n");
	for (uint32_t i = 0; i < topics && all[i].n > 0; i++)
		add_topic(v, &all[i]);
	free(all);
	return 0;
}
