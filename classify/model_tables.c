/* The tables: their sizes follow from the head, their content is checked. */
#include "classify/model_parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "classify/judge.h"

/* In a table that is half empty no term lies nearly so far from where a look-up
 * of it begins; in one that is made to, look-ups would take for ever. */
enum { SLOT_FAR = 1024 };

/* Of so many rows of the screen one is compared with the weights. */
enum { SCREEN_LOOK = 64 };

/* Every term is in the table once, where a look-up of its hash soon finds
 * it. */
static int check_slots(const struct model *m, struct err *e)
{
	const struct tfidf *t = &m->tfidf;
	unsigned char *seen = calloc(t->terms / 8 + 1, 1);
	int r = seen ? 0 : -ENOMEM;

	for (uint64_t i = 0; i <= t->slot_mask && !r; i++) {
		uint32_t term = t->slots[i].term;

		if (term == TFIDF_NONE)
			continue;
		if (((i - t->slots[i].hash) & t->slot_mask) > SLOT_FAR ||
		    seen[term / 8] >> term % 8 & 1 ||
		    tfidf_find(t, t->slots[i].hash) != term)
			r = model_damaged(e, "the term table");
		seen[term / 8] |= (unsigned char)(1 << term % 8);
	}
	free(seen);
	return r;
}

static int view_slots(struct model *m, struct str s, struct err *e)
{
	uint64_t n = s.n / sizeof(struct tfidf_slot), taken = 0;

	if (s.n % sizeof(struct tfidf_slot) || n <= m->tfidf.terms ||
	    (n & (n - 1)))
		return model_damaged(e, "the size of the term table");
	m->tfidf.slots = (const struct tfidf_slot *)s.p;
	m->tfidf.slot_mask = n - 1;
	for (uint64_t i = 0; i < n; i++) {
		uint32_t term = m->tfidf.slots[i].term;

		taken += term != TFIDF_NONE;
		if (term != TFIDF_NONE && term >= m->tfidf.terms)
			return model_damaged(e,
					     "the term table names no term");
	}
	/* At least one empty slot, or a look-up would never end. */
	if (taken != m->tfidf.terms)
		return model_damaged(e, "the term table");
	return check_slots(m, e);
}

/* By their bits, of which the compiler takes many at once: sums of doubles it
 * may not reorder. */
static bool all_finite(const double *v, uint64_t n)
{
	const uint64_t exponent = (uint64_t)0x7ff << 52;
	uint64_t bad = 0;

	for (uint64_t i = 0; i < n; i++) {
		uint64_t bits;

		memcpy(&bits, &v[i], sizeof(bits));
		bad |= (bits & exponent) == exponent;
	}
	return !bad;
}

static int view_doubles(struct str s, uint64_t n, const double **ret,
			const char *what, struct err *e)
{
	if (s.n != n * sizeof(double))
		return model_damaged(e, what);
	*ret = (const double *)s.p;
	return all_finite(*ret, n) ? 0 : model_damaged(e, what);
}

static int view_names(struct model *m, struct str s, struct err *e)
{
	uint64_t head = 4 * ((uint64_t)m->tfidf.terms + 1);
	const uint32_t *at = (const uint32_t *)s.p;

	if (s.n < head || at[0] != 0 || at[m->tfidf.terms] != s.n - head)
		return model_damaged(e, "the names of terms");
	for (uint32_t i = 0; i < m->tfidf.terms; i++)
		if (at[i] > at[i + 1])
			return model_damaged(e, "the names of terms");
	m->name_at = at;
	m->name_bytes = s.p + head;
	return 0;
}

/* A curve whose decisions do not ascend would divide by zero. */
static bool ascends(const struct model *m, const struct bundle_column *c)
{
	for (uint32_t i = 1; i < c->knots; i++) {
		const struct bundle_knot *k = &m->knots[c->knot + i];

		if (!(k->decision > k[-1].decision) ||
		    k->probability < k[-1].probability)
			return false;
	}
	return true;
}

static int view_columns(struct model *m, struct str s, struct err *e)
{
	const struct bundle_column *c = (const struct bundle_column *)s.p;

	if (s.n != m->column_count * sizeof(*c))
		return model_damaged(e, "the columns");
	for (uint32_t i = 0; i < m->column_count; i++) {
		if (!isfinite(c[i].intercept) || !isfinite(c[i].a) ||
		    !isfinite(c[i].b) || isnan(c[i].threshold) ||
		    c[i].kernel > m->kernel_count ||
		    c[i].knot > m->knot_count ||
		    c[i].knots > m->knot_count - c[i].knot ||
		    !ascends(m, &c[i]))
			return model_damaged(e, "a column");
	}
	m->columns = c;
	return 0;
}

static int view_knots(struct model *m, struct str s, struct err *e)
{
	const struct bundle_knot *k = (const struct bundle_knot *)s.p;

	m->knots = k;
	m->knot_count = s.n / sizeof(*k);
	if (s.n % sizeof(*k))
		return model_damaged(e, "the calibration curves");
	for (size_t i = 0; i < m->knot_count; i++)
		if (!isfinite(k[i].decision) ||
		    !(k[i].probability >= 0 && k[i].probability <= 1))
			return model_damaged(e, "the calibration curves");
	return 0;
}

/* Only machines with weights of their own have them. */
static int view_scales(struct model *m, struct str s, struct err *e)
{
	uint64_t n = (uint64_t)m->tfidf.terms * m->machine_count;
	bool needed = false;
	int r;

	for (uint32_t b = 0; b < m->tfidf.block_count; b++)
		needed |= m->tfidf.block[b].supervised;
	if (!needed)
		return s.n ? model_damaged(e, "the scales") : 0;
	r = view_doubles(s, n, &m->scales, "the scales", e);
	for (uint64_t i = 0; i < n && !r; i++)
		if (m->scales[i] < 0) /* they are squares */
			r = model_damaged(e, "the scales");
	return r;
}

/* Those that share their vectors, at most as many as there are machines: every
 * column has one. */
static int add_kernels(struct model *m, const struct kernel *k,
		       uint32_t shared, struct err *e)
{
	uint32_t n = m->kernel_count;
	struct kernel *more;

	if (k->machines > m->machine_count)
		return model_damaged(e, "the kernel machines");
	more = realloc(m->kernels, (n + (size_t)k->machines) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	m->kernels = more;
	for (uint32_t i = 0; i < k->machines; i++) {
		more[n + i] = *k;
		more[n + i].coef += (size_t)i * k->vectors;
		more[n + i].first = n;
		more[n + i].shared = shared;
	}
	m->kernel_count += k->machines;
	return 0;
}

static int view_kernels(struct model *m, struct str s, bool alone,
			struct err *e)
{
	struct judge_space space = { m->tfidf.terms, m->topic_count,
				     m->copy_weight };
	uint64_t dims = judge_joint_dims(&space);

	if (s.n && dims > INT32_MAX) /* an index of a vector is an int */
		return model_damaged(e, "the kernel machines are too wide");
	for (uint32_t shared = 0; s.n; shared++) {
		struct kernel k;
		size_t used = 0;
		int r = kernel_view(s, alone, &k, &used, e);

		if (!r && k.dims > dims)
			r = model_damaged(e, "a kernel machine is too wide");
		if (!r)
			r = add_kernels(m, &k, shared, e);
		if (r)
			return r;
		s.p += used;
		s.n -= used;
	}
	return 0;
}

/* The digest speaks for the whole of it; that it is of these weights is looked
 * at here and there. */
static int view_screen(struct model *m, struct str s, struct err *e)
{
	size_t stride = screen_stride(m->topic_count);
	bool linear = !m->scales;

	if (!s.n)
		return 0;
	for (uint32_t t = 0; t < m->topic_count; t++)
		linear &= !m->columns[t].kernel;
	if (!linear || s.n / stride != m->tfidf.terms || s.n % stride)
		return model_damaged(e, "the screen");
	for (uint32_t i = 0; i < m->tfidf.terms; i++) {
		const double *w = m->weights + (size_t)i * m->column_count;
		const char *row = s.p + i * stride;

		if (!screen_is_sound(row, m->topic_count) ||
		    (i % SCREEN_LOOK == 0 &&
		     !screen_fits(row, w, m->topic_count)))
			return model_damaged(e, "the screen");
	}
	m->screen = (struct screen){ s.p, m->topic_count };
	return 0;
}

int model_view_tables(struct model *m, const struct model_sections *s,
		       struct err *e)
{
	uint64_t terms = m->tfidf.terms;
	int r = view_slots(m, s->at[BUNDLE_SLOTS], e);

	if (!r)
		r = view_doubles(s->at[BUNDLE_IDF], terms, &m->tfidf.idf,
				 "the inverse document frequencies", e);
	if (!r)
		r = view_names(m, s->at[BUNDLE_NAMES], e);
	if (!r)
		r = view_kernels(m, s->at[BUNDLE_MACHINES], false, e);
	if (!r && m->kernel_count && s->at[BUNDLE_KERNELS].n)
		r = model_damaged(e, "it has kernel machines twice");
	if (!r)
		r = view_kernels(m, s->at[BUNDLE_KERNELS], true, e);
	if (!r)
		r = view_scales(m, s->at[BUNDLE_SCALES], e);
	if (!r)
		r = view_knots(m, s->at[BUNDLE_CURVES], e);
	if (!r)
		r = view_columns(m, s->at[BUNDLE_COLUMNS], e);
	if (!r)
		r = view_doubles(s->at[BUNDLE_WEIGHTS],
				 terms * m->column_count, &m->weights,
				 "the weights", e);
	if (!r)
		r = view_screen(m, s->at[BUNDLE_SCREEN], e);
	return r;
}
