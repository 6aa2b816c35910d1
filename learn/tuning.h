/* tuning.h -- a search at work: settings are tried in processes, as many at
 * once as there are jobs, until the search is over, the time is up or somebody
 * says stop. Owns terms, decisions and processes; borrows the rest. */
#ifndef VIGIE_TUNING_H
#define VIGIE_TUNING_H

#include "learn/search.h"
#include "learn/tried.h"
#include "learn/trial.h"

struct tuning {
	/* Set by the caller. */
	const struct corpus *corpus;
	const struct setting_base *base;
	const struct space *space;
	const struct trial_folds *folds;
	struct tried *tried;
	double least;
	uint64_t seed;
	size_t jobs; /* at least 1 */
	int64_t budget_ms;
	uint32_t fresh; /* times that start and best are scored afterwards, for
			 * which time is left */
	/* What came of it. */
	struct search_plan plan;
	int64_t began_ms;
	bool stopped; /* by a signal */
	struct trial_kept kept;
	/* Its own. */
	struct arena block;
	struct conf terms_conf;
	struct recipe terms_recipe;
	struct terms terms;
	struct tuning_job **running, *decided, *top;
	size_t running_count;
	double told; /* the figure of the last gain that was logged */
};

/* Ready terms of the recipe that the base holds: their groups are what folds
 * are dealt by. 0 or what terms_read() returns. tuning_done() in every case. */
int tuning_init(struct tuning *t, struct err *e);
/* Search, and log each gain; t->plan is what came of it. The start is scored
 * however long that takes. Returns 0; what is wrong with the recipe itself or
 * the table, with the sentence. */
int tuning_run(struct tuning *t, struct err *e);
void tuning_done(struct tuning *t);

/* How long start and best take once more, on so many folds anew. */
int64_t tuning_fresh_ms(const struct tuning *t);

#endif
