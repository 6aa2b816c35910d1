/* Topics or stances as tables. */
#include <stdlib.h>

#include "learn/html.h"
#include "learn/report_view.h"

/* Names that a sentence has room for. */
enum { FEW = 5 };

static int most_first(const void *a, const void *b)
{
	const struct report_view_rank *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return (x->at > y->at) - (x->at < y->at);
}

void report_view_sort(struct report_view_rank *v, size_t n)
{
	if (n)
		qsort(v, n, sizeof(*v), most_first);
}

static void add_ratio_text(struct buf *b, double x, double divisor)
{
	if (divisor > 0)
		buf_printf(b, "%.3f", x);
	else
		buf_add_z(b, "–");
}

static void add_ratio(struct buf *b, double x, double divisor)
{
	buf_add_z(b, "<td>");
	add_ratio_text(b, x, divisor);
	buf_add_z(b, "</td>");
}

static void add_name(struct buf *b, const char *name)
{
	html_add_tag(b, "<th scope=\"row\"><bdi>", name, "</bdi></th>");
}

/* A figure of 0 to 1 on a bar of that length. */
static void add_bar(struct buf *b, double x, double divisor)
{
	buf_printf(b, "<td class=\"bar\" style=\"--v:%.1f%%\">",
		   divisor > 0 ? 100 * x : 0);
	add_ratio_text(b, x, divisor);
	buf_add_z(b, "</td>");
}

/* Labels. */

static void add_label(const struct report_view *v, uint32_t i)
{
	const struct report_label *l = &v->labels[i];
	struct buf *b = v->out;

	buf_add_z(b, "<tr>");
	add_name(b, v->names[i]);
	add_ratio(b, l->precision, l->tp + l->fp);
	add_ratio(b, l->recall, l->support);
	add_bar(b, l->f1, l->support);
	buf_printf(b, "<td>%.0f</td>", l->support);
	add_ratio(b, l->brier, l->bins.n);
	add_ratio(b, l->ece, l->bins.n);
	buf_add_z(b, "</tr>\n");
}

static void add_means(const struct report_view *v)
{
	const struct report_group *g = v->group;
	struct buf *b = v->out;

	buf_add_z(b, "</tbody>\n<tfoot>\n<tr><th scope=\"row\">micro</th>");
	add_ratio(b, g->micro_precision, g->asked);
	add_ratio(b, g->micro_recall, v->seen);
	add_bar(b, g->micro_f1, v->seen);
	buf_add_z(b, "<td></td>");
	add_ratio(b, g->brier, g->bins.n);
	add_ratio(b, g->ece, g->bins.n);
	buf_add_z(b, "</tr>\n<tr><th scope=\"row\">macro</th><td></td>"
		     "<td></td>");
	add_bar(b, g->macro_f1, v->seen);
	buf_add_z(b, "<td></td><td></td>");
	add_ratio(b, g->macro_ece, g->bins.n);
	buf_add_z(b, "</tr>\n</tfoot>\n");
}

/* Labels that no document has are told in a sentence. */
static void add_absent(const struct report_view *v)
{
	struct buf *b = v->out;
	uint32_t n = v->n - v->seen;

	if (!n)
		return;
	buf_printf(b, n > FEW ? "<details><summary>%u %s %s in no document"
				"</summary>\n<p>"
			      : "<p>%u %s %s in no document: ",
		   n, n == 1 ? v->one : v->many, n == 1 ? "occurs" : "occur");
	for (uint32_t i = v->seen; i < v->n; i++) {
		uint32_t at = v->order[i];

		html_add_tag(b, i > v->seen ? ", <bdi>" : "<bdi>",
			     v->names[at], "</bdi>");
		if (v->labels[at].fp > 0)
			buf_printf(b, " (told wrongly: %.*f)", v->places,
				   v->labels[at].fp);
	}
	buf_add_z(b, n > FEW ? ".</p></details>\n" : ".</p>\n");
}

/* A long table scrolls in a box of its own, below its head. */
static void open_long(const struct report_view *v)
{
	if (v->n > REPORT_VIEW_LONG)
		buf_printf(v->out, "<div class=\"long\" tabindex=\"0\" "
				   "role=\"region\" aria-label=\"%s\">\n",
			   v->many);
}

static void close_long(const struct report_view *v)
{
	if (v->n > REPORT_VIEW_LONG)
		buf_add_z(v->out, "</div>\n");
}

void report_view_labels(const struct report_view *v)
{
	struct buf *b = v->out;

	open_long(v);
	buf_printf(b, "<table class=\"labels\">\n<thead><tr>"
		      "<th scope=\"col\">%s</th>"
		      "<th scope=\"col\">precision</th>"
		      "<th scope=\"col\">recall</th><th scope=\"col\">F1</th>"
		      "<th scope=\"col\">support</th>"
		      "<th scope=\"col\">Brier</th>"
		      "<th scope=\"col\">ECE</th></tr></thead>\n<tbody>\n",
		   v->one);
	for (uint32_t i = 0; i < v->seen; i++)
		add_label(v, v->order[i]);
	add_means(v);
	buf_add_z(b, "</table>\n");
	close_long(v);
	add_absent(v);
}

/* Many-of topics. */

static void add_piece(struct buf *b, const char *class, double part)
{
	if (part > 0)
		buf_printf(b, "<i class=\"%s\" style=\"width:%.2f%%\"></i>",
			   class, 100 * part);
}

/* The bar is all that were told or are so. */
static void add_count(const struct report_view *v, uint32_t i)
{
	const struct report_label *l = &v->labels[i];
	double all = l->tp + l->fn + l->fp;
	struct buf *b = v->out;

	buf_add_z(b, "<tr>");
	add_name(b, v->names[i]);
	buf_add_z(b, "<td class=\"pieces\">");
	if (all > 0) {
		add_piece(b, "hit", l->tp / all);
		add_piece(b, "miss", l->fn / all);
		add_piece(b, "false", l->fp / all);
	}
	buf_printf(b, "</td><td>%.*f</td><td>%.*f</td><td>%.*f</td></tr>\n",
		   v->places, l->tp, v->places, l->fn, v->places, l->fp);
}

static bool has_errors(const struct report_label *l)
{
	return l->fp > 0 || l->fn > 0;
}

void report_view_counts(const struct report_view *v)
{
	bool all = v->n <= REPORT_VIEW_LONG;
	struct buf *b = v->out;
	uint32_t left = 0;

	open_long(v);
	buf_add_z(b, "<table class=\"counts\">\n<thead><tr>"
		     "<th scope=\"col\">topic</th>"
		     "<th scope=\"col\" class=\"wide\"></th>"
		     "<th scope=\"col\"><i class=\"hit\"></i> right</th>"
		     "<th scope=\"col\"><i class=\"miss\"></i> missed</th>"
		     "<th scope=\"col\"><i class=\"false\"></i> wrong</th>"
		     "</tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < v->n; i++) {
		uint32_t at = v->order[i];

		if (all || has_errors(&v->labels[at]))
			add_count(v, at);
		else
			left++;
	}
	buf_add_z(b, "</tbody>\n</table>\n");
	close_long(v);
	if (left)
		buf_printf(b, "<p class=\"small\">Not shown: %u topics "
			      "without an error.</p>\n", left);
}
