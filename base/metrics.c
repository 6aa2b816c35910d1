#include "base/metrics.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"

/* Upper bounds in seconds; "+Inf" is the last one of each histogram. */
static const double bounds[] = {
	0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
	0.1,	0.25,	 0.5,	 1,	2.5,	5,     10,   30,    60,
};

enum { BOUNDS = sizeof(bounds) / sizeof(*bounds) };

struct metric {
	enum metric_kind kind;
	char *labels; /* "" for none */
	double value; /* of a histogram: the sum */
	uint64_t *counts; /* BOUNDS + 1, each of its own bucket alone */
	struct metric *next;
};

/* The rows of one name. */
struct family {
	enum metric_kind kind;
	char *name, *help;
	struct metric *first, **end;
	struct family *next;
};

struct metrics {
	struct family *first, **end;
	size_t rows;
	/* What is counted where there is no memory for a row. */
	struct metric spare;
	uint64_t spare_counts[BOUNDS + 1];
};

int metrics_new(struct metrics **ret)
{
	struct metrics *m = calloc(1, sizeof(*m));

	if (!m)
		return -ENOMEM;
	m->end = &m->first;
	m->spare.counts = m->spare_counts;
	*ret = m;
	return 0;
}

static void free_row(struct metric *row)
{
	if (!row)
		return;
	free(row->labels);
	free(row->counts);
	free(row);
}

static void free_family(struct family *f)
{
	struct metric *row = f->first;

	while (row) {
		struct metric *next = row->next;

		free_row(row);
		row = next;
	}
	free(f->name);
	free(f->help);
	free(f);
}

void metrics_free(struct metrics *m)
{
	struct family *f = m ? m->first : NULL;

	while (f) {
		struct family *next = f->next;

		free_family(f);
		f = next;
	}
	free(m);
}

static struct family *find_family(const struct metrics *m, const char *name)
{
	struct family *f = m->first;

	while (f && strcmp(f->name, name) != 0)
		f = f->next;
	return f;
}

static struct family *add_family(struct metrics *m, enum metric_kind kind,
				 const char *name, const char *help)
{
	struct family *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->kind = kind;
	f->name = strdup(name);
	f->help = strdup(help);
	f->end = &f->first;
	if (!f->name || !f->help) {
		free_family(f);
		return NULL;
	}
	*m->end = f;
	m->end = &f->next;
	return f;
}

static struct metric *add_row(struct metrics *m, struct family *f,
			      const char *labels)
{
	struct metric *row = calloc(1, sizeof(*row));

	if (!row)
		return NULL;
	row->kind = f->kind;
	row->labels = strdup(labels);
	if (f->kind == METRIC_HISTOGRAM)
		row->counts = calloc(BOUNDS + 1, sizeof(*row->counts));
	if (!row->labels || (f->kind == METRIC_HISTOGRAM && !row->counts)) {
		free_row(row);
		return NULL;
	}
	*f->end = row;
	f->end = &row->next;
	m->rows++;
	return row;
}

struct metric *metrics_get(struct metrics *m, enum metric_kind kind,
			   const char *name, const char *help,
			   const char *labels)
{
	struct family *f = find_family(m, name);
	struct metric *row;

	if (!labels)
		labels = "";
	if (!f && m->rows < METRICS_ROWS_MAX)
		f = add_family(m, kind, name, help);
	row = f && f->kind == kind ? f->first : NULL;
	while (row && strcmp(row->labels, labels) != 0)
		row = row->next;
	if (!row && f && f->kind == kind && m->rows < METRICS_ROWS_MAX)
		row = add_row(m, f, labels);
	if (row)
		return row;
	m->spare.kind = kind;
	return &m->spare;
}

/* What is no UTF-8, and NUL, is U+FFFD: readers refuse a page that has such a
 * byte anywhere. */
static void add_escaped(struct buf *out, struct str s, bool quoted)
{
	while (s.n) {
		size_t good = unicode_valid(s);

		for (size_t i = 0; i < good; i++)
			if (s.p[i] == '\n')
				buf_add_z(out, "\\n");
			else if (s.p[i] == '\\')
				buf_add_z(out, "\\\\");
			else if (s.p[i] == '"' && quoted)
				buf_add_z(out, "\\\"");
			else if (!s.p[i])
				buf_add_z(out, "\xef\xbf\xbd");
			else
				buf_add_char(out, s.p[i]);
		if (good == s.n)
			return;
		buf_add_z(out, "\xef\xbf\xbd");
		s.p += good + 1;
		s.n -= good + 1;
	}
}

void metrics_label(struct buf *out, const char *key, struct str value)
{
	if (out->n)
		buf_add_char(out, ',');
	buf_printf(out, "%s=\"", key);
	add_escaped(out, value, true);
	buf_add_char(out, '"');
}

void metric_add(struct metric *m, double n)
{
	if (m->kind == METRIC_GAUGE || (m->kind == METRIC_COUNTER && n > 0))
		m->value += n;
}

void metric_set(struct metric *m, double x)
{
	if (m->kind != METRIC_HISTOGRAM)
		m->value = x;
}

void metric_observe(struct metric *m, double seconds)
{
	size_t i = 0;

	if (m->kind != METRIC_HISTOGRAM || !isfinite(seconds))
		return;
	if (seconds < 0) /* a sum that falls looks like a restart */
		seconds = 0;
	while (i < BOUNDS && seconds > bounds[i])
		i++;
	m->counts[i]++;
	m->value += seconds;
}

static uint64_t count_of(const struct metric *m)
{
	uint64_t n = 0;

	for (size_t i = 0; i <= BOUNDS; i++)
		n += m->counts[i];
	return n;
}

double metric_value(const struct metric *m)
{
	return m->kind == METRIC_HISTOGRAM ? (double)count_of(m) : m->value;
}

/* Writing. */

/* The fewest digits that are read as the same number again. */
static void add_number(struct buf *out, double x)
{
	char text[40];

	if (isnan(x)) {
		buf_add_z(out, "NaN");
	} else if (isinf(x)) {
		buf_add_z(out, x > 0 ? "+Inf" : "-Inf");
	} else if (x == trunc(x) && fabs(x) < 0x1p53) {
		buf_printf(out, "%.0f", x + 0.0); /* no minus before a zero */
	} else {
		for (int digits = 15; digits <= 17; digits++) {
			snprintf(text, sizeof(text), "%.*g", digits, x);
			if (strtod(text, NULL) == x)
				break;
		}
		buf_add_z(out, text);
	}
}

/* `more` is a label that this line has besides those of its row. */
static void add_line(struct buf *out, const struct family *f, const char *tail,
		     const struct metric *row, const char *more, double x)
{
	buf_printf(out, "%s%s", f->name, tail);
	if (row->labels[0] || more[0])
		buf_printf(out, "{%s%s%s}", row->labels,
			   row->labels[0] && more[0] ? "," : "", more);
	buf_add_char(out, ' ');
	add_number(out, x);
	buf_add_char(out, '\n');
}

static void add_histogram(struct buf *out, const struct family *f,
			  const struct metric *row)
{
	uint64_t below = 0;
	char le[48];

	for (size_t i = 0; i < BOUNDS; i++) {
		below += row->counts[i];
		snprintf(le, sizeof(le), "le=\"%.15g\"", bounds[i]);
		add_line(out, f, "_bucket", row, le, (double)below);
	}
	below += row->counts[BOUNDS];
	add_line(out, f, "_bucket", row, "le=\"+Inf\"", (double)below);
	add_line(out, f, "_sum", row, "", row->value);
	add_line(out, f, "_count", row, "", (double)below);
}

void metrics_write(const struct metrics *m, struct buf *out)
{
	static const char *const kinds[] = { "counter", "gauge", "histogram" };

	for (const struct family *f = m->first; f; f = f->next) {
		buf_printf(out, "# HELP %s ", f->name);
		add_escaped(out, str_of(f->help), false);
		buf_printf(out, "\n# TYPE %s %s\n", f->name, kinds[f->kind]);
		for (const struct metric *r = f->first; r; r = r->next)
			if (f->kind == METRIC_HISTOGRAM)
				add_histogram(out, f, r);
			else
				add_line(out, f, "", r, "", r->value);
	}
}
