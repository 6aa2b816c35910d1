#include "learn/solve.h"

#include <errno.h>
#include <libsvm/svm.h>
#include <stdlib.h>

static void silent(const char *line)
{
	(void)line;
}

static bool has_gram(const struct solve_problem *p)
{
	return p->gram && p->gram->v;
}

static size_t entries(const struct solve_problem *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n && !has_gram(p); i++)
		for (const struct feat *f = p->x[i]; n++, f->index >= 0; f++)
			;
	return n;
}

/* Kernel values lie as LIBSVM wants them, two rows in one (gram.h): of the
 * precomputed kernel, svm.cpp reads x[i][(int)x[j][0].value].value alone. */
static void point_at(const struct gram *g, struct svm_node **rows)
{
	_Static_assert(sizeof(struct svm_node) == 2 * sizeof(double) &&
			       offsetof(struct svm_node, value) ==
				       sizeof(double),
		       "a node's index takes the room of a value");
	for (size_t i = 0; i < g->n; i++)
		rows[i] = (struct svm_node *)(void *)gram_row(g, i);
}

/* Rows as LIBSVM wants them: its indices begin at 1. */
static void copy_rows(const struct solve_problem *p, struct svm_node *nodes,
		      struct svm_node **rows)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct feat *f = p->x[i];

		rows[i] = nodes;
		for (; f->index >= 0; f++)
			*nodes++ = (struct svm_node){ f->index + 1, f->value };
		*nodes++ = (struct svm_node){ -1, 0 };
	}
}

static struct svm_parameter parameters(const struct solve_problem *p,
				       int *labels, double *weights)
{
	labels[0] = 1;
	labels[1] = -1;
	weights[0] = p->positive;
	weights[1] = p->negative;
	return (struct svm_parameter){
		.svm_type = C_SVC,
		.kernel_type = has_gram(p) ? PRECOMPUTED : (int)p->kernel.type,
		.degree = p->kernel.degree,
		.gamma = p->kernel.gamma,
		.coef0 = p->kernel.coef0,
		.cache_size = 256,
		.eps = 1e-4,
		.C = p->c,
		.nr_weight = 2,
		.weight_label = labels,
		.weight = weights,
		.shrinking = 1,
	};
}

/* Of the labels +1 and -1 LIBSVM puts +1 first, whichever it met first
 * (svm_group_classes), so that the signs are ours already. */
static void unpack(const struct svm_model *m, size_t n, double *coef,
		   double *intercept)
{
	for (size_t i = 0; i < n; i++)
		coef[i] = 0;
	for (int i = 0; i < m->l; i++)
		coef[m->sv_indices[i] - 1] = m->sv_coef[0][i];
	*intercept = -m->rho[0];
}

int solve_svm(const struct solve_problem *p, double *coef, double *intercept,
	      struct err *e)
{
	struct svm_node *nodes = calloc(entries(p) + 1, sizeof(*nodes));
	struct svm_node **rows = calloc(p->n + 1, sizeof(*rows));
	double *y = calloc(p->n, sizeof(*y)), weights[2];
	int labels[2], r = -ENOMEM;
	struct svm_problem prob = { (int)p->n, y, rows };
	struct svm_parameter param = parameters(p, labels, weights);
	struct svm_model *m = NULL;
	const char *sentence;

	if (!nodes || !rows || !y)
		goto out;
	if (has_gram(p))
		point_at(p->gram, rows);
	else
		copy_rows(p, nodes, rows);
	for (size_t i = 0; i < p->n; i++)
		y[i] = p->y[i];
	r = -EINVAL;
	sentence = svm_check_parameter(&prob, &param);
	if (sentence) {
		err_set(e, r, "LIBSVM refuses: %s", sentence);
		goto out;
	}
	svm_set_print_string_function(silent);
	srand(p->seed);
	/* The model points into our rows: they live until it is gone. */
	m = svm_train(&prob, &param);
	if (m->nr_class != 2) {
		err_set(e, r, "one of the two classes has no example");
		goto out;
	}
	unpack(m, p->n, coef, intercept);
	r = 0;
out:
	svm_free_and_destroy_model(&m);
	free(nodes);
	free(rows);
	free(y);
	return r;
}
