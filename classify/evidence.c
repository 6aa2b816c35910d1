#include "classify/evidence.h"

#include <errno.h>
#include <stdlib.h>

#include "classify/gradient.h"
#include "classify/spread.h"

/* A term's entry and its copy for the topic are one term's. */
static void fold(const double *seen, size_t n, size_t entries, double *share)
{
	for (size_t i = 0; i < entries; i++) {
		share[i] += seen[i];
		if (n > entries)
			share[i] += seen[entries + i];
	}
}

static int by_weight(const void *a, const void *b)
{
	const struct evidence_support *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return (x->vector > y->vector) - (x->vector < y->vector);
}

static const char *support_id(const struct model *m, uint64_t kernel,
			      uint32_t vector)
{
	const json_t *all = json_object_get(m->head, "support");

	return json_string_value(json_array_get(
		json_array_get(all, m->kernels[kernel].shared), vector));
}

static int find_support(const struct model *m, uint64_t kernel,
			const double *dot, double xx, struct arena scratch,
			struct evidence *ret)
{
	const struct kernel *k = &m->kernels[kernel];
	struct evidence_support *v =
		arena_take_array(&scratch, k->vectors + 1, sizeof(*v));
	uint32_t n = k->vectors;

	if (!v)
		return -ENOMEM;
	for (uint32_t i = 0; i < n; i++) {
		double value = kernel_value(&k->params, dot[i], xx,
					    k->norm[i]);

		v[i] = (struct evidence_support){
			i, support_id(m, kernel, i), value, k->coef[i] * value
		};
	}
	qsort(v, n, sizeof(*v), by_weight);
	for (uint32_t i = 0; i < n && i < EVIDENCE_SUPPORT; i++)
		if (v[i].weight > 0)
			ret->support[ret->support_count++] = v[i];
	for (uint32_t i = n < EVIDENCE_SUPPORT ? 0 : n - EVIDENCE_SUPPORT;
	     i < n; i++)
		if (v[i].weight < 0)
			ret->support[ret->support_count++] = v[i];
	return 0;
}

static int ask_kernel(const struct model *m, const struct judgement *j,
		      struct arena scratch, double *share,
		      struct evidence *ret)
{
	uint64_t kernel = m->columns[ret->column].kernel - 1;
	const struct kernel *k = &m->kernels[kernel];
	const struct feat *x = judge_seen(m, j, ret->column, &scratch);
	size_t n = x ? tfidf_length(x) : 0;
	double *dot = arena_take_array(&scratch, k->vectors, sizeof(*dot));
	double *slope = arena_take_array(&scratch, k->vectors, sizeof(*slope));
	double *part = arena_take_array(&scratch, n + 1, sizeof(*part));
	double xx;

	if (!x || !dot || !slope || !part)
		return -ENOMEM;
	xx = kernel_dots(k, x, dot);
	gradient_shares(k, x, dot, xx, slope, part);
	fold(part, n, j->counts.n, share);
	return find_support(m, kernel, dot, xx, scratch, ret);
}

int evidence_find(const struct model *m, const struct judgement *j,
		  uint32_t column, struct arena *a, struct evidence *ret)
{
	const struct bundle_column *c = &m->columns[column];
	struct arena scratch;
	double *share = arena_room_array(a, j->counts.n + 1, sizeof(*share));
	int r = 0;

	*ret = (struct evidence){
		.column = column,
		.linear = !c->kernel,
		.decision = j->decision[column],
		.intercept = c->intercept,
		.threshold = c->threshold,
		.probability = judge_probability(m, column,
						 j->decision[column]),
	};
	if (!share)
		return -ENOMEM;
	judge_shares(m, j, column, share);
	scratch = *a;
	/* A machine with a kernel may have weights of terms beside it. */
	if (c->kernel)
		r = ask_kernel(m, j, scratch, share, ret);
	if (!r)
		r = spread_words(m, j, share, a, &ret->words);
	ret->rest = ret->decision - ret->intercept;
	for (size_t i = 0; i < ret->words.n; i++)
		ret->rest -= ret->words.v[i].weight;
	return r;
}
