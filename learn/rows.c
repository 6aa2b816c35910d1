#include "learn/rows.h"

#include <errno.h>
#include <stdlib.h>

#include "classify/judge.h"
#include "learn/ratios.h"

static const size_t rows_arena = (size_t)64 << 30; /* address space */

static const struct feat *base_row(struct row_set *s, struct counts doc)
{
	struct counts c = vocabulary_counts(&s->vocabulary, doc, &s->free);
	struct feat *x = arena_take_array(&s->free, c.n + 1, sizeof(*x));

	if (!c.v || !x)
		return NULL;
	tfidf_weigh(&s->vocabulary.tfidf, c, x);
	return x;
}

static bool reads_all(const struct recipe *r)
{
	for (uint32_t b = 0; b < r->block_count; b++)
		if (!(r->block[b].machine & RECIPE_MACHINE_SVM))
			return false;
	return true;
}

const struct feat *rows_svm_part(const struct row_set *s, const struct feat *x,
				 struct arena *a)
{
	const struct tfidf *t = &s->vocabulary.tfidf;
	struct feat *v = arena_take_array(a, tfidf_length(x) + 1,
					  sizeof(*v));
	size_t n = 0;

	for (uint32_t b = 0; v && b < t->block_count; b++) {
		bool reads = s->recipe->block[b].machine & RECIPE_MACHINE_SVM;

		for (; x->index >= 0 && (uint32_t)x->index < t->block[b].end;
		     x++)
			if (reads)
				v[n++] = *x;
	}
	if (v)
		v[n] = *x; /* the end mark */
	return v;
}

const struct feat *rows_joint(const struct row_set *s, const struct feat *x,
			      uint32_t topic, struct arena *a)
{
	struct judge_space space = { s->vocabulary.tfidf.terms,
				     s->corpus->topic_count,
				     s->recipe->copy_weight };

	return judge_joint(&space, x, tfidf_length(x), topic, a);
}

static bool has_stance(unsigned char label)
{
	return label && label != CORPUS_NO_STANCE;
}

static size_t count_stances(const struct corpus *c)
{
	size_t n = 0;

	for (size_t d = 0; d < c->n; d++)
		for (uint32_t k = 0; k < c->topic_count; k++)
			n += has_stance(c->v[d].labels[k]);
	return n;
}

static int add_stances(struct row_set *s, struct row of)
{
	const unsigned char *labels = s->corpus->v[of.doc].labels;
	const struct feat *x = of.x;

	for (uint32_t k = 0; k < s->corpus->topic_count; k++) {
		if (!has_stance(labels[k]))
			continue;
		of.topic = k;
		of.stance = labels[k];
		of.x = rows_joint(s, x, k, &s->free);
		if (!of.x)
			return -ENOMEM;
		s->stance.v[s->stance.n++] = of;
	}
	return 0;
}

static int add_rows(struct row_set *s, const struct terms *t,
		    const unsigned char *use)
{
	size_t stances = count_stances(s->corpus);
	int r = 0;

	s->topic.v = arena_take_array(&s->free, s->corpus->n + 1,
				      sizeof(struct row));
	s->stance.v = arena_take_array(&s->free, stances + 1,
				       sizeof(struct row));
	if (!s->topic.v || !s->stance.v)
		return -ENOMEM;
	for (size_t d = 0; d < s->corpus->n && !r; d++) {
		struct row of = { .doc = d, .topic_row = s->topic.n };

		if (!use[d])
			continue;
		of.base = base_row(s, t->docs[d]);
		if (of.base)
			of.x = reads_all(s->recipe)
				       ? of.base
				       : rows_svm_part(s, of.base, &s->free);
		if (!of.x)
			return -ENOMEM;
		s->topic.v[s->topic.n++] = of;
		if (s->corpus->stances.n)
			r = add_stances(s, of);
	}
	return r;
}

const struct feat **rows_vectors(const struct rows *rows)
{
	const struct feat **x = calloc(rows->n + 1, sizeof(*x));

	for (size_t i = 0; x && i < rows->n; i++)
		x[i] = rows->v[i].x;
	return x;
}

bool rows_by_libsvm(const struct recipe *r, const struct recipe_machine *m,
		    size_t n)
{
	if (m->kernel != KERNEL_LINEAR)
		return true;
	if (ratios_wanted(r) || m->loss == RECIPE_LOSS_SQUARED)
		return false;
	return m->solver == RECIPE_SOLVER_LIBSVM ||
	       (m->solver == RECIPE_SOLVER_AUTO && n <= (size_t)m->large);
}

struct kernel_params rows_kernel(const struct recipe_machine *m)
{
	return (struct kernel_params){ (uint32_t)m->kernel, (int)m->degree,
				       m->gamma, m->coef0 };
}

/* The inner product of two rows: of joint rows, what their documents share,
 * and once more with the copies and the constant when they share the topic. */
static double row_dot(const struct row_set *s, const struct rows *rows,
		      const struct gram *dots, size_t i, size_t j)
{
	const struct row *a = &rows->v[i], *b = &rows->v[j];
	double own = s->recipe->copy_weight * s->recipe->copy_weight;
	double d = *gram_at(dots, a->topic_row, b->topic_row);

	if (rows == &s->topic || a->topic != b->topic ||
	    s->corpus->topic_count == 1)
		return d;
	return d * (1 + own) + 1;
}

/* Into g, which may be dots itself: of that, each number is read for the last
 * time where it is replaced, but for the diagonal. */
static int make_kernel(const struct row_set *s, const struct rows *rows,
		       const struct recipe_machine *m, const struct gram *dots,
		       struct gram *g)
{
	struct kernel_params p = rows_kernel(m);
	double *square = malloc((rows->n + 1) * sizeof(*square));

	if (!square)
		return -ENOMEM;
	for (size_t i = 0; i < rows->n; i++)
		square[i] = row_dot(s, rows, dots, i, i);
	for (size_t i = 0; i < rows->n; i++)
		for (size_t j = 0; j <= i; j++)
			*gram_at(g, i, j) = kernel_value(
				&p, row_dot(s, rows, dots, i, j), square[i],
				square[j]);
	gram_mirror(g);
	free(square);
	return 0;
}

/* From the inner products of the documents, which is all that any kernel of
 * any row needs: they are given to the topics' machines at last. */
static int make_from(struct row_set *s, struct gram *dots, bool topic,
		     bool stance)
{
	int r = stance ? gram_open(&s->stance.kernel, s->stance.n) : 0;

	if (stance && !r)
		r = make_kernel(s, &s->stance, &s->recipe->stance, dots,
				&s->stance.kernel);
	if (!topic || r)
		return r;
	s->topic.kernel = *dots;
	*dots = (struct gram){ .v = NULL };
	return make_kernel(s, &s->topic, &s->recipe->topic, &s->topic.kernel,
			   &s->topic.kernel);
}

static int make_kernels(struct row_set *s)
{
	bool topic = !s->recipe->targets &&
		     rows_by_libsvm(s->recipe, &s->recipe->topic, s->topic.n);
	bool stance = s->stance.n &&
		      rows_by_libsvm(s->recipe, &s->recipe->stance,
				     s->stance.n);
	struct gram dots = { .v = NULL };
	const struct feat **x;
	int r;

	if ((!topic && !stance) ||
	    !gram_fits(gram_bytes(s->topic.n) +
		       (stance ? gram_bytes(s->stance.n) : 0)))
		return 0;
	x = rows_vectors(&s->topic);
	r = x ? gram_new(&dots, x, s->topic.n, s->topic.dims) : -ENOMEM;
	free(x);
	if (!r)
		r = make_from(s, &dots, topic, stance);
	gram_done(&dots);
	return r;
}

static int set_dims(struct row_set *s, struct err *e)
{
	uint64_t topics = s->corpus->topic_count;
	uint64_t terms = s->vocabulary.tfidf.terms;
	struct judge_space space = { s->vocabulary.tfidf.terms,
				     s->corpus->topic_count, 1 };

	s->topic.dims = terms;
	s->stance.dims = judge_joint_dims(&space);
	if (s->corpus->stances.n && s->stance.dims > INT32_MAX)
		return err_set(e, -EMSGSIZE,
			       "%llu terms times %llu topics are more "
			       "features than the solver can count: raise "
			       "min_df",
			       (unsigned long long)terms,
			       (unsigned long long)topics);
	return 0;
}

int rows_make(struct row_set *ret, const struct corpus *c,
	      const struct terms *t, const struct recipe *recipe,
	      const unsigned char *use, struct err *e)
{
	int r;

	*ret = (struct row_set){ .corpus = c, .recipe = recipe };
	r = arena_open(&ret->block, rows_arena);
	if (r)
		return r;
	ret->free = ret->block;
	r = vocabulary_fit(&ret->vocabulary, t, recipe, use, e);
	if (!r)
		r = set_dims(ret, e);
	if (!r)
		r = add_rows(ret, t, use);
	return r ? r : make_kernels(ret);
}

void rows_free(struct row_set *s)
{
	gram_done(&s->topic.kernel);
	gram_done(&s->stance.kernel);
	vocabulary_free(&s->vocabulary);
	arena_close(s->block);
	*s = (struct row_set){ .corpus = NULL };
}
