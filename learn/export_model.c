/* Columns as models of LIBSVM.
 *
 * Of k classes LIBSVM decides between every two, i before j, by
 *
 *	sum of coef[j-1] * K over the vectors of i
 *	+ sum of coef[i] * K over the vectors of j - rho > 0: for i
 *
 * and takes the class with most votes. With each column's own coefficients for
 * its vectors where its class comes first, and their negatives where it comes
 * second, that is D_i - D_j > 0; the largest D wins all its votes. */
#include "learn/export.h"

#include <errno.h>
#include <stdlib.h>

static bool is_two_class(const struct export_file *f)
{
	return f->count == 1;
}

static uint32_t classes(const struct export_file *f)
{
	return is_two_class(f) ? 2 : f->count;
}

/* The machine with a kernel among the columns, or NULL. */
static const struct kernel *kernel_of(const struct model *m,
				      const struct export_file *f)
{
	for (uint32_t i = 0; i < f->count; i++)
		if (m->columns[f->first + i].kernel)
			return &m->kernels[m->columns[f->first + i].kernel -
					   1];
	return NULL;
}

/* In a file with a kernel, a column without one has nothing to say but its
 * intercept: a side without examples. */
static uint32_t vectors_of(const struct model *m, const struct export_file *f,
			   uint32_t i)
{
	uint64_t k = m->columns[f->first + i].kernel;

	if (k)
		return kernel_support(&m->kernels[k - 1]);
	return kernel_of(m, f) ? 0 : 1;
}

static double intercept_of(const struct model *m, const struct export_file *f,
			   uint32_t i)
{
	const struct bundle_column *c = &m->columns[f->first + i];

	return is_two_class(f) && f->first < m->topic_count && !m->one_of
		       ? c->intercept - c->threshold
		       : c->intercept;
}

static void add_kernel(const struct kernel *k, struct buf *out)
{
	static const char *const names[] = { "linear", "polynomial", "rbf",
					     "sigmoid" };
	uint32_t type = k ? k->params.type : KERNEL_LINEAR;

	buf_printf(out, "svm_type c_svc\nkernel_type %s\n", names[type]);
	if (type == KERNEL_POLY)
		buf_printf(out, "degree %d\n", k->params.degree);
	if (type != KERNEL_LINEAR)
		buf_printf(out, "gamma %.17g\n", k->params.gamma);
	if (type == KERNEL_POLY || type == KERNEL_SIGMOID)
		buf_printf(out, "coef0 %.17g\n", k->params.coef0);
}

static void add_head(const struct model *m, const struct export_file *f,
		     struct buf *out)
{
	uint32_t total = 0, n = classes(f);

	for (uint32_t i = 0; i < f->count; i++)
		total += vectors_of(m, f, i);
	add_kernel(kernel_of(m, f), out);
	buf_printf(out, "nr_class %u\ntotal_sv %u\nrho", n, total);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = i + 1; j < n; j++)
			buf_printf(out, " %.17g",
				   is_two_class(f)
					   ? -intercept_of(m, f, 0)
					   : intercept_of(m, f, j) -
						     intercept_of(m, f, i));
	buf_add_z(out, "\nlabel");
	for (uint32_t i = 0; i < n; i++)
		buf_printf(out, " %d",
			   is_two_class(f) ? 1 - 2 * (int)i : (int)i + 1);
	buf_add_char(out, '\n');
}

/* LIBSVM's decision value is vigie's minus the threshold. */
static void add_calibration(const struct model *m, const struct export_file *f,
			    struct buf *out)
{
	const struct bundle_column *c = &m->columns[f->first];

	if (!is_two_class(f) || c->knots > 1)
		return;
	buf_printf(out, "probA %.17g\nprobB %.17g\n", c->a,
		   c->b + c->a * (c->intercept - intercept_of(m, f, 0)));
}

static void add_counts(const struct model *m, const struct export_file *f,
		       struct buf *out)
{
	buf_add_z(out, "nr_sv");
	for (uint32_t i = 0; i < f->count; i++)
		buf_printf(out, " %u", vectors_of(m, f, i));
	buf_add_z(out, is_two_class(f) ? " 0\nSV\n" : "\nSV\n");
}

/* One coefficient for each class but its own. */
static void add_coefs(const struct export_file *f, uint32_t class, double coef,
		      struct buf *out)
{
	for (uint32_t row = 0; row + 1 < classes(f); row++)
		buf_printf(out, "%.17g ", row < class ? -coef : coef);
}

/* The weights as a support vector, in the class's own part of the space where
 * the classes do not read the same vector. */
static void add_weights(const struct model *m, const struct export_file *f,
			uint32_t class, bool apart, struct buf *out)
{
	uint64_t from = apart ? (uint64_t)class * m->tfidf.terms : 0;

	add_coefs(f, class, 1, out);
	for (uint32_t t = 0; t < m->tfidf.terms; t++) {
		double w = m->weights[(size_t)t * m->column_count + f->first +
				      class];

		if (w != 0)
			buf_printf(out, "%llu:%.17g ",
				   (unsigned long long)(from + t + 1), w);
	}
	buf_add_char(out, '\n');
}

/* The inverted index turned back: where each vector's entries are. */
struct rows {
	uint64_t *start;
	uint32_t *index;
	double *value;
};

static bool rows_of(const struct kernel *k, struct rows *ret)
{
	uint64_t entries = k->start[k->dims];

	ret->start = calloc((size_t)k->vectors + 2, sizeof(*ret->start));
	ret->index = calloc(entries + 1, sizeof(*ret->index));
	ret->value = calloc(entries + 1, sizeof(*ret->value));
	if (!ret->start || !ret->index || !ret->value)
		return false;
	for (uint64_t i = 0; i < entries; i++)
		ret->start[k->vector[i] + 2]++;
	for (uint32_t v = 0; v < k->vectors; v++)
		ret->start[v + 2] += ret->start[v + 1];
	for (uint32_t d = 0; d < k->dims; d++)
		for (uint32_t i = k->start[d]; i < k->start[d + 1]; i++) {
			uint64_t at = ret->start[k->vector[i] + 1]++;

			ret->index[at] = d;
			ret->value[at] = k->value[i];
		}
	return true;
}

static void add_vectors(const struct kernel *k, const struct export_file *f,
			uint32_t class, struct buf *out)
{
	struct rows r;

	if (!rows_of(k, &r))
		out->error = -ENOMEM;
	for (uint32_t v = 0; v < k->vectors && !buf_error(out); v++) {
		if (k->coef[v] == 0)
			continue; /* another machine's */
		add_coefs(f, class, k->coef[v], out);
		for (uint64_t i = r.start[v]; i < r.start[v + 1]; i++)
			if (r.value[i] != 0)
				buf_printf(out, "%u:%.17g ", r.index[i] + 1,
					   r.value[i]);
		buf_add_char(out, '\n');
	}
	free(r.start);
	free(r.index);
	free(r.value);
}

void export_model(const struct model *m, const struct export_file *f,
		  struct buf *out)
{
	bool apart = !is_two_class(f) && m->scales;

	add_head(m, f, out);
	add_calibration(m, f, out);
	add_counts(m, f, out);
	for (uint32_t i = 0; i < f->count; i++) {
		uint64_t k = m->columns[f->first + i].kernel;

		if (k)
			add_vectors(&m->kernels[k - 1], f, i, out);
		else if (!kernel_of(m, f))
			add_weights(m, f, i, apart, out);
	}
}
