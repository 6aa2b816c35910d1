#include "classify/judge.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "classify/weights.h"

/* A screen that is so far off rules out nothing; beyond, its floats could
 * overflow. */
static const double SCREEN_DOUBT = 1e20;

/* Columns that lie side by side. */
struct piece {
	uint32_t first, count;
};

static int read_fields(const struct model *m, struct arena *a,
		       struct judgement *j)
{
	int r = 0;

	for (int f = 0; f < FIELD_COUNT && !r; f++)
		r = features_read(&m->features, (enum field)f, j->field[f], a,
				  &j->read[f]);
	return r;
}

/* One over the length of each supervised block as each machine weighs it. */
static double *read_factors(const struct model *m, const struct judgement *j,
			    struct arena *a)
{
	size_t machines = m->machine_count, i = 0;
	double *all = arena_take_array(a, m->tfidf.block_count * machines,
				       sizeof(*all));

	for (uint32_t b = 0; all && b < m->tfidf.block_count; b++) {
		const struct tfidf_block *block = &m->tfidf.block[b];
		size_t end = tfidf_block_end(j->counts, i, block->end);
		double *f = all + b * machines;

		for (; block->supervised && i < end; i++) {
			const double *squares =
				m->scales +
				(size_t)j->x[i].index * machines;
			double v = j->x[i].value;

			for (size_t k = 0; k < machines; k++)
				f[k] += v * v * squares[k];
		}
		i = end;
		for (size_t k = 0; k < machines; k++)
			f[k] = block->supervised && block->norm && f[k] > 0
				       ? block->weight / sqrt(f[k])
				       : 1;
	}
	return all;
}

void judge_shares(const struct model *m, const struct judgement *j,
		  uint32_t column, double *share)
{
	const double *weight = m->weights + column;
	size_t machine = model_machine(m, column), i = 0;

	for (uint32_t b = 0; b < m->tfidf.block_count; b++) {
		double factor = j->factor[b * m->machine_count + machine];
		uint32_t end = m->tfidf.block[b].end;

		for (; i < j->counts.n && j->counts.v[i].term < end; i++)
			share[i] = weight[(size_t)j->x[i].index *
					  m->column_count] *
				   j->x[i].value * factor;
	}
}

static struct weights weights_of(const struct model *m)
{
	return (struct weights){ m->weights, m->column_count };
}

/* What a block adds at the length that each machine gives it. */
static int add_block(const struct model *m, const struct judgement *j,
		     uint32_t b, size_t from, size_t end, struct piece p,
		     struct arena scratch, double *d)
{
	double *part = arena_take_array(&scratch, p.count, sizeof(*part));
	const double *factor = j->factor + b * m->machine_count;
	struct weights w = weights_of(m);

	if (!part)
		return -ENOMEM;
	weights_add(&w, j->x + from, end - from, p.first, p.count,
		    part);
	for (uint32_t c = 0; c < p.count; c++)
		d[p.first + c] += part[c] * factor[model_machine(m, p.first +
									    c)];
	return 0;
}

static int add_linear(const struct model *m, const struct judgement *j,
		      struct piece p, struct arena scratch, double *d)
{
	struct weights w = weights_of(m);
	size_t i = 0;
	int r = 0;

	for (uint32_t b = 0; b < m->tfidf.block_count && !r; b++) {
		size_t end = tfidf_block_end(j->counts, i,
					     m->tfidf.block[b].end);

		if (m->tfidf.block[b].supervised)
			r = add_block(m, j, b, i, end, p, scratch, d);
		else
			weights_add(&w, j->x + i, end - i, p.first, p.count,
				    d + p.first);
		i = end;
	}
	return r;
}

uint64_t judge_joint_dims(const struct judge_space *s)
{
	if (s->topics == 1)
		return s->terms;
	return ((uint64_t)s->topics + 1) * s->terms + s->topics;
}

struct feat *judge_joint(const struct judge_space *s, const struct feat *x,
			 size_t n, uint32_t topic, struct arena *a)
{
	struct feat *z = arena_take_array(a, 2 * n + 2, sizeof(*z));
	int own = (int)((topic + 1) * s->terms);

	if (!z)
		return NULL;
	if (s->topics == 1) {
		memcpy(z, x, n * sizeof(*z));
		z[n].index = -1;
		return z;
	}
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

const struct feat *judge_seen(const struct model *m, const struct judgement *j,
			      uint32_t column, struct arena *a)
{
	struct judge_space space = { m->tfidf.terms, m->topic_count,
				     m->copy_weight };

	if (column < m->topic_count)
		return j->x;
	return judge_joint(&space, j->x, j->counts.n,
			   model_column_topic(m, column), a);
}

/* What all machines say that share their vectors with k. */
static double *ask_kernels(const struct model *m, const struct kernel *k,
			   const struct feat *x, struct arena *a)
{
	double *sum = arena_take_array(a, k->machines, sizeof(*sum));
	struct arena scratch = *a;
	double *dot = arena_take_array(&scratch, k->vectors, sizeof(*dot));

	if (!sum || !dot)
		return NULL;
	kernel_decide(&m->kernels[k->first], k->machines, x, dot, sum);
	return sum;
}

/* The machines with a kernel, of columns that read one and the same vector. */
static int add_kernels(const struct model *m, const struct judgement *j,
		       struct piece p, struct arena scratch, double *d)
{
	const struct feat *x = NULL;
	const struct kernel *last = NULL;
	const double *sum = NULL;

	for (uint32_t c = p.first; c < p.first + p.count; c++) {
		const struct kernel *k;

		if (!m->columns[c].kernel)
			continue;
		k = &m->kernels[m->columns[c].kernel - 1];
		if (!x)
			x = judge_seen(m, j, c, &scratch);
		if (x && (!last || last->first != k->first))
			sum = ask_kernels(m, k, x, &scratch);
		if (!x || !sum)
			return -ENOMEM;
		d[c] += sum[k - &m->kernels[k->first]];
		last = k;
	}
	return 0;
}

/* The topics, or the stances on one. */
static int add_piece(const struct model *m, const struct judgement *j,
		     struct piece p, struct arena scratch, double *d)
{
	int r;

	for (uint32_t c = p.first; c < p.first + p.count; c++)
		d[c] = m->columns[c].intercept;
	r = add_linear(m, j, p, scratch, d);
	return r ? r : add_kernels(m, j, p, scratch, d);
}

static struct piece topics_of(const struct model *m)
{
	return (struct piece){ 0, m->topic_count };
}

static struct piece stances_of(const struct model *m, uint32_t topic)
{
	return (struct piece){ model_stance_column(m, topic, 0),
			       m->stance_count };
}

/* Room for the values, and all that they need. */
static double *begin(const struct model *m, struct arena *a,
		     struct judgement *j)
{
	double *d = arena_take_array(a, m->column_count, sizeof(*d));

	j->factor = d ? read_factors(m, j, a) : NULL;
	j->decision = d;
	return j->factor ? d : NULL;
}

int judge_decide(const struct model *m, struct arena *a, struct judgement *j)
{
	double *d = begin(m, a, j);
	int r = d ? add_piece(m, j, topics_of(m), *a, d) : -ENOMEM;

	for (uint32_t t = 0; t < m->topic_count && !r; t++)
		r = add_piece(m, j, stances_of(m, t), *a, d);
	return r;
}

/* What decides whether a topic is given. */
static double standing(const struct model *m, const double *d, uint32_t topic)
{
	return m->one_of ? d[topic] : d[topic] - m->columns[topic].threshold;
}

/* By how much the screened value of a topic may differ from the one that is
 * added up exactly, whose own rounding begins with the intercept. */
static double doubt(const struct bundle_column *c, size_t n, double bound)
{
	double from = fabs(c->intercept) +
		      (isfinite(c->threshold) ? fabs(c->threshold) : 0);

	return bound + from * (double)(n + 2) * DBL_EPSILON;
}

/* Below this no topic is given, whatever its doubt. */
static double least_given(const struct model *m, const struct judgement *j,
			  const double *d, double bound)
{
	double best = -INFINITY;

	if (!m->one_of && !m->at_least_one)
		return 0;
	for (uint32_t t = 0; t < m->topic_count; t++) {
		double least = standing(m, d, t) -
			       doubt(&m->columns[t], j->counts.n, bound);

		if (least > best)
			best = least;
	}
	return m->one_of ? best : fmin(best, 0);
}

/* A look at the screen, and a second one at what may be given by it. */
static int screen_topics(const struct model *m, const struct judgement *j,
			 struct arena scratch, double *d)
{
	size_t n = j->counts.n;
	float *sum = arena_take_array(&scratch, screen_stride(m->topic_count),
				      sizeof(*sum));
	struct weights w = weights_of(m);
	double bound, least;

	if (!sum)
		return -ENOMEM;
	bound = screen_sum(&m->screen, j->x, n, sum);
	if (!(bound < SCREEN_DOUBT))
		return add_piece(m, j, topics_of(m), scratch, d);
	for (uint32_t t = 0; t < m->topic_count; t++)
		d[t] = m->columns[t].intercept + sum[t];
	least = least_given(m, j, d, bound);
	for (uint32_t t = 0; t < m->topic_count; t++) {
		if (standing(m, d, t) + doubt(&m->columns[t], n, bound) <
		    least)
			continue;
		d[t] = m->columns[t].intercept;
		weights_add(&w, j->x, n, t, 1, &d[t]);
	}
	return 0;
}

static int decide_quick(const struct model *m, struct arena *a,
			struct judgement *j)
{
	unsigned char *given = arena_take(a, m->topic_count);
	double *d = given ? begin(m, a, j) : NULL;
	int r = -ENOMEM;

	if (d)
		r = m->screen.rows ? screen_topics(m, j, *a, d)
				   : add_piece(m, j, topics_of(m), *a, d);
	if (!r)
		judge_topics(m, j, given);
	for (uint32_t c = m->topic_count; c < m->column_count && !r; c++)
		d[c] = NAN;
	for (uint32_t t = 0; t < m->topic_count && !r; t++)
		if (given[t])
			r = add_piece(m, j, stances_of(m, t), *a, d);
	return r;
}

/* The article as a vector. */
static int read_article(const struct model *m,
			const struct str field[FIELD_COUNT], struct arena *a,
			struct judgement *j)
{
	struct feat *x;
	int r;

	memcpy(j->field, field, sizeof(j->field));
	r = read_fields(m, a, j);
	if (!r)
		r = tfidf_count(&m->tfidf, j->read, a, &j->counts);
	if (r)
		return r;
	x = arena_room_array(a, j->counts.n + 1, sizeof(*x));
	if (!x)
		return -ENOMEM;
	tfidf_weigh(&m->tfidf, j->counts, x);
	j->x = x;
	return 0;
}

int judge(const struct model *m, const struct str field[FIELD_COUNT],
	  struct arena *a, struct judgement *ret)
{
	struct judgement j;
	int r = read_article(m, field, a, &j);

	if (!r)
		r = judge_decide(m, a, &j);
	if (!r)
		*ret = j;
	return r;
}

int judge_quick(const struct model *m, const struct str field[FIELD_COUNT],
		struct arena *a, struct judgement *ret)
{
	struct judgement j;
	int r = read_article(m, field, a, &j);

	if (!r)
		r = decide_quick(m, a, &j);
	if (!r)
		*ret = j;
	return r;
}

/* Straight from knot to knot. What is no number is not beyond the first. */
static double interpolate(const struct bundle_knot *v, uint32_t n, double x)
{
	uint32_t i = 0;

	if (!(x > v[0].decision))
		return v[0].probability;
	while (i < n && v[i].decision < x)
		i++;
	if (i == n)
		return v[n - 1].probability;
	return v[i - 1].probability +
	       (v[i].probability - v[i - 1].probability) *
		       (x - v[i - 1].decision) /
		       (v[i].decision - v[i - 1].decision);
}

double judge_probability(const struct model *m, uint32_t column,
			 double decision)
{
	const struct bundle_column *c = &m->columns[column];

	if (c->knots > 1)
		return interpolate(m->knots + c->knot, c->knots, decision);
	return 1 / (1 + exp(c->a * decision + c->b));
}

double judge_unknown(const struct model *m, const struct judgement *j)
{
	size_t words = 0, known = 0;
	uint32_t b = 0;

	while (b < m->features.block_count &&
	       m->features.block[b].of != FEATURES_WORDS)
		b++;
	for (int f = 0; f < FIELD_COUNT && b < m->features.block_count; f++) {
		struct occurrences o = j->read[f].block[b];

		if (f == FIELD_TITLE && m->tfidf.title_weight == 0)
			continue; /* titles are not read */
		for (size_t i = 0; i < o.n; i++) {
			if (o.v[i].first != o.v[i].last)
				continue;
			words++;
			known += o.v[i].term != TFIDF_NONE;
		}
	}
	return words ? (double)(words - known) / (double)words : 0;
}

static uint32_t largest(const double *v, uint32_t n)
{
	uint32_t best = 0;

	for (uint32_t i = 1; i < n; i++)
		if (v[i] > v[best])
			best = i;
	return best;
}

/* The topic farthest above its threshold, or least below. */
static uint32_t nearest(const struct model *m, const struct judgement *j)
{
	uint32_t best = 0;

	for (uint32_t t = 1; t < m->topic_count; t++)
		if (j->decision[t] - m->columns[t].threshold >
		    j->decision[best] - m->columns[best].threshold)
			best = t;
	return best;
}

static bool is_target(const struct model *m, const struct judgement *j,
		      uint32_t topic)
{
	struct str target = j->field[FIELD_TARGET];

	if (m->topic_count == 1)
		return target.n || m->targets == BUNDLE_TARGETS_TOPICS;
	return str_is(target, m->topics[topic].name);
}

void judge_topics(const struct model *m, const struct judgement *j,
		  unsigned char *given)
{
	for (uint32_t t = 0; t < m->topic_count; t++) {
		if (m->targets)
			given[t] = is_target(m, j, t);
		else
			given[t] = !m->one_of &&
				   j->decision[t] > m->columns[t].threshold;
	}
	if (m->targets)
		return;
	if (m->one_of)
		given[largest(j->decision, m->topic_count)] = 1;
	else if (m->at_least_one) /* the nearest of those that pass has */
		given[nearest(m, j)] = 1;
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
