/* Topics or stances as charts. */
#include <math.h>

#include "learn/html.h"
#include "learn/plot.h"
#include "learn/report_view.h"

enum { CURVES_MAX = 12 /* labels with a chart of their own */ };

static const size_t words_max = 1 << 16;

void report_view_interval(double positives, double n, double *low,
			  double *high)
{
	const double z = 1.959963984540054; /* of the normal distribution,
					     * 2.5 % lie above */
	double share = positives / n, all = 1 + z * z / n;
	double middle = (share + z * z / (2 * n)) / all;
	double half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) /
		      all;

	*low = fmax(0, middle - half);
	*high = fmin(1, middle + half);
}

static void figure_open(const struct report_view *v, const char *class,
			const char *heading)
{
	buf_printf(v->out, "<figure class=\"%s\">\n<h4>", class);
	html_add_z(v->out, heading);
	buf_add_z(v->out, "</h4>\n");
}

static void open_plot(const struct report_view *v, struct plot *p, double width,
		      double height, const char *title, struct buf *words)
{
	p->out = v->out;
	plot_open(p, ++*v->charts, width, height, str_of(title),
		  buf_view(words));
	if (buf_error(words)) /* a description cut short is a failure */
		v->out->error = buf_error(words);
	buf_done(words);
}

/* Reliability. */

static void describe_bins(const struct calibrate_bins *s, struct buf *words)
{
	buf_init(words, words_max);
	for (int i = 0; i < CALIBRATE_BINS; i++) {
		const struct calibrate_bin *b = &s->bin[i];

		if (b->n > 0)
			buf_printf(words,
				   "From %.1f to %.1f: %.0f times, told %.3f "
				   "on average, really so %.3f. ",
				   i / 10.0, (i + 1) / 10.0, b->n,
				   b->probability / b->n,
				   b->positives / b->n);
	}
}

/* A bin's interval and point, which is hollow where it is of few cases. */
static void add_bin(const struct plot *p, const struct calibrate_bin *b)
{
	double x = b->probability / b->n, y = b->positives / b->n, low, high;

	report_view_interval(b->positives, b->n, &low, &high);
	plot_segment(p, "whisker", x, low, x, high);
	plot_circle(p, b->n < 10 ? "dot few" : "dot", x, y, 4.5,
		    "told %.3f, really so %.3f (%.3f to %.3f), %.0f times", x,
		    y, low, high, b->n);
}

static void shorten(double n, char *ret, size_t size)
{
	if (n >= 99950)
		snprintf(ret, size, "%.0fk", n / 1000);
	else if (n >= 9995)
		snprintf(ret, size, "%.1fk", n / 1000);
	else
		snprintf(ret, size, "%.0f", n);
}

/* How many, below the frame and on its scale. */
static void add_bars(const struct plot *p, const struct calibrate_bins *s,
		     double floor)
{
	double most = 1, width = p->width / CALIBRATE_BINS;

	for (int i = 0; i < CALIBRATE_BINS; i++)
		most = fmax(most, s->bin[i].n);
	for (int i = 0; i < CALIBRATE_BINS; i++) {
		double n = s->bin[i].n, height = 28 * n / most;
		double left = p->left + i * width;
		char count[32];

		if (n <= 0)
			continue;
		shorten(n, count, sizeof(count));
		buf_printf(p->out,
			   "<rect class=\"count\" x=\"%.2f\" y=\"%.2f\" "
			   "width=\"%.2f\" height=\"%.2f\"><title>%.0f times"
			   "</title></rect>\n",
			   left + 1.5, floor - fmax(height, 1), width - 3,
			   fmax(height, 1), n);
		plot_text(p, "x few", left + width / 2,
			  floor - fmax(height, 1) - 4, "%s", count);
	}
}

static void add_bins(const struct plot *p, const struct calibrate_bins *s)
{
	plot_line_open(p, "a");
	for (int i = 0; i < CALIBRATE_BINS; i++)
		if (s->bin[i].n > 0)
			plot_to(p, s->bin[i].probability / s->bin[i].n,
				s->bin[i].positives / s->bin[i].n);
	plot_line_close(p);
	for (int i = 0; i < CALIBRATE_BINS; i++)
		if (s->bin[i].n > 0)
			add_bin(p, &s->bin[i]);
}

static void add_ideal(const struct plot *p)
{
	plot_segment(p, "ideal", 0, 0, 1, 1);
	plot_text(p, "hint", plot_x(p, 0.02), plot_y(p, 0.93),
		  "above the line: too timid");
	plot_text(p, "hint right", plot_x(p, 0.98), plot_y(p, 0.04),
		  "below: too sure");
}

void report_view_reliability(const struct report_view *v)
{
	const struct calibrate_bins *s = &v->group->bins;
	struct plot p = { NULL, 40, 28, 320, 220, 0, 1, 0, 1 };
	const double floor = 300;
	struct buf words;

	figure_open(v, "chart", "Can the probabilities be believed?");
	describe_bins(s, &words);
	open_plot(v, &p, 370, 336,
		  "Told probability against the part that was really so",
		  &words);
	plot_ticks_x(&p, 0.2, 1, floor);
	plot_ticks_y(&p, 0.2, 1);
	plot_frame(&p);
	plot_name_y(&p, "really so");
	plot_name_x(&p, floor, "told probability");
	add_ideal(&p);
	add_bins(&p, s);
	add_bars(&p, s, floor);
	plot_close(&p);
	buf_printf(v->out,
		   "<figcaption>Every probability told of a %s, in tenths, and "
		   "how often it was so, with the 95 %% interval; below, how "
		   "many there are. Mean error (ECE) %.3f, Brier score %.3f."
		   "</figcaption>\n</figure>\n",
		   v->one, v->group->ece, v->group->brier);
}

/* Coverage. */

/* Where the vertical axis begins, and its ticks. */
struct scale {
	double from, step;
	int digits;
};

/* The least of some values decides: what lies near one is shown large. */
static struct scale scale_for(double least)
{
	static const struct scale all[] = {
		{ 0.99, 0.002, 3 }, { 0.98, 0.005, 3 }, { 0.95, 0.01, 2 },
		{ 0.9, 0.02, 2 },   { 0.8, 0.05, 2 },	{ 0.5, 0.1, 1 },
		{ 0, 0.2, 1 },
	};
	size_t i = 0;

	while (all[i].from > 0 && all[i].from > least)
		i++;
	return all[i];
}

static struct scale coverage_scale(const struct report_view *v)
{
	const struct report_group *g = v->group;
	double least = 1;

	for (int i = 0; i < CURVES_STEPS; i++) {
		least = fmin(least, g->step[i].accuracy);
		if (v->stances)
			least = fmin(least, g->step[i].macro_f1);
	}
	if (v->stances && v->report->set.unsure > 0 && g->unsure < 1)
		least = fmin(least, g->sure_accuracy);
	return scale_for(least);
}

static void describe_steps(const struct report_view *v, struct buf *words)
{
	buf_init(words, words_max);
	for (int i = 0; i < CURVES_STEPS; i++) {
		const struct curves_step *s = &v->group->step[i];

		buf_printf(words, "The surest %.0f %%: %.3f right", 100 *
			   s->coverage, s->accuracy);
		if (v->stances)
			buf_printf(words, ", macro F1 %.3f", s->macro_f1);
		buf_add_z(words, ". ");
	}
}

static void add_steps(const struct plot *p, const struct report_view *v,
		      bool macro)
{
	const struct curves_step *s = v->group->step;

	plot_line_open(p, macro ? "b" : "a");
	for (int i = 0; i < CURVES_STEPS; i++)
		plot_to(p, 100 * s[i].coverage,
			macro ? s[i].macro_f1 : s[i].accuracy);
	plot_line_close(p);
	for (int i = 0; i < CURVES_STEPS; i++)
		plot_circle(p, macro ? "dot b" : "dot", 100 * s[i].coverage,
			    macro ? s[i].macro_f1 : s[i].accuracy, 4,
			    "the surest %.0f %% (probability %.3f and more): "
			    "%s %.3f",
			    100 * s[i].coverage, s[i].confidence,
			    macro ? "macro F1" : "right",
			    macro ? s[i].macro_f1 : s[i].accuracy);
}

/* The names of the lines, at their ends, apart from each other. */
static void name_steps(const struct plot *p, const struct report_view *v)
{
	const struct curves_step *last = &v->group->step[CURVES_STEPS - 1];
	double left = p->left + p->width + 8, gap = 15;
	double a = plot_y(p, last->accuracy) + 4;
	double b = plot_y(p, last->macro_f1) + 4;

	if (v->stances && fabs(a - b) < gap) {
		double middle = (a + b) / 2, half = a < b ? gap / 2 : -gap / 2;

		a = middle - half;
		b = middle + half;
	}
	plot_text(p, "name a", left, a, "right %.3f", last->accuracy);
	if (v->stances)
		plot_text(p, "name b", left, b, "F1 %.3f", last->macro_f1);
}

static void add_unsure(const struct plot *p, const struct report_view *v)
{
	const struct report_group *g = v->group;
	double x = 100 * (1 - g->unsure), unsure = v->report->set.unsure;

	if (!v->stances || unsure <= 0 || g->unsure >= 1)
		return;
	plot_diamond(p, "sure", x, g->sure_accuracy, 7,
		     "told where at least %.2f sure: %.1f %% of all, %.3f "
		     "right",
		     unsure, x, g->sure_accuracy);
	plot_text(p, x > 50 ? "name right" : "name",
		  plot_x(p, x) + (x > 50 ? -10 : 10),
		  plot_y(p, g->sure_accuracy) + 22, "sure: %.3f",
		  g->sure_accuracy);
}

void report_view_coverage(const struct report_view *v)
{
	struct scale scale = coverage_scale(v);
	struct plot p = { NULL, 48, 28, 226, 272, 0, 100, scale.from, 1 };
	struct buf words;

	figure_open(v, "chart", "How right is the surest part?");
	describe_steps(v, &words);
	open_plot(v, &p, 370, 336, "What is right of the surest part", &words);
	plot_ticks_x(&p, 20, 0, p.top + p.height);
	plot_ticks_y(&p, scale.step, scale.digits);
	plot_frame(&p);
	plot_name_y(&p, scale.from > 0 ? "right (the axis does not begin at 0)"
				       : "right");
	plot_name_x(&p, p.top + p.height, "% that are surest");
	if (v->stances)
		add_steps(&p, v, true);
	add_steps(&p, v, false);
	add_unsure(&p, v);
	name_steps(&p, v);
	plot_close(&p);
	buf_printf(v->out,
		   "<figcaption>The %s, surest first: of the surest tenth, two "
		   "tenths and so on to all, the part that is right%s."
		   "</figcaption>\n</figure>\n",
		   v->asked, v->stances ? " (blue, round) and the mean F1 of "
					  "the stances (dashed)"
					: "");
}

/* Precision against recall. */

static const struct plot small = { NULL, 30, 24, 150, 120, 0, 1, 0, 1 };

static void open_small(const struct report_view *v, struct plot *p,
		       const char *title, struct buf *words)
{
	*p = small;
	open_plot(v, p, 190, 184, title, words);
	plot_ticks_x(p, 0.5, 1, p->top + p->height);
	plot_ticks_y(p, 0.5, 1);
	plot_frame(p);
	plot_name_y(p, "precision");
	plot_name_x(p, p->top + p->height, "recall");
}

/* Where the thresholds are now. */
static void add_now(const struct plot *p, double recall, double precision)
{
	plot_circle(p, "dot now", recall, precision, 4.5,
		    "as it is told: precision %.3f, recall %.3f", precision,
		    recall);
}

/* Of all probabilities above a tenth, the part that is so (precision), and the
 * part of all that are so (recall). The bins have the counts. */
static void add_micro(const struct report_view *v)
{
	const struct calibrate_bins *s = &v->group->bins;
	double positives = 0, n = 0, found = 0;
	struct buf words;
	struct plot p;

	for (int i = 0; i < CALIBRATE_BINS; i++)
		positives += s->bin[i].positives;
	if (positives <= 0)
		return;
	figure_open(v, "small-chart all", "micro average");
	buf_init(&words, words_max);
	buf_printf(&words, "As it is told: precision %.3f, recall %.3f.",
		   v->group->micro_precision, v->group->micro_recall);
	open_small(v, &p, "Precision against recall, micro average", &words);
	plot_line_open(&p, "a");
	for (int i = CALIBRATE_BINS - 1; i >= 0; i--) {
		n += s->bin[i].n;
		found += s->bin[i].positives;
		if (n > 0)
			plot_to(&p, found / positives, found / n);
	}
	plot_line_close(&p);
	add_now(&p, v->group->micro_recall, v->group->micro_precision);
	plot_close(&p);
	buf_printf(v->out, "<figcaption>F1 %.3f</figcaption>\n</figure>\n",
		   v->group->micro_f1);
}

static void add_curve(const struct report_view *v, uint32_t i)
{
	const struct curves_recall *c = &v->curves[i];
	const struct report_label *l = &v->labels[i];
	struct buf words;
	struct plot p;

	if (!c->n)
		return;
	figure_open(v, "small-chart", v->names[i]);
	buf_init(&words, words_max);
	buf_printf(&words,
		   "Average precision %.3f. As it is told: precision %.3f, "
		   "recall %.3f.",
		   l->average_precision, l->precision, l->recall);
	open_small(v, &p, "Precision against recall", &words);
	plot_line_open(&p, "a");
	plot_to(&p, 0, c->v[0].precision);
	for (size_t k = 0; k < c->n; k++)
		plot_to(&p, c->v[k].recall, c->v[k].precision);
	plot_line_close(&p);
	if (l->tp + l->fp > 0)
		add_now(&p, l->recall, l->precision);
	plot_close(&p);
	buf_printf(v->out, "<figcaption>AP %.3f, F1 %.3f</figcaption>\n"
			   "</figure>\n",
		   l->average_precision, l->f1);
}

void report_view_recall(const struct report_view *v)
{
	bool some = v->seen > CURVES_MAX;

	buf_add_z(v->out, "<h4>Precision against recall</h4>\n"
			  "<p class=\"small\">What other thresholds would "
			  "give: stricter to the left, more generous to the "
			  "right. The dot is where they are now; AP is the "
			  "mean precision over the curve. The micro average "
			  "is over all together, cut at each tenth of "
			  "probability.");
	if (some)
		buf_printf(v->out, " The %d %s with the most support, of %u.",
			   CURVES_MAX, v->many, v->seen);
	buf_add_z(v->out, "</p>\n<div class=\"grid\">\n");
	add_micro(v);
	for (uint32_t i = 0; i < v->seen && i < CURVES_MAX; i++)
		add_curve(v, v->order[i]);
	buf_add_z(v->out, "</div>\n");
}
