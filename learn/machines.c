#include "learn/machines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
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
	return (struct kernel_params){ (uint32_t)m->set->kernel,
				       (int)m->set->degree, m->set->gamma,
				       m->set->coef0 };
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
		m->result[i] = -m->mirror->result[i];
}

/* One mapping for what all children find. */
static int share(struct machines *all)
{
	double *at;

	for (uint32_t i = 0; i < all->n; i++)
		all->shared_size +=
			(result_size(&all->v[i]) + 1) * sizeof(double);
	all->shared = mmap(NULL, all->shared_size, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (all->shared == MAP_FAILED) {
		all->shared = NULL;
		return -ENOMEM;
	}
	at = (double *)(void *)all->shared;
	for (uint32_t i = 0; i < all->n; i++) {
		all->v[i].intercept = at;
		all->v[i].result = at + 1;
		at += result_size(&all->v[i]) + 1;
	}
	return 0;
}

/* The primal weights of a linear machine: the sum of its support vectors. */
static void collapse(const struct machine *m, const double *coef)
{
	for (size_t i = 0; i < m->rows->n; i++)
		for (const struct feat *f = m->rows->v[i].x;
		     coef[i] != 0 && f->index >= 0; f++)
			m->result[f->index] += coef[i] * f->value;
}

static int by_libsvm(const struct row_set *s, struct machine *m,
		     struct solve_problem *p, struct err *e)
{
	double *table = rows_kernel(s, m->rows, &p->kernel);
	double *coef = machine_is_linear(m)
			       ? calloc(m->rows->n + 1, sizeof(*coef))
			       : m->result;
	int r = coef && (table || !s->dots) ? 0 : -ENOMEM;

	p->gram = table;
	if (!r)
		r = solve_svm(p, coef, m->intercept, e);
	if (!r && machine_is_linear(m))
		collapse(m, coef);
	free(table);
	if (machine_is_linear(m))
		free(coef);
	return r;
}

/* The rows as this machine weighs their terms; its process ends before the
 * memory has to be given back. */
static const struct feat **own_vectors(const struct row_set *s,
				       const struct machine *m)
{
	const struct tfidf *t = &s->vocabulary.tfidf;
	const struct feat **x = calloc(m->rows->n + 1, sizeof(*x));
	struct arena a;

	if (!x || arena_open(&a, OWN_ARENA))
		return NULL;
	for (size_t i = 0; i < m->rows->n; i++) {
		const struct row *row = &m->rows->v[i];
		struct feat *scaled = arena_take_array(
			&a, tfidf_length(row->base) + 1, sizeof(*scaled));

		if (!scaled)
			return NULL;
		ratios_apply(t, m->scale, row->base, scaled);
		x[i] = rows_svm_part(s, scaled, &a);
		if (x[i] && m->rows == &s->stance)
			x[i] = rows_joint(s, x[i], row->topic, &a);
		if (!x[i])
			return NULL;
	}
	return x;
}

static int solve_one(const struct row_set *s, struct machine *m,
		     struct err *e)
{
	double n = (double)m->rows->n, pos = (double)m->positives;
	const struct feat **x = m->scale ? own_vectors(s, m)
					 : rows_vectors(m->rows);
	struct solve_problem p = {
		.x = x,
		.y = m->y,
		.n = m->rows->n,
		.kernel = machine_kernel(m),
		.c = m->set->c,
		.positive = m->set->balanced ? n / (2 * pos) : 1,
		.negative = m->set->balanced ? n / (2 * (n - pos)) : 1,
		.seed = (unsigned)s->recipe->seed,
	};
	bool squared = m->set->loss == RECIPE_LOSS_SQUARED;
	int r;

	if (!x)
		return -ENOMEM;
	if (!rows_by_libsvm(s->recipe, m->set, m->rows->n))
		r = solve_linear(&p, m->rows->dims, squared, 1, m->result,
				 m->intercept, e);
	else
		r = by_libsvm(s, m, &p, e);
	free(x);
	return r;
}

static pid_t start_child(const struct row_set *s, struct machine *m)
{
	struct err e = { "" };
	pid_t pid = fork();
	int r;

	if (pid)
		return pid;
	r = solve_one(s, m, &e);
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

/* The stance machines have the most rows: they go first. */
static int solve_all(struct machines *all, const struct row_set *s,
		     size_t jobs, struct err *e)
{
	size_t running = 0;
	int r = 0, last;

	for (uint32_t i = all->n; i-- > 0 && !r;) {
		struct machine *m = &all->v[i];

		if (machine_is_trivial(m)) {
			*m->intercept = silence(s, m, i);
			continue;
		}
		if (m->mirror)
			continue;
		if (running == jobs) {
			r = reap(e);
			running--;
		}
		if (!r && start_child(s, m) < 0)
			r = err_sys(e, -errno, "starting a training process");
		else if (!r)
			running++;
	}
	while (running--) {
		last = reap(e);
		r = r ? r : last;
	}
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
		r = share(ret);
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
