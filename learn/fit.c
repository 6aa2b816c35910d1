/* From the top: rows (a sparse vector each), machines (a two-class problem
 * each, solved in a child process), columns (machines collapsed to weights
 * where they are linear), the bundle. */
#include "learn/fit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "learn/gram.h"
#include "learn/pack.h"
#include "learn/solve.h"

static const size_t fit_arena = (size_t)64 << 30; /* address space */

/* A training row: a document, or a document as seen from one of its topics. */
struct row {
	size_t doc;
	size_t topic_row; /* of the same document */
	uint32_t topic;
	unsigned char stance; /* 1 + index */
	const struct feat *x;
};

struct rows {
	struct row *v;
	size_t n;
};

struct machine {
	const struct rows *rows;
	const struct recipe_machine *set;
	signed char *y;
	size_t positives;
	double *coef;	   /* shared with the child that finds them */
	double *intercept; /* the same */
};

struct fitting {
	const struct fit *f;
	struct arena a;
	struct vocabulary v;
	struct rows topic_rows, stance_rows;
	double *dots; /* inner products of the topic rows, or NULL */
	struct machine *machines; /* a topic each, then a stance each */
	uint32_t machine_count;
	char *shared;
	size_t shared_size;
};

uint32_t fit_columns(const struct corpus *c)
{
	return c->topic_count * (1 + (uint32_t)c->stances.n);
}

/* Rows. */

static const struct feat *topic_row(struct fitting *t, size_t doc)
{
	struct counts c = vocabulary_counts(&t->v, t->f->terms->docs[doc],
					    &t->a);
	struct feat *x = arena_take_array(&t->a, c.n + 1, sizeof(*x));

	if (!c.v || !x)
		return NULL;
	tfidf_weigh(&t->v.tfidf, c, x);
	return x;
}

static size_t length(const struct feat *x)
{
	size_t n = 0;

	while (x[n].index >= 0)
		n++;
	return n;
}

/* The space of classify/judge.c's joint(): shared, own copy, constant. */
static const struct feat *joint_row(struct fitting *t, const struct feat *x,
				    uint32_t topic)
{
	size_t n = length(x);
	struct feat *z = arena_take_array(&t->a, 2 * n + 2, sizeof(*z));
	uint32_t terms = t->v.tfidf.terms;

	if (!z)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		z[i] = x[i];
		z[n + i].index = (int)((topic + 1) * terms) + x[i].index;
		z[n + i].value = t->f->recipe->copy_weight * x[i].value;
	}
	z[2 * n].index =
		(int)((t->f->corpus->topic_count + 1) * terms + topic);
	z[2 * n].value = 1;
	z[2 * n + 1].index = -1;
	return z;
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

static int make_rows(struct fitting *t, const unsigned char *use)
{
	const struct corpus *c = t->f->corpus;
	size_t most = count_stances(c);
	struct rows *topics = &t->topic_rows, *stances = &t->stance_rows;

	topics->v = arena_take_array(&t->a, c->n + 1, sizeof(*topics->v));
	stances->v = arena_take_array(&t->a, most + 1, sizeof(*stances->v));
	if (!topics->v || !stances->v)
		return -ENOMEM;
	for (size_t d = 0; d < c->n; d++) {
		const struct feat *x;

		if (!use[d])
			continue;
		x = topic_row(t, d);
		if (!x)
			return -ENOMEM;
		topics->v[topics->n] = (struct row){ .doc = d, .x = x,
						     .topic_row = topics->n };
		for (uint32_t k = 0; c->stances.n && k < c->topic_count; k++) {
			unsigned char label = c->v[d].labels[k];
			struct row r = { d, topics->n, k, label, NULL };

			if (!has_stance(label))
				continue;
			r.x = joint_row(t, x, k);
			if (!r.x)
				return -ENOMEM;
			stances->v[stances->n++] = r;
		}
		topics->n++;
	}
	return 0;
}

/* Of the rows' documents, which is all that any kernel needs. */
static int make_dots(struct fitting *t)
{
	size_t n = t->topic_rows.n;
	const struct feat **x;

	if (t->stance_rows.n > GRAM_ROWS_MAX || n > GRAM_ROWS_MAX)
		return 0;
	x = calloc(n + 1, sizeof(*x));
	if (!x)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		x[i] = t->topic_rows.v[i].x;
	t->dots = gram_new(x, n, t->v.tfidf.terms);
	free(x);
	return t->dots ? 0 : -ENOMEM;
}

/* The inner product of two rows: of joint rows, what their documents share,
 * and once more with the copies and the constant when they share the topic. */
static double row_dot(const struct fitting *t, const struct rows *rows,
		      size_t i, size_t j)
{
	const struct row *a = &rows->v[i], *b = &rows->v[j];
	double own = t->f->recipe->copy_weight * t->f->recipe->copy_weight;
	double d = t->dots[a->topic_row * t->topic_rows.n + b->topic_row];

	if (rows == &t->topic_rows || a->topic != b->topic)
		return d;
	return d * (1 + own) + 1;
}

static double *kernel_table(const struct fitting *t, const struct rows *rows,
			    const struct kernel_params *p)
{
	size_t n = rows->n;
	double *k = malloc((n * n + 1) * sizeof(*k));

	for (size_t i = 0; k && i < n; i++) {
		double xx = row_dot(t, rows, i, i);

		for (size_t j = 0; j <= i; j++)
			k[i * n + j] = k[j * n + i] = kernel_value(
				p, row_dot(t, rows, i, j), xx,
				row_dot(t, rows, j, j));
	}
	return k;
}

/* Machines. */

static bool is_positive(const struct fitting *t, uint32_t machine,
			const struct row *r)
{
	const struct corpus *c = t->f->corpus;

	if (machine < c->topic_count)
		return c->v[r->doc].labels[machine] != 0;
	return r->stance == 1 + machine - c->topic_count;
}

static int make_machine(struct fitting *t, uint32_t i)
{
	struct machine *m = &t->machines[i];
	bool is_topic = i < t->f->corpus->topic_count;

	m->rows = is_topic ? &t->topic_rows : &t->stance_rows;
	m->set = is_topic ? &t->f->recipe->topic : &t->f->recipe->stance;
	m->y = arena_take(&t->a, m->rows->n + 1);
	if (!m->y)
		return -ENOMEM;
	for (size_t k = 0; k < m->rows->n; k++) {
		bool yes = is_positive(t, i, &m->rows->v[k]);

		m->y[k] = yes ? 1 : -1;
		m->positives += yes;
	}
	return 0;
}

static int make_machines(struct fitting *t)
{
	const struct corpus *c = t->f->corpus;
	double *at;
	int r = 0;

	t->machine_count = c->topic_count + (uint32_t)c->stances.n;
	t->machines = arena_take_array(&t->a, t->machine_count,
				       sizeof(*t->machines));
	if (!t->machines)
		return -ENOMEM;
	for (uint32_t i = 0; i < t->machine_count && !r; i++) {
		r = make_machine(t, i);
		t->shared_size += (t->machines[i].rows->n + 1) *
				  sizeof(double);
	}
	if (r)
		return r;
	t->shared = mmap(NULL, t->shared_size, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (t->shared == MAP_FAILED) {
		t->shared = NULL;
		return -ENOMEM;
	}
	at = (double *)(void *)t->shared;
	for (uint32_t i = 0; i < t->machine_count; i++) {
		t->machines[i].intercept = at;
		t->machines[i].coef = at + 1;
		at += t->machines[i].rows->n + 1;
	}
	return 0;
}

/* A side without examples has nothing to separate: always the other. */
static bool is_trivial(const struct machine *m)
{
	return m->positives == 0 || m->positives == m->rows->n;
}

static int solve_machine(const struct fitting *t, struct machine *m,
			 struct err *e)
{
	size_t n = m->rows->n;
	const struct feat **x = calloc(n + 1, sizeof(*x));
	double pos = (double)m->positives;
	struct problem p = {
		.x = x,
		.y = m->y,
		.n = n,
		.kernel = { (uint32_t)m->set->kernel, (int)m->set->degree,
			    m->set->gamma, m->set->coef0 },
		.c = m->set->c,
		.positive = m->set->balanced ? (double)n / (2 * pos) : 1,
		.negative = m->set->balanced ? (double)n /
						       (2 * ((double)n - pos))
					     : 1,
		.seed = (unsigned)t->f->recipe->seed,
	};
	double *table = NULL;
	int r = x ? 0 : -ENOMEM;

	for (size_t i = 0; x && i < n; i++)
		x[i] = m->rows->v[i].x;
	if (!r && t->dots)
		p.gram = table = kernel_table(t, m->rows, &p.kernel);
	if (!r && t->dots && !table)
		r = -ENOMEM;
	if (!r)
		r = solve_svm(&p, m->coef, m->intercept, e);
	free(table);
	free(x);
	return r;
}

/* LIBSVM seeds and reads the process's rand(), so every machine gets a
 * process of its own: the result does not depend on who came before. */
static pid_t start_child(const struct fitting *t, struct machine *m)
{
	struct err e = { "" };
	pid_t pid = fork();
	int r;

	if (pid)
		return pid;
	r = solve_machine(t, m, &e);
	if (r)
		log_line(LOG_TROUBLE, "%s",
			 e.text[0] ? e.text : strerror(-r));
	_exit(r ? 1 : 0);
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

static int solve_all(struct fitting *t, struct err *e)
{
	size_t running = 0, jobs = t->f->jobs ? t->f->jobs : 1;
	int r = 0, last;

	/* The stance machines have the most rows: they go first. */
	for (uint32_t i = t->machine_count; i-- > 0 && !r;) {
		if (is_trivial(&t->machines[i])) {
			*t->machines[i].intercept =
				t->machines[i].positives ? 1 : -1;
			continue;
		}
		if (running == jobs) {
			r = reap(e);
			running--;
		}
		if (!r && start_child(t, &t->machines[i]) < 0)
			r = err_sys(e, -errno, "starting a training process");
		else if (!r)
			running++;
	}
	while (running--) {
		last = reap(e);
		r = r ? r : last;
	}
	return r;
}

/* Columns. */

/* A linear topic machine: its primal weights into its column. */
static void collapse_topic(const struct machine *m, uint32_t column,
			   uint32_t columns, double *w)
{
	for (size_t i = 0; i < m->rows->n; i++)
		for (const struct feat *f = m->rows->v[i].x;
		     m->coef[i] != 0 && f->index >= 0; f++)
			w[(size_t)f->index * columns + column] +=
				m->coef[i] * f->value;
}

/* A linear stance machine: what is shared goes to its column of every topic,
 * a row's own copy and constant to that of the row's topic. A copied feature
 * is copy_weight * x in training and in judging. */
static void collapse_stance(const struct fitting *t, const struct machine *m,
			    uint32_t stance, uint32_t columns, double *w,
			    struct bundle_column *c)
{
	uint32_t topics = t->f->corpus->topic_count;
	uint32_t stances = (uint32_t)t->f->corpus->stances.n;
	double own = t->f->recipe->copy_weight * t->f->recipe->copy_weight;

	for (size_t i = 0; i < m->rows->n; i++) {
		const struct row *r = &m->rows->v[i];
		size_t n = m->coef[i] != 0 ? length(r->x) / 2 : 0;

		for (size_t k = 0; k < n; k++) {
			const struct feat *f = &r->x[k];
			double *row = w + (size_t)f->index * columns + topics;

			for (uint32_t q = 0; q < topics; q++)
				row[q * stances + stance] +=
					(q == r->topic ? 1 + own : 1) *
					m->coef[i] * f->value;
		}
		c[topics + r->topic * stances + stance].intercept +=
			m->coef[i];
	}
}

static uint64_t joint_dims(const struct fitting *t)
{
	uint64_t topics = t->f->corpus->topic_count;

	return (topics + 1) * t->v.tfidf.terms + topics;
}

static int keep_kernel(const struct fitting *t, const struct machine *m,
		       struct buf *kernels)
{
	size_t n = m->rows->n;
	const struct feat **x = calloc(n + 1, sizeof(*x));
	struct kernel_params p = { (uint32_t)m->set->kernel,
				   (int)m->set->degree, m->set->gamma,
				   m->set->coef0 };
	bool joint = m->rows == &t->stance_rows;
	int r;

	if (!x)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		x[i] = m->rows->v[i].x;
	r = pack_kernel(&p, x, m->coef, n,
			joint ? (uint32_t)joint_dims(t) : t->v.tfidf.terms,
			kernels);
	free(x);
	return r;
}

static void set_columns(const struct fitting *t, struct bundle_column *c)
{
	const struct corpus *corpus = t->f->corpus;
	uint32_t topics = corpus->topic_count;
	uint32_t stances = (uint32_t)corpus->stances.n;

	for (uint32_t i = 0; i < fit_columns(corpus); i++) {
		uint32_t m = i < topics ? i : topics + (i - topics) % stances;

		c[i] = (struct bundle_column){
			.intercept = *t->machines[m].intercept,
			.a = -1, /* the logistic function as it is */
		};
		if (t->f->columns) {
			c[i].a = t->f->columns[i].a;
			c[i].b = t->f->columns[i].b;
			c[i].threshold = t->f->columns[i].threshold;
		}
	}
}

static int set_weights(const struct fitting *t, struct bundle_column *c,
		       double *w, struct buf *kernels)
{
	uint32_t topics = t->f->corpus->topic_count;
	uint32_t stances = (uint32_t)t->f->corpus->stances.n;
	uint32_t columns = fit_columns(t->f->corpus), kernel_count = 0;
	int r = 0;

	for (uint32_t i = 0; i < t->machine_count && !r; i++) {
		const struct machine *m = &t->machines[i];

		if (is_trivial(m))
			continue;
		if (m->set->kernel == KERNEL_LINEAR && i < topics) {
			collapse_topic(m, i, columns, w);
		} else if (m->set->kernel == KERNEL_LINEAR) {
			collapse_stance(t, m, i - topics, columns, w, c);
		} else {
			r = keep_kernel(t, m, kernels);
			kernel_count++;
			for (uint32_t q = 0; q < topics; q++)
				if (i < topics)
					c[i].kernel = kernel_count;
				else
					c[i + q * stances].kernel =
						kernel_count;
		}
	}
	return r;
}

/* Pack; let the model that came out say what more its head should hold; and
 * pack again with that. */
static int pack_twice(const struct fitting *t, struct pack *p, struct buf *out,
		      struct err *e)
{
	struct model *m;
	int r = pack_bundle(p, out, e);

	if (r || !t->f->extra)
		return r;
	r = model_view("the new bundle", buf_view(out), &m, e);
	if (r)
		return r;
	p->extra = t->f->extra(m, t->f->extra_arg);
	model_free(m);
	if (!p->extra)
		return -ENOMEM;
	buf_clear(out);
	r = pack_bundle(p, out, e);
	json_decref(p->extra);
	return r;
}

static int write_bundle(const struct fitting *t, struct buf *out,
			struct err *e)
{
	uint32_t columns = fit_columns(t->f->corpus);
	struct pack p = { .corpus = t->f->corpus, .terms = t->f->terms,
			  .vocabulary = &t->v, .recipe = t->f->recipe };
	struct bundle_column *c = calloc(columns, sizeof(*c));
	double *w = calloc((size_t)t->v.tfidf.terms * columns, sizeof(*w));
	int r = -ENOMEM;

	buf_init(&p.kernels, (size_t)8 << 30);
	if (c && w) {
		set_columns(t, c);
		r = set_weights(t, c, w, &p.kernels);
		p.columns = c;
		p.weights = w;
	}
	if (!r)
		r = pack_twice(t, &p, out, e);
	buf_done(&p.kernels);
	free(c);
	free(w);
	return r;
}

int fit_bundle(const struct fit *f, const unsigned char *use, struct buf *out,
	       struct err *e)
{
	struct fitting t = { .f = f };
	struct arena block;
	int r = arena_open(&block, fit_arena);

	if (r)
		return err_sys(e, r, "training");
	t.a = block;
	r = vocabulary_fit(&t.v, f->terms, f->recipe, use, e);
	if (!r && f->corpus->stances.n && joint_dims(&t) > INT32_MAX)
		r = err_set(e, -EMSGSIZE,
			    "%u terms times %u topics are more features than "
			    "the solver can count: raise min_df",
			    t.v.tfidf.terms, f->corpus->topic_count);
	if (!r)
		r = make_rows(&t, use);
	if (!r)
		r = make_dots(&t);
	if (!r)
		r = make_machines(&t);
	if (!r)
		r = solve_all(&t, e);
	if (!r)
		r = write_bundle(&t, out, e);
	if (t.shared)
		munmap(t.shared, t.shared_size);
	free(t.dots);
	vocabulary_free(&t.v);
	arena_close(block);
	return r ? err_sys(e, r, "training") : 0;
}
