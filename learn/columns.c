#include "learn/columns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "learn/bayes.h"
#include "learn/pack.h"
#include "learn/ratios.h"

/* What calibration adds; the logistic function as it is until it speaks. */
static void set_column(struct columns *c, const struct fit *f, uint32_t i,
		       const struct machine *m)
{
	struct bundle_column *v = &c->v[i];
	const struct fit_column *by = f->columns ? &f->columns[i] : NULL;

	*v = (struct bundle_column){ .intercept = *m->intercept, .a = -1 };
	if (!by)
		return;
	v->a = by->a;
	v->b = by->b;
	v->threshold = by->threshold;
	v->knot = (uint32_t)(c->knots.n / sizeof(struct bundle_knot));
	v->knots = by->knot_count;
	buf_add(&c->knots, by->knots, by->knot_count * sizeof(*by->knots));
}

/* Weights of a machine's terms are judged with what it weighs the terms with
 * already in them. */
void columns_add(struct columns *c, uint32_t column, const double *w,
		 size_t stride, double factor, const double *scale)
{
	for (uint32_t i = 0; i < c->terms; i++)
		c->w[(size_t)i * c->n + column] +=
			factor * w[i * stride] * (scale ? scale[i] : 1);
}

static void set_topic(struct columns *c, const struct machine *m,
		      uint32_t topic)
{
	if (!machine_is_linear(m))
		c->v[topic].kernel = c->kernel_count;
	else if (c->w != c->shared)
		columns_add(c, topic, m->result, m->stride, 1, m->scale);
}

/* A stance machine is a column of every topic: what topics share, what this
 * one has for itself, and its constant. */
static void set_stance(struct columns *c, const struct machine *m,
		       uint32_t topic, uint32_t stance)
{
	uint32_t at = c->topics + topic * c->stances + stance;
	const double *own = m->result + (size_t)(topic + 1) * c->terms;

	if (!machine_is_linear(m)) {
		c->v[at].kernel = c->kernel_count;
		return;
	}
	columns_add(c, at, m->result, m->stride, 1, m->scale);
	if (c->topics == 1)
		return;
	columns_add(c, at, own, m->stride, c->own, m->scale);
	c->v[at].intercept +=
		m->result[(size_t)(c->topics + 1) * c->terms + topic];
}

/* A document that has no id of its own is called by its place, here without the
 * folder, which is another one on another machine. */
static json_t *id_of(const struct example *x)
{
	const char *slash = x->id == x->place ? strrchr(x->id, '/') : NULL;
	struct str s = str_of(slash ? slash + 1 : x->id);

	return unicode_valid(s) == s.n ? json_stringn(s.p, s.n) : json_null();
}

/* Machines that are not linear, side by side, over the same rows. */
struct group {
	const struct rows *rows;
	const double **coef; /* a row's, of each machine */
	uint32_t n;
};

/* The documents that they remember, in the order of their vectors. */
static json_t *support_of(const struct corpus *c, const struct group *g)
{
	json_t *ids = json_array();

	for (size_t i = 0; i < g->rows->n; i++) {
		const struct example *x = &c->v[g->rows->v[i].doc];

		if (!pack_is_vector(g->coef, g->n, i) ||
		    !json_array_append_new(ids, id_of(x)))
			continue;
		json_decref(ids);
		return NULL;
	}
	return ids;
}

static int keep_group(struct columns *c, const struct corpus *corpus,
		      const struct kernel_params *p, const struct group *g)
{
	const struct feat **x = rows_vectors(g->rows);
	int r = x ? pack_kernels(p, x, g->coef, g->n, g->rows->n,
				 (uint32_t)g->rows->dims, &c->kernels)
		  : -ENOMEM;

	free(x);
	if (!r && json_array_append_new(c->support, support_of(corpus, g)))
		r = -ENOMEM;
	return r;
}

/* Those among machines from .. to: all topics are trained on the same rows with
 * the same kernel, and all stances. */
static int keep_kernels(struct columns *c, const struct corpus *corpus,
			const struct machines *all, uint32_t from, uint32_t to)
{
	struct group g = { .coef = calloc(to - from + 1, sizeof(*g.coef)) };
	struct kernel_params p = { .type = KERNEL_LINEAR };
	int r = g.coef ? 0 : -ENOMEM;

	for (uint32_t i = from; i < to && !r; i++) {
		const struct machine *m = &all->v[i];

		if (machine_is_trivial(m) || machine_is_linear(m))
			continue;
		p = machine_kernel(m);
		g.rows = m->rows;
		g.coef[g.n++] = m->result;
	}
	if (!r && g.n)
		r = keep_group(c, corpus, &p, &g);
	free(g.coef);
	return r;
}

static void set_machine(struct columns *c, const struct fit *f,
			const struct machine *m, uint32_t i)
{
	bool speaks = !machine_is_trivial(m);
	uint32_t machines = c->topics + c->stances;

	for (uint32_t k = 0; c->scales && k < c->terms; k++)
		c->scales[(size_t)k * machines + i] =
			m->scale[k] * m->scale[k];
	c->kernel_count += speaks && !machine_is_linear(m);
	if (i < c->topics) {
		set_column(c, f, i, m);
		if (speaks)
			set_topic(c, m, i);
		return;
	}
	i -= c->topics;
	for (uint32_t t = 0; t < c->topics; t++) {
		set_column(c, f, c->topics + t * c->stances + i, m);
		if (speaks)
			set_stance(c, m, t, i);
	}
}

/* The machines' own table is the columns' where nothing comes in between. */
static double *shared_table(const struct columns *c, const struct fit *f,
			    const struct machines *m)
{
	bool same = !c->stances && !ratios_wanted(f->recipe) &&
		    machine_is_linear(&m->v[0]);

	return same ? m->v[0].result : NULL;
}

int columns_make(struct columns *c, const struct fit *f,
		 const struct row_set *s, const struct machines *m)
{
	int r;

	*c = (struct columns){
		.topics = f->corpus->topic_count,
		.stances = (uint32_t)f->corpus->stances.n,
		.n = fit_columns(f->corpus),
		.terms = s->vocabulary.tfidf.terms,
		.own = f->recipe->copy_weight,
		.support = json_array(),
	};
	c->v = calloc(c->n, sizeof(*c->v));
	c->shared = shared_table(c, f, m);
	c->w = c->shared ? c->shared
			 : calloc((size_t)c->terms * c->n, sizeof(*c->w));
	if (ratios_wanted(f->recipe))
		c->scales = calloc((size_t)c->terms * m->n,
				   sizeof(*c->scales));
	buf_init(&c->kernels, (size_t)8 << 30);
	buf_init(&c->knots, 1 << 28);
	if (!c->v || !c->w || !c->support ||
	    (ratios_wanted(f->recipe) && !c->scales))
		return -ENOMEM;
	for (uint32_t i = 0; i < m->n; i++)
		set_machine(c, f, &m->v[i], i);
	r = keep_kernels(c, f->corpus, m, 0, c->topics);
	if (!r)
		r = keep_kernels(c, f->corpus, m, c->topics, m->n);
	if (!r)
		r = bayes_add(c, s, m->v);
	return r ? r : buf_error(&c->knots);
}

void columns_done(struct columns *c)
{
	free(c->v);
	if (c->w != c->shared)
		free(c->w);
	free(c->scales);
	buf_done(&c->knots);
	buf_done(&c->kernels);
	json_decref(c->support);
}
