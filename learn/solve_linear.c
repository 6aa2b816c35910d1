#include "learn/solve.h"

#include <errno.h>
#include <linear.h>
#include <stdlib.h>

/* sklearn's LinearSVC stops at 1e-4 and after a thousand rounds. */
static const double tolerance = 1e-4;

static void silent(const char *line)
{
	(void)line;
}

static size_t entries(const struct solve_problem *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		for (const struct feat *f = p->x[i]; f->index >= 0; f++)
			n++;
		n += 2; /* the intercept's feature and the end mark */
	}
	return n;
}

/* Rows as LIBLINEAR wants them: indices from 1, the intercept's last. */
static void copy_rows(const struct solve_problem *p, int dims, double bias,
		      struct feature_node *nodes, struct feature_node **rows,
		      double *y)
{
	for (size_t i = 0; i < p->n; i++) {
		rows[i] = nodes;
		y[i] = p->y[i];
		for (const struct feat *f = p->x[i]; f->index >= 0; f++)
			*nodes++ = (struct feature_node){ f->index + 1,
							  f->value };
		*nodes++ = (struct feature_node){ dims + 1, bias };
		*nodes++ = (struct feature_node){ -1, 0 };
	}
}

/* LIBLINEAR's first label is the one it met first; ours is +1. */
static void unpack(const struct model *m, size_t dims, double bias, double *w,
		   double *intercept)
{
	double sign = m->label[0] == 1 ? 1 : -1;

	for (size_t i = 0; i < dims; i++)
		w[i] = sign * m->w[i];
	*intercept = sign * m->w[dims] * bias;
}

int solve_linear(const struct solve_problem *p, size_t dims, bool squared,
		 double bias, double *w, double *intercept, struct err *e)
{
	struct feature_node *nodes = calloc(entries(p), sizeof(*nodes));
	struct feature_node **rows = calloc(p->n, sizeof(*rows));
	double *y = calloc(p->n, sizeof(*y));
	double weights[2] = { p->positive, p->negative };
	int labels[2] = { 1, -1 }, r = -ENOMEM;
	struct problem prob = { (int)p->n, (int)dims + 1, y, rows, bias };
	struct parameter param = {
		.solver_type = squared ? L2R_L2LOSS_SVC_DUAL
				       : L2R_L1LOSS_SVC_DUAL,
		.eps = tolerance,
		.C = p->c,
		.nr_weight = 2,
		.weight_label = labels,
		.weight = weights,
	};
	struct model *m = NULL;
	const char *sentence;

	if (!nodes || !rows || !y)
		goto out;
	copy_rows(p, (int)dims, bias, nodes, rows, y);
	r = -EINVAL;
	sentence = check_parameter(&prob, &param);
	if (sentence) {
		err_set(e, r, "LIBLINEAR refuses: %s", sentence);
		goto out;
	}
	set_print_string_function(silent);
	srand(p->seed);
	m = train(&prob, &param);
	if (m->nr_class != 2) {
		err_set(e, r, "one of the two classes has no example");
		goto out;
	}
	unpack(m, dims, bias, w, intercept);
	r = 0;
out:
	free_and_destroy_model(&m);
	free(nodes);
	free(rows);
	free(y);
	return r;
}
