#include "learn/machines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "learn/descent.h"
#include "learn/ratios.h"
#include "learn/solve.h"

#define OWN_ARENA ((size_t)64 << 30) /* address space */

bool machine_is_trivial(const struct machine *m)
{
	return m->given || m->positives == 0 || m->positives == m->rows->n;
}

bool machine_is_linear(const struct machine *m)
{
	return m->set->kernel == KERNEL_LINEAR;
}

struct kernel_params machine_kernel(const struct machine *m)
{
	return rows_kernel(m->set);
}

static bool is_positive(const struct row_set *s, uint32_t machine,
			const struct row *r)
{
	uint32_t topics = s->corpus->topic_count;

	if (machine < topics)
		return s->corpus->v[r->doc].labels[machine] != 0;
	return r->stance == 1 + machine - topics;
}

static int weigh_terms(struct machine *m, const struct row_set *s)
{
	m->scale = malloc((s->vocabulary.tfidf.terms + (size_t)1) *
			  sizeof(*m->scale));
	return m->scale ? ratios_fit(s, m->rows, m->y, m->scale) : -ENOMEM;
}

static int pose(struct machine *m, const struct row_set *s, uint32_t i)
{
	bool is_topic = i < s->corpus->topic_count;

	m->rows = is_topic ? &s->topic : &s->stance;
	m->set = is_topic ? &s->recipe->topic : &s->recipe->stance;
	m->given = is_topic && s->recipe->targets;
	m->y = malloc(m->rows->n + 1);
	if (!m->y)
		return -ENOMEM;
	for (size_t k = 0; k < m->rows->n; k++) {
		bool yes = is_positive(s, i, &m->rows->v[k]);

		m->y[k] = yes ? 1 : -1;
		m->positives += yes;
	}
	return ratios_wanted(s->recipe) ? weigh_terms(m, s) : 0;
}

static size_t result_size(const struct machine *m)
{
	return machine_is_linear(m) ? m->rows->dims : m->rows->n;
}

static bool has_relevance(const struct recipe *r)
{
	for (uint32_t b = 0; b < r->block_count; b++)
		if (r->block[b].supervised == RECIPE_SUPERVISED_RELEVANCE)
			return true;
	return false;
}

/* Of two exclusive classes, the second is the first one's other side, unless
 * its terms weigh something else there. */
static void find_mirrors(struct machines *all, const struct row_set *s)
{
	uint32_t topics = s->corpus->topic_count;

	if (has_relevance(s->recipe))
		return;
	if (recipe_is_exclusive(s->recipe, false) && topics == 2)
		all->v[1].mirror = &all->v[0];
	if (recipe_is_exclusive(s->recipe, true) && all->n - topics == 2)
		all->v[topics + 1].mirror = &all->v[topics];
}

static void reflect(struct machine *m)
{
	*m->intercept = -*m->mirror->intercept;
	for (size_t i = 0; i < result_size(m); i++)
		m->result[i * m->stride] = -m->mirror->result[i * m->stride];
}

/* Where each finds room: all intercepts; the topics' weights, side by side term
 * by term if they are such; then one machine after the other. */
static void place(struct machines *all, size_t topics)
{
	double *first = (double *)(void *)all->shared, *at = first + all->n;

	for (size_t i = 0; i < all->n; i++) {
		struct machine *m = &all->v[i];
		bool beside = i < topics && machine_is_linear(m);

		m->intercept = first + i;
		m->stride = beside ? topics : 1;
		m->result = beside ? at + i : at;
		if (!beside)
			at += result_size(m);
		else if (i + 1 == topics)
			at += result_size(m) * topics;
	}
}

/* One mapping for what all children find. */
static int share(struct machines *all, const struct row_set *s)
{
	for (uint32_t i = 0; i < all->n; i++)
		all->shared_size +=
			(result_size(&all->v[i]) + 1) * sizeof(double);
	all->shared = mmap(NULL, all->shared_size, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (all->shared == MAP_FAILED) {
		all->shared = NULL;
		return -ENOMEM;
	}
	place(all, s->corpus->topic_count);
	return 0;
}

/* The primal weights of a linear machine: the sum of its support vectors. */
static void collapse(const struct machine *m, const double *coef)
{
	for (size_t i = 0; i < m->rows->n; i++)
		for (const struct feat *f = m->rows->v[i].x;
		     coef[i] != 0 && f->index >= 0; f++)
			m->result[(size_t)f->index * m->stride] +=
				coef[i] * f->value;
}

static int by_libsvm(struct machine *m, const struct solve_problem *p,
		     struct err *e)
{
	double *coef;
	int r;

	if (!machine_is_linear(m))
		return solve_svm(p, m->result, m->intercept, e);
	coef = calloc(m->rows->n + 1, sizeof(*coef));
	r = coef ? solve_svm(p, coef, m->intercept, e) : -ENOMEM;
	if (!r)
		collapse(m, coef);
	free(coef);
	return r;
}

/* A row as this machine weighs its terms, or NULL. */
static const struct feat *own_vector(const struct row_set *s,
				     const struct machine *m,
				     const struct row *row, struct arena *a)
{
	struct feat *scaled = arena_take_array(
		a, tfidf_length(row->base) + 1, sizeof(*scaled));
	const struct feat *x;

	if (!scaled)
		return NULL;
	ratios_apply(&s->vocabulary.tfidf, m->scale, row->base, scaled);
	x = rows_svm_part(s, scaled, a);
	return x && m->rows == &s->stance ? rows_joint(s, x, row->topic, a)
					  : x;
}

/* All of them; its process ends before the arena has to be given back. */
static const struct feat **own_vectors(const struct row_set *s,
				       const struct machine *m)
{
	const struct feat **x = calloc(m->rows->n + 1, sizeof(*x));
	struct arena a;

	if (!x || arena_open(&a, OWN_ARENA))
		goto fail;
	for (size_t i = 0; i < m->rows->n; i++) {
		x[i] = own_vector(s, m, &m->rows->v[i], &a);
		if (!x[i])
			goto fail;
	}
	return x;
fail:
	free(x);
	return NULL;
}

/* What an error costs in a row of the side that has n of them. */
static double cost(const struct machine *m, size_t n)
{
	double rows = (double)m->rows->n;

	return m->set->c *
	       (m->set->balanced ? rows / (2 * (double)n) : 1);
}

static bool is_squared(const struct machine *m)
{
	return m->set->loss == RECIPE_LOSS_SQUARED;
}

static int by_descent(const struct descent *d, struct machine *const *m,
		      size_t n, uint64_t seed)
{
	struct descent_lane lane[DESCENT_LANES];

	for (size_t i = 0; i < n; i++)
		lane[i] = (struct descent_lane){
			.y = m[i]->y,
			.positive = cost(m[i], m[i]->positives),
			.negative = cost(m[i], m[i]->rows->n -
						       m[i]->positives),
			.w = m[i]->result,
			.stride = m[i]->stride,
			.intercept = m[i]->intercept,
		};
	return descent_solve(d, lane, n, is_squared(m[0]), seed);
}

static int by_liblinear(struct machine *m, const struct solve_problem *p,
			struct err *e)
{
	size_t dims = m->rows->dims;
	double *w = calloc(dims + 1, sizeof(*w));
	int r = w ? solve_linear(p, dims, is_squared(m), 1, w, m->intercept, e)
		  : -ENOMEM;

	for (size_t i = 0; i < dims && !r; i++)
		m->result[i * m->stride] = w[i];
	free(w);
	return r;
}

/* Linear machines that no library was asked for. */
static bool descends(const struct row_set *s, const struct machine *m)
{
	return !rows_by_libsvm(s->recipe, m->set, m->rows->n) &&
	       m->set->solver != RECIPE_SOLVER_LIBLINEAR;
}

static int solve_one(const struct row_set *s, struct machine *m,
		     const struct feat *const *x, struct err *e)
{
	struct solve_problem p = {
		.x = x,
		.y = m->y,
		.n = m->rows->n,
		.gram = &m->rows->kernel,
		.kernel = machine_kernel(m),
		.c = 1,
		.positive = cost(m, m->positives),
		.negative = cost(m, m->rows->n - m->positives),
		.seed = (unsigned)s->recipe->seed,
	};

	return rows_by_libsvm(s->recipe, m->set, m->rows->n)
		       ? by_libsvm(m, &p, e)
		       : by_liblinear(m, &p, e);
}

/* Machines that one child solves: several only where they share d, which is
 * else NULL. */
struct batch {
	struct machine *m[DESCENT_LANES];
	size_t n;
	const struct descent *d;
};

static int solve_batch(const struct row_set *s, const struct batch *b,
		       struct err *e)
{
	uint64_t seed = (uint64_t)s->recipe->seed;
	struct descent *own = NULL;
	const struct feat **x;
	int r = 0;

	if (b->d)
		return by_descent(b->d, b->m, b->n, seed);
	x = b->m[0]->scale ? own_vectors(s, b->m[0])
			   : rows_vectors(b->m[0]->rows);
	if (!x)
		return -ENOMEM;
	if (!descends(s, b->m[0])) {
		r = solve_one(s, b->m[0], x, e);
	} else {
		r = descent_new(&own, x, b->m[0]->rows->n,
				b->m[0]->rows->dims);
		if (!r)
			r = by_descent(own, b->m, b->n, seed);
	}
	descent_free(own);
	free(x);
	return r;
}

static pid_t start_child(const struct row_set *s, const struct batch *b)
{
	struct err e = { "" };
	pid_t pid = fork();
	int r;

	if (pid)
		return pid;
	r = solve_batch(s, b, &e);
	if (r)
		log_line(LOG_TROUBLE, "%s",
			 e.text[0] ? e.text : strerror(-r));
	_exit(r ? 1 : 0);
}

/* What a machine says that has nothing to separate. Among exclusive topics one
 * without examples must not be the largest because all others are far below. */
static double silence(const struct row_set *s, const struct machine *m,
		      uint32_t i)
{
	if (m->given || m->positives)
		return 1;
	return i < s->corpus->topic_count && s->recipe->one_of ? -1e9 : -1;
}

static int reap(struct err *e)
{
	int status;
	pid_t pid;

	do
		pid = wait(&status);
	while (pid < 0 && errno == EINTR);
	if (pid < 0)
		return err_sys(e, -errno, "waiting for a training process");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return err_set(e, -ECHILD,
			       "a training process ended with %s %d",
			       WIFSIGNALED(status) ? "signal" : "code",
			       WIFSIGNALED(status) ? WTERMSIG(status)
						   : WEXITSTATUS(status));
	return 0;
}

/* Machines over the same rows, of which so many are solved at once. */
struct crew {
	const struct rows *rows;
	const struct feat **x;
	struct descent *d;
	size_t lanes;
};

static bool is_open(const struct machine *m)
{
	return !machine_is_trivial(m) && !m->mirror;
}

static bool is_of(const struct crew *c, const struct row_set *s,
		  const struct machine *m)
{
	return m->rows == c->rows && is_open(m) && !m->scale &&
	       descends(s, m);
}

/* A last batch must not leave the other processors without work. */
static int crew_open(struct crew *c, const struct machines *all,
		     const struct row_set *s, const struct rows *rows,
		     size_t jobs)
{
	size_t n = 0;

	*c = (struct crew){ .rows = rows };
	for (uint32_t i = 0; i < all->n; i++)
		n += is_of(c, s, &all->v[i]);
	if (!n)
		return 0;
	c->lanes = (n + jobs - 1) / jobs;
	if (c->lanes > DESCENT_LANES)
		c->lanes = DESCENT_LANES;
	c->x = rows_vectors(rows);
	return c->x ? descent_new(&c->d, c->x, rows->n, rows->dims) : -ENOMEM;
}

static void crew_done(struct crew *c)
{
	descent_free(c->d);
	free(c->x);
}

struct shift {
	struct machines *all;
	const struct row_set *s;
	size_t jobs, running;
};

static int start(struct shift *w, const struct batch *b, struct err *e)
{
	int r = 0;

	if (w->running == w->jobs) {
		r = reap(e);
		w->running--;
	}
	if (!r && start_child(w->s, b) < 0)
		return err_sys(e, -errno, "starting a training process");
	w->running += !r;
	return r;
}

static int start_crew(struct shift *w, const struct crew *c, struct err *e)
{
	struct batch b = { .d = c->d };
	int r = 0;

	for (uint32_t i = 0; i < w->all->n && c->d && !r; i++) {
		if (is_of(c, w->s, &w->all->v[i]))
			b.m[b.n++] = &w->all->v[i];
		if (b.n == c->lanes) {
			r = start(w, &b, e);
			b.n = 0;
		}
	}
	return b.n && !r ? start(w, &b, e) : r;
}

/* The stance machines have the most rows: they go first. */
static int start_all(struct shift *w, const struct crew *stance,
		     const struct crew *topic, struct err *e)
{
	int r = start_crew(w, stance, e);

	if (!r)
		r = start_crew(w, topic, e);
	for (uint32_t i = w->all->n; i-- > 0 && !r;) {
		struct machine *m = &w->all->v[i];

		if (machine_is_trivial(m))
			*m->intercept = silence(w->s, m, i);
		else if (is_open(m) && !is_of(stance, w->s, m) &&
			 !is_of(topic, w->s, m))
			r = start(w, &(struct batch){ { m }, 1, NULL }, e);
	}
	return r;
}

static int solve_all(struct machines *all, const struct row_set *s,
		     size_t jobs, struct err *e)
{
	struct shift w = { all, s, jobs, 0 };
	struct crew stance, topic;
	int r = crew_open(&stance, all, s, &s->stance, jobs), last;

	last = crew_open(&topic, all, s, &s->topic, jobs);
	r = r ? r : last;
	if (!r)
		r = start_all(&w, &stance, &topic, e);
	while (w.running--) {
		last = reap(e);
		r = r ? r : last;
	}
	crew_done(&stance);
	crew_done(&topic);
	for (uint32_t i = 0; i < all->n && !r; i++)
		if (all->v[i].mirror && !machine_is_trivial(&all->v[i]))
			reflect(&all->v[i]);
	return r;
}

int machines_solve(struct machines *ret, const struct row_set *s, size_t jobs,
		   struct err *e)
{
	int r = 0;

	*ret = (struct machines){ .n = s->corpus->topic_count +
				       (uint32_t)s->corpus->stances.n };
	ret->v = calloc(ret->n, sizeof(*ret->v));
	if (!ret->v)
		return -ENOMEM;
	for (uint32_t i = 0; i < ret->n && !r; i++)
		r = pose(&ret->v[i], s, i);
	find_mirrors(ret, s);
	if (!r)
		r = share(ret, s);
	return r ? r : solve_all(ret, s, jobs, e);
}

void machines_free(struct machines *m)
{
	for (uint32_t i = 0; m->v && i < m->n; i++) {
		free(m->v[i].y);
		free(m->v[i].scale);
	}
	free(m->v);
	if (m->shared)
		munmap(m->shared, m->shared_size);
	*m = (struct machines){ .n = 0 };
}
