#include "classify/judge.h"

#include <errno.h>
#include <math.h>

static int read_words(const struct model *m, struct arena *a,
		      struct judgement *j)
{
	int r = 0;

	for (int f = 0; f < FIELD_COUNT && !r; f++) {
		r = tokens_cut(m->tokenizer, j->field[f], a, &j->tokens[f]);
		if (!r)
			r = features_list(&m->features, j->tokens[f], a,
					  &j->terms[f]);
	}
	return r;
}

/* All linear columns at once: a row of weights a term. */
static void add_rows(const struct model *m, const struct feat *x, double *d)
{
	for (; x->index >= 0; x++) {
		const double *row = m->weights +
				    (size_t)x->index * m->column_count;

		for (uint32_t c = 0; c < m->column_count; c++)
			d[c] += x->value * row[c];
	}
}

struct feat *judge_joint(const struct judge_space *s, const struct feat *x,
			 size_t n, uint32_t topic, struct arena *a)
{
	struct feat *z = arena_take_array(a, 2 * n + 2, sizeof(*z));
	int own = (int)((topic + 1) * s->terms);

	if (!z)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		z[i] = x[i];
		z[n + i].index = own + x[i].index;
		z[n + i].value = s->copy_weight * x[i].value;
	}
	z[2 * n].index = (int)((s->topics + 1) * s->terms + topic);
	z[2 * n].value = 1;
	z[2 * n + 1].index = -1;
	return z;
}

static int add_kernels(const struct model *m, const struct judgement *j,
		       struct arena scratch, double *d)
{
	struct judge_space space = { m->tfidf.terms, m->topic_count,
				     m->copy_weight };

	for (uint32_t c = 0; c < m->column_count; c++) {
		const struct kernel *k;
		const struct feat *x = j->x;
		struct arena here = scratch;
		double *dot;

		if (!m->columns[c].kernel)
			continue;
		k = &m->kernels[m->columns[c].kernel - 1];
		if (c >= m->topic_count)
			x = judge_joint(&space, j->x, j->counts.n,
					(c - m->topic_count) / m->stance_count,
					&here);
		dot = arena_take_array(&here, k->vectors, sizeof(*dot));
		if (!x || !dot)
			return -ENOMEM;
		d[c] += kernel_decide(k, x, dot);
	}
	return 0;
}

int judge(const struct model *m, struct str title, struct str text,
	  struct arena *a, struct judgement *ret)
{
	struct judgement j = { .field = { title, text } };
	struct feat *x;
	double *d;
	int r = read_words(m, a, &j);

	if (!r)
		r = tfidf_count(&m->tfidf, j.terms[FIELD_TITLE],
				j.terms[FIELD_TEXT], a, &j.counts);
	if (r)
		return r;
	x = arena_take_array(a, j.counts.n + 1, sizeof(*x));
	d = arena_take_array(a, m->column_count, sizeof(*d));
	if (!x || !d)
		return -ENOMEM;
	tfidf_weigh(&m->tfidf, j.counts, x);
	for (uint32_t c = 0; c < m->column_count; c++)
		d[c] = m->columns[c].intercept;
	add_rows(m, x, d);
	j.x = x;
	j.decision = d;
	r = add_kernels(m, &j, *a, d);
	if (!r)
		*ret = j;
	return r;
}

double judge_probability(const struct model *m, uint32_t column,
			 double decision)
{
	const struct bundle_column *c = &m->columns[column];

	return 1 / (1 + exp(c->a * decision + c->b));
}

static uint32_t largest(const double *v, uint32_t n)
{
	uint32_t best = 0;

	for (uint32_t i = 1; i < n; i++)
		if (v[i] > v[best])
			best = i;
	return best;
}

bool judge_given(const struct model *m, const struct judgement *j,
		 uint32_t topic)
{
	if (m->one_of)
		return largest(j->decision, m->topic_count) == topic;
	return j->decision[topic] > m->columns[topic].threshold;
}

uint32_t judge_stance(const struct model *m, const struct judgement *j,
		      uint32_t topic, double *probability)
{
	uint32_t first = model_stance_column(m, topic, 0);
	uint32_t best = largest(j->decision + first, m->stance_count);
	double sum = 0;

	for (uint32_t s = 0; s < m->stance_count; s++)
		sum += judge_probability(m, first + s, j->decision[first + s]);
	*probability = sum > 0 ? judge_probability(m, first + best,
						   j->decision[first + best]) /
					 sum
			       : 1.0 / m->stance_count;
	return best;
}
