#include "learn/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "learn/report.h"
#include "learn/setting.h"

/* What need not be made again. */

static bool same_block_terms(const struct recipe *a, const struct recipe *b,
			     uint32_t i)
{
	const struct recipe_block *x = &a->block[i], *y = &b->block[i];
	struct features_block f, g;

	recipe_features(a, i, &f);
	recipe_features(b, i, &g);
	return f.of == g.of && f.fields == g.fields && f.first == g.first &&
	       f.ngrams.lo == g.ngrams.lo && f.ngrams.hi == g.ngrams.hi &&
	       x->cut == y->cut && x->cased == y->cased &&
	       x->hashtags == y->hashtags;
}

static bool same_words(const struct recipe *a, const struct recipe *b)
{
	const char *x = a->tokens.stem ? a->tokens.stem : "none";
	const char *y = b->tokens.stem ? b->tokens.stem : "none";

	if (a->tokens.min_length != b->tokens.min_length ||
	    a->tokens.compounds != b->tokens.compounds ||
	    a->tokens.strip_accents != b->tokens.strip_accents ||
	    a->tokens.stop.n != b->tokens.stop.n || strcmp(x, y))
		return false;
	for (size_t i = 0; i < a->tokens.stop.n; i++)
		if (strcmp(a->tokens.stop.v[i], b->tokens.stop.v[i]))
			return false;
	return true;
}

bool trial_same_terms(const struct recipe *a, const struct recipe *b)
{
	if (a->block_count != b->block_count ||
	    a->title_weight != b->title_weight || !same_words(a, b))
		return false;
	for (uint32_t i = 0; i < a->block_count; i++)
		if (!same_block_terms(a, b, i))
			return false;
	return true;
}

/* Do they differ in nothing but what is done with decisions? */
static bool same_decisions(const struct recipe *a, const struct recipe *b)
{
	struct recipe as_b = *a;
	char *x, *y;
	bool same;

	as_b.threshold = b->threshold;
	as_b.threshold_part = b->threshold_part;
	as_b.precision = b->precision;
	as_b.cost = b->cost;
	as_b.at_least_one = b->at_least_one;
	as_b.calibration = b->calibration;
	as_b.unsure = b->unsure;
	x = setting_yaml(&as_b);
	y = setting_yaml(b);
	same = x && y && !strcmp(x, y);
	free(x);
	free(y);
	return same;
}

/* In the process. */

struct work {
	const struct trial *t;
	const struct corpus *corpus;
	struct fit fit;
	struct report_set set;
	const struct trial *decided;
};

static double *decisions_of(const struct trial *t, uint32_t repeat)
{
	return t->result->decision + repeat * t->documents * t->columns;
}

static int folds_of(const struct trial *t, uint32_t repeat, struct cross *x)
{
	size_t n = t->documents;

	*x = (struct cross){ .fold = malloc((n + 1) * sizeof(*x->fold)) };
	if (!x->fold)
		return -ENOMEM;
	memcpy(x->fold, t->folds->fold + repeat * n, n * sizeof(*x->fold));
	x->folds = folds_count(x->fold, n);
	return 0;
}

/* As if cross_run() had made them. */
static int recall(const struct trial *from, const struct corpus *c,
		  uint32_t repeat, struct cross *x)
{
	int r = scores_init(&x->scores, c->n, c->topic_count,
			    (uint32_t)c->stances.n);

	if (r)
		return r;
	memcpy(x->scores.decision, decisions_of(from, repeat),
	       from->documents * from->columns * sizeof(double));
	memset(x->scores.judged, 1, c->n);
	return 0;
}

static int run_repeat(struct work *w, uint32_t repeat, struct err *e)
{
	const struct trial *t = w->t;
	struct report report;
	struct cross x;
	int r = folds_of(t, repeat, &x);

	if (!r)
		r = w->decided ? recall(w->decided, w->corpus, repeat, &x)
			       : cross_run(&x, &w->fit, "", e);
	if (!r)
		r = cross_label(&x, &w->fit, NULL);
	if (!r)
		r = report_make(&report, &w->set, w->corpus, &x.scores);
	if (!r) {
		t->result->figure[repeat] = report.head.metric;
		memcpy(decisions_of(t, repeat), x.scores.decision,
		       t->documents * t->columns * sizeof(double));
		report_done(&report);
	}
	cross_free(&x);
	return r;
}

/* What it takes is given back by its end. */
static int run(const struct trial *t, const struct trial_kept *kept,
	       struct err *e)
{
	struct work w = {
		.t = t,
		.corpus = kept->corpus,
		.fit = { .corpus = kept->corpus,
			 .terms = kept->terms,
			 .recipe = &t->recipe,
			 .jobs = 1 },
		.set = report_set_of(&t->recipe, kept->corpus),
	};
	struct terms own;
	int r = 0;

	if (kept->decided && kept->decided->folds == t->folds &&
	    same_decisions(&kept->decided->recipe, &t->recipe))
		w.decided = kept->decided;
	t->result->trained = !w.decided;
	t->result->cut = !w.decided &&
			 !(kept->terms &&
			   trial_same_terms(kept->terms_recipe, &t->recipe));
	if (t->result->cut) {
		r = terms_read(&own, kept->corpus, &t->recipe, e);
		w.fit.terms = &own;
	}
	for (uint32_t i = 0; i < t->folds->repeats && !r; i++)
		r = run_repeat(&w, i, e);
	return r;
}

/* A group of its own: a ^C of the terminal is for the parent, and the solvers
 * that it starts can be ended with it. */
static void child_main(const struct trial *t, const struct trial_kept *kept,
		       int says, pid_t parent)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || dup2(says, STDERR_FILENO) < 0)
		_exit(1);
	t->result->r = run(t, kept, &t->result->e);
	_exit(0);
}

/* Beside it. */

static int share(struct trial *t, const struct corpus *c)
{
	size_t n;

	t->documents = c->n;
	t->columns = fit_columns(c);
	n = t->folds->repeats * t->documents * t->columns;
	t->size = sizeof(*t->result) + n * sizeof(double);
	t->result = mmap(NULL, t->size, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (t->result == MAP_FAILED) {
		t->result = NULL;
		return -ENOMEM;
	}
	t->result->r = -ECHILD;
	return 0;
}

static int begin(struct trial *t, const struct trial_kept *kept)
{
	pid_t parent = getpid();
	int ends[2];

	if (pipe(ends))
		return -errno;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	fflush(NULL);
	t->began_ms = clock_ms();
	t->pid = fork();
	if (!t->pid)
		child_main(t, kept, ends[1], parent);
	close(ends[1]);
	t->says = ends[0];
	if (t->pid > 0) {
		setpgid(t->pid, t->pid); /* whoever comes first */
		return 0;
	}
	t->pid = 0;
	return -errno;
}

int trial_start(struct trial *t, const struct trial_kept *kept,
		const char *yaml, const struct trial_folds *folds,
		struct err *e)
{
	int r;

	*t = (struct trial){ .says = -1, .folds = folds };
	r = recipe_parse(&t->conf, "the setting", str_of(yaml), &t->recipe, e);
	if (!r)
		r = share(t, kept->corpus);
	if (!r)
		r = begin(t, kept);
	return r ? err_sys(e, r, "starting a trial") : 0;
}

/* Keep how it began: there, solvers say what is wrong. */
static void listen(struct trial *t)
{
	char more[512];
	size_t had = strlen(t->said);
	ssize_t n;

	while ((n = read(t->says, more, sizeof(more))) > 0) {
		size_t room = sizeof(t->said) - 1 - had;

		if ((size_t)n < room)
			room = (size_t)n;
		memcpy(t->said + had, more, room);
		had += room;
	}
}

/* Who has nothing more to say is about to end, and may be waited for. */
static bool is_over(struct trial *t, bool silent)
{
	pid_t pid;

	listen(t);
	do
		pid = waitpid(t->pid, NULL, silent ? 0 : WNOHANG);
	while (pid < 0 && errno == EINTR);
	if (!pid)
		return false;
	listen(t);
	t->pid = 0;
	t->seconds = (double)(clock_ms() - t->began_ms) / 1000;
	return true;
}

size_t trial_wait(struct trial *const *v, size_t n, int milliseconds)
{
	struct pollfd *p = calloc(n + 1, sizeof(*p));
	size_t i = n;

	for (size_t k = 0; p && k < n; k++)
		p[k] = (struct pollfd){ v[k]->says, POLLIN, 0 };
	if (p && poll(p, n, milliseconds) >= 0)
		for (i = 0; i < n && !is_over(v[i], p[i].revents & POLLHUP);)
			i++;
	free(p);
	return i;
}

/* What it found to be wrong, and what a solver of its said. */
static int failed(const struct trial *t, struct err *e)
{
	const struct trial_result *s = t->result;
	const char *why = s->e.text[0]	    ? s->e.text
			  : s->r == -ECHILD ? "its process was ended"
					    : strerror(-s->r);
	int n = (int)strcspn(t->said, "\n");

	return err_set(e, s->r, "%s%s%.*s", why, n ? ": " : "", n, t->said);
}

int trial_figure(const struct trial *t, double *figure, double *spread,
		 struct err *e)
{
	const struct trial_result *s = t->result;
	uint32_t n = t->folds->repeats;
	double mean = 0, squares = 0;

	if (s->r)
		return failed(t, e);
	for (uint32_t i = 0; i < n; i++)
		mean += s->figure[i] / n;
	for (uint32_t i = 0; i < n; i++)
		squares += pow(s->figure[i] - mean, 2);
	*figure = mean;
	*spread = n > 1 ? sqrt(squares / (n - 1)) : 0;
	return 0;
}

int trial_labels(const struct trial *t, const struct corpus *c, uint32_t repeat,
		 struct cross *ret)
{
	const struct fit f = { .corpus = c, .recipe = &t->recipe };
	int r = folds_of(t, repeat, ret);

	if (!r)
		r = recall(t, c, repeat, ret);
	return r ? r : cross_label(ret, &f, NULL);
}

void trial_done(struct trial *t)
{
	if (t->pid > 0) {
		kill(-t->pid, SIGKILL);
		while (waitpid(t->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (t->says >= 0)
		close(t->says);
	if (t->result)
		munmap(t->result, t->size);
	conf_done(&t->conf);
	*t = (struct trial){ .says = -1 };
}
