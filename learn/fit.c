/* From the top: rows (a sparse vector each), machines (a two-class problem
 * each), columns (what judges: a machine, or its part for one topic), the
 * bundle. */
#include "learn/fit.h"

#include <errno.h>
#include <stdlib.h>

#include "learn/machines.h"
#include "learn/pack.h"
#include "learn/rows.h"

uint32_t fit_columns(const struct corpus *c)
{
	return c->topic_count * (1 + (uint32_t)c->stances.n);
}

struct columns {
	uint32_t topics, stances, n;
	uint32_t terms;
	double own; /* a copied feature, in training times in judging */
	struct bundle_column *v;
	double *w; /* [terms][n] */
	struct buf kernels;
	uint32_t kernel_count;
};

/* What calibration adds; the logistic function as it is until it speaks. */
static void set_column(struct columns *c, const struct fit *f, uint32_t i,
		       const struct machine *m)
{
	c->v[i] = (struct bundle_column){ .intercept = *m->intercept, .a = -1 };
	if (!f->columns)
		return;
	c->v[i].a = f->columns[i].a;
	c->v[i].b = f->columns[i].b;
	c->v[i].threshold = f->columns[i].threshold;
}

static void add_weights(struct columns *c, uint32_t column, const double *w,
			double factor)
{
	for (uint32_t i = 0; i < c->terms; i++)
		c->w[(size_t)i * c->n + column] += factor * w[i];
}

static void set_topic(struct columns *c, const struct machine *m,
		      uint32_t topic)
{
	if (machine_is_linear(m))
		add_weights(c, topic, m->result, 1);
	else
		c->v[topic].kernel = c->kernel_count;
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
	add_weights(c, at, m->result, 1);
	add_weights(c, at, own, c->own);
	c->v[at].intercept +=
		m->result[(size_t)(c->topics + 1) * c->terms + topic];
}

static int keep_kernel(struct columns *c, const struct machine *m)
{
	struct kernel_params p = machine_kernel(m);
	const struct feat **x = rows_vectors(m->rows);
	int r = x ? pack_kernel(&p, x, m->result, m->rows->n,
				(uint32_t)m->rows->dims, &c->kernels)
		  : -ENOMEM;

	c->kernel_count++;
	free(x);
	return r;
}

static int set_machine(struct columns *c, const struct fit *f,
		       const struct machine *m, uint32_t i)
{
	bool speaks = !machine_is_trivial(m);
	int r = 0;

	if (speaks && !machine_is_linear(m))
		r = keep_kernel(c, m);
	if (i < c->topics) {
		set_column(c, f, i, m);
		if (speaks)
			set_topic(c, m, i);
		return r;
	}
	i -= c->topics;
	for (uint32_t t = 0; t < c->topics; t++) {
		set_column(c, f, c->topics + t * c->stances + i, m);
		if (speaks)
			set_stance(c, m, t, i);
	}
	return r;
}

static int make_columns(struct columns *c, const struct fit *f,
			const struct row_set *s, const struct machines *m)
{
	int r = 0;

	*c = (struct columns){
		.topics = f->corpus->topic_count,
		.stances = (uint32_t)f->corpus->stances.n,
		.n = fit_columns(f->corpus),
		.terms = s->vocabulary.tfidf.terms,
		.own = f->recipe->copy_weight,
	};
	c->v = calloc(c->n, sizeof(*c->v));
	c->w = calloc((size_t)c->terms * c->n, sizeof(*c->w));
	buf_init(&c->kernels, (size_t)8 << 30);
	if (!c->v || !c->w)
		return -ENOMEM;
	for (uint32_t i = 0; i < m->n && !r; i++)
		r = set_machine(c, f, &m->v[i], i);
	return r;
}

static void columns_done(struct columns *c)
{
	free(c->v);
	free(c->w);
	buf_done(&c->kernels);
}

/* Pack; let the model that came out say what more its head should hold; and
 * pack again with that. */
static int pack_twice(const struct fit *f, struct pack *p, struct buf *out,
		      struct err *e)
{
	struct model *m;
	int r = pack_bundle(p, out, e);

	if (r || !f->extra)
		return r;
	r = model_view("the new bundle", buf_view(out), &m, e);
	if (r)
		return r;
	p->extra = f->extra(m, f->extra_arg);
	model_free(m);
	if (!p->extra)
		return -ENOMEM;
	buf_clear(out);
	r = pack_bundle(p, out, e);
	json_decref(p->extra);
	return r;
}

static int write_bundle(const struct fit *f, const struct row_set *s,
			const struct machines *m, struct buf *out,
			struct err *e)
{
	struct columns c;
	int r = make_columns(&c, f, s, m);
	struct pack p = { .corpus = f->corpus, .terms = f->terms,
			  .vocabulary = &s->vocabulary, .recipe = f->recipe,
			  .columns = c.v, .weights = c.w,
			  .kernels = c.kernels };

	if (!r)
		r = pack_twice(f, &p, out, e);
	columns_done(&c);
	return r;
}

int fit_bundle(const struct fit *f, const unsigned char *use, struct buf *out,
	       struct err *e)
{
	struct row_set s;
	struct machines m = { .n = 0 };
	int r = rows_make(&s, f->corpus, f->terms, f->recipe, use, e);

	if (!r)
		r = machines_solve(&m, &s, f->jobs ? f->jobs : 1, e);
	if (!r)
		r = write_bundle(f, &s, &m, out, e);
	machines_free(&m);
	rows_free(&s);
	return r ? err_sys(e, r, "training") : 0;
}
