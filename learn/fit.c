/* From the top: rows (a sparse vector each), machines (a two-class problem
 * each), columns (what judges: a machine, or its part for one topic), the
 * bundle. */
#include "learn/fit.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "learn/bayes.h"
#include "learn/columns.h"
#include "learn/machines.h"
#include "learn/pack.h"
#include "learn/rows.h"

uint32_t fit_columns(const struct corpus *c)
{
	return c->topic_count * (1 + (uint32_t)c->stances.n);
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

/* High powers of a kernel are what overflows. */
static int check_numbers(const struct columns *c, struct err *e)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (!isfinite(c->v[i].intercept))
			return err_set(e, -EINVAL,
				       "a machine came to no finite number: "
				       "lower its gamma, coef0 or degree");
	return 0;
}

static int write_bundle(const struct fit *f, const struct row_set *s,
			const struct machines *m, struct buf *out,
			struct err *e)
{
	struct columns c;
	int r = columns_make(&c, f, s, m);
	struct pack p = { .corpus = f->corpus, .terms = f->terms,
			  .vocabulary = &s->vocabulary, .recipe = f->recipe,
			  .columns = c.v, .weights = c.w,
			  .scales = c.scales, .knots = c.knots,
			  .kernels = c.kernels, .support = c.support };

	if (!r)
		r = check_numbers(&c, e);
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
		r = bayes_check(&s, e);
	if (!r)
		r = machines_solve(&m, &s, f->jobs ? f->jobs : 1, e);
	if (!r)
		r = write_bundle(f, &s, &m, out, e);
	machines_free(&m);
	rows_free(&s);
	return r ? err_sys(e, r, "training") : 0;
}
