/* The figures for a person: a headline, a table a group, and what was taken
 * for what. */
#include <stdlib.h>
#include <string.h>

#include "learn/report.h"

/* Beyond so many classes a matrix is wider than a page. */
enum { MATRIX_MAX = 12, CONFUSIONS_MAX = 10 };

/* Columns a name takes up, where UTF-8 has more bytes than that. */
static int width_of(const char *z)
{
	int w = 0;

	for (; *z; z++)
		w += (*z & 0xC0) != 0x80;
	return w;
}

static int widest(const char *const *names, uint32_t n, int least)
{
	int w = least;

	for (uint32_t i = 0; i < n; i++)
		if (width_of(names[i]) > w)
			w = width_of(names[i]);
	return w;
}

static void print_name(const char *z, int width, FILE *out)
{
	fprintf(out, "%s%*s", z, width - width_of(z), "");
}

/* Counts are whole but for the mean of several reports. */
static int digits(const struct report *r)
{
	return r->repeats > 1;
}

static void print_headline(const struct report *r, FILE *out)
{
	fprintf(out, "metric %s %.3f", report_metric_name(r->set.metric),
		r->head.metric);
	if (r->repeats > 1)
		fprintf(out, " ± %.3f over %u repeats",
			r->spread->head.metric, r->repeats);
	fputc('\n', out);
	if (r->head.unknown > 0)
		fprintf(out, "words that the model did not know: %.1f %%\n",
			100 * r->head.unknown);
}

static void print_head(const char *what, int width, FILE *out)
{
	fputc('\n', out);
	print_name(what, width, out);
	fprintf(out, "  precision  recall      F1  support   Brier     ECE\n");
}

static void print_label(const char *name, int width,
			const struct report_label *l, FILE *out)
{
	print_name(name, width, out);
	fprintf(out, "  %9.3f  %6.3f  %6.3f  %7.0f  %6.3f  %6.3f\n",
		l->precision, l->recall, l->f1, l->support, l->brier, l->ece);
}

/* A figure in the column of F1. */
static void print_line(const char *name, int width, double figure, FILE *out)
{
	print_name(name, width, out);
	fprintf(out, "  %25.3f\n", figure);
}

static void print_group(const struct report *r, const struct report_group *g,
			const char *right, int w, FILE *out)
{
	print_name("micro", w, out);
	fprintf(out, "  %9.3f  %6.3f  %6.3f  %7s  %6.3f  %6.3f\n",
		g->micro_precision, g->micro_recall, g->micro_f1, "",
		g->brier, g->ece);
	print_name("macro", w, out);
	fprintf(out, "  %25.3f  %7s  %6s  %6.3f\n", g->macro_f1, "", "",
		g->macro_ece);
	if (r->set.metric_labels.n && g->mean_f1 >= 0)
		print_line("mean F1", w, g->mean_f1, out);
	print_name(right, w, out);
	fprintf(out, "  %25.3f  %7.0f\n", g->accuracy, g->asked);
}

static void print_spread(const struct report_group *g, int w, FILE *out)
{
	print_name("±", w, out);
	fprintf(out, "  micro %.3f, macro %.3f, right %.3f\n", g->micro_f1,
		g->macro_f1, g->accuracy);
}

static void print_coverage(const struct report_group *g, bool with_f1, int w,
			   FILE *out)
{
	fputc('\n', out);
	print_name("surest", w, out);
	for (int i = 0; i < CURVES_STEPS; i++)
		fprintf(out, " %3.0f %%", 100 * g->step[i].coverage);
	fputc('\n', out);
	print_name("right", w, out);
	for (int i = 0; i < CURVES_STEPS; i++)
		fprintf(out, " %.3f", g->step[i].accuracy);
	fputc('\n', out);
	if (!with_f1)
		return;
	print_name("macro F1", w, out);
	for (int i = 0; i < CURVES_STEPS; i++)
		fprintf(out, " %.3f", g->step[i].macro_f1);
	fputc('\n', out);
}

static void print_matrix(const double *m, const char *const *names, uint32_t n,
			 int places, FILE *out)
{
	int w = widest(names, n, 8);

	fprintf(out, "rows are what is so, columns what was said\n%*s", w, "");
	for (uint32_t i = 0; i < n; i++)
		fprintf(out, "%*s%s", w + 2 - width_of(names[i]), "",
			names[i]);
	fputc('\n', out);
	for (uint32_t g = 0; g < n; g++) {
		print_name(names[g], w, out);
		for (uint32_t s = 0; s < n; s++)
			fprintf(out, "  %*.*f", w, places,
				m[(size_t)g * n + s]);
		fputc('\n', out);
	}
}

/* The largest cell off the diagonal that comes after *at in the order of size,
 * then of place; false when there is none above zero. */
static bool next_confusion(const double *m, size_t n, size_t *at)
{
	size_t cells = n * n, best = cells;

	for (size_t i = 0; i < cells; i++) {
		bool after = *at == cells || m[i] < m[*at] ||
			     (m[i] == m[*at] && i > *at);

		if (i / n != i % n && m[i] > 0 && after &&
		    (best == cells || m[i] > m[best]))
			best = i;
	}
	*at = best;
	return best < cells;
}

static void print_confusions(const double *m, const char *const *names,
			     uint32_t n, int places, FILE *out)
{
	size_t at = (size_t)n * n;

	fprintf(out, "most often confused\n");
	for (int i = 0; i < CONFUSIONS_MAX && next_confusion(m, n, &at); i++)
		fprintf(out, "%8.*f  %s, taken for %s\n", places, m[at],
			names[at / n], names[at % n]);
}

static void print_confusion(const char *what, const double *m,
			    const char *const *names, uint32_t n, int places,
			    FILE *out)
{
	fprintf(out, "\n%s: ", what);
	if (n > MATRIX_MAX)
		print_confusions(m, names, n, places, out);
	else
		print_matrix(m, names, n, places, out);
}

/* Many-of topics have no square matrix: what is confused is given with not. */
static void print_topic_counts(const struct report *r, int w, FILE *out)
{
	int places = digits(r);

	fputc('\n', out);
	print_name("topics", w, out);
	fprintf(out, "  given, right  given, wrong  missed  "
		     "rightly not given\n");
	for (uint32_t t = 0; t < r->set.topic_count; t++) {
		const struct report_label *l = &r->topic[t];

		print_name(r->set.topics[t], w, out);
		fprintf(out, "  %12.*f  %12.*f  %6.*f  %17.*f\n", places,
			l->tp, places, l->fp, places, l->fn, places, l->tn);
	}
}

static void print_topics(const struct report *r, int w, FILE *out)
{
	const struct report_set *s = &r->set;

	print_head("topics", w, out);
	for (uint32_t t = 0; t < s->topic_count; t++)
		print_label(s->topics[t], w, &r->topic[t], out);
	print_group(r, &r->topics, s->one_of ? "accuracy" : "all right", w,
		    out);
	if (r->repeats > 1)
		print_spread(&r->spread->topics, w, out);
	print_coverage(&r->topics, false, w, out);
	if (s->one_of)
		print_confusion("topics", r->topic_confusion, s->topics,
				s->topic_count, digits(r), out);
	else
		print_topic_counts(r, w, out);
}

static void print_stances(const struct report *r, int w, FILE *out)
{
	const struct report_set *s = &r->set;

	print_head("stances", w, out);
	for (uint32_t i = 0; i < s->stance_count; i++)
		print_label(s->stances[i], w, &r->stance[i], out);
	print_group(r, &r->stances, "accuracy", w, out);
	if (r->repeats > 1)
		print_spread(&r->spread->stances, w, out);
	if (s->topic_count > 1)
		fprintf(out, "\nmacro F1 of the stances on\n");
	for (uint32_t t = 0; s->topic_count > 1 && t < s->topic_count; t++)
		print_line(s->topics[t], w, r->stance_f1[t], out);
	print_coverage(&r->stances, true, w, out);
	if (s->unsure > 0)
		fprintf(out,
			"\nunsure below %.2f: %.1f %% of the stances; of the "
			"others %.3f are right\n",
			s->unsure, 100 * r->stances.unsure,
			r->stances.sure_accuracy);
	print_confusion("stances", r->stance_confusion, s->stances,
			s->stance_count, digits(r), out);
}

void report_print(const struct report *r, FILE *out)
{
	int w = widest(r->set.topics, r->set.topic_count, 9);

	w = widest(r->set.stances, r->set.stance_count, w);
	print_headline(r, out);
	if (!r->set.targets)
		print_topics(r, w, out);
	if (r->set.stance_count)
		print_stances(r, w, out);
}
