/* trial.h -- one setting cross-validated in a process of its own, so that
 * several can be at once, and any be broken off. Corpus, folds, terms and
 * decisions that are there already are not made again: the process has what its
 * parent had when it was born. */
#ifndef VIGIE_TRIAL_H
#define VIGIE_TRIAL_H

#include <sys/types.h>

#include "learn/cross.h"
#include "learn/folds.h"

struct trial_folds {
	uint32_t repeats;
	uint32_t *fold; /* [repeats][documents]; free() it */
};

/* Folds that are dealt as many times, by seed, seed + 1 …; groups as for
 * folds_deal(). 0 or -ENOMEM. */
int trial_deal_folds(struct trial_folds *ret, const struct corpus *c,
		     const uint64_t *groups, uint32_t folds, uint32_t repeats,
		     uint64_t seed);
/* Those of a file, the first so many, or with 0 all. 0; -EINVAL when it has
 * fewer; what folds_read() returns; each with the sentence. */
int trial_read_folds(struct trial_folds *ret, const char *path,
		     const struct corpus *c, uint32_t repeats, struct err *e);

struct trial {
	pid_t pid; /* 0: none is running */
	int says; /* what it writes to its standard error */
	char said[512];
	struct conf conf;
	struct recipe recipe;
	const struct trial_folds *folds;
	size_t documents, columns;
	/* Shared with the process. */
	struct trial_result *result;
	size_t size;
	int64_t began_ms;
	double seconds; /* it took */
};

/* What a process finds. */
struct trial_result {
	int r;
	struct err e;
	bool cut;     /* it had to cut the documents itself */
	bool trained; /* it had to train */
	double figure[FOLDS_REPEATS_MAX];
	double decision[]; /* [repeats][documents][columns] */
};

/* What trials share. Owned by the caller, as are corpus and terms. */
struct trial_kept {
	const struct corpus *corpus;
	/* Of the recipe, or NULL. */
	const struct terms *terms;
	const struct recipe *terms_recipe;
	/* A trial that is over, whose decisions serve recipes that differ in
	 * what is done with decisions alone; or NULL. */
	const struct trial *decided;
};

/* Do two recipes cut documents into the same terms? */
bool trial_same_terms(const struct recipe *a, const struct recipe *b);

/* Begin to cross-validate a recipe given as YAML, which may be freed at once,
 * on folds that have to outlive the trial. Returns 0; -EINVAL with the sentence
 * when there cannot be such a recipe; -errno when no process could be begun.
 * trial_done() in every case, which ends it. */
int trial_start(struct trial *t, const struct trial_kept *kept,
		const char *yaml, const struct trial_folds *folds,
		struct err *e);
/* Wait until one of n trials that run is over, at most so long or until a
 * signal comes. Returns its place, or n for none. */
size_t trial_wait(struct trial *const *v, size_t n, int milliseconds);
/* Of a trial that is over: 0 and its mean figure and their standard deviation,
 * or what it failed with: -EBADMSG when the recipe does not suit the corpus,
 * -ECHILD when the process was killed. */
int trial_figure(const struct trial *t, double *figure, double *spread,
		 struct err *e);
/* Its decisions in one repeat, with the labels that follow from them. 0 or
 * -ENOMEM; cross_free() in every case. */
int trial_labels(const struct trial *t, const struct corpus *c,
		 uint32_t repeat, struct cross *ret);
void trial_done(struct trial *t);

#endif
