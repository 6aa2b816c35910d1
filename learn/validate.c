#include "learn/validate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "learn/predictions.h"

enum { HANDS_MAX = 64 };

struct work {
	struct validation *v;
	const struct fit *f;
	const struct validate_options *o;
	struct report_set set;
	struct folds_dealt dealt; /* by a file */
	struct cross hand, time;
	uint32_t repeats;
	struct report *reports; /* of the repeats that are done */
	uint32_t done;
	FILE *predictions;
};

bool validate_crosses(const struct recipe *r, const struct validate_options *o)
{
	return r->folds > 0 || o->folds;
}

static int new_folds(struct cross *x, const struct corpus *c)
{
	*x = (struct cross){ .folds = 0 };
	x->fold = calloc(c->n + 1, sizeof(*x->fold));
	return x->fold ? 0 : -ENOMEM;
}

/* The folds of one repeat: the file's, or our own. */
static int deal(const struct work *w, uint32_t repeat, struct cross *x)
{
	const struct corpus *c = w->f->corpus;
	const struct recipe *recipe = w->f->recipe;
	int r = new_folds(x, c);

	if (r)
		return r;
	if (w->dealt.fold) {
		memcpy(x->fold, w->dealt.fold + repeat * c->n,
		       c->n * sizeof(*x->fold));
		x->folds = folds_count(x->fold, c->n);
		return 0;
	}
	x->folds = (uint32_t)recipe->folds;
	return folds_deal(c, w->f->terms->groups, x->folds,
			  (uint64_t)recipe->seed + repeat, x->fold);
}

/* Judge, label, measure. columns as for cross_label(). */
static int measure_split(const struct work *w, struct cross *x,
			 const char *what, const struct fit_column *columns,
			 struct report *ret, struct err *e)
{
	int r = cross_run(x, w->f, what, e);

	if (!r)
		r = cross_label(x, w->f, columns);
	if (!r)
		r = report_make(ret, &w->set, w->f->corpus, &x->scores);
	return r;
}

static int run_repeat(struct work *w, uint32_t repeat, struct err *e)
{
	struct cross x;
	char what[80];
	int r = deal(w, repeat, &x);

	snprintf(what, sizeof(what), "cross-validating, fold");
	if (w->repeats > 1)
		snprintf(what, sizeof(what),
			 "cross-validating, repeat %u of %u, fold", repeat + 1,
			 w->repeats);
	if (!r)
		r = measure_split(w, &x, what, NULL, &w->reports[repeat], e);
	if (!r) {
		w->done++;
		if (w->predictions)
			r = predictions_write(&x, w->f, repeat,
					      w->predictions);
		if (r)
			err_sys(e, r, "%s", w->o->predictions);
	}
	if (!r && !repeat)
		r = cross_calibrate(&x, w->f, &w->v->columns);
	cross_free(&x);
	return r;
}

static void describe(struct work *w)
{
	struct validate_split *s = &w->v->cross;
	size_t n;

	if (w->dealt.fold)
		snprintf(s->how, sizeof(s->how), "the folds of %s",
			 w->o->folds);
	else
		snprintf(s->how, sizeof(s->how), "%d-fold cross-validation",
			 (int)w->f->recipe->folds);
	n = strlen(s->how);
	if (w->repeats > 1)
		snprintf(s->how + n, sizeof(s->how) - n, ", %u times",
			 w->repeats);
}

static int run_repeats(struct work *w, struct err *e)
{
	struct validate_split *s = &w->v->cross;
	int r = 0;

	w->reports = calloc(w->repeats, sizeof(*w->reports));
	if (!w->reports)
		return -ENOMEM;
	for (uint32_t i = 0; i < w->repeats && !r; i++)
		r = run_repeat(w, i, e);
	if (!r)
		r = report_mean(&s->report, w->reports, w->repeats);
	s->made = !r;
	for (uint32_t i = 0; i < w->done; i++)
		report_done(&w->reports[i]);
	free(w->reports);
	describe(w);
	return r;
}

static int open_predictions(struct work *w, struct err *e)
{
	if (!w->o->predictions)
		return 0;
	w->predictions = fopen(w->o->predictions, "w");
	return w->predictions ? 0
			      : err_sys(e, -errno, "%s", w->o->predictions);
}

static int close_predictions(struct work *w, int r, struct err *e)
{
	if (w->predictions && fclose(w->predictions) && !r)
		r = err_sys(e, -errno, "%s", w->o->predictions);
	return r;
}

static int cross_validate(struct work *w, struct err *e)
{
	int r = open_predictions(w, e);

	if (r)
		return r;
	return close_predictions(w, run_repeats(w, e), e);
}

/* The split by hand tells what is owed to one author's ways. */
static int deal_by_hand(struct work *w, struct err *e)
{
	struct cross *x = &w->hand;
	int r = new_folds(x, w->f->corpus);

	if (r)
		return r;
	x->folds = folds_by_hand(w->f->corpus, HANDS_MAX, x->fold);
	if (x->folds)
		return 0;
	return err_set(e, -EBADMSG,
		       "--by-hand wants 2 to %d hands: every document needs a "
		       "field '%s'",
		       HANDS_MAX, w->f->recipe->fields.hand);
}

static int split_by_hand(struct work *w, struct err *e)
{
	struct validate_split *s = &w->v->hand;
	int r = measure_split(w, &w->hand, "leaving out one hand", NULL,
			      &s->report, e);

	snprintf(s->how, sizeof(s->how), "each hand judged by the others'");
	s->made = !r;
	return r;
}

/* Fold 1, the older, is learnt from and not judged. */
static int deal_by_time(struct work *w, struct err *e)
{
	int r = new_folds(&w->time, w->f->corpus);

	w->time.folds = 1;
	if (r)
		return r;
	return folds_by_time(w->f->corpus, w->f->terms->groups, w->time.fold,
			     &w->v->cut, e);
}

/* What training on the older documents alone would calibrate by: they are
 * cross-validated among themselves. */
static int calibrate_older(const struct work *w, const uint32_t *side,
			   struct cross_columns *ret, struct err *e)
{
	struct cross x;
	int r = deal(w, 0, &x);

	for (size_t i = 0; i < w->f->corpus->n && !r; i++)
		if (side[i] == 0)
			x.fold[i] = CROSS_NONE;
	if (!r)
		r = cross_run(&x, w->f, "calibrating on the older, fold", e);
	if (!r)
		r = cross_calibrate(&x, w->f, ret);
	cross_free(&x);
	return r;
}

static void describe_cut(struct work *w)
{
	const struct folds_cut *cut = &w->v->cut;
	struct validate_split *s = &w->v->time;
	size_t n;

	snprintf(s->how, sizeof(s->how),
		 "the %zu from %s on judged by what the %zu older ones teach",
		 cut->judged, cut->date, w->f->corpus->n - cut->judged);
	n = strlen(s->how);
	if (cut->moved)
		snprintf(s->how + n, sizeof(s->how) - n,
			 "; copies of older ones count as older: %zu",
			 cut->moved);
}

static int split_by_time(struct work *w, struct err *e)
{
	struct validate_split *s = &w->v->time;
	struct cross_columns columns = { NULL, NULL };
	int r = 0;

	if (validate_crosses(w->f->recipe, w->o))
		r = calibrate_older(w, w->time.fold, &columns, e);
	if (!r)
		r = measure_split(w, &w->time, "learning from the older",
				  columns.v, &s->report, e);
	s->made = !r;
	if (!r)
		describe_cut(w);
	cross_columns_done(&columns);
	return r;
}

/* Whatever the documents may lack is told before the long work begins. */
static int deal_all(struct work *w, struct err *e)
{
	int r = 0;

	if (w->o->by_hand)
		r = deal_by_hand(w, e);
	if (!r && w->o->by_time)
		r = deal_by_time(w, e);
	return r;
}

static int count_repeats(struct work *w, struct err *e)
{
	uint64_t most = w->dealt.fold ? w->dealt.repeats : FOLDS_REPEATS_MAX;
	uint64_t n = w->o->repeats;

	if (!n)
		n = w->dealt.fold ? most : 1;
	if (n > most)
		return err_set(e, -EINVAL, "--repeats %llu: %s has %llu",
			       (unsigned long long)n,
			       w->dealt.fold ? w->o->folds : "the most vigie",
			       (unsigned long long)most);
	w->repeats = (uint32_t)n;
	return 0;
}

int validate(struct validation *ret, const struct fit *f,
	     const struct validate_options *o, struct err *e)
{
	struct work w = { .v = ret, .f = f, .o = o,
			  .set = report_set_of(f->recipe, f->corpus) };
	int r = 0;

	*ret = (struct validation){ .columns = { NULL, NULL } };
	if (o->folds)
		r = folds_read(o->folds, f->corpus, &w.dealt, e);
	if (!r)
		r = count_repeats(&w, e);
	if (!r)
		r = deal_all(&w, e);
	if (!r && validate_crosses(f->recipe, o))
		r = cross_validate(&w, e);
	if (!r && o->by_hand)
		r = split_by_hand(&w, e);
	if (!r && o->by_time)
		r = split_by_time(&w, e);
	cross_free(&w.hand);
	cross_free(&w.time);
	folds_dealt_done(&w.dealt);
	return r ? err_sys(e, r, "validating") : 0;
}

static void split_done(struct validate_split *s)
{
	if (s->made)
		report_done(&s->report);
	s->made = false;
}

void validation_done(struct validation *v)
{
	split_done(&v->cross);
	split_done(&v->hand);
	split_done(&v->time);
	cross_columns_done(&v->columns);
}

void validation_print(const struct validation *v, const struct fit *f,
		      FILE *out)
{
	const struct validate_split *all[] = { &v->cross, &v->hand, &v->time };
	bool first = true;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (!all[i]->made)
			continue;
		if (!first)
			fputc('\n', out);
		first = false;
		fprintf(out, "%zu documents, %u terms in all; %s\n\n",
			f->corpus->n, f->terms->n, all[i]->how);
		report_print(&all[i]->report, out);
	}
}

static json_t *split_json(const struct validate_split *s)
{
	json_t *o = s->made ? report_json(&s->report, REPORT_ALL)
			    : json_object();

	if (s->made)
		json_object_set_new(o, "how", json_string(s->how));
	return o;
}

json_t *validation_json(const struct validation *v, const struct fit *f)
{
	json_t *o = split_json(&v->cross);

	json_object_set_new(o, "recipe", json_string(f->recipe->name));
	json_object_set_new(o, "terms", json_integer(f->terms->n));
	if (v->hand.made)
		json_object_set_new(o, "by_hand", split_json(&v->hand));
	if (!v->time.made)
		return o;
	json_object_set_new(o, "by_time", split_json(&v->time));
	json_object_set_new(json_object_get(o, "by_time"), "cut",
			    json_string(v->cut.date));
	return o;
}
