#include "learn/tuning.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/stop.h"
#include "learn/gram.h"

enum {
	PLAN_ARENA = 1 << 30, /* address space */
	BAR = 10,
};

struct tuning_job {
	struct trial trial;
	char *setting;
	double figure;
};

static void job_free(struct tuning_job *j)
{
	if (!j)
		return;
	trial_done(&j->trial);
	free(j->setting);
	free(j);
}

/* What is known. */

static double figure_of(void *tuning, struct str setting)
{
	const struct tuning *t = tuning;
	const struct tried_one *one = tried_find(t->tried, setting);

	return one ? one->figure : (double)NAN;
}

static int plan(struct tuning *t)
{
	const struct search s = { t->base, t->space,  t->least,
				  t->seed, figure_of, t };
	struct arena a = t->block;

	return search_plan(&s, t->jobs, &a, &t->plan);
}

static void log_gain(struct tuning *t)
{
	const struct search_plan *p = &t->plan;

	if (isnan(p->figure) || p->figure <= t->told)
		return;
	t->told = p->figure;
	log_line(LOG_NOTE, "%.4f %s", p->figure,
		 p->step_count ? p->steps[p->step_count - 1].change.p
			       : "by the recipe as it is");
}

/* Terms that most of the next settings need: those of the best. */
static int renew_terms(struct tuning *t, struct err *e)
{
	struct recipe best;
	struct conf conf;
	char *yaml = setting_yaml(&t->plan.best);
	int r = -ENOMEM;

	if (!yaml)
		return r;
	r = recipe_parse(&conf, "the best setting", str_of(yaml), &best, e);
	free(yaml);
	if (r || trial_same_terms(&best, &t->terms_recipe)) {
		conf_done(&conf);
		return r;
	}
	terms_free(&t->terms);
	conf_done(&t->terms_conf);
	t->terms_conf = conf;
	t->terms_recipe = best;
	return terms_read(&t->terms, t->corpus, &t->terms_recipe, e);
}

/* The decisions of the best serve those that only differ in thresholds. */
static void renew_decided(struct tuning *t)
{
	struct tuning_job *top = t->top;

	if (!top || top == t->decided || !str_is(t->plan.setting, top->setting))
		return;
	job_free(t->decided);
	t->decided = top;
	t->kept.decided = &top->trial;
}

/* Something has come to be known. */
static int renew(struct tuning *t, struct err *e)
{
	int r = plan(t);

	if (r)
		return r;
	log_gain(t);
	renew_decided(t);
	return renew_terms(t, e);
}

/* Jobs. */

static bool is_running(const struct tuning *t, struct str setting)
{
	for (size_t i = 0; i < t->running_count; i++)
		if (str_is(setting, t->running[i]->setting))
			return true;
	return false;
}

static int start(struct tuning *t, const struct search_want *w, struct err *e)
{
	struct tuning_job *j = calloc(1, sizeof(*j));
	char *yaml = setting_yaml(&w->recipe);
	int r = -ENOMEM;

	if (j)
		j->setting = strndup(w->setting.p, w->setting.n);
	if (j && j->setting && yaml)
		r = trial_start(&j->trial, &t->kept, yaml, t->folds, e);
	free(yaml);
	if (!r)
		t->running[t->running_count++] = j;
	else
		job_free(j);
	return r;
}

/* A recipe that contradicts itself is known to be of no use, and the search
 * goes on as if it had been tried: *again. */
static int start_wanted(struct tuning *t, bool *again, struct err *e)
{
	*again = false;
	for (size_t i = 0; i < t->plan.want_count; i++) {
		const struct search_want *w = &t->plan.wants[i];
		struct err why = { "" };
		int r;

		if (t->running_count == t->jobs)
			return 0;
		if (is_running(t, w->setting))
			continue;
		r = start(t, w, &why);
		if (r && r != -EINVAL)
			return err_set(e, r, "%s", why.text);
		if (r) {
			*again = true;
			r = tried_add(t->tried, w->setting, -INFINITY, 0, 0,
				      false, e);
		}
		if (r)
			return r;
	}
	return 0;
}

/* Start all that can be. */
static int start_all(struct tuning *t, struct err *e)
{
	bool again;
	int r;

	do {
		r = start_wanted(t, &again, e);
		if (!r && again)
			r = plan(t);
	} while (!r && again);
	return r;
}

static void keep_top(struct tuning *t, struct tuning_job *j)
{
	if (t->top && j->figure < t->top->figure) {
		job_free(j);
		return;
	}
	if (t->top != t->decided)
		job_free(t->top);
	t->top = j;
}

/* A job is over: its figure goes into the table. */
static int end(struct tuning *t, struct tuning_job *j, struct err *e)
{
	struct err why = { "" };
	double spread = 0;
	int r = trial_figure(&j->trial, &j->figure, &spread, &why);
	bool lasting = !r || r == -EBADMSG;

	if (r && !*j->setting) {
		err_set(e, r, "%s", why.text);
		job_free(j);
		return r;
	}
	if (r) {
		log_line(LOG_WARN, "%s came to nothing: %s", j->setting,
			 why.text);
		j->figure = -INFINITY;
	}
	r = tried_add(t->tried, str_of(j->setting), j->figure, spread,
		      j->trial.seconds, lasting, e);
	if (isfinite(j->figure))
		keep_top(t, j);
	else
		job_free(j);
	return r ? r : renew(t, e);
}

static int hear(struct tuning *t, struct err *e)
{
	struct trial **v = calloc(t->running_count + 1, sizeof(struct trial *));
	struct tuning_job *j;
	size_t i;

	if (!v)
		return -ENOMEM;
	for (i = 0; i < t->running_count; i++)
		v[i] = &t->running[i]->trial;
	i = trial_wait(v, t->running_count, log_is_terminal() ? 100 : 500);
	free(v);
	if (i == t->running_count)
		return 0;
	j = t->running[i];
	t->running[i] = t->running[--t->running_count];
	return end(t, j, e);
}

/* Time. */

static double seconds_each(const struct tuning *t)
{
	double sum = 0;

	for (size_t i = 0; i < t->tried->n; i++)
		sum += t->tried->v[i].seconds;
	return t->tried->n ? sum / (double)t->tried->n : 0;
}

int64_t tuning_fresh_ms(const struct tuning *t)
{
	const struct tried_one *start = tried_find(t->tried, STR(""));
	const struct tried_one *best = tried_find(t->tried, t->plan.setting);
	double first = start ? start->seconds : 0, second = first, once;

	if (best && best->seconds > first)
		second = best->seconds;
	once = t->jobs > 1 ? second : first + second;
	return (int64_t)(1100 * once * t->fresh / t->folds->repeats);
}

static bool is_time_up(const struct tuning *t)
{
	int64_t passed = clock_ms() - t->began_ms;

	return passed > t->budget_ms - tuning_fresh_ms(t);
}

/* "[####------] 3:21 of 10:00, best 0.8123, round 2, 1:10 left: 9 of 38" */
static void show(const struct tuning *t)
{
	const struct search_plan *p = &t->plan;
	int64_t passed = clock_ms() - t->began_ms, all = t->budget_ms;
	long s = (long)(passed / 1000), b = (long)(all / 1000), left;
	char line[160], bar[BAR + 1];
	int n;

	for (int i = 0; i < BAR; i++)
		bar[i] = i * all < passed * BAR ? '#' : '-';
	bar[BAR] = '\0';
	left = (long)((double)p->left * seconds_each(t) / (double)t->jobs);
	n = snprintf(line, sizeof(line), "[%s] %ld:%02ld of %ld:%02ld", bar,
		     s / 60, s % 60, b / 60, b % 60);
	if (!isnan(p->figure))
		n += snprintf(line + n, sizeof(line) - (size_t)n, ", best %.4f",
			      p->figure);
	snprintf(line + n, sizeof(line) - (size_t)n,
		 ", round %u, %ld:%02ld left:", p->round, left / 60, left % 60);
	log_progress(line, p->done, p->done + p->left + (p->left == 0));
}

static bool goes_on(const struct tuning *t)
{
	if (stop_asked() || t->plan.over)
		return false;
	return isnan(t->plan.figure) || !is_time_up(t);
}

int tuning_init(struct tuning *t, struct err *e)
{
	int r = arena_open(&t->block, PLAN_ARENA);
	char *yaml = setting_yaml(t->base->recipe);

	t->kept = (struct trial_kept){ .corpus = t->corpus,
				       .terms = &t->terms,
				       .terms_recipe = &t->terms_recipe };
	t->running = calloc(t->jobs, sizeof(struct tuning_job *));
	if (!t->running || !yaml)
		r = -ENOMEM;
	if (!r)
		r = recipe_parse(&t->terms_conf, "the recipe", str_of(yaml),
				 &t->terms_recipe, e);
	if (!r)
		r = terms_read(&t->terms, t->corpus, &t->terms_recipe, e);
	free(yaml);
	return r;
}

int tuning_run(struct tuning *t, struct err *e)
{
	int r;

	t->began_ms = clock_ms();
	t->told = -INFINITY;
	gram_among(t->jobs);
	r = renew(t, e);
	while (!r && goes_on(t)) {
		r = start_all(t, e);
		show(t);
		if (!r)
			r = hear(t, e);
	}
	log_progress("", 0, 0);
	t->stopped = stop_asked();
	while (t->running_count)
		job_free(t->running[--t->running_count]);
	gram_among(1);
	if (!r && isnan(t->plan.figure))
		r = err_set(e, -ETIMEDOUT,
			    "stopped before the recipe itself was scored: "
			    "nothing was found, nothing is written");
	return r;
}

void tuning_done(struct tuning *t)
{
	while (t->running_count)
		job_free(t->running[--t->running_count]);
	if (t->top != t->decided)
		job_free(t->top);
	job_free(t->decided);
	free(t->running);
	terms_free(&t->terms);
	conf_done(&t->terms_conf);
	arena_close(t->block);
	*t = (struct tuning){ .running = NULL };
}
